"""Give back the room of rows that no file holds any more."""

import sqlite3
from pathlib import Path

import numpy as np

from lookalike.nouns.embeddings import Bools
from lookalike.store import disk
from lookalike.store.database import About, transaction
from lookalike.store.layout import graph_files, vector_files, vector_path
from lookalike.store.vectors import VectorFile

MIN_DEAD = 1_000
MIN_SHARE = 0.25
"""Compacting copies everything, so there must be more dead rows than both of these."""


def is_due(n_rows: int, n_dead: int) -> bool:
    """Whether compacting is worth its cost."""
    return n_dead > MIN_DEAD and n_dead > MIN_SHARE * n_rows


def compact(db: sqlite3.Connection, folder: Path, about: About, vectors: VectorFile) -> None:
    """Copy the living rows, in order, to the vector file of the next generation.

    The copy is on the medium before one transaction makes it count, so that a crash at any moment
    leaves the old generation or the new one, whole.
    """
    live = live_mask(db, about.n_rows)
    fresh = VectorFile(vector_path(folder, about.generation + 1), about.d, new=True)
    try:
        vectors.copy_rows_to(fresh, live)
        fresh.sync()
        disk.sync_folder(folder)
        with transaction(db):
            _renumber(db, live)
            db.execute(
                "UPDATE about SET generation = ?, n_rows = ?",
                (about.generation + 1, int(np.count_nonzero(live))),
            )
    finally:
        fresh.close()


def remove_leftovers(folder: Path, generation: int) -> None:
    """Remove vectors and graphs of all other generations, as far as the system lets us."""
    held = {path: found for found, path in vector_files(folder).items()}
    for path, found in (*held.items(), *graph_files(folder).items()):
        if found != generation:
            try:
                path.unlink(missing_ok=True)
            except PermissionError:  # Windows: a reader has it mapped; the next opening removes it
                continue


def live_mask(db: sqlite3.Connection, n_rows: int) -> Bools:
    """(n_rows,), true where a file holds the picture."""
    live = np.ones(n_rows, bool)
    live[[row for (row,) in db.execute("SELECT row FROM dead")]] = False
    return live


def _renumber(db: sqlite3.Connection, live: Bools) -> None:
    db.execute("DELETE FROM pictures WHERE row IN (SELECT row FROM dead)")
    db.execute("DELETE FROM hashes WHERE row IN (SELECT row FROM dead)")
    db.execute("DELETE FROM dead")
    old = np.flatnonzero(live)
    new = np.arange(len(old))
    moved = np.stack([new, old], axis=1)[old != new].tolist()
    # Rows only fall, and rise through the list: each finds its new place empty.
    for table in ("pictures", "hashes", "files"):
        db.executemany(f"UPDATE {table} SET row = ? WHERE row = ?", moved)
