"""Intervals: the published numbers, and that they cover what they promise to cover."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lookalike.metrics.intervals import (
    bootstrap,
    mean_interval,
    measured,
    student_t,
    wilson,
)
from lookalike.nouns.errors import InputError
from lookalike.nouns.measure import Measure


@pytest.mark.parametrize(
    ("freedom", "printed"),
    [(1, 12.706), (2, 4.303), (3, 3.182), (4, 2.776), (5, 2.571), (9, 2.262), (10, 2.228),
     (30, 2.042), (120, 1.980), (999, 1.962), (10**6, 1.960)],
)  # fmt: skip
def test_students_t_is_the_printed_table(freedom, printed):
    assert student_t(freedom) == pytest.approx(printed, abs=6e-4)


@pytest.mark.parametrize(
    ("hits", "n", "low", "high"),
    [(0, 10, 0.0, 0.2775), (10, 10, 0.7225, 1.0), (5, 10, 0.2366, 0.7634)],
)
def test_wilsons_interval_is_the_published_one(hits, n, low, high):
    assert wilson(hits, n) == (pytest.approx(low, abs=1e-4), pytest.approx(high, abs=1e-4))


@given(st.integers(1, 10**6), st.floats(0, 1))
def test_wilsons_interval_holds_the_share_and_is_never_empty(n, part):
    low, high = wilson(part * n, n)
    assert 0 <= low <= part * n / n <= high <= 1
    assert low < high


def test_wilsons_interval_covers_as_often_as_it_says():
    random = np.random.default_rng(1)
    for true, n in ((0.5, 40), (0.95, 60), (0.7, 320)):
        ends = np.array([wilson(hits, n) for hits in random.binomial(n, true, size=2000)])
        assert np.mean((ends[:, 0] <= true) & (true <= ends[:, 1])) > 0.93


def test_the_interval_of_a_mean_covers_as_often_as_it_says():
    random = np.random.default_rng(2)
    ends = np.array([mean_interval(random.normal(3, 2, size=6)) for _ in range(2000)])
    assert np.mean((ends[:, 0] <= 3) & (ends[:, 1] >= 3)) == pytest.approx(0.95, abs=0.015)


def test_resampling_gives_the_interval_of_a_mean():
    values = np.random.default_rng(3).normal(size=400)
    low, high = bootstrap(lambda w: np.array([np.average(values, weights=w)]), 400, resamples=2000)
    wanted = mean_interval(values)
    assert low[0] == pytest.approx(wanted[0], abs=0.015)
    assert high[0] == pytest.approx(wanted[1], abs=0.015)


def test_resampling_repeats_itself_and_knows_its_seed():
    def mean(weights):
        return np.array([weights @ np.arange(50.0) / weights.sum()])

    first, again, other = (bootstrap(mean, 50, resamples=50, seed=seed) for seed in (1, 1, 2))
    assert first[0] == again[0]
    assert first[0] != other[0]


def test_resampling_pictures_covers_what_they_share():
    """Every pair holds the first picture or the second: pairs alone would look far too sure."""
    random = np.random.default_rng(4)
    covered = []
    for _ in range(60):
        quality = random.normal(size=20)
        pictures = np.array([(a, b) for a in range(20) for b in range(a)])
        values = quality[pictures].mean(axis=1)

        def mean(weights, values=values):
            return np.array([weights @ values / weights.sum() if weights.any() else np.nan])

        low, high = bootstrap(mean, len(values), pictures=pictures, resamples=200)
        covered.append(low[0] <= 0 <= high[0])
    assert np.mean(covered) > 0.85


def test_draws_without_an_answer_are_left_out():
    low, high = bootstrap(lambda w: np.array([np.nan, w[0]]), 3, resamples=20)
    assert math.isnan(low[0])
    assert math.isnan(high[0])
    assert 0 <= low[1] <= high[1] <= 3


def test_the_median_draw_is_moved_to_the_centre():
    def spread(weights):
        return np.array([np.square(weights).sum()])

    low, high = bootstrap(spread, 40, centre=np.array([40.0]), resamples=400)
    assert low[0] < 40 < high[0]
    assert bootstrap(spread, 40, resamples=400)[0][0] > 40


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: wilson(3, 2),
        lambda: wilson(0, 0),
        lambda: wilson(-1, 2),
        lambda: mean_interval(np.array([1.0])),
        lambda: mean_interval(np.array([1.0, np.nan])),
        lambda: student_t(0),
        lambda: bootstrap(lambda w: w, 0),
        lambda: bootstrap(lambda w: w, 3, resamples=0),
        lambda: bootstrap(lambda w: w, 3, pictures=np.zeros((2, 2), np.int64)),
    ],
)
def test_what_has_no_interval_is_refused(wrong):
    with pytest.raises(InputError):
        wrong()


def test_a_measure_is_plain_data():
    measure = Measure("R@1", 0.5, 0.4, 0.6, 0.1, "at random", 7)
    assert measure.to_dict() == {
        "name": "R@1",
        "value": 0.5,
        "low": 0.4,
        "high": 0.6,
        "baseline": 0.1,
        "baseline_name": "at random",
        "n": 7,
    }


@pytest.mark.parametrize(
    "change", [{"value": 0.7}, {"value": math.nan}, {"n": 0}, {"baseline": math.inf}, {"low": 0.6}]
)
def test_a_measure_that_cannot_be_is_refused(change):
    columns = {"name": "a", "value": 0.5, "low": 0.4, "high": 0.6, "baseline": 0.1}
    with pytest.raises(InputError):
        Measure(**{**columns, "baseline_name": "b", "n": 7, **change})


def test_a_figure_that_resampling_cannot_doubt_gets_wilsons_interval():
    measure = measured("AUC", 1.0, (1.0, 1.0), (0.5, "at random"), 40, fewest=10)
    assert (measure.low, measure.high) == wilson(10, 10)
