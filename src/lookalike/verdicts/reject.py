"""From which score on a picture is of one of the classes at all, learned from the classes alone."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lookalike.nouns.embeddings import Bools, Floats, Ints
from lookalike.nouns.errors import InputError

FEWEST = 3
"""Classes: two have one score with each other, which says nothing of how scores spread."""

NEAREST = 1e-6
"""Scores of copies are taken for this much below 1."""

MARGIN = 0.8
"""Of the strangers that may pass, this share is planned for where the threshold is an estimate."""

LEAST_PAIRS = 0.5
LEAST_TOP = 0.75
"""With three classes nothing is left of either; these keep the answer finite."""

_Wide = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Rejection:
    """From which score on a picture is of a class, and what that rests on.

    Attributes:
        threshold: a picture is of no class where its best score is at most this.
        shown: share of strangers that stays below the highest score of two classes whatever
            scores are like, in [0, 1).
        needed: so many classes would show the stated share; 0 where there are as many.
        pairs: of classes, that the threshold was learned from.
    """

    threshold: float
    shown: float
    needed: int
    pairs: int


def reject_threshold(scores: Floats, own: Bools, *, rate: float) -> Rejection:
    """The score that the best class of a picture of none of them stays below, at a stated rate.

    Every example is a stranger to all classes but its own. Among the classes and the stranger's
    own nobody is special, so the stranger is one of the two whose score with each other is the
    highest in 2 cases of c + 1 at most, whatever scores are like, and likewise further down. With
    many classes that order gives the threshold. With few it shows less than the rate, and the
    threshold lies beyond the highest score, as far as a tail would have it that falls
    exponentially in log(1 / (1 - score)): how fast, is learned from the way from the median to
    the top, and as few scores say little of that, the tail is as much heavier (Lomax).

    With several examples a class the answer is the mean over one example of each class in turn.

    Args:
        scores: (n, c) of n examples with c classes, at least 3.
        own: (n, c) the class of each example, whose score is left out.
        rate: share of strangers that is to be rejected, in [0.5, 1).

    Raises:
        InputError: fewer than three classes, which tell one score of strangers at most, or a rate
            out of range.

    Source:
        Vovk et al. 2005, "Algorithmic Learning in a Random World" (the order); Renyi 1953 (the
        top of exponential scores); how far beyond it, was chosen on sets of pictures, see
        docs/guides/recognise.md.
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
    wide = np.where(own, 0, scores).astype(np.float64)
    steep = -np.log(np.maximum(1 - wide, NEAREST))
    turns = [steep[rows] for rows in _turns(own)]  # (c, c) each, of one example a class
    partners = 1 + float(np.mean([_top_is_mutual(turn) for turn in turns]))
    room = (1 - rate) * (c + 1)
    place = math.floor(room - partners + 1 + 1e-9)
    if place >= 1:
        found = [float(np.sort(_best(turn))[-place]) for turn in turns]
    else:
        found = [_beyond(turn, partners / (MARGIN * room), len(turns)) for turn in turns]
    return Rejection(
        threshold=1 - math.exp(-float(np.mean(found))),
        shown=max(0.0, 1 - partners / (c + 1)),
        needed=0 if place >= 1 else math.ceil(partners / (1 - rate) - 1e-9) - 1,
        pairs=c * (c - 1) // 2,
    )


def _turns(own: Bools) -> list[Ints]:
    """One example of each class at a time, until all had their turn."""
    members = [np.flatnonzero(column) for column in own.T]
    most = max(map(len, members))
    return [np.array([rows[turn % len(rows)] for rows in members]) for turn in range(most)]


def _others(turn: _Wide) -> _Wide:
    return np.where(np.eye(len(turn), dtype=bool), -np.inf, turn)


def _best(turn: _Wide) -> _Wide:
    """(c,) how high each example scores with the best of the other classes."""
    return np.asarray(_others(turn).max(axis=1), np.float64)


def _top_is_mutual(turn: _Wide) -> bool:
    """Whether the two classes that are most alike are the two with the highest scores.

    With one example a class they always are, since a pair has one score.
    """
    best = _best(turn)
    first = int(best.argmax())
    friend = int(_others(turn)[first].argmax())
    return bool(best[friend] >= np.delete(best, first).max())


def _beyond(turn: _Wide, odds: float, turns: int) -> float:
    """Above the highest score, as far as strangers get `odds` times less often."""
    c = len(turn)
    between = turn[~np.eye(c, dtype=bool)]
    top, middle = float(between.max()), float(np.median(between))
    upper = max(1, c * (c - 1) // 4)  # pairs above the median
    # The top of exponential scores is on average as far up; one less in about one case of five.
    height = max(sum(1 / i for i in range(1, upper + 1)) - 1, LEAST_TOP)
    # So many pairs have no example in common; one is spent on the median.
    pairs = max(c // 2 * turns - 1, LEAST_PAIRS)
    return float(top + (top - middle) / height * pairs * (odds ** (1 / pairs) - 1))
