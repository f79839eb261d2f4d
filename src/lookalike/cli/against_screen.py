"""Which pictures a reference has already, file by file, for a person at a terminal."""

from rich.console import Console
from rich.text import Text

from lookalike.cli.screen import console, level, name, why
from lookalike.nouns.against_report import AgainstReport, Asked
from lookalike.pages.words import count, percent, visible

KNOWN_SHOWN = 15
COPIES_SHOWN = 4
NEW_SHOWN = 15


def show_against(report: AgainstReport) -> None:
    """How many are there already, each with its copies, then the new ones."""
    out = console()
    out.print(Text(_sum(report), style="bold"))
    for asked in report.known[:KNOWN_SHOWN]:
        _show_known(out, asked)
    if (hidden := len(report.known) - KNOWN_SHOWN) > 0:
        out.print(Text(f"and {count(hidden, 'more file')}; --csv lists them all", style="dim"))
    new = [asked for asked in report.asked if asked.is_new]
    if new:
        out.print(Text("\nNew:", style="bold"))
    for asked in new[:NEW_SHOWN]:
        out.print(Text("   ").append_text(name(asked.file.path)))
    if (hidden := len(new) - NEW_SHOWN) > 0:
        out.print(Text(f"   and {count(hidden, 'more file')}; --csv lists them all", style="dim"))
    for failure in report.failed[:NEW_SHOWN]:
        out.print(Text(f"\nNot read: {visible(str(failure.path))}: {failure.reason}", style="dim"))


def _sum(report: AgainstReport) -> str:
    there = visible(report.reference.name or str(report.reference))
    known, asked = len(report.known), count(len(report.asked), "file")
    return f"{known:,} of {asked} in {there} already, {len(report.asked) - known:,} new."


def _show_known(out: Console, asked: Asked) -> None:
    out.print()
    out.print(name(asked.file.path))
    for copy in asked.copies[:COPIES_SHOWN]:
        line = Text("   ").append_text(name(copy.file.path)).append(", ")
        line.append_text(level(copy.verdict))
        line.append(f", {percent(copy.verdict.probability)} sure: ")
        out.print(line.append_text(why(copy.verdict)))
    if (hidden := len(asked.copies) - COPIES_SHOWN) > 0:
        out.print(Text(f"   and {count(hidden, 'more copy', 'more copies')}", style="dim"))
