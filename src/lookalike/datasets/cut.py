"""Takes a share of the pictures away: the same share of each class, groups kept whole."""

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from lookalike.nouns.embeddings import Bools, Ints
from lookalike.nouns.labelled import UNKNOWN

_Counts = NDArray[np.float64]
_EQUAL = 1e-9


def cut(labels: Ints, groups: Ints, share: float, rng: Generator) -> Bools:
    """Which of n pictures to take.

    Whole groups go first, the biggest ahead, each to the side where it fits the share of its
    classes better; pictures without a group fill up what is missing, exactly where they can.

    Args:
        labels: (n,) any whole numbers.
        groups: (n,) UNKNOWN where a picture stands alone.
        share: of the pictures, in [0, 1].
        rng: decides between equals.

    Returns:
        (n,) True for the share; one picture or group at least, but not the only one.
    """
    _, classes = np.unique(labels, return_inverse=True)
    wanted = share * np.bincount(classes).astype(np.float64)
    taken = np.zeros(len(labels), bool)
    grouped = np.flatnonzero(groups != UNKNOWN)
    taken[_cut_groups(classes, groups, grouped, share, wanted, rng)] = True
    alone = np.flatnonzero(groups == UNKNOWN)
    missing = wanted - np.bincount(classes[taken], minlength=len(wanted))
    least = int(share > 0 and not taken.any())
    taken[_cut_alone(classes, alone, missing, least, rng)] = True
    return taken


def _cut_groups(
    classes: Ints, groups: Ints, rows: Ints, share: float, wanted: _Counts, rng: Generator
) -> Ints:
    if not rows.size:
        return rows
    order = rows[np.argsort(groups[rows], kind="stable")]
    starts = np.flatnonzero(np.diff(groups[order], prepend=groups[order[0]] - 1))
    members = np.split(order, starts[1:])
    sizes = np.array([len(rows) for rows in members])
    order_of_filling = np.lexsort((rng.random(len(members)), -sizes)).tolist()
    lacking, left = wanted.copy(), wanted * (1 - share) / share if share else wanted
    chosen: list[Ints] = []
    for at in order_of_filling:
        own, counts = np.unique(classes[members[at]], return_counts=True)
        # To the side that is filled less, so that both get big and small groups, as long as that
        # brings the whole nearer to the share.
        need = (counts * lacking[own]).sum() * (1 - share) - (counts * left[own]).sum() * share
        nearer = sizes[at] < 2 * lacking.sum()
        if nearer and (need > _EQUAL or (abs(need) <= _EQUAL and rng.random() < share)):
            lacking[own] -= counts
            chosen.append(members[at])
        else:
            left[own] -= counts
    if not chosen and share and len(rows) == len(classes) and len(members) > 1:
        chosen.append(members[order_of_filling[-1]])
    return np.concatenate(chosen) if chosen else rows[:0]


def _cut_alone(classes: Ints, rows: Ints, missing: _Counts, least: int, rng: Generator) -> Ints:
    """So many rows of each class; broken numbers are rounded so that the sum is right."""
    have = np.bincount(classes[rows], minlength=len(missing))
    missing = np.clip(missing, 0, have)
    counts = np.floor(missing + 1e-9).astype(np.int64)
    left = max(round(float(missing.sum())), least) - int(counts.sum())
    rest = np.where(counts < have, missing - counts, -1.0)
    most = np.lexsort((rng.random(len(rest)), -rest))[: max(left, 0)]
    counts[most[rest[most] > 0]] += 1
    order = rows[np.lexsort((rng.random(len(rows)), classes[rows]))]
    first = np.concatenate([[0], np.cumsum(have)])[classes[order]]
    chosen: Ints = order[np.arange(len(order)) - first < counts[classes[order]]]
    return chosen
