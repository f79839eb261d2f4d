"""What a clean-up would do, and what it did, for a terminal."""

from rich.text import Text

from lookalike.cli import screen
from lookalike.nouns.clean_plan import CleanPlan
from lookalike.nouns.clean_report import CleanReport, OperationsReport
from lookalike.pages.words import count, size, visible

SHOWN = 15


def show_plan(plan: CleanPlan) -> None:
    """What would go, what stays for it and why."""
    out = screen.console()
    if not plan.removals:
        out.print(Text("Nothing to clean up.", style="bold"))
        return
    words = (
        f"{count(plan.n_files, 'file')} would go, {size(plan.size_bytes)}. Nothing is touched yet."
    )
    out.print(Text(words + "\n", style="bold"))
    for removal in plan.removals[:SHOWN]:
        out.print(Text(f"  {visible(removal.path)}"))
        for companion in removal.companions:
            out.print(Text(f"  with {visible(companion)}", style="dim"))
        keeper = removal.keeper if plan.reference is None else str(plan.reference / removal.keeper)
        out.print(Text(f"    stays: {visible(keeper)}", style="green"))
        out.print(Text(f"    why:   {removal.reason}", style="dim"))
    if (hidden := len(plan.removals) - SHOWN) > 0:
        out.print(f"  ... and {count(hidden, 'more file')}: --csv lists them all")
    out.print("\nTo move them aside, add --apply; lookalike undo brings them back.")


def show_cleaned(report: CleanReport) -> None:
    """What was moved, what was left alone and why, and how to go back."""
    out = screen.console()
    done = {"clean": "moved aside", "undo": "put back", "purge": "deleted for good"}
    words = f"{count(len(report.moved), 'file')} {done[report.action]}, {size(report.size_bytes)}."
    out.print(Text(words, style="bold"))
    for moved in report.beside[:SHOWN]:
        out.print(Text(f"  {visible(moved.path)} is back as {visible(moved.to)}"))
    for skipped in report.skipped[:SHOWN]:
        out.print(Text(f"  left alone: {visible(skipped.path)}: {skipped.reason}"))
    if (hidden := len(report.skipped) - SHOWN) > 0:
        out.print(f"  ... and {count(hidden, 'more')} left alone: --csv lists them all")
    if report.undo and report.moved:
        out.print(Text(f"They lie in {visible(str(report.quarantine))}", style="dim"))
        out.print(f"To bring them back: {visible(report.undo)}")


def show_operations(report: OperationsReport) -> None:
    """A line for each clean-up."""
    out = screen.console()
    if not report.operations:
        out.print("No clean-up was made here.")
        return
    grid = screen.table("clean-up", "when", "files", "size", "state", right=("files", "size"))
    for one in report.operations:
        files = f"{one.n_files:,}"
        grid.add_row(one.id, one.when, files, size(one.size_bytes), str(one.state))
    screen.put(out, grid)
