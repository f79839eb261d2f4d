"""`lookalike compare`."""

from pathlib import Path
from typing import Unpack

import click

from lookalike.cli.answer import answer, save
from lookalike.cli.bar import Bar
from lookalike.cli.options import (
    DataOptions,
    ModelOptions,
    data_options,
    html_option,
    model_options,
)


class CompareOptions(ModelOptions, DataOptions):
    """All options but those of this command alone."""


@click.command()
@click.argument("first", metavar="A", required=False, type=click.Path(path_type=Path))
@click.argument("second", metavar="B", required=False, type=click.Path(path_type=Path))
@click.argument("third", metavar="[C]", required=False, type=click.Path(path_type=Path))
@click.option(
    "--list",
    "listed",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Compare each line instead: a table with the columns a, b and perhaps same, or a text "
    "file of triplets, anchor positive negative.",
)
@click.option(
    "--pictures",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="FOLDER",
    help="With --list: where the pictures of a triplet list are.  [default: beside it]",
)
@click.option(
    "--index",
    "index_folder",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="FOLDER",
    help="Judge as this folder with an index does: by its model and by what tune learned there.",
)
@model_options
@data_options
@html_option
def compare(
    first: Path | None,
    second: Path | None,
    third: Path | None,
    listed: Path | None,
    pictures: Path | None,
    index_folder: Path | None,
    html: Path | None,
    **options: Unpack[CompareOptions],
) -> None:
    """Say how alike two pictures are, or which two of three.

    With --list each line of a list gets 1 (alike, or the anchor is nearer to the positive) or 0,
    and how probable 1 is; where the list has a column same, also how many are right.

    \b
    Examples:
      lookalike compare a.jpg b.jpg
      lookalike compare photo.jpg scan-1.jpg scan-2.jpg --html compared.html
      lookalike compare --list pairs.csv
      lookalike compare --list triplets.txt --pictures food/
    """  # noqa: D301
    if listed is not None:
        if first is not None or html is not None or index_folder is not None:
            raise click.UsageError("--list goes neither with pictures nor with --html or --index")
        _compare_list(listed, pictures, options)
        return
    if first is None or second is None:
        raise click.UsageError(f"Missing argument '{'A' if first is None else 'B'}'.")
    if pictures is not None:
        raise click.UsageError("--pictures goes with --list")
    from lookalike.cli.tables import show_compare
    from lookalike.verbs.compare import compare as run

    report = run(
        first,
        second,
        third,
        model=options["model"],
        provider=options["provider"],
        index=index_folder,
    )
    answer(report, options, show_compare)
    save(report, html)


def _compare_list(listed: Path, pictures: Path | None, options: CompareOptions) -> None:
    from lookalike.cli.compared_screen import show_compared
    from lookalike.verbs.compare_list import compare_list as run

    with Bar("Reading pictures") as bar:
        report = run(
            listed,
            pictures=pictures,
            model=options["model"],
            provider=options["provider"],
            progress=bar,
            on_phase=bar.begin,
        )
    answer(report, options, show_compared)
