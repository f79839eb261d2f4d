"""What adapting a model has brought, for a person at a terminal."""

from rich.text import Text

from lookalike.cli import hints
from lookalike.cli.screen import console, name, put, table
from lookalike.cli.tables import show_failed
from lookalike.nouns.adapt_report import AdaptReport
from lookalike.pages.words import count, duration


def show_adapt(report: AdaptReport) -> None:
    """Whether the model was taken, both figures before and after, and what to do with it."""
    out = console()
    taken = report.model is not None
    gain = f"{100 * report.gain.value:+.1f}"
    said = "Better" if taken else "Not better beyond chance: the model stays as it is"
    out.print(Text(f"{said} ({gain} points of 100, {duration(report.seconds)}).", style="bold"))
    grid = table("edited copies of pictures kept out", "before", "after", right=("before", "after"))
    for before, after in zip(report.before, report.after, strict=True):
        words = "find their original first" if before.name == "original first" else "mean 1 / place"
        grid.add_row(words, f"{100 * before.value:.1f} %", f"{100 * after.value:.1f} %")
    out.print()
    put(out, grid, indent=2)
    kept = f"{count(report.n_pictures, 'picture')}, {report.n_held_out:,} of them kept out."
    out.print(Text(f"\n{kept}", style="dim"))
    for remark in report.remarks:
        out.print(Text(remark, style="dim"))
    show_failed(out, report.failed, "could not be read")
    if report.model is not None:
        out.print(Text("\nThe model is at ").append_text(name(report.model)))
        line = hints.command("index", report.folders[0], "--model", report.model, "--rebuild")
        hints.show(out, ("Use it", line))
