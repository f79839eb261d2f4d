"""Clusters and groups: scikit-learn's agreement, and k-means that finds what is there."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_answers import classes, groups
from sklearn import metrics as sk
from sklearn.cluster import KMeans
from sklearn.metrics.cluster import expected_mutual_information, pair_confusion_matrix

from lookalike.metrics.clusters import (
    chance_of_nmi,
    judge_clusters,
    k_means,
    normalised_mutual_information,
)
from lookalike.metrics.group_figures import (
    group_f1,
    group_precision,
    group_recall,
    judge_groups,
)
from lookalike.nouns.errors import InputError

few = settings(max_examples=50, deadline=None)
seeds = st.integers(0, 2**32 - 1)


def blobs(seed, k=6, each=25, d=12, noise=0.3):
    random = np.random.default_rng(seed)
    labels = np.repeat(np.arange(k), each)
    centres = random.normal(size=(k, d))
    return (centres[labels] + noise * random.normal(size=(k * each, d))).astype(np.float32), labels


@few
@given(seeds)
def test_agreement_is_scikit_learns(seed):
    found, truth = classes(np.random.default_rng(seed))
    wanted = sk.normalized_mutual_info_score(truth, found)
    if len(set(found)) > 1 or len(set(truth)) > 1:
        assert normalised_mutual_information(found, truth) == pytest.approx(wanted, abs=1e-9)


@few
@given(seeds)
def test_chance_is_scikit_learns_expected_information(seed):
    found, truth = classes(np.random.default_rng(seed))
    table = sk.cluster.contingency_matrix(truth, found)
    shares = [table.sum(axis=axis) / table.sum() for axis in (0, 1)]
    entropy = -sum((share * np.log(share)).sum() for share in shares)
    if entropy > 0:
        wanted = 2 * expected_mutual_information(table, int(table.sum())) / entropy
        assert chance_of_nmi(found, truth) == pytest.approx(wanted, abs=1e-9)


def test_clear_clusters_are_found():
    vectors, labels = blobs(1)
    assert normalised_mutual_information(k_means(vectors, 6), labels) == pytest.approx(1.0)


@pytest.mark.parametrize("seed", range(3))
def test_the_clusters_are_as_tight_as_scikit_learns(seed):
    vectors, _ = blobs(seed, noise=1.5)
    units = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    found = k_means(vectors, 6, starts=8)
    spread = sum(
        np.square(units[found == c] - units[found == c].mean(axis=0)).sum() for c in set(found)
    )
    wanted = KMeans(6, n_init=8, random_state=0).fit(units).inertia_
    assert spread <= 1.03 * wanted


def test_no_picture_lies_nearer_to_another_cluster():
    vectors, _ = blobs(4, noise=1.0)
    units = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    found = k_means(vectors, 6)
    centres = np.array([units[found == c].mean(axis=0) for c in range(6)])
    gaps = np.square(units[:, None] - centres).sum(axis=2)
    np.testing.assert_array_equal(gaps.argmin(axis=1), found)


def test_the_same_seed_gives_the_same_clusters():
    vectors, _ = blobs(2, noise=2.0)
    np.testing.assert_array_equal(k_means(vectors, 5, seed=3), k_means(vectors, 5, seed=3))
    assert (k_means(vectors, 5, seed=3, starts=1) != k_means(vectors, 5, seed=4, starts=1)).any()


@pytest.mark.parametrize("k", [1, 3, 8])
def test_equal_pictures_and_as_many_clusters_as_pictures_are_fine(k):
    vectors = np.repeat(np.eye(2, 5, dtype=np.float32), 4, axis=0)
    found = k_means(vectors, k)
    assert found.shape == (8,)
    assert found.min() >= 0
    assert found.max() < k
    if k > 1:
        assert not set(found[:4]) & set(found[4:])


def test_agreement_beside_chance():
    vectors, labels = blobs(3, noise=0.8)
    measure = judge_clusters(k_means(vectors, 6), labels)
    assert measure.name == "NMI"
    assert measure.baseline < measure.low < measure.value < measure.high
    assert measure == judge_clusters(k_means(vectors, 6), labels)


@pytest.mark.parametrize("k", [0, 5])
def test_too_many_or_too_few_clusters_are_refused(k):
    with pytest.raises(InputError, match="clusters"):
        k_means(np.eye(4, dtype=np.float32), k)


@few
@given(seeds)
def test_groups_are_counted_as_scikit_learn_counts_pairs(seed):
    found, truth = groups(np.random.default_rng(seed))
    alone = np.arange(len(found)) + 100
    table = pair_confusion_matrix(
        np.where(truth < 0, alone, truth), np.where(found < 0, alone, found)
    )
    right, called, real = table[1, 1], table[:, 1].sum(), table[1].sum()
    assert group_precision(found, truth) == pytest.approx(right / called if called else 1.0)
    assert group_recall(found, truth) == pytest.approx(right / real)
    assert group_f1(found, truth) == pytest.approx(2 * right / (called + real))


def test_groups_beside_one_great_group():
    truth = np.array([0, 0, 0, 1, 1, -1, -1, 2, 2, 2, 3, 3])
    found = np.array([0, 0, -1, 1, 1, 5, 5, 2, 2, 2, -1, -1])
    precision, recall, f1 = judge_groups(found, truth)
    assert precision.value == pytest.approx(5 / 6)
    assert recall.value == pytest.approx(5 / 8)
    assert f1.value == pytest.approx(10 / 14)
    assert recall.baseline == 1
    assert precision.baseline == pytest.approx(8 / 66)
    assert f1.low < f1.value < f1.high


@pytest.mark.parametrize(
    ("found", "truth"), [([0, 0], [0, 1]), ([0, 0], [-1, -1]), ([], []), ([0], [0, 0])]
)
def test_sets_without_groups_are_refused(found, truth):
    with pytest.raises(InputError):
        group_f1(np.array(found, np.int64), np.array(truth, np.int64))
