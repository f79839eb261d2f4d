"""`lookalike tune`."""

from pathlib import Path
from typing import Unpack

import click

from lookalike.cli.answer import answer
from lookalike.cli.bar import Bar
from lookalike.cli.options import ReadyOptions, source_of, source_options

PAIR = click.Path(path_type=Path), click.Path(path_type=Path)


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option(
    "--same", multiple=True, type=PAIR, metavar="A B", help="These two are copies of one picture."
)
@click.option("--not-same", multiple=True, type=PAIR, metavar="A B", help="These two are not.")
@click.option(
    "--csv",
    "answers",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Read many answers from a table with the columns a, b and same (yes or no).",
)
@source_options
@click.option("--json", "as_json", is_flag=True, help="Print all answers as JSON.")
def tune(
    folder: Path,
    same: tuple[tuple[Path, Path], ...],
    not_same: tuple[tuple[Path, Path], ...],
    answers: Path | None,
    as_json: bool,
    **options: Unpack[ReadyOptions],
) -> None:
    """Say which pictures are copies and which are not; duplicates heeds it at once.

    A pair that is not the same is never listed again. Answers are kept in the index; without an
    option they are listed.

    \b
    Examples:
      lookalike tune ~/Pictures --not-same beach-1.jpg beach-2.jpg
      lookalike tune ~/Pictures --csv answers.csv
      lookalike tune ~/Pictures
    """  # noqa: D301
    from lookalike.cli.tune_screen import show_tune
    from lookalike.verbs.tune import tune as run

    with Bar("Reading pictures") as bar:
        source = source_of(folder, options, bar)
        report = run(source, same=same, not_same=not_same, answers=answers)
    answer(report, {"as_json": as_json, "as_csv": False}, show_tune)
