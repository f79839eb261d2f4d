"""Triplets, trios, classes and matching."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_answers import classes, rankings
from sklearn import metrics as sk

from lookalike.metrics.classification import (
    classification_report,
    confusion,
    judge_classes,
    macro_f1,
)
from lookalike.metrics.matching import (
    chance_of_top_n,
    judge_matching,
    match_ranks,
    top_n_accuracy,
    top_n_curve,
)
from lookalike.metrics.trios import trio_scores
from lookalike.metrics.triplets import judge_triplets, triplet_scores
from lookalike.nouns.errors import InputError

few = settings(max_examples=40, deadline=None)
seeds = st.integers(0, 2**32 - 1)
NAMES = ["ant", "bee", "cat", "dog"]


@pytest.mark.parametrize("metric", ["cosine", "l2", "l1"])
def test_triplets_and_trios_are_judged_by_their_pairs(metric):
    random = np.random.default_rng(1)
    vectors = random.normal(size=(30, 5)).astype(np.float32)
    rows = random.integers(30, size=(50, 3))
    units = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)

    def score(a, b):
        if metric == "cosine":
            return units[a] @ units[b]
        return -np.linalg.norm(vectors[a] - vectors[b], ord=2 if metric == "l2" else 1)

    sides = np.array([[score(a, b), score(a, c), score(b, c)] for a, b, c in rows])
    positive, negative = triplet_scores(vectors, rows, metric=metric)
    np.testing.assert_allclose(positive, sides[:, 0], atol=1e-5)
    np.testing.assert_allclose(negative, sides[:, 1], atol=1e-5)
    np.testing.assert_allclose(
        trio_scores(vectors, rows, metric=metric), sides.max(axis=1), atol=1e-5
    )
    measure = judge_triplets(vectors, rows, metric=metric)
    assert measure.name == f"triplet accuracy, {metric}"
    assert measure.value == pytest.approx(np.mean(positive > negative))
    assert (measure.baseline, measure.n) == (0.5, 50)


def test_a_negative_that_is_the_positives_twin_is_no_success():
    vectors = np.random.default_rng(2).normal(size=(3, 70)).astype(np.float32)
    vectors[2] = vectors[1]
    measure = judge_triplets(vectors, np.array([[0, 1, 2]] * 5))
    assert measure.value == 0
    assert measure.high > 0


@few
@given(seeds)
def test_the_report_is_scikit_learns(seed):
    answers, truth = classes(np.random.default_rng(seed))
    wanted = sk.classification_report(truth, answers, output_dict=True, zero_division=0)
    found = classification_report(truth, answers, NAMES)
    assert found.accuracy == pytest.approx(sk.accuracy_score(truth, answers))
    assert macro_f1(answers, truth) == pytest.approx(wanted["macro avg"]["f1-score"])
    renamed = {"macro average": "macro avg", "weighted average": "weighted avg"}
    occurring = [NAMES[place] for place in sorted({*truth.tolist(), *answers.tolist()})]
    assert [line.name for line in found.lines] == [*occurring, *renamed]
    for line in found.lines:
        key = renamed.get(line.name) or str(NAMES.index(line.name))
        theirs = wanted[key]
        assert line.precision == pytest.approx(theirs["precision"])
        assert line.recall == pytest.approx(theirs["recall"])
        assert line.f1 == pytest.approx(theirs["f1-score"])
        assert line.support == theirs["support"]


@few
@given(seeds)
def test_the_confusion_is_scikit_learns(seed):
    answers, truth = classes(np.random.default_rng(seed))
    np.testing.assert_array_equal(
        confusion(truth, answers, NAMES).counts,
        sk.confusion_matrix(truth, answers, labels=range(4)),
    )


def test_classes_beside_the_most_frequent_one():
    truth = np.array([0] * 6 + [1] * 3 + [3])
    answers = np.array([0] * 5 + [1] * 4 + [3])
    accuracy, f1 = judge_classes(answers, truth)
    assert (accuracy.value, accuracy.baseline) == (0.9, 0.6)
    assert f1.baseline == pytest.approx(sk.f1_score(truth, truth * 0, average="macro"))
    assert f1.low < f1.value <= f1.high


@pytest.mark.parametrize(
    ("truth", "answers"), [([0], [4]), ([-1], [0]), ([0], [0, 1]), ([], []), ([0.5], [0])]
)
def test_answers_that_are_no_classes_are_refused(truth, answers):
    with pytest.raises(InputError):
        classification_report(np.array(truth), np.array(answers), NAMES)


@few
@given(seeds)
def test_the_rank_of_a_match_counts_all_that_are_not_worse(seed):
    scores, matches = rankings(np.random.default_rng(seed))
    for rank, row, true in zip(match_ranks(scores, matches), scores, matches, strict=True):
        wanted = 1 + np.sum(~true & (row >= row[true].max())) if true.any() else 0
        assert rank == wanted


@few
@given(seeds, st.one_of(st.none(), st.floats(-1, 1)))
def test_more_tries_never_find_less(seed, threshold):
    scores, matches = rankings(np.random.default_rng(seed))
    curve = top_n_curve(scores, matches, threshold=threshold)
    assert np.all(np.diff(curve.values) >= 0)
    assert np.all(np.diff(curve.baseline) >= -1e-12)
    assert len(curve.at) == scores.shape[1]
    for n, value in zip(curve.at.tolist(), curve.values.tolist(), strict=True):
        assert value == top_n_accuracy(scores, matches, n=n, threshold=threshold)


def test_no_match_is_an_answer_once_there_is_a_threshold():
    scores = np.array([[0.9, 0.1], [0.2, 0.3], [0.2, 0.8], [0.4, 0.1]])
    matches = np.array([[True, False], [False, False], [False, False], [True, False]])
    assert top_n_accuracy(scores, matches, n=1) == 0.5
    # Right: the clear match and the clear stranger. Wrong: the other stranger, the weak match.
    assert top_n_accuracy(scores, matches, n=1, threshold=0.5) == 0.5
    assert top_n_accuracy(scores, matches, n=2, threshold=0.25) == 0.5
    assert top_n_accuracy(scores, matches, n=2, threshold=0.35) == 0.75


@pytest.mark.parametrize("threshold", [None, 0.5])
def test_chance_is_what_random_picks_reach(threshold):
    random = np.random.default_rng(3)
    matches = np.array([[True, True, False, False, False], [True, *[False] * 4], [False] * 5])
    answers = matches
    if threshold is not None:
        answers = np.hstack([matches, ~matches.any(axis=1, keepdims=True)])
    picked = [answers[:, random.permutation(answers.shape[1])[:2]].any(axis=1) for _ in range(8000)]
    chance = chance_of_top_n(matches * 1.0, matches, n=2, threshold=threshold)
    assert chance == pytest.approx(np.mean(picked), abs=0.01)


def test_matching_as_a_table_leaves_out_depths_beyond_the_sources():
    table = judge_matching(np.eye(4, 6), np.eye(4, 6, dtype=bool))
    assert [m.name for m in table] == ["top-1", "top-5"]
    assert [m.baseline for m in table] == [pytest.approx(1 / 6), pytest.approx(5 / 6)]
    assert table[0].value == 1
    assert table[0].low < 0.6
    with pytest.raises(InputError, match="fewer sources"):
        judge_matching(np.eye(4), np.eye(4, dtype=bool), depths=(5,))
