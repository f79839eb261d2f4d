"""The user's own answers, for a person at a terminal."""

from rich.text import Text

from lookalike.cli.screen import console, name
from lookalike.nouns.answers import TuneReport
from lookalike.pages.words import count


def show_tune(report: TuneReport) -> None:
    """How many answers there are, and each of them."""
    out = console()
    known = count(len(report.pairs), "answer") if report.pairs else "No answers"
    new = f", {report.added:,} given now" if report.added else ""
    waiting = f", {report.n_waiting:,} more about pictures that are gone" * bool(report.n_waiting)
    out.print(Text(f"{known}{new}{waiting}.", style="bold"))
    if report.tuned_by:
        by = count(report.tuned_by, "answer")
        change = f"multiplied by {report.scale:.2f}, and {report.shift:+.2f} added"
        told = f"The log-odds of doubtful pairs are {change}: so say {by} to questions."
        out.print(Text(told, style="dim"))
    for pair in report.pairs:
        said = "the same" if pair.same else "not the same"
        line = Text("   ").append_text(name(pair.first)).append(" and ")
        out.print(line.append_text(name(pair.second)).append(f": {said}", style="dim"))
