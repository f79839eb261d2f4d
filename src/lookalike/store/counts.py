"""How much an index holds."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from lookalike.store import layout
from lookalike.store.database import About
from lookalike.store.vectors import HALF


@dataclass(frozen=True, slots=True)
class Counts:
    """How much an index holds.

    Attributes:
        pictures: different contents that at least one file holds.
        files: that hold them.
        failures: files that could not be read.
        others: files that are no pictures.
        dead_rows: rows whose pictures no file holds any more.
        vector_bytes: of the vector file.
        index_bytes: of everything in the index, vectors included.
    """

    pictures: int
    files: int
    failures: int
    others: int
    dead_rows: int
    vector_bytes: int
    index_bytes: int


def read_counts(
    ask: Callable[[str], list[tuple]],  # type: ignore[type-arg]
    folder: Path,
    about: About,
) -> Counts:
    """How much the index in a folder holds; `ask` runs a query."""

    def number(sql: str) -> int:
        return int(ask(sql)[0][0])

    files = number("SELECT count(*) FROM files WHERE row IS NOT NULL")
    failures = number("SELECT count(*) FROM files WHERE reason IS NOT NULL")
    dead = number("SELECT count(*) FROM dead")
    vector_bytes = about.n_rows * about.d * HALF.itemsize
    beside = sum(p.stat().st_size for p in layout.database_files(folder) if p.is_file())
    return Counts(
        pictures=about.n_rows - dead,
        files=files,
        failures=failures,
        others=number("SELECT count(*) FROM files") - files - failures,
        dead_rows=dead,
        vector_bytes=vector_bytes,
        index_bytes=vector_bytes + beside,
    )
