"""How much an index holds."""

from dataclasses import dataclass


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
