"""Number the pictures of a table as one machine's index would, whatever the cluster."""

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from lookalike.spark.table import walk_order

_BITS = 33
"""Spark's running numbers hold the partition above this many bits, and the place in it below."""


def numbered(pictures: DataFrame, scratch: str) -> DataFrame:
    """The pictures with an `id` from 0: in the order of a walk over their first paths.

    So does an index number them that is made by one run on one machine, and with equal numbers all
    that follows decides ties alike.

    Args:
        pictures: of a table.
        scratch: a folder that may be written; the result is read from there.
    """
    session = pictures.sparkSession
    keys = pictures.select("digest", walk_order("path").alias("key")).orderBy("key")
    keys.select("digest", F.monotonically_increasing_id().alias("at")).write.mode(
        "overwrite"
    ).parquet(f"{scratch}/order")
    order = session.read.parquet(f"{scratch}/order")
    part = F.shiftright("at", _BITS)
    counts = order.groupBy(part.alias("part")).count().orderBy("part").collect()
    start, starts = 0, []
    for row in counts:
        starts.append((row.part, start))
        start += row["count"]
    offsets = session.createDataFrame(starts, "part bigint, start bigint")
    place = F.col("at").bitwiseAND(F.lit((1 << _BITS) - 1))
    ids = order.withColumn("part", part).join(F.broadcast(offsets), "part")
    ids = ids.select("digest", (F.col("start") + place).alias("id"))
    pictures.join(ids, "digest").write.mode("overwrite").parquet(f"{scratch}/pictures")
    return session.read.parquet(f"{scratch}/pictures")
