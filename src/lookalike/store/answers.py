"""The user's answers, in a table of their own that an older index need not have."""

import sqlite3
from collections.abc import Callable, Iterable
from pathlib import Path

from lookalike.nouns.answers import Answer
from lookalike.store.faults import sound_values

_TABLE = """CREATE TABLE IF NOT EXISTS answers (
    first BLOB NOT NULL,
    second BLOB NOT NULL,
    same INTEGER NOT NULL,
    PRIMARY KEY (first, second)
)"""


def put_answers(db: sqlite3.Connection, answers: Iterable[Answer]) -> None:
    """Keep answers; a later one about the same pair takes the place of the earlier."""
    db.execute(_TABLE)
    db.executemany(
        "INSERT OR REPLACE INTO answers VALUES (?, ?, ?)",
        [(bytes.fromhex(a.first), bytes.fromhex(a.second), int(a.same)) for a in answers],
    )


def drop_answers(db: sqlite3.Connection, pairs: Iterable[tuple[str, str]]) -> None:
    """Forget what was said of pairs of digests, in any order."""
    db.execute(_TABLE)
    both = [(bytes.fromhex(min(pair)), bytes.fromhex(max(pair))) for pair in pairs]
    db.executemany("DELETE FROM answers WHERE first = ? AND second = ?", both)


def read_answers(
    ask: Callable[[str], list[tuple]],  # type: ignore[type-arg]
    folder: Path,
) -> list[Answer]:
    """All answers, in order of digests; `ask` runs a query."""
    if not ask("SELECT 1 FROM sqlite_master WHERE name = 'answers'"):
        return []
    found = ask("SELECT first, second, same FROM answers ORDER BY first, second")
    with sound_values(folder):
        return [Answer(bytes.hex(a), bytes.hex(b), bool(same)) for a, b, same in found]
