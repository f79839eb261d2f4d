"""Is the anchor nearer to its positive than to its negative?"""

import numpy as np

from lookalike.metrics.arrays import Scores, checked_rows, finite
from lookalike.metrics.intervals import measured, wilson
from lookalike.metrics.pair_scores import Metric, pair_scores
from lookalike.nouns.embeddings import Floats, Ints
from lookalike.nouns.errors import InputError
from lookalike.nouns.measure import Measure


def triplet_scores(
    embeddings: Floats, triplets: Ints, *, metric: Metric = "cosine"
) -> tuple[Floats, Floats]:
    """The scores of each anchor with its positive and with its negative.

    Args:
        embeddings: (n, d).
        triplets: (t, 3) rows: anchor, positive, negative.
        metric: see `pair_scores`.

    Returns:
        (t,) and (t,) float32, higher is more alike.

    Raises:
        InputError: as `pair_scores`.
    """
    rows = checked_rows(triplets, len(embeddings), "triplets", (None, 3))
    positive, negative = (pair_scores(embeddings, rows[:, [0, k]], metric=metric) for k in (1, 2))
    return positive, negative


def triplet_accuracy(positive: Scores, negative: Scores) -> float:
    """Share of the anchors that are nearer to their positive; an equal score counts as wrong.

    Args:
        positive: (t,) score of each anchor with its positive.
        negative: (t,) score of each anchor with its negative.

    Returns:
        In [0, 1], higher is better; 0.5 by guessing, 0 for a collapsed model.

    Raises:
        InputError: no triplets, shapes that do not fit, or a score that is not finite.

    Source:
        Balntas et al. 2016, BMVC (their triplet task).
    """
    near, far = finite(positive, "positive scores", 1), finite(negative, "negative scores", 1)
    if near.shape != far.shape:
        raise InputError(
            "Each anchor needs a positive and a negative", where=f"{near.shape}, {far.shape}"
        )
    return float(np.mean(near > far))


def judge_triplets(embeddings: Floats, triplets: Ints, *, metric: Metric = "cosine") -> Measure:
    """The triplet accuracy beside guessing.

    Args:
        embeddings: (n, d).
        triplets: (t, 3) rows: anchor, positive, negative.
        metric: see `pair_scores`.

    Returns:
        The measure "triplet accuracy, METRIC", with Wilson's interval.

    Raises:
        InputError: as `pair_scores`.
    """
    value = triplet_accuracy(*triplet_scores(embeddings, triplets, metric=metric))
    n = len(triplets)
    interval = wilson(value * n, n)
    return measured(f"triplet accuracy, {metric}", value, interval, (0.5, "at random"), n, fewest=n)
