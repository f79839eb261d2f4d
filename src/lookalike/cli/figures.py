"""Measured figures at a terminal."""

from collections.abc import Iterable

from rich.console import Console
from rich.text import Text

from lookalike.cli.screen import put, table
from lookalike.nouns.measure import Measure
from lookalike.pages.evaluation_words import baseline, beats, interval, share


def show_figures(out: Console, measures: Iterable[Measure]) -> None:
    """A line for each figure, with its interval and beside what needs no model."""
    grid = table("measure", "value", "95 % interval", "baseline", right=("value", "95 % interval"))
    for measure in measures:
        style = "" if beats(measure) else "yellow"
        value = Text(share(measure.value), style=style)
        grid.add_row(measure.name, value, interval(measure), Text(baseline(measure), style="dim"))
    out.print()
    put(out, grid)
