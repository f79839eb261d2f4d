"""Probabilities from scores: never falling, never surer than DOUBT, and undone by score_for."""

import math

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from lookalike.encoders.classic_card import CARD
from lookalike.nouns.card import Calibration
from lookalike.nouns.errors import InputError
from lookalike.verdicts.calibrate import (
    COPIES_PER_PICTURE,
    DOUBT,
    EVEN_PRIOR,
    log_odds,
    prior_of_hit,
    prior_of_pair,
    probabilities,
    probability,
    score_for,
)
from lookalike.verdicts.decide import HASH_BITS, HASH_CALIBRATION

STEP = np.float32(1e-5)
scores = st.floats(-1, 1, width=32)
priors = st.floats(1e-12, 1 - 1e-6)
near_lines = st.none() | st.tuples(st.floats(0, 200), st.floats(-200, 50))
calibrations = st.builds(
    Calibration,
    relation=st.just("edited copy"),
    slope=st.floats(0.1, 200),
    intercept=st.floats(-200, 50),
    near=near_lines,
)
shipped = st.sampled_from([HASH_CALIBRATION, *CARD.calibrations])
any_calibration = calibrations | shipped


@given(any_calibration, priors, scores, scores)
def test_a_higher_score_is_never_less_probable(calibration, prior, a, b):
    low, high = sorted((a, b))
    below, above = probabilities(np.array([low, high], np.float32), calibration, prior=prior)
    assert below <= above


@given(any_calibration, scores, priors, priors)
def test_a_larger_prior_never_lowers_a_probability(calibration, score, a, b):
    low, high = sorted((a, b))
    below = probability(score, calibration, prior=low)
    assert below <= probability(score, calibration, prior=high)


@given(calibrations, priors, scores)
def test_near_misses_only_lower_a_probability(calibration, prior, score):
    random_only = Calibration("edited copy", calibration.slope, calibration.intercept)
    with_near = probability(score, calibration, prior=prior)
    assert with_near <= probability(score, random_only, prior=prior)


@given(calibrations, priors, scores)
def test_no_prior_makes_a_copy_surer_than_near_misses_allow(calibration, prior, score):
    assume(calibration.near is not None)
    against_near = Calibration("edited copy", max(calibration.near[0], 1e-9), calibration.near[1])
    limit = probability(score, against_near, prior=EVEN_PRIOR)
    assert probability(score, calibration, prior=prior) <= limit + 1e-6


@given(any_calibration, priors, scores)
def test_probabilities_stay_away_from_certainty(calibration, prior, score):
    found = probability(score, calibration, prior=prior)
    assert np.float32(DOUBT) <= np.float32(found) <= np.float32(1 - DOUBT)


@given(any_calibration, priors, st.floats(0.0625, 0.984375, width=32))
def test_score_for_is_the_least_score_that_is_enough(calibration, prior, wanted):
    score = score_for(wanted, calibration, prior=prior)
    if math.isinf(score):
        assert probability(1.0, calibration, prior=prior) < wanted
        return
    assert probability(score, calibration, prior=prior) >= wanted
    if score > -1:
        assert probability(np.float32(score) - STEP, calibration, prior=prior) < wanted


@given(st.floats(-5, 5), st.floats(1, 20), st.floats(0.001, 0.999))
def test_without_near_misses_it_is_bayes_rule(score_odds, slope, prior):
    calibration = Calibration("similar", slope, score_odds)
    odds = math.exp(score_odds) * prior / (1 - prior)
    assert probability(0.0, calibration, prior=prior) == pytest.approx(odds / (1 + odds), rel=1e-3)


@given(st.integers(0, 10**9), st.integers(0, 10**9))
def test_a_pair_and_a_hit_need_more_evidence_in_a_larger_collection(a, b):
    small, large = sorted((a, b))
    for prior in (prior_of_pair, prior_of_hit):
        assert 0 < prior(large) <= prior(small) <= EVEN_PRIOR


@pytest.mark.parametrize("n", [10, 1_000, 1_000_000])
def test_the_prior_of_a_pair_expects_the_stated_number_of_copies(n):
    pairs = n * (n - 1) / 2
    assert prior_of_pair(n) * pairs == pytest.approx(COPIES_PER_PICTURE * n)


@pytest.mark.parametrize("wrong", [0.0, 1.0, -0.1, 1.1, math.nan])
def test_a_prior_that_is_no_open_share_is_refused(wrong):
    with pytest.raises(InputError):
        log_odds(wrong)
    with pytest.raises(InputError):
        score_for(wrong, HASH_CALIBRATION, prior=0.5)


def test_a_block_of_scores_is_judged_like_each_alone():
    block = np.linspace(-1, 1, 24, dtype=np.float32).reshape(4, 6)
    together = probabilities(block, HASH_CALIBRATION, prior=0.01)
    assert together.shape == block.shape
    for score, found in zip(block.flat, together.flat, strict=True):
        assert found == np.float32(probability(float(score), HASH_CALIBRATION, prior=0.01))


def test_bits_of_random_pairs_are_no_copies_and_equal_hashes_are():
    bits = np.arange(HASH_BITS + 1)
    found = probabilities((1 - bits / HASH_BITS).astype(np.float32), HASH_CALIBRATION, prior=0.5)
    assert found[0] > 0.999
    # Two different photographs seldom differ in fewer than 76 bits.
    assert found[76:].max() < 0.01
