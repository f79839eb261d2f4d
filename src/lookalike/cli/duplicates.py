"""`lookalike duplicates`."""

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
    share,
    source_of,
    source_options,
)


class DuplicatesOptions(ReadyOptions, DataOptions):
    """All options but those of this command alone."""


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option(
    "--least-probability",
    type=click.FloatRange(0.5, 1, max_open=True),
    help="How sure a pair must be to be listed; 0.99 lists fewer, 0.5 more.  [default: 0.9]",
)
@click.option(
    "--wrong-at-most",
    metavar="SHARE",
    callback=share,
    help="Instead: as many pairs as can be, of which this share is wrong, such as 1%.",
)
@click.option(
    "--miss-at-most",
    metavar="SHARE",
    callback=share,
    help="Instead: as few pairs as can be that miss this share of all copies, such as 5%.",
)
@source_options
@data_options
@html_option
def duplicates(
    folder: Path,
    least_probability: float | None,
    wrong_at_most: float | None,
    miss_at_most: float | None,
    html: Path | None,
    **options: Unpack[DuplicatesOptions],
) -> None:
    """Find the copies in a folder, also edited ones.

    Exact, re-saved, resized, turned, mirrored, recoloured and more. No file is touched. Every two
    files of a group are copies of each other, and each pair says what was seen and how sure it is.

    \b
    Examples:
      lookalike duplicates ~/Pictures
      lookalike duplicates ~/Pictures --html copies.html
      lookalike duplicates ~/Pictures --csv > copies.csv
      lookalike duplicates ~/Pictures --wrong-at-most 1%
    """  # noqa: D301
    from functools import partial

    from lookalike.cli.groups import show_duplicates
    from lookalike.verbs.duplicates import duplicates as run

    with Bar("Reading pictures") as bar, Bar("Comparing pictures") as comparing:
        source = source_of(folder, options, bar)
        report = run(
            source,
            least_probability=least_probability,
            wrong_at_most=wrong_at_most,
            miss_at_most=miss_at_most,
            comparing=comparing,
        )
    answer(report, options, partial(show_duplicates, page=html is not None))
    save(report, html)
