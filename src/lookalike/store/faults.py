"""What SQLite and the system complain of, in words that help."""

import errno
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from lookalike.nouns.errors import BusyIndex, InputError, LookalikeError, WrongIndex
from lookalike.store.layout import index_command

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_DENIED = {
    *(errno.EACCES, errno.EPERM, errno.EROFS),
    *(errno.EEXIST, errno.ENOTDIR, errno.ENOENT, errno.ENAMETOOLONG),
}
_LITTLE = 256 * 1024
"""Bytes; with less left on the disk, SQLite fails in several ways."""
_NONSENSE = ("no such", "Could not decode", "table ", "malformed")
"""How the message begins where a damaged database has the same number as wrong SQL, or none."""
_KINDS = {
    sqlite3.SQLITE_FULL: "full",
    sqlite3.SQLITE_CORRUPT: "damaged",
    sqlite3.SQLITE_NOTADB: "damaged",
    sqlite3.SQLITE_CONSTRAINT: "damaged",
    sqlite3.SQLITE_MISMATCH: "damaged",
    sqlite3.SQLITE_READONLY: "denied",
    sqlite3.SQLITE_CANTOPEN: "denied",
    sqlite3.SQLITE_PERM: "denied",
    sqlite3.SQLITE_BUSY: "busy",
    sqlite3.SQLITE_LOCKED: "busy",
    sqlite3.SQLITE_IOERR: "disk",
}


@contextmanager
def clear_errors(folder: Path) -> Iterator[None]:
    """Turn errors of the database and of the system into those that name their mend."""
    try:
        yield
    except sqlite3.Error as error:
        code = getattr(error, "sqlite_errorcode", -1) & 0xFF
        kind = _KINDS.get(code)
        if kind is None and str(error).startswith(_NONSENSE):
            kind = "damaged"
        if kind is None:
            raise  # a mistake of this room, not of the disk
        raise _fault(kind, folder, str(error)) from error
    except UnicodeDecodeError as error:  # SQLite's own message quoted damaged bytes
        raise damaged(folder, "it holds text that is none") from error
    except OSError as error:
        kind = "full" if error.errno in _FULL else "denied" if error.errno in _DENIED else "disk"
        raise _fault(kind, folder, error.strerror or str(error)) from error


@contextmanager
def sound_values(folder: Path) -> Iterator[None]:
    """Stored values of a wrong kind mean a damaged index; use it around reading them only."""
    try:
        yield
    except (TypeError, ValueError, OverflowError) as error:
        if isinstance(error, LookalikeError):
            raise
        raise damaged(folder, "a stored value makes no sense") from error


def damaged(folder: Path, why: str) -> WrongIndex:
    """The error for an index that cannot be trusted."""
    return WrongIndex(
        f"The index is damaged: {why}",
        where=str(folder),
        mend=index_command(folder, "--rebuild"),
    )


def _fault(kind: str, folder: Path, why: str) -> LookalikeError:
    place = str(folder)
    if kind == "disk" and _is_nearly_full(folder):  # SQLite cannot always tell
        kind = "full"
    if kind == "damaged":
        return damaged(folder, why)
    if kind == "full":
        return InputError(
            "The disk is full; what was committed before is safe",
            where=place,
            mend="free some space and run the same command again",
        )
    if kind == "denied":
        return InputError(
            f"The index cannot be opened or written here: {why}",
            where=place,
            mend="keep the index elsewhere: --index PATH, or check the rights of the folder",
        )
    if kind == "busy":
        return BusyIndex(f"The index is in use: {why}", where=place, mend="try again in a moment")
    return InputError(
        f"The disk gave an error: {why}",
        where=place,
        mend="check the disk, then run the same command again",
    )


def _is_nearly_full(folder: Path) -> bool:
    try:
        return shutil.disk_usage(folder).free < _LITTLE
    except OSError:
        return False
