"""Read an index: one committed state, whatever a writer does meanwhile."""

import hashlib
import sqlite3
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np

from lookalike.nouns.answers import Answer
from lookalike.nouns.card import Calibration
from lookalike.nouns.embeddings import Bytes, Halves, Ints
from lookalike.nouns.entry import Entry
from lookalike.nouns.errors import InputError
from lookalike.nouns.picture import Failure
from lookalike.nouns.where import Where
from lookalike.store import layout
from lookalike.store.answers import read_answers
from lookalike.store.compaction import live_mask
from lookalike.store.counts import Counts, read_counts
from lookalike.store.curves import read_curves
from lookalike.store.database import About, check_version, connect_reader, is_begun, read_about
from lookalike.store.faults import clear_errors, damaged, sound_values
from lookalike.store.graph_file import GraphFile
from lookalike.store.schema import FORMAT_VERSION
from lookalike.store.selection import ORDERS, Value, rows_query
from lookalike.store.stored_entries import entries_of, read_entries
from lookalike.store.stored_hashes import read_hashes
from lookalike.store.vectors import HALF, map_rows

_CHUNK = 5_000
_OPEN_TRIES = 5
_LIVING = "SELECT row FROM pictures WHERE digest = ? AND row NOT IN (SELECT row FROM dead)"


