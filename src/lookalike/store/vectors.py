"""The file of vectors: raw little-endian float16, one row a picture, only ever appended to."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from lookalike.nouns.embeddings import Bools, Halves
from lookalike.nouns.errors import InputError
from lookalike.store import disk

HALF = np.dtype("<f2")
_BLOCK_ROWS = 8192


def to_halves(vectors: NDArray[np.float32], d: int) -> Halves:
    """Vectors as they lie on disk.

    Args:
        vectors: (b, d).
        d: dimensions that the index holds.

    Raises:
        InputError: another width, or a value that is not finite in float16.
    """
    if vectors.ndim != 2 or vectors.shape[1] != d:
        raise InputError(f"The index holds vectors of {d} dimensions, not {vectors.shape[1:]}")
    with np.errstate(over="ignore"):
        halves = vectors.astype(HALF)
    if not np.isfinite(halves).all():
        raise InputError("A vector holds a value that is not finite in float16")
    return halves


def map_rows(path: Path, n_rows: int, d: int) -> Halves:
    """The first rows of a vector file, (n_rows, d), read-only and read when touched."""
    if n_rows == 0:  # nothing can be mapped of an empty file
        empty = np.empty((0, d), HALF)
        empty.flags.writeable = False
        return empty
    return np.memmap(path, dtype=HALF, mode="r", shape=(n_rows, d))


class VectorFile:
    """A vector file that is open for writing."""

    def __init__(self, path: Path, d: int, *, new: bool = False) -> None:
        self.path = path
        self._row_bytes = d * HALF.itemsize
        self._d = d
        self._file = open(path, "w+b" if new else "r+b", buffering=0)

    def __len__(self) -> int:
        """Whole rows in the file, committed or not."""
        return self.path.stat().st_size // self._row_bytes

    def put(self, first_row: int, vectors: Halves) -> None:
        """Write rows from `first_row` on; they are on the medium only after `sync`."""
        self._file.seek(first_row * self._row_bytes)
        left = memoryview(np.ascontiguousarray(vectors).tobytes())
        while left:
            left = left[self._file.write(left) :]

    def sync(self) -> None:
        """Wait until what was put lies on the medium."""
        disk.sync(self._file.fileno())

    def cut(self, n_rows: int) -> None:
        """Drop what lies beyond the committed rows."""
        try:
            self._file.truncate(n_rows * self._row_bytes)
        except PermissionError:
            # Windows refuses while a reader has the file mapped; the next rows overwrite the tail.
            return

    def copy_rows_to(self, other: "VectorFile", keep: Bools) -> None:
        """Write the rows where `keep` (n_rows,) is true to another file, in order."""
        written = 0
        self._file.seek(0)
        for start in range(0, len(keep), _BLOCK_ROWS):
            kept = keep[start : start + _BLOCK_ROWS]
            block = np.fromfile(self._file, HALF, count=len(kept) * self._d)
            rows = block.reshape(len(kept), self._d)[kept]
            other.put(written, rows)
            written += len(rows)

    def close(self) -> None:
        """Give the file back."""
        self._file.close()
