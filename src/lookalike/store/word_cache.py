"""Words of pictures, kept in a file of their own beside the index: lost, they are made again."""

import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np
from numpy.typing import NDArray

NAME = "words.sqlite"
WAIT_S = 5.0
ASK = 500

Words = NDArray[np.uint16]
_Pair = tuple[Words, Words]
_TABLE = """CREATE TABLE IF NOT EXISTS words (
    digest BLOB PRIMARY KEY,
    upright BLOB NOT NULL,
    mirrored BLOB NOT NULL
) WITHOUT ROWID"""
_LITTLE = np.dtype("<u2")


class WordCache:
    """Words by the digest of the file's content, so that they survive moving and rebuilding.

    Whatever goes wrong (a folder that cannot be written, another process at work, a damaged file),
    nothing is read or kept and the words are made anew.

    Args:
        folder: of the index; None keeps nothing.
        version: of the words; a file of any other is emptied.
    """

    def __init__(self, folder: Path | None, version: int) -> None:
        self._path = None if folder is None else folder / NAME
        self._version = version
        self._db: sqlite3.Connection | None = None

    def __enter__(self) -> Self:
        if self._path is not None:
            with suppress(sqlite3.Error):
                self._db = _opened(self._path, self._version)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._db is not None:
            self._db.close()

    def read(self, digests: Sequence[str]) -> dict[str, _Pair]:
        """The words of those contents that are known, by digest in hexadecimal."""
        known: dict[str, _Pair] = {}
        if self._db is None:
            return known
        with suppress(sqlite3.Error, ValueError):
            for start in range(0, len(digests), ASK):
                asked = [bytes.fromhex(digest) for digest in digests[start : start + ASK]]
                which = ",".join("?" * len(asked))
                found = self._db.execute(f"SELECT * FROM words WHERE digest IN ({which})", asked)
                for digest, *both in found:
                    upright, mirrored = (np.frombuffer(blob, _LITTLE) for blob in both)
                    known[bytes.hex(digest)] = upright, mirrored
        return known

    def keep(self, words: Mapping[str, _Pair]) -> None:
        """Keep the words of some contents."""
        if self._db is None or not words:
            return
        rows = [
            (bytes.fromhex(digest), *(side.astype(_LITTLE).tobytes() for side in pair))
            for digest, pair in words.items()
        ]
        with suppress(sqlite3.Error), self._db:
            self._db.executemany("INSERT OR REPLACE INTO words VALUES (?, ?, ?)", rows)


def _opened(path: Path, version: int) -> sqlite3.Connection:
    db = sqlite3.connect(path, timeout=WAIT_S)
    try:
        (found,) = db.execute("PRAGMA user_version").fetchone()
        if found != version:
            with db:
                db.execute("DROP TABLE IF EXISTS words")
                db.execute(_TABLE)
                db.execute(f"PRAGMA user_version = {version}")
    except sqlite3.Error as error:
        db.close()
        if "not a database" not in str(error) and "malformed" not in str(error):
            raise
        with suppress(OSError):
            path.unlink()
        raise
    return db
