"""`lookalike demo`."""

from pathlib import Path
from typing import Unpack

import click

from lookalike.cli.answer import answer
from lookalike.cli.bar import Bar
from lookalike.cli.options import DataOptions, data_options


@click.command()
@click.argument("folder", type=click.Path(path_type=Path), default="lookalike-demo")
@data_options
def demo(folder: Path, **data: Unpack[DataOptions]) -> None:
    """See it work on a small album of photographs.

    The album holds copies that were edited in known ways, and near misses that only look alike, so
    that the demo can count what was found and what was wrong. It goes into FOLDER; nothing is
    downloaded.

    \b
    Examples:
      lookalike demo
      lookalike demo ~/Desktop/album
    """  # noqa: D301
    from lookalike.cli.demo_story import show_demo
    from lookalike.verbs.demo import demo as run

    with Bar("Reading pictures") as bar, Bar("Comparing pictures") as comparing:
        report = run(folder, progress=bar, comparing=comparing)
    answer(report, data, show_demo)
