"""`lookalike spark`: the same verbs on a cluster."""

from collections.abc import Callable
from typing import TypedDict, TypeVar, Unpack

import click

from lookalike.cli.answer import answer
from lookalike.cli.bar import Bar
from lookalike.cli.options import DataOptions, ModelOptions, data_options, model_options

Command = TypeVar("Command", bound=Callable[..., None])


class ClusterOptions(DataOptions):
    """What `_cluster_options` adds to a command."""

    master: str | None
    conf: tuple[str, ...]


class IndexOptions(ClusterOptions, ModelOptions):
    """All options but those of `index` alone."""


class _Places(TypedDict):
    master: str | None
    settings: tuple[str, ...]


def _cluster_options(command: Command) -> Command:
    """--master, --conf, --json and --csv."""
    master = click.option(
        "--master",
        help="Where Spark runs, such as local[4] or yarn.  [default: as Spark is set up]",
    )
    conf = click.option(
        "--conf", multiple=True, metavar="NAME=VALUE", help="One of Spark's own settings."
    )
    return master(conf(data_options(command)))


def _places(options: ClusterOptions) -> _Places:
    return {"master": options["master"], "settings": options["conf"]}


@click.group()
def spark() -> None:
    """Index, compare and search millions of pictures on Spark.

    Paths are those that Spark reads and writes: /data, hdfs://, s3a:// and others. Results are
    Parquet tables, the same whatever the number of executors.

    \b
    Examples:
      lookalike spark index s3a://shop/photos s3a://shop/table
      lookalike spark duplicates s3a://shop/table s3a://shop/copies
      lookalike spark search s3a://shop/table /data/queries
      lookalike spark match s3a://shop/scans s3a://shop/table s3a://shop/matches
    """  # noqa: D301


@spark.command()
@click.argument("pictures")
@click.argument("table")
@click.option("--retry", is_flag=True, help="Read the files again that could not be read.")
@model_options
@_cluster_options
def index(pictures: str, table: str, retry: bool, **options: Unpack[IndexOptions]) -> None:
    """Read the folder PICTURES into TABLE, or what is new in it.

    Unchanged files are not read again, and no content is embedded twice. A run that is broken off
    goes on after its last whole round; a lost executor costs its tasks only.

    \b
    Examples:
      lookalike spark index /data/photos /data/table
      lookalike spark index s3a://shop/photos s3a://shop/table --model shop.onnx
    """  # noqa: D301
    from lookalike.cli.spark_screen import show_index
    from lookalike.spark.session import session_for

    with session_for(**_places(options)) as session, Bar("Reading pictures") as bar:
        from lookalike.spark.indexing import index as run

        report = run(
            session,
            pictures,
            table,
            model=options["model"],
            provider=options["provider"],
            retry=retry,
            progress=bar,
        )
    answer(report, options, show_index)


@spark.command()
@click.argument("table")
@click.argument("out")
@click.option(
    "--least-probability",
    type=click.FloatRange(0.5, 1, max_open=True),
    help="How sure a pair must be to be listed; 0.99 lists fewer, 0.5 more.  [default: 0.9]",
)
@_cluster_options
def duplicates(
    table: str, out: str, least_probability: float | None, **options: Unpack[ClusterOptions]
) -> None:
    """Find the copies in TABLE, and write them below OUT.

    OUT/pairs and OUT/groups hold what lookalike duplicates lists, OUT/failures the pictures that
    could not be read. Every two files of a group are copies of each other.

    \b
    Examples:
      lookalike spark duplicates /data/table /data/copies
      lookalike spark duplicates /data/table /data/copies --least-probability 0.99
    """  # noqa: D301
    from lookalike.cli.spark_screen import show_duplicates
    from lookalike.spark.session import session_for

    with session_for(**_places(options)) as session:
        from lookalike.spark.copies import duplicates as run

        report = run(session, table, out, least_probability=least_probability)
    answer(report, options, show_duplicates)


@spark.command()
@click.argument("table")
@click.argument("queries")
@click.option("-k", type=click.IntRange(1), default=10, show_default=True, help="Hits a query.")
@click.option(
    "--provider",
    default="auto",
    show_default=True,
    help="What runs the model: auto, cpu, openvino, cuda, coreml or directml.",
)
@_cluster_options
def search(
    table: str, queries: str, k: int, provider: str, **options: Unpack[ClusterOptions]
) -> None:
    """Find in TABLE the pictures most like those in the folder QUERIES.

    Exact, by the embedding; the hash bits that differ are told beside the score.

    \b
    Examples:
      lookalike spark search /data/table /data/queries
      lookalike spark search /data/table /data/queries -k 3 --csv
    """  # noqa: D301
    from lookalike.cli.spark_screen import show_hits
    from lookalike.spark.session import session_for

    with session_for(**_places(options)) as session:
        from lookalike.spark.nearest import search_report

        report = search_report(session, queries, table, k=k, provider=provider)
    answer(report, options, show_hits)


@spark.command()
@click.argument("targets")
@click.argument("sources")
@click.argument("out")
@click.option("-k", type=click.IntRange(1), default=10, show_default=True, help="Hits a target.")
@_cluster_options
def match(targets: str, sources: str, out: str, k: int, **options: Unpack[ClusterOptions]) -> None:
    """Find for each picture of table TARGETS the most alike of table SOURCES, into OUT.

    \b
    Examples:
      lookalike spark match /data/scans-table /data/table /data/matches
      lookalike spark match /data/scans-table /data/table /data/matches -k 1
    """  # noqa: D301
    from lookalike.cli.spark_screen import show_match
    from lookalike.spark.session import session_for

    with session_for(**_places(options)) as session:
        from lookalike.spark.nearest import match as run

        report = run(session, targets, sources, out, k=k)
    answer(report, options, show_match)
