"""What the index of a share says of itself, in a table that other indexes need not have."""

import sqlite3
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path

from lookalike.nouns.shard import Shard
from lookalike.store.database import connect_reader
from lookalike.store.faults import clear_errors, sound_values
from lookalike.store.layout import path_to_bytes

_TABLE = """CREATE TABLE IF NOT EXISTS shard (
    only INTEGER PRIMARY KEY CHECK (only = 1),
    number INTEGER NOT NULL,
    total INTEGER NOT NULL,
    files BLOB NOT NULL
)"""


class FileSum:
    """A digest of many files, whatever the order in which they are added."""

    def __init__(self) -> None:
        self._sum = 0

    def add(self, path: str, size_bytes: int, mtime_ns: int) -> None:
        """Count a file in."""
        text = b"%d %d " % (size_bytes, mtime_ns) + path_to_bytes(path)
        self._sum += int.from_bytes(blake2b(text, digest_size=32).digest(), "little")

    def digest(self) -> bytes:
        """32 bytes; equal for the same files with the same sizes and times."""
        return (self._sum % (1 << 256)).to_bytes(32, "little")

    @classmethod
    def of(cls, files: Iterable[tuple[str, int, int]]) -> "FileSum":
        """The sum of files, each with its relative path, size and time."""
        total = cls()
        for path, size_bytes, mtime_ns in files:
            total.add(path, size_bytes, mtime_ns)
        return total


@dataclass(frozen=True, slots=True)
class ShardMark:
    """Which share an index holds, and of which files; written when the share is done.

    Attributes:
        shard: the share.
        files: digest of all its files as they were found.
    """

    shard: Shard
    files: bytes


def put_mark(db: sqlite3.Connection, mark: ShardMark) -> None:
    """Say that the share is done."""
    db.execute(_TABLE)
    db.execute(
        "INSERT OR REPLACE INTO shard VALUES (1, ?, ?, ?)",
        (mark.shard.number, mark.shard.total, mark.files),
    )


def read_mark(db: sqlite3.Connection, folder: Path) -> ShardMark | None:
    """What `put_mark` wrote; None for an index that is no share, or not done."""
    if not db.execute("SELECT 1 FROM sqlite_master WHERE name = 'shard'").fetchall():
        return None
    found = db.execute("SELECT number, total, files FROM shard").fetchall()
    with sound_values(folder):
        return next((ShardMark(Shard(n, of), bytes(files)) for n, of, files in found), None)


def mark_of(folder: Path) -> ShardMark | None:
    """Which share this is the finished index of; None for any other index.

    Raises:
        InputError: there is no index here.
        WrongIndex: it is damaged.
    """
    with clear_errors(folder), closing(connect_reader(folder)) as db:
        return read_mark(db, folder)