class IndexReader:
    """One committed state of an index, from opening to closing; methods may be called in threads.

    Attributes:
        folder: of the index.
        model: name of the model that made the vectors.
        fingerprint: of that model.
        d: dimensions of the vectors.
        made_with: version of lookalike that made the index.
        format_version: of the index.
    """

    def __init__(self, folder: Path, db: sqlite3.Connection, about: About, vectors: Halves) -> None:
        """Use `open`."""
        self.folder = folder
        self.model, self.fingerprint, self.d = about.model, about.fingerprint, about.d
        self.made_with = about.made_with
        self.format_version = FORMAT_VERSION
        self._about = about
        self._db = db
        self._vectors = vectors
        self._guard = threading.RLock()

    @classmethod
    def open(cls, folder: str | Path) -> Self:
        """Open an index for reading, also on a medium that cannot be written.

        Args:
            folder: of the index itself, such as `album/.lookalike`.

        Raises:
            InputError: there is none.
            WrongIndex: it is newer than this program, or damaged.
        """
        place = Path(folder)
        with clear_errors(place):
            for _ in range(_OPEN_TRIES):
                db = connect_reader(place)
                try:
                    check_version(db, place)
                    about = read_about(db, place)
                    return cls(place, db, about, _map(place, about))
                except FileNotFoundError:
                    # A writer compacted between our look at the database and at the vectors.
                    db.close()
                except BaseException:
                    db.close()
                    raise
            raise damaged(place, "its vector file is missing")

    @staticmethod
    def exists(folder: str | Path) -> bool:
        """Whether there is an index to open, be it a good one or not."""
        with clear_errors(Path(folder)):
            return is_begun(Path(folder))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the state; vectors that were handed out stay readable."""
        with self._guard:
            self._db.close()

    @property
    def n_pictures(self) -> int:
        """Pictures that at least one file holds."""
        return self._about.n_rows - self._number("SELECT count(*) FROM dead")

    @property
    def n_files(self) -> int:
        """Files that hold them."""
        return self._number("SELECT count(*) FROM files WHERE row IS NOT NULL")

    def graph_file(self) -> GraphFile:
        """Where a graph over the vectors lies, or may be put."""
        return GraphFile(self.folder, self._about.generation, self._vectors, self.fingerprint)

    def vectors(self) -> Halves:
        """(n_rows, d) float16, dead rows included, mapped from disk and read-only."""
        return self._vectors

    def live_rows(self) -> Ints:
        """(n,) rows whose pictures have a file, rising."""
        with self._guard, clear_errors(self.folder):
            return np.flatnonzero(live_mask(self._db, self._about.n_rows)).astype(np.int64)

    def rows_where(self, where: Where) -> Ints:
        """(n,) rows that meet all conditions, rising."""
        if not where.conditions:
            return self.live_rows()
        sql, values = rows_query(where)
        return np.array([row for (row,) in self._all(sql, values)], np.int64)

    def rows_in_order(self, order: str) -> Ints:
        """(n,) rows that live, each once, in one of ORDERS; of several files the first counts."""
        rows = np.array([row for (row,) in self._all(ORDERS[order])], np.int64)
        _, firsts = np.unique(rows, return_index=True)
        return rows[np.sort(firsts)]

    def entries(self, rows: Ints | Sequence[int]) -> list[Entry]:
        """What is known of some rows, in the order asked; a row may be asked twice.

        Raises:
            InputError: no file holds the picture of a row, or there is no such row.
        """
        return entries_of(self._all, self.folder, [int(row) for row in rows])

    def all_entries(self) -> Iterator[Entry]:
        """Every picture, in order of rows, a few thousand in memory at a time."""
        for start in range(0, self._about.n_rows, _CHUNK):
            part = "WHERE p.row >= ? AND p.row < ?"
            yield from read_entries(self._all, self.folder, part, (start, start + _CHUNK))

    def hashes(self, rows: Ints | None = None) -> tuple[Ints, Bytes, Bytes]:
        """The PDQ hashes of the eight orientations.

        Args:
            rows: which, rising and each once; all that live unless given.

        Returns:
            rows (n,) int64, hashes (n, 8, 32) uint8, and PDQ's quality (n,) uint8.

        Raises:
            InputError: a row has no picture, or the rows do not rise.
        """
        live = self.live_rows()
        wanted = live if rows is None else np.asarray(rows, np.int64)
        if (np.diff(wanted) <= 0).any():
            raise InputError("Hashes must be asked for in rising rows")
        if not np.isin(wanted, live, assume_unique=True).all():
            raise InputError("The index has no picture in a row", where=str(self.folder))
        return wanted, *read_hashes(self._all, self.folder, wanted)

    def exact_copies(self) -> list[Entry]:
        """Pictures that two files or more hold, byte for byte, in order of rows."""
        sql = "SELECT row FROM files WHERE row IS NOT NULL GROUP BY row HAVING count(*) > 1"
        return self.entries(sorted(row for (row,) in self._all(sql)))

    def failures(self) -> list[Failure]:
        """Files that could not be read, by relative path, in order of it."""
        found = self._all("SELECT path, reason FROM files WHERE reason IS NOT NULL ORDER BY path")
        with sound_values(self.folder):
            return [Failure(Path(layout.path_from_bytes(path)), reason) for path, reason in found]

    def find_path(self, path: str) -> int | None:
        """The row of the picture that a file holds, by the file's relative path."""
        return self._first("SELECT row FROM files WHERE path = ?", layout.path_to_bytes(path))

    def find_digest(self, digest: bytes) -> int | None:
        """The row of a content that at least one file holds."""
        return self._first(_LIVING, digest)

    def sizes(self) -> Ints:
        """(n_rows, 2) upright width and height by row; 0 for unknown ones."""
        sizes = np.zeros((self._about.n_rows, 2), np.int64)
        for row, width, height in self._all("SELECT row, width, height FROM pictures"):
            sizes[row] = width, height
        return sizes

    def content_mark(self) -> bytes:
        """Equal for two states only if their rows hold the same pictures."""
        rows = self._all("SELECT row, digest FROM pictures WHERE row NOT IN (SELECT row FROM dead)")
        text = b"".join(row.to_bytes(8, "little") + digest for row, digest in sorted(rows))
        return hashlib.blake2b(text + self.fingerprint.encode(), digest_size=16).digest()

    def entry_of(self, digest: str) -> Entry | None:
        """What is known of a content, by its hexadecimal digest; None where no file holds it."""
        row = self.find_digest(bytes.fromhex(digest))
        return self.entries([row])[0] if row is not None else None

    def answers(self) -> list[Answer]:
        """What the user said of pairs, in order of digests, also of contents that are gone."""
        return read_answers(self._all, self.folder)

    def curves(self) -> list[Calibration]:
        """What was learned from these very pictures, for the model of this index."""
        return read_curves(self._all, self.folder)

    def counts(self) -> Counts:
        """How much the index holds."""
        return read_counts(self._all, self.folder, self._about)

    def _all(self, sql: str, values: tuple[Value, ...] = ()) -> list[tuple]:  # type: ignore[type-arg]
        with self._guard, clear_errors(self.folder):
            return self._db.execute(sql, values).fetchall()

    def _first(self, sql: str, value: Value) -> int | None:
        return next((row for (row,) in self._all(sql, (value,))), None)

    def _number(self, sql: str) -> int:
        return int(self._all(sql)[0][0])


def _map(folder: Path, about: About) -> Halves:
    path = layout.vector_path(folder, about.generation)
    if about.n_rows and path.stat().st_size < about.n_rows * about.d * HALF.itemsize:
        raise damaged(folder, f"{path.name} is shorter than the database says")
    return map_rows(path, about.n_rows, about.d)
