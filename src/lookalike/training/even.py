"""Drawing so that everything is used equally often."""

import numpy as np

from lookalike.nouns.embeddings import Ints


def even_groups(n: int, groups: int, size: int, chance: np.random.Generator) -> Ints:
    """Groups of different things, each of the n things used as often as any other, give or take 1.

    Args:
        n: things, 1 or more.
        groups: how many.
        size: things a group; only where that is above n does a group hold one of them twice.
        chance: where the order comes from.

    Returns:
        (groups, size) numbers below n.
    """
    drawn = np.empty(groups * size, np.int64)
    filled = 0
    while filled < len(drawn):
        order = chance.permutation(n)
        begun = filled % size
        if begun and size <= n:
            # The open group is first filled up with what it does not hold yet.
            fresh = ~np.isin(order, drawn[filled - begun : filled])
            fresh &= np.cumsum(fresh) <= size - begun
            order = np.concatenate([order[fresh], order[~fresh]])
        part = order[: len(drawn) - filled]
        drawn[filled : filled + len(part)] = part
        filled += len(part)
    return drawn.reshape(groups, size)


def evenly(n: int, wanted: int, chance: np.random.Generator) -> Ints:
    """(wanted,) numbers below n in any order, each as often as any other, give or take 1."""
    return even_groups(n, wanted, 1, chance)[:, 0]


def occurrences(values: Ints) -> Ints:
    """How often each value stood before in the same array: (5, 7, 5) -> (0, 0, 1)."""
    order = np.argsort(values, kind="stable")
    lined_up = values[order]
    starts = np.flatnonzero(np.r_[True, lined_up[1:] != lined_up[:-1]][: len(values)])
    lengths = np.diff(np.r_[starts, len(values)])
    counts = np.empty(len(values), np.int64)
    counts[order] = np.arange(len(values)) - np.repeat(starts, lengths)
    return counts
