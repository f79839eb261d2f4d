"""`index` on Spark: embed what is new, a round at a time, into a table that is only added to."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from lookalike.encoders.choose import DEFAULT_MODEL, load_encoder
from lookalike.encoders.encoder import Encoder
from lookalike.encoders.file_encoder import FileEncoder
from lookalike.nouns.errors import WrongIndex
from lookalike.nouns.spark_report import SparkIndexReport
from lookalike.spark.embed import BATCH_ROWS, FILE_SCHEMA, Known, Model, describing
from lookalike.spark.frames import batches_of, ddl, map_arrow
from lookalike.spark.sources import COLUMNS, Source, source_of
from lookalike.spark.table import About, Table
from lookalike.verbs.progress import Progress, silent

ROUND_FILES = 20_000
"""Files between two points from which a run that is broken off goes on."""


def index(
    session: SparkSession,
    source: str | DataFrame,
    table: str,
    *,
    model: str | Path | None = None,
    provider: str = "auto",
    retry: bool = False,
    round_files: int = ROUND_FILES,
    progress: Progress = silent,
) -> SparkIndexReport:
    """Bring a table of pictures up to date with a folder, or make it.

    A file whose size and time have not changed is not read; of the others only contents that the
    table does not have are decoded and embedded. Each executor process keeps one encoder. A round
    of files counts once it is whole, so that a run that is broken off goes on from there. A lost
    executor is Spark's to replace: nothing is kept on one.

    Args:
        session: a running one; its executors need lookalike, of the same version.
        source: a folder on any file system that Spark reads, or a table with the columns `path`
            and `content`, and if you like `modified`.
        table: path of the table, on a file system that all executors write.
        model: name or file of the model; the one that the table has, else the default.
        provider: what runs the model, see `load_encoder`.
        retry: read the files again that could not be read.
        round_files: files in one round.
        progress: called with files done and files to do.

    Raises:
        InputError: no such folder, or the table cannot be written.
        WrongIndex: the table was made by another model.
    """
    started = time.monotonic()
    place, files = Table(session, table), source_of(session, source)
    about = place.about()
    name = model or (about.model if about else None) or DEFAULT_MODEL
    encoder = load_encoder(name, provider=provider)
    _check_model(about, encoder, table)
    place.begin(About(encoder.name, encoder.fingerprint, encoder.card.to_json(), files.name))
    survey, run = _Survey.of(place, files, retry=retry), place.next_run()
    travels = travelling(name, encoder, provider)
    _describe(place, files, travels, survey, run, round_files, progress)
    _forget(place, survey, run)
    place.files.remove(place.scratch)
    return _report(place, encoder, run, survey, seconds=time.monotonic() - started)


def _check_model(about: About | None, encoder: Encoder, table: str) -> None:
    if about is not None and about.fingerprint != encoder.fingerprint:
        raise WrongIndex(
            f"The table was made by the model {about.model!r}, not by {encoder.name!r}",
            where=table,
            mend=f"make another table, or keep its model: --model {about.model}",
        )


def travelling(name: str | Path, encoder: Encoder, provider: str) -> Model:
    """The model as it goes to the executors: by name where it is built in, else as a file."""
    path = encoder.path if isinstance(encoder, FileEncoder) else None
    content = None if path is None else path.read_bytes()
    return Model(
        str(name) if content is None else encoder.name, content, provider, encoder.fingerprint
    )


@dataclass(frozen=True, slots=True)
class _Survey:
    """What is to be done; the paths stay in a table, however many they are.

    Attributes:
        paths: path, and what: "same", "gone", or "new" for what must be read.
        counts: how many of each.
    """

    paths: DataFrame
    counts: dict[str, int]

    @classmethod
    def of(cls, place: Table, files: Source, *, retry: bool) -> "_Survey":
        state = place.state().select(*COLUMNS, F.col("reason").isNotNull().alias("failed"))
        before = state.select(*(F.col(name).alias(f"old_{name}") for name in state.columns))
        both = files.listing().join(before, F.col("path") == F.col("old_path"), "full_outer")
        same = (F.col("size") == F.col("old_size")) & (F.col("modified") == F.col("old_modified"))
        if retry:
            same &= ~F.col("old_failed")
        what = (
            F.when(F.col("path").isNull(), "gone")
            .when(F.coalesce(same, F.lit(False)), "same")
            .otherwise("new")
        )
        told = both.select(F.coalesce("path", "old_path").alias("path"), what.alias("what"))
        told.orderBy("path").write.mode("overwrite").parquet(place.scratch)
        kept = place.session.read.parquet(place.scratch)
        counts = {row.what: row["count"] for row in kept.groupBy("what").count().collect()}
        return cls(kept, counts)

    def rounds(self, files: int) -> Iterator[list[str]]:
        """The paths of files to read, some at a time."""
        paths = (row.path for row in self.paths.where("what = 'new'").toLocalIterator())
        while some := list(islice(paths, files)):
            yield some


def _describe(
    place: Table,
    files: Source,
    model: Model,
    survey: _Survey,
    run: int,
    round_files: int,
    progress: Progress,
) -> None:
    if not (todo := survey.counts.get("new", 0)):
        return
    progress(0, todo)
    held = place.rows().where("vector IS NOT NULL").select("digest").toArrow()
    describe = describing(model, Known.of(held.column("digest").to_pylist()))
    done = 0
    for number, paths in enumerate(survey.rounds(round_files)):
        contents = files.contents(paths).select(*COLUMNS, "content")
        with batches_of(place.session, BATCH_ROWS):
            place.add(map_arrow(contents, describe, ddl(FILE_SCHEMA)), run=run, round_=number)
        done += len(paths)
        progress(done, todo)


def _forget(place: Table, survey: _Survey, run: int) -> None:
    if survey.counts.get("gone"):
        gone = survey.paths.where("what = 'gone'").select("path", F.lit(True).alias("gone"))
        empty = place.session.createDataFrame([], ddl(FILE_SCHEMA)).drop("path", "gone")
        rows = gone.unionByName(empty, allowMissingColumns=True)
        place.add(rows.select(*FILE_SCHEMA.names), run=run, round_=-1)


def _report(
    place: Table, encoder: Encoder, run: int, survey: _Survey, *, seconds: float
) -> SparkIndexReport:
    mine = F.col("run") == run
    made = place.rows().agg(
        F.count_distinct(F.when(mine & F.col("vector").isNotNull(), F.col("digest"))).alias(
            "added"
        ),
        F.count_if(mine & F.col("digest").isNotNull()).alias("pictures"),
    )
    now = place.state().agg(
        F.count("digest").alias("files"),
        F.count_distinct("digest").alias("pictures"),
        F.count("reason").alias("failed"),
        F.count("*").alias("all"),
    )
    in_run, held = made.collect()[0], now.collect()[0]
    return SparkIndexReport(
        table=place.path,
        model=encoder.name,
        n_pictures=held.pictures,
        n_files=held.files,
        added=in_run.added,
        linked=in_run.pictures - in_run.added,
        unchanged=survey.counts.get("same", 0),
        vanished=survey.counts.get("gone", 0),
        others=held.all - held.files - held.failed,
        n_failed=held.failed,
        seconds=seconds,
    )
