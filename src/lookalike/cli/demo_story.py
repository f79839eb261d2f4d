"""What the demo tells: what was planted, found and missed, one search, one comparison."""

from rich.console import Console
from rich.text import Text

from lookalike.cli import hints
from lookalike.cli.screen import console, level, name, put, table
from lookalike.cli.tables import show_answer
from lookalike.nouns.demo_report import DemoReport
from lookalike.pages.sentences import demo_sentence
from lookalike.pages.words import count, duration, percent, visible

BAR_WIDTH = 15
HITS_SHOWN = 3
OWN = "lookalike duplicates FOLDER"
DONE = {
    "jpeg low": "saved at low quality",
    "half size": "half as wide and high",
    "mirror": "mirrored",
    "quarter turn": "turned by a quarter",
    "brightness contrast": "brightness and contrast",
    "sepia blur": "sepia and blurred",
    "crop 75": "cut to three quarters",
    "caption": "caption written over it",
    "border": "border around it",
}
"""Plainer words for edits whose names are short."""


def show_demo(report: DemoReport) -> None:
    """The result first, then each command with what it answers."""
    out = console()
    n_files = report.indexed.n_files
    took = duration(report.indexed.seconds)
    planted = sum(report.planted.values())
    out.print(Text(demo_sentence(report), style="bold"))
    made = f"An album of {count(n_files, 'picture')} was made, {planted} of them edited copies"
    out.print(Text(f"{made}; reading it took {took}.", style="dim"))
    _show_duplicates(out, report)
    _show_search(out, report)
    _show_compare(out, report)
    page = visible(str(report.page))
    hints.show(out, ("All copies side by side", page), ("With pictures of your own", OWN))


def _show_duplicates(out: Console, report: DemoReport) -> None:
    """How many of the planted copies were found, by edit, and what was wrong."""
    _say(out, hints.command("duplicates", report.indexed.folder))
    grid = table("edit", "found", "bar", right=("found",), head=False)
    for edit, planted in report.planted.items():
        found = report.found.get(edit, 0)
        full = round(BAR_WIDTH * found / planted)
        colour = "green" if found == planted else "yellow"
        bar = Text("█" * full, style=colour).append("░" * (BAR_WIDTH - full), style="dim")
        grid.add_row(DONE.get(edit, edit), f"{found} of {planted}", bar)
    put(out, grid, indent=2)
    for pair in report.false_pairs:
        wrong = Text("  wrong: ", style="red").append_text(name(pair.first))
        out.print(wrong.append(" and ").append_text(name(pair.second)))


def _show_search(out: Console, report: DemoReport) -> None:
    asked = report.search.answers[0]
    folder = report.indexed.folder
    k = ("-k", str(HITS_SHOWN))
    _say(out, hints.command("search", asked.query, "--in", folder, *k))
    shown = type(asked)(asked.query, asked.hits[:HITS_SHOWN])
    show_answer(out, shown, named=False)


def _show_compare(out: Console, report: DemoReport) -> None:
    first = report.compared.pairs[0].first
    for pair in report.compared.pairs[:2]:
        _say(out, hints.command("compare", first, pair.second))
        said = Text("  ").append_text(level(pair.verdict))
        said.append(f", {percent(pair.verdict.probability)} sure")
        out.print(said.append(f": {pair.verdict.reason}", style="dim"))


def _say(out: Console, line: str) -> None:
    out.print()
    grid = table("prompt", "line", head=False)
    grid.padding = (0, 1, 0, 0)
    grid.add_row(Text("$", style="dim"), Text(line, style="bold cyan"))
    put(out, grid)
