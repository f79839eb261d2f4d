"""`search` and `match` on Spark: the most alike pictures of a table, exact, queries broadcast."""

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from pyspark.sql import DataFrame, SparkSession, Window
from pyspark.sql import functions as F

from lookalike.encoders.choose import load_encoder
from lookalike.images.orientations import ORIENTATIONS
from lookalike.neighbours.search import top_k
from lookalike.nouns.card import ModelCard
from lookalike.nouns.embeddings import Bools, Bytes, Floats
from lookalike.nouns.errors import InputError, UnreadableImage, WrongIndex
from lookalike.nouns.spark_report import SparkHit, SparkMatchReport, SparkSearchReport
from lookalike.spark.columns import hashes, vectors
from lookalike.spark.embed import BATCH_ROWS, FILE_SCHEMA, Known, describing
from lookalike.spark.files import Files
from lookalike.spark.frames import OnBatches, batches_of, ddl, map_arrow, records
from lookalike.spark.indexing import travelling
from lookalike.spark.sources import COLUMNS, source_of
from lookalike.spark.table import Table, pictures, walk_order
from lookalike.verbs.evidence import best_turns
from lookalike.verdicts.decide import HASH_QUALITY, Evidence, Priors, decide, is_doubtful

ROUND = 4096
"""Queries that go to every executor at a time: 4 MB of vectors, 1 MB of hashes."""

_NEAR = pa.schema(
    [
        ("query", pa.string()),
        ("path", pa.string()),
        ("score", pa.float64()),
        ("hash_bits", pa.int64()),
        ("turn", pa.int64()),
        ("same_bytes", pa.bool_()),
    ]
)
_HITS = pa.schema(
    [
        ("query", pa.string()),
        ("place", pa.int32()),
        ("path", pa.string()),
        ("verdict", pa.string()),
        ("probability", pa.float64()),
        ("doubtful", pa.bool_()),
        ("score", pa.float64()),
        ("hash_bits", pa.int64()),
    ]
)
_ASKED = ("path", "digest", "vector", "hashes", "quality")


@dataclass(frozen=True, slots=True, eq=False)
class _Queries:
    """q pictures that are asked about.

    Attributes:
        paths: of each.
        digests: of their files.
        vectors: (q, d).
        hashes: (q, 8, 32).
        detailed: (q,) whether the hash means anything.
    """

    paths: list[str]
    digests: list[bytes]
    vectors: Floats
    hashes: Bytes
    detailed: Bools

    @classmethod
    def of(cls, table: pa.Table, d: int) -> "_Queries":
        quality = np.asarray(table.column("quality").to_numpy())
        paths, digests = (table.column(name).to_pylist() for name in ("path", "digest"))
        return cls(paths, digests, vectors(table, d), hashes(table), quality >= HASH_QUALITY)


def search(
    session: SparkSession,
    queries: str | DataFrame,
    table: str,
    *,
    k: int = 10,
    provider: str = "auto",
) -> DataFrame:
    """The k pictures of a table that are most like each query, by the embedding, exact.

    The scores are those of `lookalike.search` but for the rounding of the query, which is stored in
    16 bits here. A query that lies in the table finds itself first.

    Args:
        session: a running one.
        queries: a folder that Spark reads, or a table with the columns `path` and `content`.
        table: path of a table that `index` made.
        k: how many, at least 1.
        provider: what runs the model, see `load_encoder`.

    Returns:
        query, place (from 1), path, verdict and probability, doubtful (a look at the pixels, which
        nobody takes here, could change the verdict), score, and hash_bits, how many of 256 hash
        bits differ in the best orientation; without a number where a picture has too little detail
        for its hash.

    Raises:
        InputError: k is below 1, or there is no such folder or table.
        UnreadableImage: none of the queries can be read.
        WrongIndex: the table's model is not installed here.
    """
    _check_depth(k)
    about = Table(session, table).opened()
    try:
        encoder = load_encoder(about.model, provider=provider)
    except InputError as error:
        raise WrongIndex(
            f"The table was made by the model {about.model!r}, which is not installed here",
            where=table,
            mend="put its .onnx file into the models folder: lookalike models",
        ) from error
    files = source_of(session, queries)
    paths = files.listing().select("path").orderBy("path").toArrow().column("path").to_pylist()
    describe = describing(travelling(about.model, encoder, provider), Known.of([]))
    with batches_of(session, BATCH_ROWS):
        contents = files.contents(paths).select(*COLUMNS, "content")
        found = map_arrow(contents, describe, ddl(FILE_SCHEMA)).where("vector IS NOT NULL")
        asked = found.select(*_ASKED).toArrow()
    if not len(asked):
        raise UnreadableImage(
            "None of the queries is a picture that can be read",
            where=files.name,
            mend="search for another picture",
        )
    return _nearest(session, asked.sort_by("path"), table, k, _priors(session, table))


def search_report(
    session: SparkSession, queries: str | DataFrame, table: str, *, k: int, provider: str
) -> SparkSearchReport:
    """As `search`, collected."""
    rows = search(session, queries, table, k=k, provider=provider).collect()
    hits = (SparkHit(*row) for row in rows)
    return SparkSearchReport(table, tuple(hits))


