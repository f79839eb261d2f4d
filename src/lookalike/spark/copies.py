"""`duplicates` on Spark: the copies in a table, in groups that cannot chain."""

import time
from dataclasses import dataclass

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from lookalike.nouns.card import ModelCard
from lookalike.nouns.errors import InputError
from lookalike.nouns.spark_report import SparkDuplicatesReport
from lookalike.spark.blocks import Search, candidates
from lookalike.spark.files import Files
from lookalike.spark.flat import flat_candidates
from lookalike.spark.grouping import groups
from lookalike.spark.judging import judge
from lookalike.spark.numbered import numbered
from lookalike.spark.sources import Source, source_of
from lookalike.spark.table import About, Table, failures, pictures
from lookalike.spark.words import worth_of
from lookalike.spark.worth import worth_a_look
from lookalike.verbs.duplicates import SAME_FILE
from lookalike.verbs.local_words import least_votes
from lookalike.verbs.shelf import least_score, most_bits
from lookalike.verdicts.decide import HASH_QUALITY, Priors
from lookalike.verdicts.promise import Promise

OWN = ("failures", "groups", "pairs")
"""The tables that are written."""
_WORK = "_work"


@dataclass(frozen=True, slots=True)
class _Job:
    """One run: what is read, and where it writes."""

    session: SparkSession
    about: About
    source: Source
    least_probability: float
    out: str

    @property
    def card(self) -> ModelCard:
        return self.about.model_card

    @property
    def scratch(self) -> str:
        return f"{self.out}/{_WORK}"


def duplicates(
    session: SparkSession,
    table: str,
    out: str,
    *,
    source: str | DataFrame | None = None,
    least_probability: float | None = None,
) -> SparkDuplicatesReport:
    """Find all copies in a table and put them into groups, as `lookalike.duplicates` does.

    The same pairs with the same verdicts, and the same groups, whatever the number of executors:
    every block of pictures is held against every other. Writes three tables below `out`: `pairs`
    (first, second, verdict, probability, rung, reason, score, hash_bits, group; without a group
    where a pair lies between two), `groups` (group, path and facts of each file) and `failures`.

    Args:
        session: a running one.
        table: path of a table that `index` made.
        out: path of a folder for the result; tables of an earlier run are replaced.
        source: where the bytes of doubtful pictures are: the folder that was indexed unless
            given, or the table of bytes.
        least_probability: pairs that are less probable copies are left out, in [0.5, 1); 0.9
            unless given.

    Raises:
        InputError: there is no such table or source, the probability is out of range, or `out`
            holds other things.
        WrongIndex: the table is newer than this program.
    """
    started = time.monotonic()
    promise = Promise(least_probability)
    about = Table(session, table).opened()
    if source is None and not about.source:
        raise InputError(
            "The pictures came from a table of bytes, which is needed again",
            where=table,
            mend="give it: duplicates(session, table, out, source=pictures)",
        )
    files = Files(session)
    others = set(files.names(out)) - {*OWN, _WORK}
    if others:
        raise InputError(
            f"This folder holds other things: {sorted(others)[0]}",
            where=out,
            mend="name a new folder for the result",
        )
    read = source_of(session, about.source if source is None else source)
    job = _Job(session, about, read, promise.least, out.rstrip("/"))
    held = numbered(pictures(session, table), job.scratch)
    judged = _judged(job, held)
    _write(job, held, judged)
    failures(session, table).write.mode("overwrite").parquet(f"{job.out}/failures")
    files.remove(job.scratch)
    return _report(job, table, seconds=time.monotonic() - started)


