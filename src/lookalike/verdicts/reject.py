"""From which score on a picture is of one of the classes at all, learned from the classes alone."""

import math
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from lookalike.nouns.embeddings import Bools, Floats
from lookalike.nouns.errors import InputError

FEWEST = 3
"""Classes: two have one score with each other, which says nothing of how scores spread."""

_Wide = NDArray[np.float64]


def reject_threshold(scores: Floats, own: Bools, *, rate: float) -> float:
    """The score that the best class of a picture of none of them stays below, at a stated rate.

    Every example is a stranger to all classes but its own, so examples tell how high a stranger
    scores. The more careful of two answers counts: the highest scores of the examples, each among
    the other classes, in order or by Student's t where there are too few; and all their scores
    with other classes, of which as many are drawn as there are classes.

    Args:
        scores: (n, c) of n examples with c classes, at least 3.
        own: (n, c) the class of each example, which is left out.
        rate: share of strangers that is to be rejected, in [0.5, 1).

    Returns:
        A picture is of no class where its best score is at most this.

    Raises:
        InputError: fewer than three classes, which tell one score of strangers at most, or a rate
            out of range.

    Source:
        Vovk et al. 2005, "Algorithmic Learning in a Random World" (the order); Abramowitz and
        Stegun 1964, 26.7.5 (Student's t).
    """
    c = scores.shape[1]
    if c < FEWEST or own.shape != scores.shape:
        raise InputError(
            f"{c} classes do not tell how high a picture of none of them scores",
            where="examples",
            mend=f"give {FEWEST} classes or more, or reject nothing: --reject 0",
        )
    if not 0.5 <= rate < 1:
        raise InputError("The share to reject lies between 0.5 and 1", where=str(rate))
    strangers = scores[~own].astype(np.float64)
    best = np.where(own, -np.inf, scores).max(axis=1).astype(np.float64)
    # An example meets one class fewer than a stranger does.
    of_best = rate ** ((c - 1) / c)
    return max(_in_order(best, of_best, c), _by_student(strangers, rate ** (1 / c), c))


def _in_order(best: _Wide, rate: float, c: int) -> float:
    place = math.ceil((len(best) + 1) * rate)
    if place > len(best):
        return _by_student(best, rate, c)
    return float(np.sort(best)[place - 1])


def _by_student(values: _Wide, rate: float, c: int) -> float:
    """Where a new value lies below with this probability; examples of c classes are not many."""
    spread = float(values.std(ddof=1)) if len(values) > 1 else 0.0
    return float(values.mean()) + _student(rate, max(c - 1, 1)) * spread * math.sqrt(1 + 1 / c)


def _student(rate: float, freedom: int) -> float:
    z = NormalDist().inv_cdf(rate)
    first = (z**3 + z) / (4 * freedom)
    return z + first + (5 * z**5 + 16 * z**3 + 3 * z) / (96 * freedom**2)
