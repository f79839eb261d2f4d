"""Pairs or triplets of a list, a line each: 1 or 0, how probable 1 is, and the names."""

import click

from lookalike.cli.figures import show_figures
from lookalike.cli.screen import console
from lookalike.cli.tables import show_failed
from lookalike.nouns.compared_list import ComparedList
from lookalike.pages.words import visible


def show_compared(report: ComparedList) -> None:
    """Plain lines that other programs can read, then how many are right."""
    for line in report.lines:
        answer = "-" if line.answer is None else str(int(line.answer))
        chance = "-" if line.probability is None else f"{line.probability:.6f}"
        names = "  ".join(visible(str(path)) for path in line.paths)
        click.echo(f"{answer}  {chance:<8}  {names}")
    out = console()
    if report.measures:
        show_figures(out, report.measures)
    show_failed(out, report.failed, "could not be read")
