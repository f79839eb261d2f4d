"""Copies and probabilities: the challenge's definition, scikit-learn, and chance."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_answers import pairs, probabilities
from sklearn import metrics as sk

from lookalike.metrics.copies import (
    background_shift,
    chance_of_micro_ap,
    judge_copies,
    micro_average_precision,
    recall_at_precision,
)
from lookalike.metrics.reliability import (
    brier_score,
    expected_calibration_error,
    judge_probabilities,
    reliability_table,
)
from lookalike.nouns.errors import InputError

few = settings(max_examples=40, deadline=None)
seeds = st.integers(0, 2**32 - 1)


@few
@given(seeds, st.integers(0, 20))
def test_micro_ap_is_the_mean_precision_at_each_copy(seed, missed):
    scores, same = pairs(np.random.default_rng(seed))
    order = sorted(range(len(scores)), key=lambda i: (-scores[i], same[i]))
    found = same[order]
    n_true = int(same.sum()) + missed
    wanted = sum(found[: i + 1].mean() for i in np.flatnonzero(found)) / n_true
    assert micro_average_precision(scores, same, n_true=n_true) == pytest.approx(wanted)


@few
@given(seeds)
def test_without_ties_it_is_scikit_learns(seed):
    random = np.random.default_rng(seed)
    same = pairs(random)[1]
    scores = random.permutation(len(same)) * 1.0
    wanted = sk.average_precision_score(same, scores)
    assert micro_average_precision(scores, same) == pytest.approx(wanted)


@pytest.mark.parametrize("copies", range(1, 6))
def test_chance_is_the_mean_over_all_orders(copies):
    reached = []
    for places in itertools.combinations(range(6), copies):
        same = np.isin(np.arange(6), places)
        reached.append(micro_average_precision(-np.arange(6.0), same, n_true=6))
    chance = chance_of_micro_ap(np.zeros(6), same, n_true=6)
    assert chance == pytest.approx(np.mean(reached))


@few
@given(seeds, st.floats(0.05, 0.95))
def test_recall_at_a_precision_is_the_best_threshold_allowed(seed, precision):
    scores, same = pairs(np.random.default_rng(seed))
    recalls = [0.0]
    for threshold in scores:
        called = scores >= threshold
        if same[called].mean() >= precision - 1e-12:
            recalls.append(same[called].sum() / same.sum())
    assert recall_at_precision(scores, same, precision=precision) == pytest.approx(max(recalls))


def test_copies_as_a_table():
    random = np.random.default_rng(5)
    same = np.arange(500) < 60
    scores = random.normal(size=500) + 3 * same
    table = judge_copies(scores, same, n_true=80)
    assert [m.name for m in table] == [
        "micro-AP",
        "recall at 90 % precision",
        "recall at 99 % precision",
    ]
    assert table[0].value == micro_average_precision(scores, same, n_true=80)
    assert table[1].value == recall_at_precision(scores, same, precision=0.9, n_true=80)
    for measure in table:
        assert measure.baseline <= measure.low <= measure.value <= measure.high < 1


def test_more_copies_reported_than_there_are_is_refused():
    with pytest.raises(InputError, match="more copies"):
        micro_average_precision(np.array([1.0, 0.0]), np.array([True, False]), n_true=0)


def test_the_background_shift_is_the_mean_of_the_nearest():
    random = np.random.default_rng(6)
    queries, background = (random.normal(size=(n, 8)).astype(np.float32) for n in (5, 40))
    units = [v / np.linalg.norm(v, axis=1, keepdims=True) for v in (queries, background)]
    falling = -np.sort(-(units[0] @ units[1].T), axis=1)
    shift = background_shift(queries, background, first=1, last=3, weight=0.5)
    np.testing.assert_allclose(shift, -0.5 * falling[:, 1:4].mean(axis=1), atol=1e-6)


def test_the_background_shift_lets_queries_compare():
    """One query looks like everything; taken as they are, its scores drown the other's copy."""
    background = np.eye(8, dtype=np.float32)[:7] + 1
    grey = np.ones((1, 8), np.float32)
    clear = np.eye(8, dtype=np.float32)[7:] * 3 + 0.1
    queries = np.concatenate([grey, clear])
    shift = background_shift(queries, background)
    stranger, copy = np.float32(0.97), np.float32(0.9)
    assert stranger > copy
    assert stranger + shift[0] < copy + shift[1]


@pytest.mark.parametrize(("first", "last"), [(0, 3), (-1, 1), (2, 1)])
def test_a_background_that_is_too_small_is_refused(first, last):
    with pytest.raises(InputError, match="background"):
        background_shift(
            np.eye(3, dtype=np.float32), np.eye(3, dtype=np.float32), first=first, last=last
        )


@few
@given(seeds)
def test_the_brier_score_is_scikit_learns(seed):
    told, same = probabilities(np.random.default_rng(seed))
    assert brier_score(told, same) == pytest.approx(sk.brier_score_loss(same, told))


@few
@given(seeds, st.integers(1, 20))
def test_the_calibration_error_is_the_gap_in_the_table(seed, bins):
    told, same = probabilities(np.random.default_rng(seed))
    table = reliability_table(told, same, bins=bins)
    assert table.counts.sum() == len(told)
    gaps = np.abs(table.told - table.held)
    wanted = np.average(gaps, weights=table.counts)
    assert expected_calibration_error(told, same, bins=bins) == pytest.approx(wanted)
    assert np.all(np.diff(table.told) > 0)


def test_certainty_falls_into_the_last_bin():
    table = reliability_table(np.array([0.0, 0.95, 1.0]), np.array([False, False, True]))
    assert table.counts.tolist() == [1, 2]
    np.testing.assert_allclose(table.held, [0, 0.5])


def test_probabilities_that_hold_have_little_error_and_overconfident_ones_much():
    random = np.random.default_rng(7)
    told = random.random(4000)
    same = random.random(4000) < told
    good, _ = judge_probabilities(told, same)
    bad, _ = judge_probabilities((told > 0.5) * 1.0, same)
    assert good.value < 0.05 < 0.2 < bad.low
    assert good.baseline == bad.baseline == 0


def test_the_brier_score_stands_beside_the_prevalence():
    random = np.random.default_rng(8)
    same = np.arange(200) < 50
    _, brier = judge_probabilities(np.where(same, 0.7, 0.2) + 0.1 * random.random(200), same)
    assert brier.baseline == pytest.approx(0.25 * 0.75)
    assert brier.low < brier.value < brier.high < brier.baseline


@pytest.mark.parametrize("told", [[-0.1, 0.5], [0.5, 1.1]])
def test_what_is_no_probability_is_refused(told):
    with pytest.raises(InputError, match="between 0 and 1"):
        brier_score(np.array(told), np.array([True, False]))
    with pytest.raises(InputError, match="bin"):
        expected_calibration_error(np.array([0.1, 0.9]), np.array([True, False]), bins=0)
