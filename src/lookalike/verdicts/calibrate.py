"""From a score to a probability and back, at stated odds."""

import math
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from lookalike.nouns.card import Calibration
from lookalike.nouns.embeddings import Floats
from lookalike.nouns.errors import InputError

SCORE_STEPS = 200_001
"""Thresholds are looked for in steps of a hundred-thousandth."""

EVEN_PRIOR = 0.5
"""For two pictures that a person holds against each other: anything may be."""

COPIES_PER_PICTURE = 0.1
"""Before looking, one picture in ten of a collection is expected to have one copy in it."""

SIMILAR_SHARE = 0.01
"""Before looking, one picture in a hundred of a collection is expected to be like a given one."""


DOUBT = 1e-6
"""No curve that was fitted to some thousand pairs can be surer than this."""


@lru_cache(maxsize=256)  # priors, again and again
def log_odds(probability: float) -> float:
    """The natural logarithm of p / (1 - p).

    Raises:
        InputError: the probability is not strictly between 0 and 1.
    """
    if not 0 < probability < 1:
        raise InputError("A prior lies strictly between 0 and 1", where=str(probability))
    return math.log(probability / (1 - probability))


def probabilities(scores: Floats, calibration: Calibration, *, prior: float) -> Floats:
    """P(relation | score) for each score.

    Args:
        scores: any shape, higher is more alike.
        calibration: the curve, fitted at even odds.
        prior: P(relation) before looking, in (0, 1).

    Returns:
        float32 of the shape of `scores`, never falling as the score rises, and never nearer to 0
        or 1 than DOUBT.

    Source:
        Platt 1999, "Probabilistic outputs for support vector machines"; the shift to other odds
        is Bayes' rule (Saerens et al. 2002, doi 10.1162/089976602753284446).
    """
    wide = scores.astype(np.float64)
    against = _odds_against(calibration.slope * wide + calibration.intercept + log_odds(prior))
    if calibration.near is not None:
        slope, intercept = calibration.near
        against += _odds_against(slope * wide + intercept)
    return np.asarray(np.clip(1 / (1 + against), DOUBT, 1 - DOUBT), dtype=np.float32)


def _odds_against(logits: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.exp(-np.clip(logits, -50, 50))


def probability(score: float, calibration: Calibration, *, prior: float) -> float:
    """P(relation | score) of one score, as `probabilities` gives it.

    Arrays of one cost ten times as much, and every candidate of a search asks for several.
    """
    wide = float(np.float32(score))
    against = _odds_of(calibration.slope * wide + calibration.intercept + log_odds(prior))
    if calibration.near is not None:
        slope, intercept = calibration.near
        against += _odds_of(slope * wide + intercept)
    return float(np.float32(min(max(1 / (1 + against), DOUBT), 1 - DOUBT)))


def _odds_of(logit: float) -> float:
    return math.exp(-min(max(logit, -50.0), 50.0))


def score_for(wanted: float, calibration: Calibration, *, prior: float) -> float:
    """The least score at which the relation has the wanted probability.

    Args:
        wanted: probability in (0, 1).
        calibration: the curve, fitted at even odds.
        prior: P(relation) before looking, in (0, 1).

    Returns:
        A score between -1 and 1, or infinity where no score is enough.
    """
    log_odds(wanted)
    scale = np.linspace(-1, 1, SCORE_STEPS, dtype=np.float32)
    enough = probabilities(scale, calibration, prior=prior) >= wanted
    return float(scale[enough.argmax()]) if enough.any() else math.inf


def prior_of_pair(n: int) -> float:
    """P(copy) of two pictures drawn from a collection of n, before looking.

    Pairs grow with the square of n and copies only with n, so the larger the collection, the more
    evidence a pair needs.
    """
    return min(EVEN_PRIOR, 2 * COPIES_PER_PICTURE / max(n - 1, 1))


def prior_of_hit(n: int) -> float:
    """P(copy) of a query and one picture of a collection of n, before looking.

    Whoever asks has, as likely as not, one copy in there.
    """
    return min(EVEN_PRIOR, EVEN_PRIOR / max(n, 1))
