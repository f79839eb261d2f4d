"""One-to-one assignment with the highest sum of scores, exact."""

import numpy as np
from numpy.typing import NDArray

from lookalike.nouns.embeddings import Floats, Ints
from lookalike.nouns.errors import InputError

UNASSIGNED = -1

_Wide = NDArray[np.float64]


def assign(scores: Floats, *, least: float) -> Ints:
    """Give each row at most one column and each column at most one row.

    Of all such assignments the one with the highest sum of `score - least`; so no pair below
    `least` is ever made, and a row may stay without a column.

    Args:
        scores: (r, c), higher is more alike.
        least: what a pair must score to be worth making.

    Returns:
        (r,) the column of each row, or UNASSIGNED.

    Raises:
        InputError: not two axes, or a score that is not finite.

    Source:
        Jonker and Volgenant 1987, doi 10.1007/BF02278710: shortest augmenting paths, one for each
        row, with the potentials of Kuhn's method.
    """
    if scores.ndim != 2 or not np.isfinite(scores).all():
        raise InputError("An assignment needs finite scores of shape (r, c)", where="scores")
    found = np.full(len(scores), UNASSIGNED, np.int64)
    worth = scores >= least
    rows, columns = np.flatnonzero(worth.any(axis=1)), np.flatnonzero(worth.any(axis=0))
    if not len(rows):
        return found
    gains = np.maximum(scores[np.ix_(rows, columns)].astype(np.float64) - least, 0)
    # A column of its own for each row, which gains nothing, stands for staying alone.
    alone = np.zeros((len(rows), len(rows)))
    chosen = _paths(-np.concatenate([gains, alone], axis=1))
    kept = chosen < len(columns)
    kept[kept] = worth[rows[kept], columns[chosen[kept]]]
    found[rows[kept]] = columns[chosen[kept]]
    return found


def _paths(costs: _Wide) -> Ints:
    """The column of each row in the cheapest assignment; at least as many columns as rows."""
    r, c = costs.shape
    of_row, of_column = np.zeros(r), np.zeros(c)  # potentials: none is above the cost of a pair
    owner = np.full(c, UNASSIGNED, np.int64)
    for row in range(r):
        before = _extend(costs, of_row, of_column, owner, row)
        column, previous = before
        while column != UNASSIGNED:
            earlier = int(previous[column])
            owner[column] = row if earlier == UNASSIGNED else owner[earlier]
            column = earlier
    columns = np.flatnonzero(owner != UNASSIGNED)
    found = np.empty(r, np.int64)
    found[owner[columns]] = columns
    return found


def _extend(
    costs: _Wide, of_row: _Wide, of_column: _Wide, owner: Ints, row: int
) -> tuple[int, Ints]:
    """Find the shortest path from a row to a free column, and move the potentials.

    Returns:
        The free column, and for each column on the way the one before it.
    """
    c = costs.shape[1]
    length = np.full(c, np.inf)
    previous = np.full(c, UNASSIGNED, np.int64)
    settled = np.zeros(c, bool)
    at, here, walked = UNASSIGNED, row, 0.0
    while True:
        through = walked + costs[here] - of_row[here] - of_column
        shorter = ~settled & (through < length)
        length[shorter] = through[shorter]
        previous[shorter] = at
        at = int(np.where(settled, np.inf, length).argmin())
        walked = float(length[at])
        if owner[at] == UNASSIGNED:
            break
        settled[at] = True
        here = int(owner[at])
    of_row[row] += walked
    on_way = np.flatnonzero(settled)
    of_row[owner[on_way]] += walked - length[on_way]
    of_column[on_way] -= walked - length[on_way]
    return at, previous
