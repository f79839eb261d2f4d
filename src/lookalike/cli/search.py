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
@click.argument("queries", nargs=-1, type=click.Path(path_type=Path))
@click.option(
    "--text",
    "texts",
    multiple=True,
    metavar="WORDS",
    help="What the picture shows, in words; needs an index made by a model that knows words.",
)
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
@click.option(
    "--approximate",
    is_flag=True,
    help="Take candidates from a graph in place of all embeddings; it is made on first use, and "
    "the answer says how many of the true nearest it finds. Needs the extra `ann`.",
)
@source_options
@data_options
@html_option
def search(
    queries: tuple[Path, ...],
    texts: tuple[str, ...],
    folder: Path,
    k: int,
    where: str | None,
    approximate: bool,
    html: Path | None,
    **options: Unpack[SearchOptions],
) -> None:
    """Find the pictures that are most like the QUERIES.

    A query is a picture or a folder of pictures. Each hit comes with a verdict (same file, same
    picture, edited copy, similar, different) and how sure it is. Where no such file is there, a
    query is taken as words; what is nearest to them comes without a verdict.

    \b
    Examples:
      lookalike search photo.jpg --in ~/Pictures
      lookalike search scans/ --in ~/Pictures -k 3 --html found.html
      lookalike search photo.jpg --in ~/Pictures --where "taken >= 2019-06"
      lookalike search "a red bicycle" --in ~/Pictures
    """  # noqa: D301
    from lookalike.verbs.search_text import are_words

    if texts and queries:
        raise click.UsageError("name pictures or give --text, not both")
    if not (texts or queries):
        raise click.UsageError("name a picture, or give --text")
    if texts or are_words(queries):
        if approximate:
            raise click.UsageError("--approximate is for pictures; a search by words is exact")
        _by_words(texts or tuple(map(str, queries)), folder, k, where, html, options)
        return
    from lookalike.cli.tables import show_search
    from lookalike.verbs.search import search as run

    with Bar("Reading pictures") as bar, Bar("Making a graph of the embeddings") as preparing:
        report = run(
            queries,
            source_of(folder, options, bar),
            k=k,
            where=where,
            approximate=approximate,
            preparing=preparing,
        )
    answer(report, options, show_search)
    save(report, html)


def _by_words(
    texts: tuple[str, ...],
    folder: Path,
    k: int,
    where: str | None,
    html: Path | None,
    options: SearchOptions,
) -> None:
    from lookalike.cli.text_screen import show_text_search
    from lookalike.verbs.search_text import search_text as run

    with Bar("Reading pictures") as bar:
        report = run(texts, source_of(folder, options, bar), k=k, where=where)
    answer(report, options, show_text_search)
    save(report, html)
