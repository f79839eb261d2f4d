"""What is known of many pictures and their files, asked for some hundred at a time."""

from collections.abc import Sequence
from itertools import groupby
from operator import itemgetter
from pathlib import Path

from lookalike.nouns.entry import Entry, StoredFile
from lookalike.nouns.errors import InputError
from lookalike.nouns.picture import Facts
from lookalike.store import layout
from lookalike.store.faults import sound_values
from lookalike.store.selection import Value
from lookalike.store.stored_hashes import ASK, Ask

_SELECT = """
    SELECT p.row, p.digest, p.width, p.height, p.format, p.mode, p.orientation, p.taken, p.camera,
        p.scaled_digest, f.path, f.size, f.mtime_ns
    FROM pictures p JOIN files f ON f.row = p.row"""


def entries_of(ask: Ask, folder: Path, rows: Sequence[int]) -> list[Entry]:
    """Entries of some rows, in the order asked; a row may be asked twice.

    Args:
        ask: the database of the index.
        folder: of the index, for errors.
        rows: which.

    Raises:
        InputError: no file holds the picture of a row, or there is no such row.
    """
    found: dict[int, Entry] = {}
    distinct = sorted(set(rows))
    for start in range(0, len(distinct), ASK):
        asked = distinct[start : start + ASK]
        marks = ",".join("?" * len(asked))
        part = read_entries(ask, folder, f"WHERE p.row IN ({marks})", tuple(asked))
        found |= {entry.row: entry for entry in part}
    missing = [row for row in distinct if row not in found]
    if missing:
        raise InputError(f"The index has no picture in row {missing[0]}", where=str(folder))
    return [found[row] for row in rows]


def read_entries(ask: Ask, folder: Path, which: str, values: tuple[Value, ...]) -> list[Entry]:
    """Entries in order of rows, the files of each in order of path.

    Args:
        ask: the database of the index.
        folder: of the index, for errors.
        which: condition in SQL.
        values: of its places.
    """
    records = ask(f"{_SELECT} {which} ORDER BY p.row, f.path", values)
    with sound_values(folder):
        return [_entry(list(held)) for _, held in groupby(records, key=itemgetter(0))]


def _entry(records: list[tuple]) -> Entry:  # type: ignore[type-arg]
    row, digest, *facts, scaled_digest = records[0][:-3]
    files = tuple(
        StoredFile(layout.path_from_bytes(path), size, mtime_ns)
        for *_, path, size, mtime_ns in records
    )
    return Entry(row, bytes.hex(digest), Facts(*facts), files, scaled_digest)
