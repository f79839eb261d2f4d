"""Of many pairs, those that matter most to either of their two images."""

import numpy as np

from lookalike.nouns.embeddings import Bools, Floats, Ints
from lookalike.nouns.errors import InputError


def best_partners(first: Ints, second: Ints, scores: Floats, *, k: int) -> Bools:
    """Which pairs are among the k best of at least one of their images.

    Args:
        first: (p,) ids.
        second: (p,) ids; no pair comes twice.
        scores: (p,) higher is better; of equal ones the earlier pair is better.
        k: how many pairs each image may call its best, at least 1.

    Returns:
        (p,) mask. At most n * k pairs are kept of n images. Needs about 60 bytes a pair.

    Raises:
        InputError: k is below 1, or the arrays have different lengths.
    """
    if k < 1:
        raise InputError("k must be at least 1", where=str(k))
    if not len(first) == len(second) == len(scores):
        raise InputError("Pairs need as many scores as ids")
    p = len(first)
    keep = np.zeros(p, bool)
    if p == 0:
        return keep
    ends = np.concatenate([first, second])  # (2p,)
    pair = np.tile(np.arange(p), 2)  # (2p,)
    order = np.lexsort((pair, -scores[pair], ends))
    sorted_ends = ends[order]
    starts = np.flatnonzero(np.r_[True, sorted_ends[1:] != sorted_ends[:-1]])
    sizes = np.diff(np.r_[starts, len(sorted_ends)])
    rank = np.arange(len(sorted_ends)) - np.repeat(starts, sizes)
    keep[pair[order][rank < k]] = True
    return keep
