"""Scores freed of what a picture scores with everything: some pictures are like many others."""

import numpy as np

from lookalike.nouns.embeddings import Floats
from lookalike.nouns.errors import InputError

NEAREST = 10
"""Background pictures whose scores make a picture's level."""


def level(scores: Floats, *, k: int = NEAREST, skip: int = 0) -> Floats:
    """How high each picture scores with pictures that have nothing to do with it.

    Args:
        scores: (n, b) of n pictures with b of the background.
        k: the mean of the k highest counts; of all where there are fewer.
        skip: leave out so many of the highest first: 1 where each picture, or a true match of it,
            is in the background itself.

    Returns:
        (n,) float32.

    Raises:
        InputError: nothing is left to take the mean of.
    """
    if scores.ndim != 2 or k < 1 or scores.shape[1] <= skip:
        raise InputError(
            "A level needs scores with a background",
            where=f"{scores.shape}, k={k}, skip={skip}",
            mend="give more background pictures",
        )
    last = min(skip + k, scores.shape[1])
    highest = -np.partition(-scores, last - 1, axis=1)[:, :last]
    highest.sort(axis=1)
    kept = highest[:, : last - skip]
    return np.asarray(kept.mean(axis=1, dtype=np.float64), np.float32)


def normalised(scores: Floats, rows: Floats, columns: Floats) -> Floats:
    """Scores less the levels of both sides.

    Args:
        scores: (q, n) of queries with candidates.
        rows: (q,) `level` of each query.
        columns: (n,) `level` of each candidate.

    Returns:
        (q, n) float32: 0 for a pair as alike as either is to what has nothing to do with it.

    Source:
        Conneau et al. 2018, arXiv:1710.04087 (CSLS, here by half); with a background set apart:
        Douze et al. 2021, arXiv:2106.09672, section 5.
    """
    if scores.shape != (len(rows), len(columns)):
        raise InputError("Levels need one number a row and one a column", where=f"{scores.shape}")
    return np.asarray(scores - (rows[:, None] + columns) / 2, np.float32)
