"""What was learned from a collection's own pictures, in a table that an older index need not have.

Curves belong to the model whose scores they read; those of another model are not given out.
"""

import json
import sqlite3
from collections.abc import Callable, Iterable
from dataclasses import asdict
from pathlib import Path

from lookalike.nouns.card import Calibration
from lookalike.store.faults import sound_values

_TABLE = """CREATE TABLE IF NOT EXISTS curves (
    relation TEXT PRIMARY KEY,
    fingerprint TEXT NOT NULL,
    curve TEXT NOT NULL
)"""
_THERE = "SELECT 1 FROM sqlite_master WHERE name = 'curves'"


def put_curves(db: sqlite3.Connection, curves: Iterable[Calibration]) -> None:
    """Keep these curves, and no others, for the model of the index."""
    drop_curves(db)
    (fingerprint,) = db.execute("SELECT fingerprint FROM about").fetchone()
    rows = [(curve.relation, fingerprint, json.dumps(asdict(curve))) for curve in curves]
    db.executemany("INSERT INTO curves VALUES (?, ?, ?)", rows)


def drop_curves(db: sqlite3.Connection) -> None:
    """Forget all curves."""
    db.execute(_TABLE)
    db.execute("DELETE FROM curves")


def read_curves(
    ask: Callable[[str], list[tuple]],  # type: ignore[type-arg]
    folder: Path,
) -> list[Calibration]:
    """The curves of the index's own model, by relation; `ask` runs a query."""
    if not ask(_THERE):
        return []
    found = ask(
        "SELECT curve FROM curves WHERE fingerprint = (SELECT fingerprint FROM about) "
        "ORDER BY relation"
    )
    with sound_values(folder):
        return [_curve(json.loads(text)) for (text,) in found]


def _curve(data: object) -> Calibration:
    if not isinstance(data, dict):
        raise TypeError("a curve is an object")
    near = data.pop("near", None)
    return Calibration(near=None if near is None else tuple(near), **data)
