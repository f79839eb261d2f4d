"""A promise about all listed pairs is kept, and by the longest or shortest list that keeps it."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lookalike.nouns.errors import InputError
from lookalike.verdicts.calibrate import EVEN_PRIOR
from lookalike.verdicts.promise import (
    LEAST_PROBABILITY,
    NONE_IS_SURE_ENOUGH,
    Promise,
    bound_for_precision,
    bound_for_recall,
)

NEARLY = 1e-9
levels = st.sampled_from([0.5, 0.75, 0.9, 0.99])
chances = st.lists(levels | st.floats(1e-6, 1 - 1e-6), max_size=30).map(
    lambda values: np.array(values, np.float64)
)
shares = st.floats(0.001, 0.5)


def wrong_share(listed):
    return float((1 - listed).mean()) if len(listed) else 0.0


def missed_share(every, bound):
    return float(every[every < bound].sum() / every.sum()) if len(every) else 0.0


@given(chances, shares)
def test_the_listed_pairs_keep_the_promised_precision(every, share):
    bound = bound_for_precision(every, share)
    assert EVEN_PRIOR <= bound <= NONE_IS_SURE_ENOUGH
    assert wrong_share(every[every >= bound]) <= share + NEARLY


@given(chances, shares)
def test_no_lower_bound_would_list_more_and_keep_the_promised_precision(every, share):
    bound = bound_for_precision(every, share)
    for lower in sorted({float(c) for c in every if EVEN_PRIOR <= c < bound}):
        assert wrong_share(every[every >= lower]) > share - NEARLY


@given(chances, shares)
def test_the_highest_bound_that_misses_no_more_than_promised(every, share):
    bound = bound_for_recall(every, share)
    assert EVEN_PRIOR <= bound <= 1
    if bound > EVEN_PRIOR:
        assert missed_share(every, bound) <= share + NEARLY
    higher = [float(c) for c in every if c > bound]
    if higher:
        assert missed_share(every, min(higher)) > share - NEARLY


@given(chances, shares, shares)
def test_asking_for_less_lists_no_fewer_and_asking_for_more_no_fewer(every, a, b):
    strict, loose = sorted((a, b))
    assert bound_for_precision(every, loose) <= bound_for_precision(every, strict)
    assert bound_for_recall(every, strict) <= bound_for_recall(every, loose)


@pytest.mark.parametrize("bound", [bound_for_precision, bound_for_recall])
def test_the_order_of_the_pairs_does_not_matter(bound):
    every = np.random.default_rng(0).uniform(0.01, 0.999, 200)
    assert bound(every, 0.05) == bound(every[::-1], 0.05)


def test_by_hand():
    every = np.array([0.9, 0.99, 0.6, 0.98, 0.2])
    assert bound_for_precision(every, 0.011) == pytest.approx(0.99)
    assert bound_for_precision(every, 0.021) == pytest.approx(0.98)
    assert bound_for_precision(every, 0.05) == pytest.approx(0.9)
    assert bound_for_precision(every, 0.5) == EVEN_PRIOR
    assert bound_for_precision(every, 0.001) == NONE_IS_SURE_ENOUGH
    # 3.67 copies are expected: 0.2 of them below one half, 0.8 below 0.9.
    assert bound_for_recall(every, 0.06) == pytest.approx(0.6)
    assert bound_for_recall(every, 0.25) == pytest.approx(0.9)
    assert bound_for_recall(every, 0.01) == EVEN_PRIOR


@pytest.mark.parametrize("wrong", [0.0, -0.1, 0.51, 1.0, float("nan")])
@pytest.mark.parametrize("name", ["wrong_at_most", "miss_at_most"])
def test_a_share_out_of_range_is_refused(name, wrong):
    with pytest.raises(InputError, match="share"):
        Promise(**{name: wrong})


def test_promises_exclude_each_other_and_a_bound():
    for both in (
        {"wrong_at_most": 0.1, "miss_at_most": 0.1},
        {"least_probability": 0.9, "miss_at_most": 0.1},
        {"least_probability": 0.9, "wrong_at_most": 0.1},
    ):
        with pytest.raises(InputError, match="exclude each other"):
            Promise(**both)


def test_without_a_promise_the_bound_is_the_one_given_or_the_usual_one():
    every = np.array([0.6, 0.7])
    assert Promise().bound(every) == LEAST_PROBABILITY
    assert Promise(least_probability=0.65).bound(every) == 0.65
    assert Promise(wrong_at_most=0.36).bound(every) == EVEN_PRIOR
    assert Promise(miss_at_most=0.5).bound(every) == 0.7
