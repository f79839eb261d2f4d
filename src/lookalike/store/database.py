"""Open the database of an index, for reading or for writing, or say why not."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from urllib.parse import quote_from_bytes

from lookalike.nouns.errors import InputError, WrongIndex
from lookalike.store.faults import damaged
from lookalike.store.layout import DATABASE, index_command
from lookalike.store.schema import APPLICATION_ID, FORMAT_VERSION, TABLES, WRITER_PRAGMAS

_WAIT_S = 30.0
"""SQLite's own locks last for moments only: while a crash is mended, while the log is folded in."""


@dataclass(frozen=True, slots=True)
class About:
    """What an index says of itself."""

    model: str
    fingerprint: str
    d: int
    dtype: str
    made_with: str
    generation: int
    n_rows: int


def read_about(db: sqlite3.Connection, folder: Path) -> About:
    """The one row that says what the index is."""
    row = db.execute(
        "SELECT model, fingerprint, d, dtype, made_with, generation, n_rows FROM about"
    ).fetchone()
    if row is None:
        raise damaged(folder, "it does not say what it holds")
    return About(*row)


@contextmanager
def transaction(db: sqlite3.Connection) -> Iterator[None]:
    """All of it or nothing."""
    try:
        db.execute("BEGIN IMMEDIATE")
        yield
        db.execute("COMMIT")
    except BaseException:
        if db.in_transaction:
            db.execute("ROLLBACK")
        raise


def connect_reader(folder: Path) -> sqlite3.Connection:
    """A connection that sees one committed state until it is closed, and never waits for a writer.

    Raises:
        InputError: there is no index here.
        WrongIndex: it is newer than this program, or damaged.
    """
    path = folder / DATABASE
    if not path.is_file() or path.stat().st_size == 0:
        raise _missing(folder)
    try:
        return _begin_reading(path, "mode=ro")
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode & 0xFF not in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN):
            raise
        # On a medium that cannot be written SQLite cannot share the log. Without a log there is
        # nothing to share: nobody can be writing there.
        log = path.with_name(path.name + "-wal")
        if log.is_file() and log.stat().st_size:
            raise
        return _begin_reading(path, "mode=ro&immutable=1")


def is_begun(folder: Path) -> bool:
    """Whether there is a database here that holds, or should hold, an index."""
    try:
        db = connect_reader(folder)
    except InputError:
        return False
    except sqlite3.Error:  # opening it will tell what is wrong
        return True
    try:
        return not _is_blank(db)
    finally:
        db.close()


def connect_writer(folder: Path, *, model: str, fingerprint: str, d: int) -> sqlite3.Connection:
    """A connection for the one writer; makes the tables if there are none.

    Raises:
        InputError: the file system cannot keep a write-ahead log.
        WrongIndex: it is newer than this program, made by another model, or damaged.
    """
    db = sqlite3.connect(
        folder / DATABASE, timeout=_WAIT_S, isolation_level=None, check_same_thread=False
    )
    try:
        if _is_blank(db):
            _create(db, folder, About(model, fingerprint, d, "float16", version("lookalike"), 1, 0))
        check_version(db, folder)
        for pragma in WRITER_PRAGMAS:
            db.execute(pragma)
        check_model(read_about(db, folder), folder, model=model, fingerprint=fingerprint, d=d)
    except BaseException:
        db.close()
        raise
    return db


def check_version(db: sqlite3.Connection, folder: Path) -> None:
    """Refuse what this program cannot read.

    Raises:
        InputError: an index was begun here, but not one table was committed.
        WrongIndex: it is newer than this program, or no index at all.
    """
    if _is_blank(db):
        raise _missing(folder)
    _check_maker(db, folder)
    found = db.execute("PRAGMA user_version").fetchone()[0]
    if found > FORMAT_VERSION:
        raise WrongIndex(
            f"The index has format {found}, made by a newer lookalike; this one reads up to "
            f"{FORMAT_VERSION}",
            where=str(folder),
            mend="pip install --upgrade lookalike",
        )
    if found < 1:
        raise damaged(folder, f"it has the unknown format {found}")


def refuse_foreign(folder: Path) -> None:
    """Refuse a database that is whole but another program's; anything else passes.

    Raises:
        WrongIndex: it is.
    """
    try:
        db = connect_reader(folder)
    except (InputError, sqlite3.Error):
        return
    try:
        if not _is_blank(db):
            _check_maker(db, folder)
    finally:
        db.close()


def check_model(about: About, folder: Path, *, model: str, fingerprint: str, d: int) -> None:
    """Refuse to mix vectors of two models.

    Raises:
        WrongIndex: the index was made by another model.
    """
    if about.fingerprint == fingerprint and about.d == d:
        return
    raise WrongIndex(
        f"The index was made by the model {about.model!r} ({about.fingerprint[:12]}, {about.d} "
        f"dimensions), not by {model!r} ({fingerprint[:12]}, {d} dimensions)",
        where=str(folder),
        mend=f"{index_command(folder, '--rebuild')}, or keep the old one: --model {about.model}",
    )


def _begin_reading(path: Path, how: str) -> sqlite3.Connection:
    name = os.fsencode(path.resolve().as_posix())
    # Three slashes before a drive, four before a share: the host between them stays empty.
    address = f"file://{'' if name.startswith(b'/') else '/'}{quote_from_bytes(name)}"
    db = sqlite3.connect(
        f"{address}?{how}", uri=True, timeout=_WAIT_S, isolation_level=None, check_same_thread=False
    )
    try:
        db.execute("BEGIN")
        db.execute("SELECT count(*) FROM sqlite_master").fetchone()  # the state is fixed from here
    except BaseException:
        db.close()
        raise
    return db


def _check_maker(db: sqlite3.Connection, folder: Path) -> None:
    if db.execute("PRAGMA application_id").fetchone()[0] != APPLICATION_ID:
        raise WrongIndex(
            f"The {DATABASE} here was not made by lookalike",
            where=str(folder),
            mend="name another folder with --index PATH, or delete this one by hand",
        )


def _is_blank(db: sqlite3.Connection) -> bool:
    return not db.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]


def _create(db: sqlite3.Connection, folder: Path, about: About) -> None:
    if db.execute("PRAGMA journal_mode = WAL").fetchone()[0] != "wal":
        raise InputError(
            "This file system cannot hold an index that is read while it is written",
            where=str(folder),
            mend="keep the index on a local disk: --index PATH",
        )
    db.execute("PRAGMA synchronous = FULL")
    with transaction(db):
        for table in TABLES:
            db.execute(table)
        db.execute(
            "INSERT INTO about VALUES (1, ?, ?, ?, ?, ?, ?, ?)",
            (
                *(about.model, about.fingerprint, about.d, about.dtype),
                *(about.made_with, about.generation, about.n_rows),
            ),
        )
        db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        db.execute(f"PRAGMA user_version = {FORMAT_VERSION}")


def _missing(folder: Path) -> InputError:
    return InputError("There is no index here", where=str(folder), mend=index_command(folder))
