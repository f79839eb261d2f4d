"""Are the right pictures grouped? Precision, recall and F1 over the pairs within groups."""

import numpy as np

from lookalike.metrics.arrays import Doubles, checked_rows
from lookalike.metrics.intervals import bootstrap, measured
from lookalike.nouns.embeddings import Ints
from lookalike.nouns.errors import InputError
from lookalike.nouns.measure import Measure

_NAMES = ("group precision", "group recall", "group F1")


def group_precision(found: Ints, truth: Ints) -> float:
    """Share of the pairs within found groups that belong together; 1 where nothing was grouped.

    Args:
        found: (n,) number of each picture's group; below 0 where it is alone.
        truth: (n,) number of each picture's true group; below 0 where it is alone.

    Returns:
        In [0, 1], higher is better.

    Raises:
        InputError: no pictures, shapes that do not fit, or no true group of two.

    Source:
        Christen 2012, Data Matching, chapter 7 (pairwise measures).
    """
    return float(_figures(found, truth)[0])


def group_recall(found: Ints, truth: Ints) -> float:
    """Share of the pairs that belong together that were grouped together.

    Args:
        found: (n,) number of each picture's group; below 0 where it is alone.
        truth: (n,) number of each picture's true group; below 0 where it is alone.

    Returns:
        In [0, 1], higher is better.

    Raises:
        InputError: as `group_precision`.
    """
    return float(_figures(found, truth)[1])


def group_f1(found: Ints, truth: Ints) -> float:
    """Harmonic mean of group precision and group recall.

    Args:
        found: (n,) number of each picture's group; below 0 where it is alone.
        truth: (n,) number of each picture's true group; below 0 where it is alone.

    Returns:
        In [0, 1], higher is better.

    Raises:
        InputError: as `group_precision`.
    """
    return float(_figures(found, truth)[2])


def judge_groups(
    found: Ints, truth: Ints, *, resamples: int | None = None, seed: int = 0
) -> tuple[Measure, ...]:
    """Group precision, recall and F1 beside putting all pictures into one group.

    Args:
        found: (n,) number of each picture's group; below 0 where it is alone.
        truth: (n,) number of each picture's true group; below 0 where it is alone.
        resamples: draws of true groups for the intervals; see `bootstrap`.
        seed: of these draws.

    Returns:
        Three measures.

    Raises:
        InputError: as `group_precision`.
    """
    table = _Table(found, truth)
    every = _Table(np.zeros(len(found), np.int64), truth)
    ones = np.ones(table.owners)
    values, trivial = table.figures(ones).tolist(), every.figures(ones).tolist()
    low, high = bootstrap(table.figures, table.owners, resamples=resamples, seed=seed)
    return tuple(
        measured(
            name, value, (a, b), (base, "all in one group"), len(found), fewest=table.true_groups
        )
        for name, value, a, b, base in zip(
            _NAMES, values, low.tolist(), high.tolist(), trivial, strict=True
        )
    )


class _Table:
    """Counts of pictures in each found and each true group, to be weighted by true group."""

    def __init__(self, found: Ints, truth: Ints) -> None:
        if found.shape != truth.shape:
            raise InputError(
                "Each picture needs a found and a true group", where=f"{found.shape}, {truth.shape}"
            )
        rows, owners = (_numbered(part) for part in (found, truth))
        both, self._counts = np.unique(rows * (owners.max() + 1) + owners, return_counts=True)
        self._rows, self._owners = np.divmod(both, owners.max() + 1)
        self._sizes = np.bincount(owners)
        self.owners = len(self._sizes)
        self.true_groups = int((self._sizes > 1).sum())
        if not self.true_groups:
            raise InputError(
                "No two pictures belong together", where="truth", mend="judge a set with groups"
            )

    def figures(self, weights: Doubles) -> Doubles:
        """Precision, recall and F1 with each true group counted as often as its weight; (3,)."""
        c = self._counts
        right = float((weights[self._owners] * c * (c - 1) / 2).sum())
        heavy = weights[self._owners] * c
        across = np.bincount(self._rows, heavy) ** 2 - np.bincount(self._rows, heavy**2)
        called = right + float(across.sum()) / 2
        real = float((weights * self._sizes * (self._sizes - 1) / 2).sum())
        if not real:
            return np.full(3, np.nan)
        precision = right / called if called else 1.0
        return np.array([precision, right / real, 2 * right / (called + real)])


def _figures(found: Ints, truth: Ints) -> Doubles:
    table = _Table(found, truth)
    return table.figures(np.ones(table.owners))


def _numbered(groups: Ints) -> Ints:
    """Numbers from 0 on; each picture that is alone gets one of its own."""
    checked = checked_rows(np.maximum(groups, 0), np.iinfo(np.int64).max, "groups", (None,))
    alone = groups < 0
    checked[alone] = checked.max() + 1 + np.arange(alone.sum())
    return np.unique(checked, return_inverse=True)[1].astype(np.int64)
