"""Columns of Arrow as arrays."""

from collections.abc import Iterator
from itertools import pairwise

import numpy as np
import pyarrow as pa

from lookalike.nouns.embeddings import Bytes, Floats, Ints


def ints(table: pa.Table | pa.RecordBatch, name: str) -> Ints:
    """(n,) int64."""
    return np.asarray(table.column(name).to_numpy(), np.int64)


def doubles(table: pa.Table | pa.RecordBatch, name: str) -> Floats:
    """(n,) float32."""
    return np.asarray(table.column(name).to_numpy(), np.float32)


def hashes(table: pa.Table | pa.RecordBatch, name: str = "hashes") -> Bytes:
    """(n, 8, 32) uint8."""
    held = b"".join(table.column(name).to_pylist())
    return np.frombuffer(held, np.uint8).reshape(-1, 8, 32)


def vectors(table: pa.Table | pa.RecordBatch, d: int, name: str = "vector") -> Floats:
    """(n, d) float32."""
    column = table.column(name)
    if isinstance(column, pa.ChunkedArray):
        column = column.combine_chunks()
    return np.asarray(column.flatten().to_numpy(), np.float32).reshape(-1, d)


def groups_of(batches: Iterator[pa.RecordBatch], key: str) -> Iterator[tuple[int, pa.Table]]:
    """The rows of each key, whole; they must come one key after the other."""
    held: list[pa.RecordBatch] = []
    current: int | None = None
    for batch in batches:
        values = ints(batch, key)
        cuts = [0, *(np.flatnonzero(np.diff(values)) + 1).tolist(), len(values)]
        for low, high in pairwise(cuts):
            if low == high:
                continue
            if current is not None and values[low] != current:
                yield current, pa.Table.from_batches(held)
                held = []
            current = int(values[low])
            held.append(batch.slice(low, high - low))
    if current is not None:
        yield current, pa.Table.from_batches(held)
