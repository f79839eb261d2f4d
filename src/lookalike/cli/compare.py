"""`lookalike compare`."""

from pathlib import Path
from typing import Unpack

import click

from lookalike.cli.answer import answer, save
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
@click.argument("first", metavar="A", type=click.Path(path_type=Path))
@click.argument("second", metavar="B", type=click.Path(path_type=Path))
@click.argument("third", metavar="[C]", required=False, type=click.Path(path_type=Path))
@model_options
@data_options
@html_option
def compare(
    first: Path,
    second: Path,
    third: Path | None,
    html: Path | None,
    **options: Unpack[CompareOptions],
) -> None:
    """Say how alike two pictures are, or which two of three.

    \b
    Examples:
      lookalike compare a.jpg b.jpg
      lookalike compare photo.jpg scan-1.jpg scan-2.jpg --html compared.html
    """  # noqa: D301
    from lookalike.cli.tables import show_compare
    from lookalike.verbs.compare import compare as run

    report = run(first, second, third, model=options["model"], provider=options["provider"])
    answer(report, options, show_compare)
    save(report, html)
