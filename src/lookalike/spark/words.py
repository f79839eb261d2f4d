"""The local words of pictures, as columns."""

from collections.abc import Iterator

import numpy as np
import pyarrow as pa
from pyspark.sql import DataFrame

from lookalike.neighbours.bags import N_WORDS, Bag, Bags, worth_of_counts
from lookalike.nouns.embeddings import Floats
from lookalike.spark.frames import map_arrow

_COUNTS = pa.schema([("counts", pa.binary()), ("n", pa.int64())])


def bags(table: pa.Table) -> Bags:
    """The words of the pictures of a table."""
    return Bags.of(
        [
            (_words(mine), _words(mirrored))
            for mine, mirrored in zip(
                table.column("words").to_pylist(),
                table.column("mirrored_words").to_pylist(),
                strict=True,
            )
        ]
    )


def _words(stored: bytes | None) -> Bag:
    return np.frombuffer(stored or b"", "<u2").astype(np.uint16)


def worth_of(detailed: DataFrame) -> Floats:
    """(65536,) what each word is worth in the whole collection."""
    parts = map_arrow(detailed.select("words"), _count, "counts binary, n bigint").collect()
    total, n = np.zeros(N_WORDS, np.int64), 0
    for part in parts:
        total += np.frombuffer(part.counts, np.int64)
        n += part.n
    return worth_of_counts(total, n)


def _count(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    total, n = np.zeros(N_WORDS, np.int64), 0
    for batch in batches:
        words = _words(b"".join(word for word in batch.column("words").to_pylist() if word))
        total += np.bincount(words, minlength=N_WORDS)
        n += batch.num_rows
    yield pa.RecordBatch.from_arrays(
        [pa.array([total.tobytes()], pa.binary()), pa.array([n])], schema=_COUNTS
    )
