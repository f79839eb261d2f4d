"""Figures at one threshold, and the choice of it; pairs that reach it are called alike."""

import math
from typing import Literal, get_args

import numpy as np

from lookalike.metrics.arrays import Doubles, Scores, share
from lookalike.metrics.tallies import Scored, Tally
from lookalike.nouns.embeddings import Bools
from lookalike.nouns.errors import InputError

Goal = Literal["accuracy", "balanced accuracy", "f1", "precision"]


def accuracy_at(
    scores: Scores, same: Bools, *, threshold: float, prevalence: float | None = None
) -> float:
    """Share of the pairs that are judged rightly.

    Args:
        scores: (p,) higher is more alike.
        same: (p,) bool, the truth.
        threshold: pairs with at least this score are called alike.
        prevalence: count as if this share of all pairs were alike, in (0, 1).

    Returns:
        In [0, 1], higher is better.

    Raises:
        InputError: no pairs, pairs of one kind only, shapes that do not fit, a score or the
            threshold that is not a number, or a prevalence outside (0, 1).
    """
    return accuracy_of(_tally(scores, same, prevalence), _number(threshold))


def balanced_accuracy_at(scores: Scores, same: Bools, *, threshold: float) -> float:
    """Mean of the shares of the alike and of the different pairs that are judged rightly.

    Args:
        scores: (p,) higher is more alike.
        same: (p,) bool, the truth.
        threshold: pairs with at least this score are called alike.

    Returns:
        In [0, 1], higher is better; 0.5 for always the same answer.

    Raises:
        InputError: as `accuracy_at`.

    Source:
        Brodersen et al. 2010, ICPR.
    """
    return accuracy_of(_tally(scores, same, 0.5), _number(threshold))


def f1_at(
    scores: Scores, same: Bools, *, threshold: float, prevalence: float | None = None
) -> float:
    """Harmonic mean of precision and recall of the pairs called alike; 0 where none is caught.

    Args:
        scores: (p,) higher is more alike.
        same: (p,) bool, the truth.
        threshold: pairs with at least this score are called alike.
        prevalence: count as if this share of all pairs were alike, in (0, 1).

    Returns:
        In [0, 1], higher is better.

    Raises:
        InputError: as `accuracy_at`.

    Source:
        van Rijsbergen 1979, Information Retrieval, chapter 7.
    """
    return f1_of(_tally(scores, same, prevalence), _number(threshold))


def precision_at(
    scores: Scores, same: Bools, *, threshold: float, prevalence: float | None = None
) -> float:
    """Share of the pairs called alike that are; 0 where none is called alike.

    Args:
        scores: (p,) higher is more alike.
        same: (p,) bool, the truth.
        threshold: pairs with at least this score are called alike.
        prevalence: count as if this share of all pairs were alike, in (0, 1).

    Returns:
        In [0, 1], higher is better.

    Raises:
        InputError: as `accuracy_at`.
    """
    caught, wrong = _tally(scores, same, prevalence).at(_number(threshold))
    return caught / (caught + wrong) if caught else 0.0


def recall_at(scores: Scores, same: Bools, *, threshold: float) -> float:
    """Share of the alike pairs that are called alike.

    Args:
        scores: (p,) higher is more alike.
        same: (p,) bool, the truth.
        threshold: pairs with at least this score are called alike.

    Returns:
        In [0, 1], higher is better.

    Raises:
        InputError: as `accuracy_at`.
    """
    tally = _tally(scores, same, None)
    return tally.at(_number(threshold))[0] / tally.alike


def choose_threshold(
    scores: Scores,
    same: Bools,
    *,
    goal: Goal = "accuracy",
    wrong_at_most: float = 0.01,
    prevalence: float | None = None,
) -> float:
    """The threshold that serves a goal best on these pairs: give it pairs kept for validation.

    For the first three goals it lies halfway between two scores, and of equally good ones the
    highest is taken. For "precision" it is the lowest score from which on at most a share
    `wrong_at_most` of the pairs called alike are not; where no score does, it lies just above
    all scores, so nothing of these is called alike.

    Args:
        scores: (p,) higher is more alike.
        same: (p,) bool, the truth.
        goal: what is to be highest; "precision" means highest recall at enough precision.
        wrong_at_most: for "precision" only, in (0, 1).
        prevalence: count as if this share of all pairs were alike, in (0, 1).

    Returns:
        A finite threshold.

    Raises:
        InputError: as `accuracy_at`, an unknown goal, or `wrong_at_most` outside (0, 1).
    """
    if goal not in get_args(Goal):
        raise InputError(
            "This goal is not known", where=repr(goal), mend=f"one of {', '.join(get_args(Goal))}"
        )
    tally = _tally(scores, same, 0.5 if goal == "balanced accuracy" else prevalence)
    if goal == "precision":
        allowed = share(wrong_at_most, "share of wrong answers") + 1e-12
        good = np.flatnonzero(tally.wrong <= allowed * (tally.caught + tally.wrong))
        return float(tally.thresholds[good[-1]]) if len(good) else _above(tally)
    figures = _f1s(tally) if goal == "f1" else tally.caught - tally.wrong
    best = int(np.argmax(figures > figures.max() - 1e-12))
    if figures[best] <= 1e-12:  # nothing beats calling no pair alike
        return _above(tally)
    score = float(tally.thresholds[best])
    below = float(tally.thresholds[best + 1]) if best + 1 < len(tally.thresholds) else score
    middle = below + (score - below) / 2
    return middle if middle > below else score


def accuracy_of(tally: Tally, threshold: float) -> float:
    """The accuracy of these counts; NaN without pairs of both kinds."""
    if not (tally.alike and tally.different):
        return math.nan
    caught, wrong = tally.at(threshold)
    return (caught + tally.different - wrong) / (tally.alike + tally.different)


def f1_of(tally: Tally, threshold: float) -> float:
    """The F1 of these counts; NaN without alike pairs."""
    if not tally.alike:
        return math.nan
    caught, wrong = tally.at(threshold)
    return 2 * caught / (tally.alike + caught + wrong)


def _f1s(tally: Tally) -> Doubles:
    return 2 * tally.caught / (tally.alike + tally.caught + tally.wrong)


def _above(tally: Tally) -> float:
    return math.nextafter(float(tally.thresholds[0]), math.inf)


def _tally(scores: Scores, same: Bools, prevalence: float | None) -> Tally:
    return Scored(scores, same).tally().at_prevalence(prevalence)


def _number(threshold: float) -> float:
    if math.isnan(threshold):
        raise InputError(
            "The threshold is not a number",
            where="threshold",
            mend="choose one by choose_threshold",
        )
    return threshold
