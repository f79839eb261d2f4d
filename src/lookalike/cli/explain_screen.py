"""Why two pictures are alike, for a person at a terminal."""

from rich.text import Text

from lookalike.cli.screen import console, put, table
from lookalike.nouns.explain_report import ExplainReport
from lookalike.pages.explain_page import outline_sentence, place_of, report_sentence
from lookalike.pages.words import named, percent


def show_explain(report: ExplainReport) -> None:
    """The verdict, what it rests on, and the regions of both pictures."""
    out = console()
    verdict = report.verdict
    sure = f"{percent(verdict.probability)} sure: {verdict.reason}."
    out.print(Text(f"{named(verdict).capitalize()}, {sure}", style="bold"))
    out.print(Text(report_sentence(report)))
    if sentence := outline_sentence(report):
        out.print(Text(sentence))
    grid = table("picture", "where", "weight", right=("weight",))
    for letter, side in zip("AB", report.sides, strict=True):
        for region in side.regions:
            grid.add_row(letter, place_of(region), percent(region.weight))
    if grid.row_count:
        out.print()
        put(out, grid, indent=2)
