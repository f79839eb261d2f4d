"""Ranks in blocks equal ranks by hand; chance is the mean over all orders."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lookalike.metrics import retrieval_figures as figures
from lookalike.metrics.arrays import STEPS
from lookalike.metrics.retrieval import ranked, retrieve
from lookalike.nouns.errors import InputError

few = settings(max_examples=40, deadline=None)
seeds = st.integers(0, 2**32 - 1)


def by_hand(scores, relevant, ks):
    """The figures of one query, of equal scores the irrelevant first."""
    order = sorted(range(len(scores)), key=lambda i: (-scores[i], relevant[i]))
    found = [bool(relevant[i]) for i in order]
    r = sum(found)
    precisions = [sum(found[: i + 1]) / (i + 1) for i in range(r) if found[i]]
    return {
        "first": found.index(True) + 1,
        "hits": [sum(found[:k]) for k in ks],
        "hits_at_r": sum(found[:r]),
        "precision_at_r": sum(precisions) / r,
    }


def compare(found, scores, relevant):
    """The ranks against those by hand; relevance of oneself is None."""
    assert len(found) > 0
    for place, query in enumerate(found.queries.tolist()):
        candidates = [i for i, answer in enumerate(relevant[query]) if answer is not None]
        wanted = by_hand(
            [scores[query][i] for i in candidates],
            [relevant[query][i] for i in candidates],
            found.ks,
        )
        assert found.first[place] == wanted["first"]
        assert found.hits[place].tolist() == wanted["hits"]
        assert found.hits_at_r[place] == wanted["hits_at_r"]
        assert found.precision_at_r[place] == pytest.approx(wanted["precision_at_r"])
        assert found.candidates[place] == len(candidates)


def made(seed, *, least=4):
    random = np.random.default_rng(seed)
    n, d = int(random.integers(least, 30)), int(random.integers(1, 5))
    # Few directions, so that many cosines are equal; none is halfway between two steps.
    vectors = random.choice([-1, 1], size=(n, d)).astype(np.float32)
    vectors[random.random(n) < 0.1] = 0
    labels = random.integers(-1, 4, size=n)
    labels[:2] = 0
    return vectors, labels


def cosines(left, right):
    products = left.astype(np.float64) @ right.T
    lengths = [np.maximum(np.linalg.norm(v, axis=1), 0.1) for v in (left, right)]
    return np.rint(products / np.outer(*lengths) * STEPS)


@few
@given(seeds, st.integers(1, 3000))
def test_each_picture_against_all_others_is_as_by_hand(seed, memory_bytes):
    vectors, labels = made(seed)
    found = retrieve(vectors, labels, ks=(1, 2, 3), memory_bytes=memory_bytes)
    same = (labels[:, None] == labels).astype(object)
    np.fill_diagonal(same, None)
    compare(found, cosines(vectors, vectors), same.tolist())
    counts = [np.sum(labels == label) for label in labels]
    assert found.queries.tolist() == [
        i for i, label in enumerate(labels) if label >= 0 and counts[i] > 1
    ]


@few
@given(seeds, st.integers(1, 3000))
def test_queries_against_a_gallery_are_as_by_hand(seed, memory_bytes):
    vectors, labels = made(seed)
    gallery, gallery_labels = made(seed + 1)
    d = min(vectors.shape[1], gallery.shape[1])
    vectors, gallery = vectors[:, :d], gallery[:, :d]
    found = retrieve(
        vectors,
        labels,
        gallery=gallery,
        gallery_labels=gallery_labels,
        ks=(1, 2),
        memory_bytes=memory_bytes,
    )
    same = labels[:, None] == gallery_labels
    compare(found, cosines(vectors, gallery), same.tolist())


@few
@given(seeds, st.integers(1, 3000))
def test_given_scores_are_ranked_as_by_hand(seed, memory_bytes):
    random = np.random.default_rng(seed)
    q, n = random.integers(2, 20, 2)
    scores = random.integers(-3, 4, size=(q, n)) / 3
    relevant = random.random((q, n)) < 0.3
    relevant[0, 0] = True
    found = ranked(scores, relevant, ks=(1, 2), memory_bytes=memory_bytes)
    compare(found, scores, relevant.tolist())


@few
@given(seeds)
def test_deeper_never_finds_less(seed):
    vectors, labels = made(seed, least=8)
    found = retrieve(vectors, labels, ks=range(1, 7))
    recalls = [figures.recall_at_k(found, k=k) for k in found.ks]
    assert recalls == sorted(recalls)
    hits = [figures.precision_at_k(found, k=k) * k for k in found.ks]
    assert np.all(np.diff(hits) >= -1e-12)


def test_a_collapsed_model_finds_nothing_first():
    vectors = np.full((60, 33), 0.37, np.float32)
    labels = np.repeat(np.arange(6), 10)
    found = retrieve(vectors, labels, ks=(1, 5))
    assert figures.recall_at_k(found, k=5) == 0
    assert found.first.tolist() == [51] * 60


def test_the_first_may_lie_deeper_than_anything_that_was_sorted():
    angles = np.array([0.0, 0.1, 0.2, 0.3, 3.0])
    vectors = np.stack([np.cos(angles), np.sin(angles)], axis=1).astype(np.float32)
    found = retrieve(vectors, np.array([0, 1, 2, 3, 0]), ks=(1,))
    assert found.queries.tolist() == [0, 4]
    assert found.first.tolist() == [4, 4]
    assert figures.mean_reciprocal_rank(found) == 0.25


def every_order(relevant, n):
    """Every way in which so many relevant ones can lie among n ranks, as queries of their own."""
    ways = np.array(list(itertools.combinations(range(n), relevant)))
    answers = np.zeros((len(ways), n), bool)
    np.put_along_axis(answers, ways, True, axis=1)
    return ranked(np.tile(-np.arange(n) * 1.0, (len(ways), 1)), answers, ks=(1, 3))


@pytest.mark.parametrize("relevant", range(1, 8))
def test_chance_is_the_mean_over_all_orders(relevant):
    found = every_order(relevant, 7)
    for reached, chance in (
        (figures.recall_at_k(found, k=1), figures.chance_of_recall(found, k=1)),
        (figures.recall_at_k(found, k=3), figures.chance_of_recall(found, k=3)),
        (figures.precision_at_k(found, k=3), figures.chance_of_r_precision(found)),
        (figures.r_precision(found), figures.chance_of_r_precision(found)),
        (figures.map_at_r(found), figures.chance_of_map_at_r(found)),
        (figures.mean_reciprocal_rank(found), figures.chance_of_reciprocal_rank(found)),
    ):
        assert chance == pytest.approx(reached)


def test_the_table_names_every_figure_with_its_baseline():
    random = np.random.default_rng(2)
    labels = np.repeat(np.arange(5), 8)
    vectors = (np.eye(5)[labels] + 0.5 * random.normal(size=(40, 5))).astype(np.float32)
    found = retrieve(vectors, labels, ks=(1, 5))
    table = {m.name: m for m in figures.judge_retrieval(found)}
    assert list(table) == ["R@1", "R@5", "precision@5", "MAP@R", "R-precision", "MRR"]
    assert table["R@1"].baseline == pytest.approx(7 / 39)
    assert table["MAP@R"].value == figures.map_at_r(found)
    for measure in table.values():
        assert measure.baseline < measure.low < measure.value
        assert measure.n == 40


@pytest.mark.parametrize(
    "wrong",
    [
        lambda v, y: retrieve(v, y, ks=(0,)),
        lambda v, y: retrieve(v, y, ks=(4,)),
        lambda v, y: retrieve(v, y, ks=()),
        lambda v, y: retrieve(v, y[:-1], ks=(1,)),
        lambda v, y: retrieve(v, np.arange(4), ks=(1,)),
        lambda v, y: retrieve(v, np.full(4, -1), ks=(1,)),
        lambda v, y: retrieve(v * np.nan, y, ks=(1,)),
        lambda v, y: retrieve(v, y, gallery=v, ks=(1,)),
        lambda v, y: retrieve(v, y, gallery=v[:, :1], gallery_labels=y, ks=(1,)),
        lambda v, y: ranked(v, v > 5, ks=(1,)),
        lambda v, y: ranked(v, y, ks=(1,)),
        lambda v, y: figures.recall_at_k(retrieve(v, y, ks=(1,)), k=2),
    ],
)
def test_what_cannot_be_searched_is_refused(wrong):
    with pytest.raises(InputError):
        wrong(np.eye(4, 3, dtype=np.float32), np.array([0, 0, 1, 1]))
