"""Which pairs the embeddings of a model put forward."""

import math
from dataclasses import replace

import numpy as np
import pytest

from lookalike.encoders.choose import load_encoder
from lookalike.verbs.shelf import Sighting, least_of_words, least_score, worth_it
from lookalike.verdicts.calibrate import probabilities
from lookalike.verdicts.decide import WORTH_A_LOOK, Priors, without_near

BUILT_IN, CLASSIC = (load_encoder(name).card for name in ("built-in", "classic"))
PRIORS = Priors.of_pair(10_000)


def seen(scores, *, votes=30.0, bits=120):
    """Pairs of different pictures with these scores, that share words."""
    p = len(scores)
    return Sighting(
        first=np.arange(p),
        second=np.arange(p) + 1_000,
        bits=np.full(p, bits),
        turn=np.zeros(p, np.int64),
        scores=np.array(scores, np.float32),
        detailed=np.ones(p, bool),
        votes=np.full(p, votes, np.float32),
        mirrored=np.zeros(p, bool),
    )


def looked_at(sighting, card):
    """Which of these pairs are worth a look."""
    return worth_it(sighting.first, sighting.second, [sighting], card, PRIORS).tolist()


@pytest.mark.parametrize("n", [2, 1_000, 1_000_000])
def test_a_model_whose_highest_scores_are_near_misses_puts_no_pair_forward(n: int) -> None:
    assert least_score(CLASSIC, Priors.of_pair(n)) == math.inf


def test_a_model_without_a_curve_puts_no_pair_forward() -> None:
    assert least_score(replace(BUILT_IN, calibrations=()), Priors.of_pair(1_000)) == math.inf


@pytest.mark.parametrize("n", [100, 10_000, 1_000_000])
def test_the_bound_of_the_built_in_encoder_leaves_out_only_what_has_no_chance(n: int) -> None:
    priors = Priors.of_pair(n)
    bound = least_score(BUILT_IN, priors)
    curve = BUILT_IN.calibration("edited copy")
    assert curve is not None
    assert 0 < bound < 1
    around = np.array([bound - 0.01, bound + 0.01], np.float32)
    below, above = probabilities(around, without_near(curve), prior=priors.copy)
    assert below < WORTH_A_LOOK < above


def test_the_bound_rises_with_the_number_of_pictures() -> None:
    bounds = [least_score(BUILT_IN, Priors.of_pair(n)) for n in (100, 10_000, 1_000_000)]
    assert bounds == sorted(bounds)
    assert bounds[0] < bounds[-1]


def test_pictures_that_share_words_are_looked_at_unless_the_encoder_is_sure_they_differ() -> None:
    curve = BUILT_IN.calibration("edited copy")
    assert curve is not None
    bound = least_of_words(curve)
    assert 0 < bound < least_score(BUILT_IN, PRIORS)
    scores = [-0.2, bound - 0.01, bound + 0.01, 0.9]
    assert looked_at(seen(scores), BUILT_IN) == [False, False, True, True]
    assert looked_at(seen(scores, votes=500.0), BUILT_IN) == [False, False, True, True]


def test_an_encoder_that_does_not_know_copies_leaves_no_pair_out() -> None:
    assert looked_at(seen([-0.2, 0.0, 0.9]), CLASSIC) == [True, True, True]
    uncalibrated = replace(BUILT_IN, calibrations=())
    assert looked_at(seen([-0.2, 0.0, 0.9]), uncalibrated) == [True, True, True]


def test_equal_hashes_are_looked_at_whatever_the_encoder_says() -> None:
    assert looked_at(seen([-0.2], votes=0.0, bits=20), BUILT_IN) == [True]
