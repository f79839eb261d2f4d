"""`lookalike search`."""

from pathlib import Path
from typing import Unpack

import click

from lookalike.cli.answer import answer, save
from lookalike.cli.bar import Bar
from lookalike.cli.options import (
    DataOptions,
    ReadyOptions,
    data_options,
    html_option,
    source_of,
    source_options,
)


class SearchOptions(ReadyOptions, DataOptions):
    """All options but those of this command alone."""


@click.command()
@click.argument("queries", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--in",
    "folder",
    required=True,
    type=click.Path(path_type=Path),
    metavar="FOLDER",
    help="The collection to search.",
)
@click.option(
    "-k", type=click.IntRange(1), default=10, show_default=True, help="Hits for each query."
)
@click.option(
    "--where",
    metavar="FILTER",
    help='Search only some pictures, such as "taken >= 2019-06 and width >= 1000". Fields: path, '
    "taken, modified, size, width, height, megapixels, format.",
)
@source_options
@data_options
@html_option
def search(
    queries: tuple[Path, ...],
    folder: Path,
    k: int,
    where: str | None,
    html: Path | None,
    **options: Unpack[SearchOptions],
) -> None:
    """Find the pictures that are most like the QUERIES.

    A query is a picture or a folder of pictures. Each hit comes with a verdict (same file, same
    picture, edited copy, similar, different) and how sure it is.

    \b
    Examples:
      lookalike search photo.jpg --in ~/Pictures
      lookalike search scans/ --in ~/Pictures -k 3 --html found.html
      lookalike search photo.jpg --in ~/Pictures --where "taken >= 2019-06"
    """  # noqa: D301
    from lookalike.cli.tables import show_search
    from lookalike.verbs.search import search as run

    with Bar("Reading pictures") as bar:
        report = run(queries, source_of(folder, options, bar), k=k, where=where)
    answer(report, options, show_search)
    save(report, html)
