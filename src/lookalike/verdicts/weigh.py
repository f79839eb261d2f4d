"""How much each of several models counts, learned from queries whose match is known."""

import numpy as np
from numpy.typing import NDArray

from lookalike.nouns.embeddings import Floats, Ints
from lookalike.nouns.errors import InputError

STEPS, STEP = 300, 0.5
EVEN_AS_IF = 4.0
"""Equal weights are held to as if so many queries said nothing else."""

LEAST = 0.02
"""No model is left out wholly: what few queries know of it may be chance."""

_Wide = NDArray[np.float64]


def fit_weights(parts: Floats, twins: Ints, own: Ints) -> Floats:
    """The weights by which the right candidates stand out most from the others.

    They maximise the mean over the queries of log P(own), where P is the softmax over candidates
    of the weighted sum of scores.

    Args:
        parts: (m, c, s) scores of c queries with s candidates by m models.
        twins: (s,) candidates of one number are copies of each other: as right as the match is.
        own: (c,) the match of each query.

    Returns:
        (m,) float32, above 0, together 1; all the same where there is one model or no query.

    Raises:
        InputError: shapes that do not fit.

    Source:
        McFadden 1974, "Conditional logit analysis of qualitative choice behavior".
    """
    m, c, s = parts.shape
    if twins.shape != (s,) or own.shape != (c,):
        raise InputError("Weights need scores of queries with all candidates", where=f"{m, c, s}")
    if m == 1 or c == 0:
        return np.full(m, 1 / m, np.float32)
    wide = parts.astype(np.float64)
    right = twins == twins[own][:, None]  # (c, s)
    weights = np.ones(m)
    for _ in range(STEPS):
        both = np.tensordot(weights, wide, 1)
        pull = (_softmax(np.where(right, both, -np.inf)) - _softmax(both)) * wide
        slope = pull.sum(axis=2).mean(axis=1) - EVEN_AS_IF / c * (weights - weights.mean())
        weights = np.maximum(weights + STEP * slope, LEAST)
    return np.asarray(weights / weights.sum(), np.float32)


def _softmax(scores: _Wide) -> _Wide:
    """(c, s), each row adding up to 1."""
    shares = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(shares / shares.sum(axis=1, keepdims=True), np.float64)
