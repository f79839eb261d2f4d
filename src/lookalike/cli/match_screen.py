"""Poor pictures and their originals, for a person at a terminal."""

from rich.text import Text

from lookalike.cli.figures import show_figures
from lookalike.cli.screen import console, name, put, table
from lookalike.cli.tables import show_failed
from lookalike.nouns.match_report import MatchReport
from lookalike.pages.match_words import (
    assumed_sentence,
    judged_words,
    looked_sentence,
    match_sentence,
    why_words,
)
from lookalike.pages.words import percent

LINES_SHOWN = 40


def show_match(report: MatchReport) -> None:
    """A line for each target with its match or none, then how many are right."""
    out = console()
    out.print(Text(match_sentence(report), style="bold"))
    out.print(Text(assumed_sentence(report), style="dim"))
    if looked := looked_sentence(report):
        out.print(Text(looked, style="dim"))
    told = any(each.right is not None for each in report.matched)
    why = any(why_words(each) for each in report.matched[:LINES_SHOWN])
    heads = ("picture", "original", "sure", *(("",) if told else ()), *(("why",) if why else ()))
    grid = table(*heads, right=("sure",))
    for each in report.matched[:LINES_SHOWN]:
        style = "green" if each.is_match else "dim"
        sure = each.probability if each.is_match else 1 - each.probability
        original = name(each.original) if each.original is not None else Text("no match", style)
        cells = [name(each.target), original, Text(percent(sure), style)]
        if told:
            cells.append(Text(judged_words(each.right), "" if each.right else "yellow"))
        if why:
            cells.append(Text(why_words(each), "dim"))
        grid.add_row(*cells)
    out.print()
    put(out, grid)
    if (hidden := len(report.matched) - LINES_SHOWN) > 0:
        out.print(Text(f"and {hidden:,} more, which --csv lists", style="dim"))
    if report.measures:
        show_figures(out, report.measures)
    show_failed(out, report.failed, "could not be read")
