"""A calibration from scores whose truth is known."""

import math

import numpy as np
from numpy.typing import NDArray

from lookalike.nouns.embeddings import Bools, Floats
from lookalike.nouns.errors import InputError

_STEPS = 100
_ENOUGH = 1e-10

_Wide = NDArray[np.float64]


def fit_even_odds(scores: Floats, same: Bools) -> tuple[float, float] | None:
    """Slope and intercept of P(same | score) when half of all pairs are the same.

    However many pairs there are of each kind, both weigh one half together. The targets are
    smoothed, so that scores that are told apart without a mistake still give a finite slope, and
    one the shallower the fewer pairs there are.

    Args:
        scores: (p,) higher is more alike.
        same: (p,) whether the pair is the same.

    Returns:
        Slope, above 0, and intercept; None where a higher score is not more often the same.

    Raises:
        InputError: one of the two kinds is missing, or a score is not finite.

    Source:
        Platt 1999, "Probabilistic outputs for support vector machines", with the targets of its
        section 2.1 and the damped Newton steps of Lin, Lin and Weng 2007,
        doi 10.1007/s10994-007-5018-6.
    """
    if scores.shape != same.shape or not np.isfinite(scores).all():
        raise InputError("A curve needs one finite score and one answer for each pair")
    alike, different = int(same.sum()), int((~same).sum())
    if not alike or not different:
        raise InputError("A curve needs pairs that are the same and pairs that are not")
    wide = scores.astype(np.float64)
    centre, spread = wide.mean(), wide.std()
    if not spread > 0:
        return None
    targets = np.where(same, (alike + 1) / (alike + 2), 1 / (different + 2))
    weights = np.where(same, 0.5 / alike, 0.5 / different)
    slope, shift = _newton((wide - centre) / spread, targets, weights) / (spread, 1.0)
    return (float(slope), float(shift - slope * centre)) if slope > 0 else None


def _newton(scores: _Wide, targets: _Wide, weights: _Wide) -> _Wide:
    """Slope and intercept of the least weighted cross-entropy; scores of mean 0 and deviation 1."""
    columns = np.stack([scores, np.ones_like(scores)])
    line = np.zeros(2)
    loss = _cross_entropy(line @ columns, targets, weights)
    for _ in range(_STEPS):
        chance = 1 / (1 + np.exp(-np.clip(line @ columns, -500, 500)))
        slope = columns @ (weights * (chance - targets))
        bend = (columns * (weights * chance * (1 - chance))) @ columns.T + 1e-12 * np.eye(2)
        step = np.linalg.solve(bend, slope)
        while _cross_entropy((line - step) @ columns, targets, weights) > loss:
            step /= 2
            if float(np.abs(step).max()) < _ENOUGH:
                return line
        line = line - step
        loss = _cross_entropy(line @ columns, targets, weights)
        if float(np.abs(step).max()) < _ENOUGH:
            break
    return line


def _cross_entropy(logits: _Wide, targets: _Wide, weights: _Wide) -> float:
    losses = np.logaddexp(0, logits) - targets * logits
    total = float((weights * losses).sum())
    return total if math.isfinite(total) else math.inf
