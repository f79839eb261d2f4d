"""Recognised pictures, for a person at a terminal."""

from rich.text import Text

from lookalike.cli.figures import show_figures
from lookalike.cli.screen import console, name, put, table
from lookalike.cli.tables import show_failed
from lookalike.nouns.recognise_report import RecogniseReport
from lookalike.pages.match_words import judged_words
from lookalike.pages.recognise_words import recognise_sentence, stated_sentence
from lookalike.pages.words import percent

LINES_SHOWN = 40


def show_recognise(report: RecogniseReport) -> None:
    """A line for each picture with its class or none, then how many are right."""
    out = console()
    out.print(Text(recognise_sentence(report), style="bold"))
    out.print(Text(stated_sentence(report), style="dim"))
    told = any(each.right is not None for each in report.recognised)
    heads = ("picture", "class", "sure", *(("",) if told else ()))
    grid = table(*heads, right=("sure",))
    for each in report.recognised[:LINES_SHOWN]:
        style = "magenta" if each.is_known else "dim"
        sure = Text(percent(each.guesses[0].probability) if each.is_known else "", style)
        cells = [name(each.path), name(each.answer), sure]
        if told:
            cells.append(Text(judged_words(each.right), "" if each.right else "yellow"))
        grid.add_row(*cells)
    out.print()
    put(out, grid)
    if (hidden := len(report.recognised) - LINES_SHOWN) > 0:
        out.print(Text(f"and {hidden:,} more, which --csv lists", style="dim"))
    if report.measures:
        show_figures(out, report.measures)
    show_failed(out, report.failed, "could not be read")
