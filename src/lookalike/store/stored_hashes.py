"""The perceptual hashes of many rows, asked for some hundred at a time."""

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np

from lookalike.nouns.embeddings import Bytes, Ints
from lookalike.store.faults import damaged, sound_values
from lookalike.store.selection import Value

Ask = Callable[[str, tuple[Value, ...]], list[tuple]]  # type: ignore[type-arg]
"""Runs SQL with values and gives all records."""

ASK = 500
"""Rows named in one query; SQLite before 3.32 takes 999 values."""
_SELECT = "SELECT row, quality, bits FROM hashes WHERE"


def read_hashes(ask: Ask, folder: Path, rows: Ints) -> tuple[Bytes, Bytes]:
    """The PDQ hashes of some rows, in all eight orientations.

    Args:
        ask: the database of the index.
        folder: of the index, for errors.
        rows: (n,), rising and each once.

    Returns:
        (n, 8, 32) uint8, and PDQ's quality (n,) uint8.

    Raises:
        WrongIndex: some of them are missing or make no sense.
    """
    hashes = np.empty((len(rows), 8, 32), np.uint8)
    quality = np.empty(len(rows), np.uint8)
    done = 0
    for asked, found in _chunks(ask, rows):
        if [row for row, _, _ in found] != asked:
            raise damaged(folder, "hashes are missing")
        stop = done + len(found)
        with sound_values(folder):
            bits = np.frombuffer(b"".join(row[2] for row in found), np.uint8)
            hashes[done:stop] = bits.reshape(-1, 8, 32)
            quality[done:stop] = [row[1] for row in found]
        done = stop
    return hashes, quality


def _chunks(ask: Ask, rows: Ints) -> Iterator[tuple[list[int], list[tuple[int, int, bytes]]]]:
    """Some rows at a time, and what is stored of them."""
    for start in range(0, len(rows), ASK):
        asked = rows[start : start + ASK].tolist()
        if asked[-1] - asked[0] == len(asked) - 1:  # no gap: a range is quicker than names
            yield asked, ask(f"{_SELECT} row BETWEEN ? AND ?", (asked[0], asked[-1]))
            continue
        marks = ",".join("?" * len(asked))
        yield asked, ask(f"{_SELECT} row IN ({marks}) ORDER BY row", tuple(asked))