def match(
    session: SparkSession, targets: str, sources: str, out: str, *, k: int = 10
) -> SparkMatchReport:
    """For each picture of one table the k most alike of another, by the embedding, exact.

    They are written below `out` to the table `hits`, whose columns are those of `search`.

    Args:
        session: a running one.
        targets: path of the table whose pictures are asked about.
        sources: path of the table among whose pictures the originals are looked for.
        out: path of a folder for the result; that of an earlier run is replaced.
        k: how many, at least 1.

    Raises:
        InputError: k is below 1, there is no such table, or `out` holds other things.
        WrongIndex: the tables were made by different models.
    """
    _check_depth(k)
    mine, theirs = (Table(session, table).opened() for table in (targets, sources))
    if mine.fingerprint != theirs.fingerprint:
        raise WrongIndex(
            f"The targets were made by the model {mine.model!r}, the sources by {theirs.model!r}",
            where=targets,
            mend=f"index both with one model: --model {theirs.model}",
        )
    files, hits, work = Files(session), f"{out.rstrip('/')}/hits", f"{out.rstrip('/')}/_work"
    if others := set(files.names(out)) - {"hits", "_work"}:
        raise InputError(
            f"This folder holds other things: {sorted(others)[0]}",
            where=out,
            mend="name a new folder for the result",
        )
    asked = pictures(session, targets).select(*_ASKED)
    n = asked.count()
    rounds = max(1, math.ceil(n / ROUND))
    parts = asked.withColumn("round", F.pmod(F.xxhash64("path"), F.lit(rounds)))
    parts.write.mode("overwrite").partitionBy("round").parquet(work)
    priors = _priors(session, sources)
    for number in range(rounds):
        part = session.read.parquet(work).where(F.col("round") == number).drop("round").toArrow()
        found = _nearest(session, part.sort_by("path"), sources, k, priors)
        found.write.mode("append" if number else "overwrite").parquet(hits)
    files.remove(work)
    return SparkMatchReport(targets, sources, hits, n, session.read.parquet(hits).count())


def _check_depth(k: int) -> None:
    if k < 1:
        raise InputError("k must be at least 1", where=str(k))


def _priors(session: SparkSession, table: str) -> Priors:
    """What is believed of a query and one picture of a table before looking; counts them."""
    return Priors.of_hit(pictures(session, table).count())


def _nearest(
    session: SparkSession, asked: pa.Table, table: str, k: int, priors: Priors
) -> DataFrame:
    held = pictures(session, table).select(*_ASKED)
    card = Table(session, table).opened().model_card
    # In order within each part, so that of equal scores the first path is kept.
    ordered = held.withColumn("key", walk_order("path")).sortWithinPartitions("key").drop("key")
    found = map_arrow(ordered, _searching(_Queries.of(asked, card.d), card.d, k), ddl(_NEAR))
    best = Window.partitionBy("query").orderBy(F.col("score").desc(), walk_order("path"))
    ranked = found.withColumn("place", F.row_number().over(best)).where(F.col("place") <= k)
    hits = map_arrow(ranked, _judging(card, priors), ddl(_HITS))
    return hits.orderBy("query", "place")


def _judging(card: ModelCard, priors: Priors) -> OnBatches:
    """The ladder, as far as it goes without a look at the pixels."""

    def judge(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for batch in batches:
            rows = []
            for row in batch.to_pylist():
                seen = Evidence(
                    same_bytes=row["same_bytes"],
                    same_pixels=False,
                    score=row["score"],
                    hash_bits=row["hash_bits"],
                    turn=ORIENTATIONS[row["turn"]] if row["turn"] else "",
                )
                verdict = decide(seen, card, priors)
                told = {
                    "verdict": str(verdict.level),
                    "probability": verdict.probability,
                    "doubtful": is_doubtful(seen, card, priors),
                }
                rows.append({name: {**row, **told}[name] for name in _HITS.names})
            yield records(rows, _HITS)

    return judge


def _searching(queries: _Queries, d: int, k: int) -> OnBatches:
    def look(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for batch in batches:
            if not batch.num_rows:
                continue
            found = top_k(queries.vectors, vectors(batch, d), k=k, threads=1)
            query, place = np.nonzero(found.ids >= 0)
            rows = found.ids[query, place]
            bits, turns = best_turns(queries.hashes[query], hashes(batch)[rows])
            digests = batch.column("digest").take(pa.array(rows)).to_pylist()
            detailed = queries.detailed[query] & (
                np.asarray(batch.column("quality").to_numpy())[rows] >= HASH_QUALITY
            )
            yield pa.RecordBatch.from_arrays(
                [
                    pa.array([queries.paths[q] for q in query], pa.string()),
                    batch.column("path").take(pa.array(rows)),
                    pa.array(found.scores[query, place].astype(np.float64)),
                    pa.array(bits, mask=~detailed),
                    pa.array(turns),
                    pa.array(
                        [queries.digests[q] == d for q, d in zip(query, digests, strict=True)]
                    ),
                ],
                schema=_NEAR,
            )

    return look
