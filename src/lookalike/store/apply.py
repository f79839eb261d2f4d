"""The changes that one transaction makes to the tables; rows of vectors are written before."""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence

from lookalike.nouns.entry import Described
from lookalike.nouns.errors import InputError
from lookalike.store.batch import Batch
from lookalike.store.layout import path_to_bytes

_FileRow = tuple[bytes, int, int, int | None, str | None]
_PUT_FILE = """
    INSERT INTO files (path, size, mtime_ns, row, reason) VALUES (?, ?, ?, ?, ?)
    ON CONFLICT (path) DO UPDATE SET
        size = excluded.size, mtime_ns = excluded.mtime_ns,
        row = excluded.row, reason = excluded.reason"""
_BURY = """
    INSERT OR IGNORE INTO dead
    SELECT ?1 WHERE NOT EXISTS (SELECT 1 FROM files WHERE row = ?1)"""


def row_of(db: sqlite3.Connection, digest: bytes) -> int | None:
    """The row of a content, also when no file holds it any more."""
    found = db.execute("SELECT row FROM pictures WHERE digest = ?", (digest,)).fetchone()
    return None if found is None else int(found[0])


def unknown_pictures(db: sqlite3.Connection, pictures: Iterable[Described]) -> list[Described]:
    """Those that are not stored yet, each once, in order."""
    fresh: dict[bytes, Described] = {}
    for picture in pictures:
        if picture.digest not in fresh and row_of(db, picture.digest) is None:
            fresh[picture.digest] = picture
    return list(fresh.values())


def apply_batch(
    db: sqlite3.Connection, batch: Batch, fresh: Sequence[Described], first_row: int
) -> None:
    """Store the facts and hashes of new pictures and the links of all files.

    Raises:
        InputError: a file holds a content that is neither stored nor in the batch.
    """
    for row, picture in enumerate(fresh, start=first_row):
        facts = picture.facts
        db.execute(
            "INSERT INTO pictures VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                *(row, picture.digest, int(facts.width_px), int(facts.height_px), facts.format),
                *(facts.mode, int(facts.orientation), facts.taken, facts.camera),
                picture.scaled_digest,
            ),
        )
        bits = picture.hashes.tobytes()
        db.execute("INSERT INTO hashes VALUES (?, ?, ?)", (row, int(picture.hash_quality), bits))
    db.execute("UPDATE about SET n_rows = ?", (first_row + len(fresh),))
    _link(db, _file_rows(db, batch))


def drop_paths(db: sqlite3.Connection, paths: Iterable[str]) -> None:
    """Forget files; a picture that no file holds any more is dead."""
    left = set()
    for path in paths:
        stored = path_to_bytes(path)
        left.add(_row_at(db, stored))
        db.execute("DELETE FROM files WHERE path = ?", (stored,))
    _bury(db, left)


def _file_rows(db: sqlite3.Connection, batch: Batch) -> Iterator[_FileRow]:
    for path, size, mtime_ns, digest in batch.files:
        row = row_of(db, digest)
        if row is None:
            raise InputError(
                "The content of a file was never described", where=path, mend="describe it first"
            )
        yield path_to_bytes(path), size, mtime_ns, row, None
    for path, size, mtime_ns, reason in batch.failures:
        yield path_to_bytes(path), size, mtime_ns, None, reason
    for path, size, mtime_ns in batch.others:
        yield path_to_bytes(path), size, mtime_ns, None, None


def _link(db: sqlite3.Connection, files: Iterable[_FileRow]) -> None:
    left = set()
    for file in files:
        left.add(_row_at(db, file[0]))
        db.execute(_PUT_FILE, file)
        if file[3] is not None:
            db.execute("DELETE FROM dead WHERE row = ?", (file[3],))
    _bury(db, left)


def _row_at(db: sqlite3.Connection, path: bytes) -> int | None:
    found = db.execute("SELECT row FROM files WHERE path = ?", (path,)).fetchone()
    return None if found is None else found[0]


def _bury(db: sqlite3.Connection, rows: set[int | None]) -> None:
    db.executemany(_BURY, [(row,) for row in sorted(row for row in rows if row is not None)])
