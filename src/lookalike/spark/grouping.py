"""Groups on a cluster: connected components by a tree of unions, then the complete-link rule."""

from collections.abc import Iterator

import numpy as np
import pyarrow as pa
from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from lookalike.neighbours.grouping import complete_link, connected
from lookalike.nouns.pairs import Pairs
from lookalike.spark.columns import doubles, ints
from lookalike.spark.frames import ddl, map_arrow

FAN_IN = 8
"""Tasks whose forests one task of the next level joins."""

_LINKS = pa.schema([("first", pa.int64()), ("second", pa.int64())])
_MEMBERS = pa.schema([("group", pa.int64()), ("id", pa.int64())])


def components(pairs: DataFrame) -> DataFrame:
    """The connected component of each picture that has a partner: `id` and `root`, its lowest id.

    Each task turns the pairs it sees into a forest, a link from every picture to the lowest one it
    is connected with; the next level joins eight forests, until one task holds all: 16 bytes for
    each picture with a partner.

    Args:
        pairs: first and second.
    """
    links = map_arrow(pairs.select("first", "second"), forest, ddl(_LINKS))
    parts = max(1, pairs.rdd.getNumPartitions())
    while parts > 1:
        parts = -(-parts // FAN_IN)
        links = map_arrow(links.repartition(parts, "first"), forest, ddl(_LINKS))
    return links.select(F.col("second").alias("id"), F.col("first").alias("root"))


def forest(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """From pairs to a link from each picture to the lowest that it is connected with."""
    held = [(ints(batch, "first"), ints(batch, "second")) for batch in batches]
    if held:
        first, second = (np.concatenate(side) for side in zip(*held, strict=True))
        ids, roots = connected(first, second)
        yield pa.RecordBatch.from_arrays([pa.array(roots), pa.array(ids)], schema=_LINKS)


def groups(pairs: DataFrame) -> DataFrame:
    """The complete-link groups: `group`, the lowest id in it, and `id`.

    Each component is worked on as a whole by one task, by the rule of one machine.

    Args:
        pairs: first, second and probability.
    """
    roots = components(pairs)
    own = pairs.join(roots, pairs["first"] == roots["id"]).select(
        "root", "first", "second", "probability"
    )
    return map_arrow(own.repartition("root"), _link, ddl(_MEMBERS))


def _link(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    held = list(batches)
    if not held:
        return
    table = pa.Table.from_batches(held)
    pairs = Pairs.of(ints(table, "first"), ints(table, "second"), doubles(table, "probability"))
    members = complete_link(pairs).members
    owners = np.repeat([group[0] for group in members], [len(group) for group in members])
    ids = np.array([i for group in members for i in group], np.int64)
    yield pa.RecordBatch.from_arrays(
        [pa.array(owners.astype(np.int64)), pa.array(ids)], schema=_MEMBERS
    )
