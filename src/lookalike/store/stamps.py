"""Size and time of every file that an index has looked at, in little memory."""

import sqlite3
from bisect import bisect_left
from collections.abc import Iterator
from hashlib import blake2b
from typing import overload

import numpy as np
from numpy.typing import NDArray

from lookalike.nouns.embeddings import Ints
from lookalike.store.layout import path_from_bytes, path_to_bytes

_CHUNK = 20_000
_KEY = np.dtype([("head", "<u8"), ("tail", "<u8")])
NEVER = (-1, -1)
"""A stamp that no file has."""


class Stamps:
    """Relative path -> (size in bytes, mtime in ns), taken one by one with `pop`.

    A dict of a million paths costs hundreds of MB. Here a path is kept as its 128-bit hash, 41
    bytes a file in all; what is left over at the end is looked up again by its number.
    """

    def __init__(self, db: sqlite3.Connection, *, failed: bool) -> None:
        """Read all stamps.

        Args:
            db: open while this is in use.
            failed: False gives files that could not be read the stamp NEVER.
        """
        self._db = db
        count = db.execute("SELECT count(*) FROM files").fetchone()[0]
        keys = np.empty(count, _KEY)
        numbers = np.empty((count, 3), np.int64)  # id, size, mtime
        cursor = db.execute("SELECT path, id, size, mtime_ns, reason FROM files")
        start = 0
        while rows := cursor.fetchmany(_CHUNK):
            stop = start + len(rows)
            keys[start:stop] = np.frombuffer(b"".join(_key(row[0]) for row in rows), _KEY)
            numbers[start:stop] = [
                row[1:4] if failed or row[4] is None else (row[1], *NEVER) for row in rows
            ]
            start = stop
        self._arrange(keys[:start], numbers[:start])

    def _arrange(self, keys: NDArray[np.void], numbers: Ints) -> None:
        order = np.argsort(keys["head"], kind="stable")
        self._ids: Ints = numbers[order, 0]
        # Single items come quicker out of memoryviews than out of arrays.
        self._heads = keys["head"][order].data
        self._tails = keys["tail"][order].data
        self._sizes = numbers[order, 1].data
        self._times = numbers[order, 2].data
        self._left = bytearray(b"\1") * len(order)

    def __len__(self) -> int:
        """How many have not been taken."""
        return self._left.count(1)

    def __contains__(self, path: str) -> bool:
        return self._find(path) is not None

    def __iter__(self) -> Iterator[str]:
        """The paths that have not been taken, in the order they were first stored."""
        ids = np.sort(self._ids[np.frombuffer(bytes(self._left), bool)])
        for number in ids.tolist():
            found = self._db.execute("SELECT path FROM files WHERE id = ?", (number,)).fetchone()
            if found is not None:
                yield path_from_bytes(found[0])

    def __getitem__(self, path: str) -> tuple[int, int]:
        found = self.get(path)
        if found is None:
            raise KeyError(path)
        return found

    @overload
    def get(self, path: str, default: None = None) -> tuple[int, int] | None: ...
    @overload
    def get(self, path: str, default: tuple[int, int]) -> tuple[int, int]: ...
    def get(self, path: str, default: tuple[int, int] | None = None) -> tuple[int, int] | None:
        """The stamp of a path that has not been taken."""
        at = self._find(path)
        return default if at is None else self._stamp(at)

    @overload
    def pop(self, path: str, default: None = None) -> tuple[int, int] | None: ...
    @overload
    def pop(self, path: str, default: tuple[int, int]) -> tuple[int, int]: ...
    def pop(self, path: str, default: tuple[int, int] | None = None) -> tuple[int, int] | None:
        """Take the stamp of a path; `default` if there is none or it was taken before."""
        at = self._find(path)
        if at is None:
            return default
        self._left[at] = 0
        return self._stamp(at)

    def _stamp(self, at: int) -> tuple[int, int]:
        return self._sizes[at], self._times[at]

    def _find(self, path: str) -> int | None:
        """Where a path that has not been taken stands."""
        key = _key(path_to_bytes(path))
        head = int.from_bytes(key[:8], "little")
        tail = int.from_bytes(key[8:], "little")
        at = bisect_left(self._heads, head)
        while at < len(self._heads) and self._heads[at] == head:
            if self._tails[at] == tail:
                return at if self._left[at] else None
            at += 1
        return None


def _key(path: bytes) -> bytes:
    return blake2b(path, digest_size=16).digest()
