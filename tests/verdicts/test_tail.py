"""The tail of different pairs, with copies hidden among them, and the curve made of it."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lookalike.nouns.card import Calibration
from lookalike.nouns.errors import InputError
from lookalike.verdicts.calibrate import probabilities
from lookalike.verdicts.tail import LEAST, Tail, fit_against_tail, fit_tail

PAIRS = 200_000
RATE = 40.0
START, SHARE = 0.3, 0.005


def different(chance: np.random.Generator, n: int = PAIRS) -> np.ndarray:
    """Scores of pairs whose tail is exponential from 0 on."""
    return chance.exponential(1 / RATE, n).astype(np.float32)


def copies(chance: np.random.Generator, n: int = 400) -> np.ndarray:
    """Most score high, some like strangers."""
    return (1 - chance.beta(1, 6, n)).astype(np.float32)


def top(scores: np.ndarray, k: int = 1000) -> np.ndarray:
    return np.sort(scores)[-k:]


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 1000), hidden=st.sampled_from([0, 50, 400]))
def test_copies_that_are_there_hardly_change_the_tail(seed, hidden):
    chance = np.random.default_rng(seed)
    scores = np.concatenate([different(chance), copies(chance, hidden)])
    tail = fit_tail(top(scores), len(scores), copies(chance))
    assert tail.rate == pytest.approx(RATE, rel=0.15)
    assert tail.copies == pytest.approx(hidden, abs=12 + 0.15 * hidden)
    beyond = tail.share_beyond(0.25)
    assert beyond == pytest.approx(math.exp(-RATE * 0.25), rel=1.0)


def test_scores_in_steps_give_the_same_tail():
    chance = np.random.default_rng(3)
    scores = different(chance, 400_000)
    smooth = fit_tail(top(scores), len(scores), copies(chance))
    stepped = fit_tail(top(np.floor(scores * 256) / 256), len(scores), copies(chance))
    assert stepped.rate == pytest.approx(smooth.rate, rel=0.1)


@given(st.floats(1e-9, 1.0))
def test_score_and_share_undo_each_other(share):
    tail = Tail(START, SHARE, RATE, 0.0)
    assert tail.share_beyond(tail.score_at(share * SHARE)) == pytest.approx(share * SHARE)


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 1000))
def test_the_curve_keeps_its_promise_in_a_library_of_its_size(seed):
    chance = np.random.default_rng(seed)
    line = fit_against_tail(
        copies(chance, 4000), fit_tail(top(different(chance)), PAIRS, copies(chance))
    )
    assert line is not None
    # A library with as many pairs and 200 copies: what is promised is what comes true.
    said, prior = different(chance, PAIRS), 200 / PAIRS
    there = copies(chance, 200)
    curve = Calibration("edited copy", *line)
    wrong, right = (probabilities(scores, curve, prior=prior) for scores in (said, there))
    listed = np.concatenate([wrong[wrong >= 0.5], right[right >= 0.5]])
    expected = float((1 - listed).sum())
    assert abs(expected - int((wrong >= 0.5).sum())) < 4 + 3 * math.sqrt(expected)


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 1000))
def test_a_heavier_tail_needs_a_higher_score(seed):
    chance = np.random.default_rng(seed)
    known = copies(chance)
    bounds = []
    for rate in (60.0, 15.0):
        scores = chance.exponential(1 / rate, PAIRS).clip(max=0.999).astype(np.float32)
        line = fit_against_tail(known, fit_tail(top(scores), PAIRS, known))
        assert line is not None
        bounds.append((math.log(PAIRS / 200) - line[1]) / line[0])
    assert bounds[0] < bounds[1]


def test_copies_that_score_like_strangers_give_no_curve():
    chance = np.random.default_rng(1)
    low = different(chance, 400) - 0.5
    tail = fit_tail(top(different(chance)), PAIRS, low)
    assert fit_against_tail(low, tail) is None
    assert fit_against_tail(copies(chance, LEAST - 1), tail) is None


def test_too_few_pairs_are_refused():
    scores = np.zeros(LEAST - 1, np.float32)
    with pytest.raises(InputError):
        fit_tail(scores, PAIRS, scores)
    with pytest.raises(InputError):
        fit_tail(np.zeros(LEAST, np.float32), LEAST - 1, scores)
