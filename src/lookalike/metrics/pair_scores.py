"""How alike two embeddings are, by each metric that a head may be trained for."""

from typing import Literal, get_args

import numpy as np

from lookalike.metrics.arrays import Doubles, checked_rows, unit_rows
from lookalike.nouns.embeddings import Floats, Ints
from lookalike.nouns.errors import InputError

Metric = Literal["cosine", "l2", "l1"]
_BLOCK = 2**22
"""Numbers worked on at a time."""


def pair_scores(embeddings: Floats, pairs: Ints, *, metric: Metric = "cosine") -> Floats:
    """The score of each pair: the cosine, or the distance with its sign turned.

    Equal vectors get equal scores to the last bit, so ties are seen as ties.

    Args:
        embeddings: (n, d); scaled to length 1 for cosine only.
        pairs: (p, 2) rows.
        metric: "cosine" in [-1, 1]; "l2" and "l1" at most 0.

    Returns:
        (p,) float32, higher is more alike.

    Raises:
        InputError: no embeddings or pairs, values that are not finite, rows out of range, or an
            unknown metric.
    """
    if metric not in get_args(Metric):
        raise InputError(
            "This metric is not known",
            where=repr(metric),
            mend=f"one of {', '.join(get_args(Metric))}",
        )
    units = unit_rows(embeddings)
    vectors = units if metric == "cosine" else embeddings.astype(np.float32, copy=False)
    rows = checked_rows(pairs, len(vectors), "pairs", (None, 2))
    scores = np.empty(len(rows), np.float32)
    step = max(1, _BLOCK // vectors.shape[1])
    for low in range(0, len(rows), step):
        part = rows[low : low + step]
        a, b = vectors[part[:, 0]], vectors[part[:, 1]]  # (b, d)
        scores[low : low + step] = _scores(a, b, metric)
    return scores


def _scores(a: Floats, b: Floats, metric: Metric) -> Floats:
    # float64 sums: the same vectors then give the same float32 wherever they stand.
    if metric == "cosine":
        return _single((a.astype(np.float64) * b).sum(axis=1))
    gap = a.astype(np.float64) - b
    if metric == "l1":
        return _single(-np.abs(gap).sum(axis=1))
    return _single(-np.sqrt(np.square(gap).sum(axis=1)))


def _single(values: Doubles) -> Floats:
    return values.astype(np.float32)
