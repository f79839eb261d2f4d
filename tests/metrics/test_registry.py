"""What holds for every measure; a new one enters the registry and is held to all of this."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_answers import DRAWN, one_answer, perfect, shuffled, ties_broken

from lookalike.metrics.registry import METRICS
from lookalike.nouns.errors import InputError

NAMES = sorted(METRICS)
seeds = st.integers(0, 2**32 - 1)
few = settings(max_examples=25, deadline=None)
SCORED = [name for name in NAMES if METRICS[name].kind not in {"classes", "clusters", "groups"}]


def drawn(name, seed):
    random = np.random.default_rng(seed)
    return random, *DRAWN[METRICS[name].kind](random)


def better_or_equal(metric, value, other):
    return value >= other - 1e-9 if metric.direction == "up" else value <= other + 1e-9


@pytest.mark.parametrize("name", NAMES)
@few
@given(seed=seeds)
def test_a_figure_and_its_baseline_lie_between_0_and_1(name, seed):
    _, first, second = drawn(name, seed)
    for figure in (METRICS[name].function, METRICS[name].baseline):
        value = figure(first, second)
        assert isinstance(value, float)
        assert -1e-12 <= value <= 1 + 1e-12


@pytest.mark.parametrize("name", NAMES)
@few
@given(seed=seeds)
def test_shuffling_pictures_changes_nothing(name, seed):
    random, first, second = drawn(name, seed)
    metric = METRICS[name]
    turned = shuffled(metric.kind, first, second, random)
    for figure in (metric.function, metric.baseline):
        assert figure(*turned) == pytest.approx(figure(first, second), abs=1e-9)


@pytest.mark.parametrize("name", NAMES)
@few
@given(seed=seeds)
def test_the_perfect_answer_gets_the_best_figure(name, seed):
    metric = METRICS[name]
    value = metric.function(*perfect(metric.kind, np.random.default_rng(seed)))
    assert value == pytest.approx(1.0 if metric.direction == "up" else 0.0, abs=1e-12)


@pytest.mark.parametrize("name", [name for name in SCORED if METRICS[name].ranking])
@few
@given(seed=seeds)
def test_only_the_order_of_scores_matters_to_a_ranking(name, seed):
    _, first, second = drawn(name, seed)
    metric = METRICS[name]
    value = metric.function(first, second)
    for rising in (np.exp, lambda s: 3 * s - 40, lambda s: s**3):
        pair = (first, second) if metric.kind != "triplets" else (first, rising(second))
        assert metric.function(rising(first), pair[1]) == pytest.approx(value, abs=1e-12)


@pytest.mark.parametrize("name", SCORED)
@few
@given(seed=seeds)
def test_a_collapsed_model_is_no_better_than_chance(name, seed):
    _, first, second = drawn(name, seed)
    metric = METRICS[name]
    collapsed = one_answer(metric.kind, first, second)
    chance = metric.baseline(*collapsed)
    assert better_or_equal(metric, chance, metric.function(*collapsed))


@pytest.mark.parametrize("name", [name for name in SCORED if METRICS[name].ranking])
@few
@given(seed=seeds)
def test_ties_never_help(name, seed):
    _, first, second = drawn(name, seed)
    metric = METRICS[name]
    broken = ties_broken(metric.kind, first, second)
    assert broken is not None
    assert better_or_equal(metric, metric.function(*broken), metric.function(first, second))


@pytest.mark.parametrize("name", NAMES)
def test_nothing_to_judge_is_an_error_with_a_mend(name):
    _, first, second = drawn(name, 0)
    with pytest.raises(InputError) as caught:
        METRICS[name].function(first[:0], second[:0])
    assert caught.value.where


@pytest.mark.parametrize("name", SCORED)
@pytest.mark.parametrize("bad", [math.nan, math.inf])
def test_a_score_that_is_not_finite_is_refused(name, bad):
    _, first, second = drawn(name, 1)
    broken = first.astype(np.float64)
    broken.flat[0] = bad
    with pytest.raises(InputError, match="not finite") as caught:
        METRICS[name].function(broken, second)
    assert caught.value.where
    assert caught.value.mend


@pytest.mark.parametrize("name", NAMES)
def test_shapes_that_do_not_fit_are_refused(name):
    _, first, second = drawn(name, 2)
    with pytest.raises(InputError):
        METRICS[name].function(first[1:], second)


@pytest.mark.parametrize(
    "name", [name for name in NAMES if METRICS[name].kind in {"pairs", "probabilities"}]
)
@pytest.mark.parametrize("answer", [True, False])
def test_pairs_of_one_kind_are_refused(name, answer):
    with pytest.raises(InputError, match="nothing can be told apart"):
        METRICS[name].function(np.array([0.1, 0.9]), np.array([answer, answer]))


def test_the_kinds_have_makers():
    assert {metric.kind for metric in METRICS.values()} == set(DRAWN)
