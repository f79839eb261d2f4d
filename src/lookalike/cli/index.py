"""`lookalike index`."""

from pathlib import Path
from typing import Unpack

import click

from lookalike.cli.answer import answer
from lookalike.cli.bar import Bar
from lookalike.cli.options import (
    DataOptions,
    SourceOptions,
    data_options,
    index_option,
    model_options,
)


class IndexOptions(SourceOptions, DataOptions):
    """All options but those of this command alone."""


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option(
    "--threads", type=click.IntRange(1), help="Pictures worked on at a time.  [default: one a core]"
)
@click.option("--rebuild", is_flag=True, help="Throw the old index away first.")
@click.option("--retry", is_flag=True, help="Read the files again that could not be read.")
@click.option(
    "--shard",
    metavar="I/N",
    help="Read only share I of N, such as 2/4; other processes read the others.",
)
@index_option
@model_options
@data_options
def index(
    folder: Path,
    threads: int | None,
    rebuild: bool,
    retry: bool,
    shard: str | None,
    **options: Unpack[IndexOptions],
) -> None:
    """Read a folder of pictures once, or what is new in it.

    Other commands do this on the way, so it is never needed first. Unchanged files are not read
    again and moved ones are recognised. Stop it with Ctrl-C whenever you like; it goes on from
    there.

    \b
    Examples:
      lookalike index ~/Pictures
      lookalike index /mnt/photos --index ~/photo-index
      lookalike index /mnt/photos --shard 2/4
    """  # noqa: D301
    from lookalike.cli.merge_screen import show_share
    from lookalike.cli.tables import show_index
    from lookalike.verbs.index import index as run

    with Bar("Reading pictures") as bar:
        report = run(
            folder,
            index=options["index_folder"],
            model=options["model"],
            provider=options["provider"],
            threads=threads,
            rebuild=rebuild,
            retry=retry,
            shard=shard,
            progress=bar,
        )
    answer(report, options, show_index if report.shard is None else show_share)
