"""Pictures without detail: candidates only where they were decoded to equal pixels."""

from collections.abc import Iterator

import numpy as np
import pyarrow as pa
from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from lookalike.spark.blocks import CANDIDATES, as_batch
from lookalike.spark.columns import hashes, ints
from lookalike.spark.frames import OnBatches, ddl, map_arrow
from lookalike.verbs.evidence import best_turns
from lookalike.verbs.shelf import Sighting


def flat_candidates(flat: DataFrame) -> DataFrame:
    """CANDIDATES among pictures without detail, by the digest of their scaled pixels.

    Args:
        flat: id, scaled_digest, hashes and vector.
    """
    held = flat.select("id", "scaled_digest", "hashes", "vector")
    first = held.select(*(F.col(name).alias(f"a_{name}") for name in held.columns))
    second = held.select(*(F.col(name).alias(f"b_{name}") for name in held.columns))
    alike = (F.col("a_scaled_digest") == F.col("b_scaled_digest")) & (F.col("a_id") < F.col("b_id"))
    both = first.join(second, alike).drop("a_scaled_digest", "b_scaled_digest")
    return map_arrow(both, _looking(), ddl(CANDIDATES))


def _looking() -> OnBatches:
    def look(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for batch in batches:
            n = batch.num_rows
            if not n:
                continue
            bits, turn = best_turns(hashes(batch, "a_hashes"), hashes(batch, "b_hashes"))
            a, b = (_rows(batch.column(name)) for name in ("a_vector", "b_vector"))
            scores = np.einsum("pd,pd->p", a, b).clip(-1, 1)
            nothing = np.zeros(n, bool), np.zeros(n, np.float32), np.zeros(n, bool)
            ids = ints(batch, "a_id"), ints(batch, "b_id")
            yield as_batch(Sighting(*ids, bits, turn, scores, *nothing))

    return look


def _rows(column: pa.ListArray) -> "np.typing.NDArray[np.float32]":
    return np.asarray(column.flatten().to_numpy(), np.float32).reshape(len(column), -1)
