"""The answer on standard output: as JSON or CSV for a program, else as tables for a person."""

import csv
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

from lookalike.cli.options import DataOptions

if TYPE_CHECKING:
    from lookalike.nouns.report import Report
    from lookalike.verbs.show import Shown

R = TypeVar("R", bound="Report")


def answer(report: R, data: DataOptions, show: Callable[[R], None]) -> None:
    """Print a report in the way that was asked for.

    Args:
        report: what the verb answered.
        data: whether JSON or CSV is wanted.
        show: prints it for a person.
    """
    if data["as_json"]:
        click.echo(json.dumps(report.to_dict(), indent=2))
    elif data["as_csv"]:
        header, rows = report.to_table()
        plain = csv.writer(sys.stdout, lineterminator="\n")
        # The csv module leaves a lone carriage return bare, though readers end the row there.
        quoted = csv.writer(sys.stdout, lineterminator="\n", quoting=csv.QUOTE_ALL)
        for row in (header, *rows):
            (quoted if any("\r" in str(cell) for cell in row) else plain).writerow(row)
    else:
        show(report)


def save(report: "Shown", html: Path | None) -> None:
    """Write the page, if one was asked for."""
    if html is not None:
        from lookalike.pages.words import visible
        from lookalike.verbs.show import save_page

        target = visible(str(save_page(report, html)))
        click.echo(f"The page is at {target}", err=True)
