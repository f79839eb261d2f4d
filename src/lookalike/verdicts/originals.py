"""Is the best source of a target its original? Learned from copies whose original is known."""

from dataclasses import dataclass

import numpy as np

from lookalike.nouns.embeddings import Bools, Floats, Ints
from lookalike.nouns.errors import InputError
from lookalike.verdicts.calibrate import DOUBT, log_odds
from lookalike.verdicts.fit import fit_even_odds


@dataclass(frozen=True, slots=True)
class OriginalCurve:
    """From a standing to a probability.

    Attributes:
        slope: of the logistic curve, at even odds of right and wrong.
        intercept: of the curve.
        found: P(the best source is the original), given that there is one; in (0, 1).
        usual: what the best wrong source of a copy usually scores.
        learned_on: how many copies it was fitted on, in words.
    """

    slope: float
    intercept: float
    found: float
    usual: float
    learned_on: str


def standings(scores: Floats, twins: Ints, taken: Bools | None = None) -> Floats:
    """Each score and its lead over the best other source of the target, added up.

    A score alone does not tell a sure match from one of many that are much alike. A twin of a
    source is no other source: copies of one picture do not make it less sure.

    Args:
        scores: (t, s) of targets with sources, s at least 2.
        twins: (s,) sources of one number are copies of each other.
        taken: (t, s) sources that are not to be had for a target, since another one has them.

    Returns:
        (t, s) float32.
    """
    if scores.ndim != 2 or scores.shape[1] < 2:
        raise InputError("Matching needs two sources or more", where=f"{scores.shape}")
    lowest = scores.min(initial=0.0) - 1
    free = scores if taken is None else np.where(taken, lowest, scores)
    of_first = twins == twins[free.argmax(axis=1)][:, None]
    first = free.max(axis=1, keepdims=True)
    second = np.where(of_first, lowest, free).max(axis=1, keepdims=True)
    return np.asarray(2 * scores - np.where(of_first, second, first), np.float32)


def fit_originals(scores: Floats, twins: Ints, own: Ints) -> OriginalCurve:
    """The curve of copies that were made poor on purpose.

    Each copy counts twice: with its original among the sources, where the best source is right
    or wrong, and without it, where the best source is always wrong.

    Args:
        scores: (c, s) of copies with sources.
        twins: (s,) sources of one number are copies of each other.
        own: (c,) the original of each copy.

    Returns:
        A curve; flat where no copy finds its original, or a higher standing is not more often
        right.
    """
    c = len(scores)
    rows = np.arange(c)
    present = standings(scores, twins)
    without = np.where(twins == twins[own][:, None], scores.min() - 1, scores)
    absent = standings(without, twins)
    best = scores.argmax(axis=1)
    right = twins[best] == twins[own]
    told = np.concatenate([present[rows, best], absent.max(axis=1)])
    line = None
    if right.any():
        line = fit_even_odds(told, np.concatenate([right, np.zeros(c, bool)]))
    slope, intercept = line or (DOUBT, 0.0)
    return OriginalCurve(
        slope,
        intercept,
        (int(right.sum()) + 1) / (c + 2),
        float(np.median(without.max(axis=1))),
        f"{c:,} copies of sources, made poor here",
    )


def original_chances(standing: Floats, curve: OriginalCurve, *, prior: float) -> Floats:
    """P(this source is the target's original).

    Args:
        standing: (t, s), see `standings`.
        curve: see `fit_originals`.
        prior: P(a target has an original among the sources) before looking, in (0, 1).

    Returns:
        (t, s) float32, never nearer to 0 or 1 than DOUBT.

    Source:
        Platt 1999; the shift from even odds to those of a right best source is Bayes' rule.
    """
    logits = curve.slope * standing.astype(np.float64) + curve.intercept
    odds = np.exp(-np.clip(logits + log_odds(prior * curve.found), -50, 50))
    return np.asarray(np.clip(1 / (1 + odds), DOUBT, 1 - DOUBT), np.float32)
