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
_CHANCES = """CREATE TABLE IF NOT EXISTS answer_chances (
    first BLOB NOT NULL,
    second BLOB NOT NULL,
    chance REAL NOT NULL,
    PRIMARY KEY (first, second)
)"""
_THERE = "SELECT 1 FROM sqlite_master WHERE name = '{}'"


def put_answers(db: sqlite3.Connection, answers: Iterable[Answer]) -> None:
    """Keep answers; a later one about the same pair takes the place of the earlier."""
    given = list(answers)
    db.execute(_TABLE)
    db.execute(_CHANCES)
    db.executemany(
        "INSERT OR REPLACE INTO answers VALUES (?, ?, ?)",
        [(bytes.fromhex(a.first), bytes.fromhex(a.second), int(a.same)) for a in given],
    )
    db.executemany(
        "INSERT OR REPLACE INTO answer_chances VALUES (?, ?, ?)",
        [
            (bytes.fromhex(a.first), bytes.fromhex(a.second), a.chance)
            for a in given
            if a.chance is not None
        ],
    )


def drop_answers(db: sqlite3.Connection, pairs: Iterable[tuple[str, str]]) -> None:
    """Forget what was said of pairs of digests, in any order."""
    db.execute(_TABLE)
    both = [(bytes.fromhex(min(pair)), bytes.fromhex(max(pair))) for pair in pairs]
    db.execute(_CHANCES)
    for table in ("answers", "answer_chances"):
        db.executemany(f"DELETE FROM {table} WHERE first = ? AND second = ?", both)


def read_answers(
    ask: Callable[[str], list[tuple]],  # type: ignore[type-arg]
    folder: Path,
) -> list[Answer]:
    """All answers, in order of digests; `ask` runs a query."""
    if not ask(_THERE.format("answers")):
        return []
    found = ask("SELECT first, second, same FROM answers ORDER BY first, second")
    asked = ask(_THERE.format("answer_chances"))
    chances = ask("SELECT first, second, chance FROM answer_chances") if asked else []
    with sound_values(folder):
        known = {(a, b): float(chance) for a, b, chance in chances}
        return [
            Answer(bytes.hex(a), bytes.hex(b), bool(same), known.get((a, b)))
            for a, b, same in found
        ]
