"""What a closer look at the pictures of doubtful pairs needs of their bytes."""

import pickle
from collections.abc import Iterator

import pyarrow as pa
from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from lookalike.geometry.features import one_thread_each
from lookalike.images.budget import DecodeBudget
from lookalike.images.decode import pixel_digest
from lookalike.nouns.alignment import LocalFeatures
from lookalike.nouns.errors import UnreadableImage
from lookalike.spark.frames import ddl, map_arrow, records
from lookalike.spark.sources import Source
from lookalike.verbs.doubtful import features_of

LOOKS = pa.schema(
    [
        ("id", pa.int64()),
        ("pixels", pa.binary()),
        ("plain", pa.binary()),
        ("mirror", pa.binary()),
    ]
)
"""Digest of all pixels, and local features of the picture and of its mirror image."""

_FLAGS = ("pixels", "plain", "mirror")
ROUND = 20_000
"""Pictures whose files are named to Spark at a time."""


def needs_of(judged: DataFrame) -> DataFrame:
    """id, and which of LOOKS are needed, of the pictures of pairs.

    Args:
        judged: first, second, and whether pixels, geometry and its mirrored form are asked for.
    """
    first = judged.select(
        F.col("first").alias("id"),
        F.col("ask_pixels").alias("pixels"),
        F.col("doubtful").alias("plain"),
        F.lit(False).alias("mirror"),
    )
    second = judged.select(
        F.col("second").alias("id"),
        F.col("ask_pixels").alias("pixels"),
        F.col("doubtful").alias("plain"),
        (F.col("doubtful") & F.col("ask_mirrored")).alias("mirror"),
    )
    both = first.unionByName(second).groupBy("id")
    asked = both.agg(*(F.bool_or(flag).alias(flag) for flag in _FLAGS))
    return asked.where("pixels OR plain OR mirror")


def look_at(needs: DataFrame, files: Source, scratch: str) -> DataFrame:
    """LOOKS of pictures; a picture whose file is gone has no row.

    Args:
        needs: id, path and the flags of `needs_of`.
        files: where the bytes are.
        scratch: a folder that may be written; the result is read from there.
    """
    session = needs.sparkSession
    asked = needs.select("path", "id", *(F.col(flag).alias(f"ask_{flag}") for flag in _FLAGS))
    paths = asked.select("path").orderBy("path").toArrow().column("path").to_pylist()
    place = f"{scratch}/looks"
    for start in range(0, max(len(paths), 1), ROUND):
        contents = files.contents(paths[start : start + ROUND]).select("path", "content")
        rows = contents.join(F.broadcast(asked), "path").select(
            "id", "content", *(f"ask_{flag}" for flag in _FLAGS)
        )
        mode = "append" if start else "overwrite"
        map_arrow(rows, _look, ddl(LOOKS)).write.mode(mode).parquet(place)
    return session.read.parquet(place)


def _look(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    budget = DecodeBudget()
    with one_thread_each():
        for batch in batches:
            for row in batch.to_pylist():
                content = row["content"]
                found = {
                    "id": row["id"],
                    "pixels": _pixels(content) if row["ask_pixels"] else None,
                    "plain": _packed(content, False, budget) if row["ask_plain"] else None,
                    "mirror": _packed(content, True, budget) if row["ask_mirror"] else None,
                }
                yield records([found], LOOKS)


def _pixels(content: bytes) -> bytes | None:
    try:
        return pixel_digest(content)
    except UnreadableImage:
        return None


def _packed(content: bytes, mirrored: bool, budget: DecodeBudget) -> bytes | None:
    found = features_of(content, mirrored=mirrored, budget=budget)
    return None if found is None else pickle.dumps((found.grey, found.points, found.descriptors))


def unpacked(stored: bytes | None) -> LocalFeatures | None:
    """Local features as `look_at` stored them."""
    return None if stored is None else LocalFeatures(*pickle.loads(stored))
