"""The choice of a threshold, against trying them all; figures at one, against scikit-learn."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_answers import pairs
from sklearn import metrics as sk

from lookalike.metrics.thresholds import (
    accuracy_at,
    balanced_accuracy_at,
    choose_threshold,
    f1_at,
    precision_at,
    recall_at,
)
from lookalike.nouns.errors import InputError

few = settings(max_examples=60, deadline=None)
seeds = st.integers(0, 2**32 - 1)
shares = st.floats(0.05, 0.95)
GOALS = {"accuracy": accuracy_at, "balanced accuracy": balanced_accuracy_at, "f1": f1_at}


def drawn(seed):
    return pairs(np.random.default_rng(seed))


def every_threshold(scores):
    return [*np.unique(scores).tolist(), scores.max() + 1]


@few
@given(seeds, st.floats(-1, 1))
def test_figures_at_a_threshold_are_scikit_learns(seed, threshold):
    scores, same = drawn(seed)
    called = scores >= threshold
    wanted = {
        accuracy_at: sk.accuracy_score(same, called),
        balanced_accuracy_at: sk.balanced_accuracy_score(same, called),
        f1_at: sk.f1_score(same, called, zero_division=0),
        precision_at: sk.precision_score(same, called, zero_division=0),
        recall_at: sk.recall_score(same, called),
    }
    for figure, value in wanted.items():
        assert figure(scores, same, threshold=threshold) == pytest.approx(value)


@few
@given(seeds, st.floats(-1, 1), shares)
def test_at_a_prevalence_pairs_are_weighted(seed, threshold, prevalence):
    scores, same = drawn(seed)
    called = scores >= threshold
    weights = np.where(same, prevalence / same.sum(), (1 - prevalence) / (~same).sum())
    for figure, wanted in (
        (accuracy_at, sk.accuracy_score(same, called, sample_weight=weights)),
        (f1_at, sk.f1_score(same, called, sample_weight=weights, zero_division=0)),
        (precision_at, sk.precision_score(same, called, sample_weight=weights, zero_division=0)),
    ):
        value = figure(scores, same, threshold=threshold, prevalence=prevalence)
        assert value == pytest.approx(wanted)


@pytest.mark.parametrize("goal", GOALS)
@few
@given(seed=seeds)
def test_no_threshold_serves_the_goal_better(goal, seed):
    scores, same = drawn(seed)
    chosen = GOALS[goal](scores, same, threshold=choose_threshold(scores, same, goal=goal))
    best = max(GOALS[goal](scores, same, threshold=t) for t in every_threshold(scores))
    assert chosen == pytest.approx(best)


@few
@given(seeds, shares)
def test_no_threshold_is_more_accurate_at_the_prevalence(seed, prevalence):
    scores, same = drawn(seed)
    threshold = choose_threshold(scores, same, prevalence=prevalence)
    best = max(
        accuracy_at(scores, same, threshold=t, prevalence=prevalence)
        for t in every_threshold(scores)
    )
    reached = accuracy_at(scores, same, threshold=threshold, prevalence=prevalence)
    assert reached == pytest.approx(best)


@few
@given(seeds, st.floats(0.01, 0.6))
def test_enough_precision_at_the_highest_recall(seed, wrong):
    scores, same = drawn(seed)
    threshold = choose_threshold(scores, same, goal="precision", wrong_at_most=wrong)
    recalls = [
        recall_at(scores, same, threshold=t)
        for t in every_threshold(scores)[:-1]
        if precision_at(scores, same, threshold=t) >= 1 - wrong - 1e-12
    ]
    if recalls:
        assert precision_at(scores, same, threshold=threshold) >= 1 - wrong - 1e-9
        assert recall_at(scores, same, threshold=threshold) == max(recalls)
    else:
        assert threshold > scores.max()
        assert np.isfinite(threshold)


def test_it_lies_halfway_between_the_scores_that_it_parts():
    scores = np.array([0.0, 0.2, 0.8, 1.0], np.float32)
    same = np.array([False, False, True, True])
    assert choose_threshold(scores, same) == pytest.approx(0.5)


def test_neighbours_among_numbers_are_parted_rightly():
    low = np.float64(1.0)
    scores = np.array([low, np.nextafter(low, 2)])
    same = np.array([False, True])
    assert accuracy_at(scores, same, threshold=choose_threshold(scores, same)) == 1.0


def test_a_useless_score_calls_nothing_alike_where_most_pairs_differ():
    scores, same = np.zeros(10), np.arange(10) < 3
    assert choose_threshold(scores, same) > 0


@pytest.mark.parametrize("goal", ["recall", ""])
def test_an_unknown_goal_is_refused(goal):
    with pytest.raises(InputError, match="goal") as caught:
        choose_threshold(*drawn(1), goal=goal)
    assert "accuracy" in caught.value.mend


def test_a_threshold_that_is_no_number_is_refused():
    with pytest.raises(InputError, match="not a number"):
        accuracy_at(*drawn(1), threshold=float("nan"))
