"""From the indexes of shares to the index that one run would have made."""

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass
from heapq import merge
from pathlib import Path

import numpy as np

from lookalike.nouns.embeddings import Halves
from lookalike.nouns.shard import Shard
from lookalike.store.apply import row_of
from lookalike.store.database import connect_reader, read_about
from lookalike.store.faults import clear_errors, damaged
from lookalike.store.layout import vector_path
from lookalike.store.shard_mark import read_mark
from lookalike.store.vectors import VectorFile, map_rows

_FLUSH = 4096
"""Vectors that are written in one go."""
_FILES = "SELECT path, size, mtime_ns, row, reason FROM files ORDER BY walk_order(path)"
_PICTURE = """
    SELECT p.digest, p.width, p.height, p.format, p.mode, p.orientation, p.taken, p.camera,
        p.scaled_digest, h.quality, h.bits
    FROM pictures p JOIN hashes h ON h.row = p.row WHERE p.row = ?"""
_FileRow = tuple[bytes, int, int, int | None, str | None]


def walk_order(stored: bytes) -> bytes:
    """A key by which stored paths sort in the order in which a folder is walked.

    A folder is entered at its place among the names beside it, so "/" sorts before all bytes.
    """
    return stored.replace(b"/", b"\0")


@dataclass(frozen=True, slots=True)
class _Share:
    folder: Path
    shard: Shard
    db: sqlite3.Connection
    vectors: Halves

    @classmethod
    def open(cls, folder: Path) -> "_Share":
        with clear_errors(folder):
            db = connect_reader(folder)
            about = read_about(db, folder)
            mark = read_mark(db, folder)
            if mark is None:
                raise damaged(folder, "it is no finished share")
            db.create_function("walk_order", 1, walk_order, deterministic=True)
            vectors = map_rows(vector_path(folder, about.generation), about.n_rows, about.d)
            return cls(folder, mark.shard, db, vectors)

    def files(self) -> Iterator[tuple[bytes, "_Share", _FileRow]]:
        """Every file that was looked at, in the order of a walk."""
        with clear_errors(self.folder):
            for file in self.db.execute(_FILES):
                if not self.shard.holds(file[0]):
                    raise damaged(self.folder, f"it holds files outside its share {self.shard}")
                yield walk_order(file[0]), self, file

    def count(self) -> int:
        with clear_errors(self.folder):
            return int(self.db.execute("SELECT count(*) FROM files").fetchone()[0])

    def picture(self, row: int) -> tuple[bytes, ...]:
        with clear_errors(self.folder):
            found: tuple[bytes, ...] | None = self.db.execute(_PICTURE, (row,)).fetchone()
        if found is None or row >= len(self.vectors):
            raise damaged(self.folder, "a picture is missing")
        return found


def take_in(
    db: sqlite3.Connection,
    vectors: VectorFile,
    shares: Sequence[Path],
    progress: Callable[[int, int], None],
) -> None:
    """Fill the empty tables and the vector file of an index from the indexes of shares.

    Files come in the order of a walk over the whole folder, and each content takes its row from
    its first file: so would a single run have numbered them. Memory does not grow with the
    shares: files are sorted by SQLite and merged as they come.

    Args:
        db: of the index to fill, in a transaction; nothing counts before its end.
        vectors: its file, which is on the medium when this returns.
        shares: folders of the shares' indexes.
        progress: called with (files done, all files).
    """
    with ExitStack() as stack:
        opened = [_Share.open(folder) for folder in shares]
        for share in opened:
            stack.enter_context(closing(share.db))
        total = sum(share.count() for share in opened)
        rows = _Rows(db, vectors)
        found = merge(*(share.files() for share in opened), key=lambda each: each[0])
        for done, (_, share, (path, size, mtime_ns, old, reason)) in enumerate(found, start=1):
            row = None if old is None else rows.of(share, old)
            db.execute(
                "INSERT INTO files (path, size, mtime_ns, row, reason) VALUES (?, ?, ?, ?, ?)",
                (path, size, mtime_ns, row, reason),
            )
            if done % _FLUSH == 0 or done == total:
                progress(done, total)
        rows.flush()
    vectors.sync()
    db.execute("UPDATE about SET n_rows = ?", (rows.count,))


class _Rows:
    """Numbers pictures in the order in which they are first asked for."""

    def __init__(self, db: sqlite3.Connection, vectors: VectorFile) -> None:
        self.count = 0
        self._db, self._vectors = db, vectors
        self._waiting: list[Halves] = []

    def of(self, share: _Share, old: int) -> int:
        """The row of a share's picture; it is stored if its content is new."""
        digest, *facts, scaled, quality, bits = share.picture(old)
        if (known := row_of(self._db, digest)) is not None:
            return known
        row = self.count
        self._db.execute(
            "INSERT INTO pictures VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (row, digest, *facts, scaled),
        )
        self._db.execute("INSERT INTO hashes VALUES (?, ?, ?)", (row, quality, bits))
        self._waiting.append(share.vectors[old])
        self.count += 1
        if len(self._waiting) == _FLUSH:
            self.flush()
        return row

    def flush(self) -> None:
        """Write the vectors that wait."""
        if self._waiting:
            self._vectors.put(self.count - len(self._waiting), np.stack(self._waiting))
            self._waiting.clear()
