"""Do at least two of three pictures show the same class?"""

import numpy as np

from lookalike.metrics.arrays import checked_rows
from lookalike.metrics.pair_scores import Metric, pair_scores
from lookalike.nouns.embeddings import Floats, Ints


def trio_scores(embeddings: Floats, trios: Ints, *, metric: Metric = "cosine") -> Floats:
    """The score of each trio: the highest of its three pairs.

    A trio is called "at least two alike" from a threshold on, so all that judges pairs judges
    trios: `choose_threshold` on trios kept for validation, `judge_pairs`, `roc_curve`, ...

    Args:
        embeddings: (n, d).
        trios: (t, 3) rows, in any order within a trio.
        metric: see `pair_scores`.

    Returns:
        (t,) float32, higher is more alike.

    Raises:
        InputError: as `pair_scores`.
    """
    rows = checked_rows(trios, len(embeddings), "trios", (None, 3))
    pairs = np.concatenate([rows[:, [0, 1]], rows[:, [0, 2]], rows[:, [1, 2]]])
    sides = pair_scores(embeddings, pairs, metric=metric).reshape(3, len(rows))
    highest: Floats = sides.max(axis=0)
    return highest
