"""Builds a labelled set out of the files that somebody listed as pairs or triplets."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from lookalike.datasets.shelf import Shelf, missing
from lookalike.nouns.embeddings import Ints


def rows_of(
    names: Sequence[Sequence[str]], shelf: Shelf, *, where: Path, looked_in: str
) -> tuple[tuple[str, ...], Ints]:
    """Finds every file that is named, and gives each a row.

    Args:
        names: x lists of w names.
        shelf: where the files lie.
        where: the list, for errors.
        looked_in: where the files are looked for, in words.

    Returns:
        The n paths, sorted, each once; and (x, w) their rows.

    Raises:
        InputError: files are missing.
    """
    flat = [name for line in names for name in line]
    found = {name: shelf.find(name) for name in dict.fromkeys(flat)}
    if lost := [name for name, path in found.items() if path is None]:
        raise missing(lost, len(found), where=where, looked_in=looked_in)
    paths = sorted({path for path in found.values() if path is not None})
    places = {path: row for row, path in enumerate(paths)}
    rows = np.array([places[found[name] or ""] for name in flat], np.int64)
    return tuple(paths), rows.reshape(len(names), -1)


def joined(n: int, links: Ints) -> Ints:
    """Groups of rows that hang together through links.

    Args:
        n: rows.
        links: (x, 2) rows that belong together.

    Returns:
        (n,) the lowest row of each row's group.
    """
    lowest = np.arange(n)
    while len(links):
        ends = lowest[links]
        low = ends.min(axis=1)
        before = lowest.copy()
        np.minimum.at(lowest, ends[:, 0], low)
        np.minimum.at(lowest, ends[:, 1], low)
        lowest = lowest[lowest]
        if np.array_equal(lowest, before):
            break
    return lowest
