"""Which pairs the embeddings of a model put forward."""

import math
from dataclasses import replace

import numpy as np
import pytest

from lookalike.encoders.choose import load_encoder
from lookalike.verbs.shelf import least_score
from lookalike.verdicts.calibrate import probabilities
from lookalike.verdicts.decide import WORTH_A_LOOK, Priors, without_near

BUILT_IN, CLASSIC = (load_encoder(name).card for name in ("built-in", "classic"))


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
