"""What `train`, `distil`, `export` and `recipes` say to a person at a terminal."""

from pathlib import Path

from rich.text import Text

from lookalike.cli import hints
from lookalike.cli.evaluation_tables import show_evaluation
from lookalike.cli.screen import console, name, put, table
from lookalike.cli.tables import show_failed
from lookalike.nouns.export_report import ExportReport
from lookalike.nouns.recipes_report import RecipesReport
from lookalike.nouns.train_report import Epoch, TrainReport
from lookalike.pages.words import count

MINUS_THE_LOSS = "minus the loss"
"""What validation measures where nothing is known of the pictures: told as the loss itself."""


def epoch_line(epoch: Epoch, n_epochs: int) -> str:
    """What one pass came to; a measure below 0 is minus a loss."""
    if epoch.measure is None:
        measured = ""
    else:
        kind = "validation" if epoch.measure >= 0 else "validation loss"
        measured = f", {kind} {abs(epoch.measure):.4f}"
    took = f"{epoch.seconds:.0f} s" if epoch.seconds >= 10 else f"{epoch.seconds:.1f} s"
    number = f"{epoch.number:>{len(str(n_epochs))}} of {n_epochs}"
    return f"epoch {number}: loss {epoch.loss:.4f}{measured}, {took}"


def show_train(report: TrainReport, *, page: bool = False) -> None:
    """How good the model is; then, where a reader still sees it, what was made."""
    out = console()
    if report.judged is not None:
        show_evaluation(report.judged, page=page)
        out.print()
    passes = count(len(report.epochs), "epoch")
    made = f"{report.name} is trained: {passes} on {count(report.n_train, 'picture')}."
    out.print(Text(made, style="bold"))
    grid = table("name", "value", head=False)
    for key, value in (
        ("model", name(report.model)),
        ("weights", Text(f"{report.n_trained:,} trained of {report.n_parameters:,}")),
        ("arithmetic", Text({"32": "32-bit", "bf16": "16-bit (bf16)"}[report.precision])),
        ("kept", Text(_kept(report))),
        ("run", name(report.run_folder)),
    ):
        grid.add_row(Text(key, style="dim"), value)
    put(out, grid)
    for remark in report.remarks:
        out.print(Text(f"\n{remark}", style="yellow"))
    show_failed(out, report.failed, "could not be read")
    _show_uses(report.model)


def _kept(report: TrainReport) -> str:
    if not report.best_epoch:
        return "the weights it started with: no epoch was better"
    best = report.epochs[report.best_epoch - 1]
    if best.measure is None:
        return f"epoch {report.best_epoch}, the last"
    minus = report.measured == MINUS_THE_LOSS
    measured, value = ("loss", -best.measure) if minus else (report.measured, best.measure)
    return f"epoch {report.best_epoch}, {measured} {value:.4f} on validation"


def _show_uses(model: Path) -> None:
    hints.show(
        console(),
        ("Compare two pictures", hints.command("compare", "A", "B", "--model", model)),
        ("Find a picture", hints.command("search", "PHOTO", "--in", "FOLDER", "--model", model)),
    )


def show_export(report: ExportReport) -> None:
    """What was written."""
    out = console()
    out.print(Text(f"{report.name} is written.", style="bold"))
    grid = table("name", "value", head=False)
    for key, value in (
        ("model", name(report.model)),
        ("size", Text(f"{report.size_bytes / 1e6:,.1f} MB")),
        ("input", Text(f"{report.size_px} x {report.size_px} pixels")),
        ("embedding", Text(f"{report.d} numbers")),
        ("probabilities", Text(", ".join(report.relations) or "none")),
        ("words", name(report.words) if report.words else None),
    ):
        if value is not None:
            grid.add_row(Text(key, style="dim"), value)
    put(out, grid)
    for remark in report.remarks:
        out.print(Text(f"\n{remark}", style="yellow"))
    _show_uses(report.model)


def show_recipes(report: RecipesReport) -> None:
    """A line for each recipe."""
    out = console()
    grid = table("recipe", "what it trains", head=False)
    for recipe in report.recipes:
        told = Text(recipe.summary)
        if not recipe.data.source:
            told.append(" Needs --data.", style="dim")
        grid.add_row(Text(recipe.name, style="bold"), told)
    put(out, grid)
    hints.show(
        out,
        ("See if it runs here", "lookalike train mnist-triplets --quick"),
        ("Write your own", "lookalike recipes mnist-triplets > mine.toml"),
    )