def _judged(job: _Job, held: DataFrame) -> DataFrame:
    """The pairs of ids that are copies."""
    n = held.count()
    priors = Priors.of_pair(n)
    detailed = held.where(F.col("quality") >= HASH_QUALITY)
    n_detailed = detailed.count()
    search = Search(
        job.card.d,
        most_bits(priors),
        least_score(job.card, priors),
        least_votes(n_detailed),
        worth_of(detailed),
    )
    columns = "id", "hashes", "vector", "words", "mirrored_words"
    found = candidates(detailed.select(*columns), search, n=max(n, 1))
    flat = flat_candidates(held.where(F.col("quality") < HASH_QUALITY))
    place = f"{job.scratch}/candidates"
    found.unionByName(flat).write.mode("overwrite").parquet(place)
    kept = worth_a_look(job.session.read.parquet(place), job.card, priors)
    return judge(
        kept,
        held,
        job.source,
        job.card,
        priors,
        least_probability=job.least_probability,
        scratch=job.scratch,
    )


def _write(job: _Job, held: DataFrame, judged: DataFrame) -> None:
    place = f"{job.scratch}/members"
    groups(judged).write.mode("overwrite").parquet(place)
    linked = job.session.read.parquet(place)
    several = held.where(F.size("paths") > 1).select(F.col("id").alias("alone"))
    joined = linked.join(several, linked["id"] == several["alone"], "full_outer")
    members = joined.select(
        F.coalesce("group", "alone").alias("group"), F.coalesce("id", "alone").alias("id")
    )
    facts = "digest", "size", "width", "height", "format", "taken", "camera"
    named = members.join(held.select("id", "paths", *facts), "id")
    files = named.select("group", F.explode("paths").alias("path"), *facts)
    files.orderBy("group", "path").write.mode("overwrite").parquet(f"{job.out}/groups")
    same = named.where(F.size("paths") > 1).select(
        F.element_at("paths", 1).alias("first"),
        F.explode(F.slice("paths", 2, F.size("paths") - 1)).alias("second"),
        F.lit(str(SAME_FILE.level)).alias("verdict"),
        F.lit(SAME_FILE.probability).alias("probability"),
        F.lit(str(SAME_FILE.rung)).alias("rung"),
        F.lit(SAME_FILE.reason).alias("reason"),
        F.lit(None).cast("double").alias("score"),
        F.lit(None).cast("bigint").alias("hash_bits"),
        "group",
    )
    pairs = _named(judged, held, linked).unionByName(same)
    pairs.orderBy("group", "first", "second").write.mode("overwrite").parquet(f"{job.out}/pairs")


def _named(judged: DataFrame, held: DataFrame, linked: DataFrame) -> DataFrame:
    """The pairs with paths for ids, and the group if both are in the same."""
    paths = held.select("id", F.element_at("paths", 1).alias("path"))
    told = judged
    for side in ("first", "second"):
        of_side = paths.join(linked, "id", "left").select(
            F.col("id").alias(side),
            F.col("path").alias(f"{side}_path"),
            F.col("group").alias(f"{side}_group"),
        )
        told = told.join(of_side, side)
    together = F.col("first_group") == F.col("second_group")
    return told.select(
        F.col("first_path").alias("first"),
        F.col("second_path").alias("second"),
        *("verdict", "probability", "rung", "reason", "score", "hash_bits"),
        F.when(together, F.col("first_group")).alias("group"),
    )


def _report(job: _Job, table: str, *, seconds: float) -> SparkDuplicatesReport:
    read = job.session.read
    pairs = read.parquet(f"{job.out}/pairs")
    of_pairs = pairs.agg(
        F.count("*").alias("pairs"),
        F.coalesce(F.sum(1 - F.col("probability")), F.lit(0.0)).alias("wrong"),
    ).collect()[0]
    of_groups = (
        read.parquet(f"{job.out}/groups")
        .agg(F.count("*").alias("files"), F.count_distinct("group").alias("groups"))
        .collect()[0]
    )
    return SparkDuplicatesReport(
        table=table,
        out=job.out,
        model=job.about.model,
        least_probability=job.least_probability,
        n_groups=of_groups.groups,
        spare_files=of_groups.files - of_groups.groups,
        n_pairs=of_pairs.pairs,
        expected_wrong=of_pairs.wrong,
        n_unreadable=read.parquet(f"{job.out}/failures").count(),
        seconds=seconds,
    )
