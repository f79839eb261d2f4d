"""What `train` and `recipes` say to a person at a terminal."""

import click
from rich.text import Text

from lookalike.cli import hints
from lookalike.cli.evaluation_tables import show_evaluation
from lookalike.cli.screen import console, name, put, table
from lookalike.cli.tables import show_failed
from lookalike.nouns.recipe import Recipe
from lookalike.nouns.train_report import Epoch, TrainReport
from lookalike.pages.words import count


def tell_epoch(epoch: Epoch, *, n_epochs: int) -> None:
    """One line for each pass, on standard error."""
    measured = "" if epoch.measure is None else f", validation {epoch.measure:.4f}"
    took = f"{epoch.seconds:.0f} s" if epoch.seconds >= 10 else f"{epoch.seconds:.1f} s"
    number = f"{epoch.number:>{len(str(n_epochs))}} of {n_epochs}"
    click.echo(f"epoch {number}: loss {epoch.loss:.4f}{measured}, {took}", err=True)


def show_train(report: TrainReport, *, page: bool = False) -> None:
    """What was made, how it went, and how good it is."""
    out = console()
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
    if report.judged is not None:
        out.print()
        show_evaluation(report.judged, page=page)
    hints.show(
        out,
        ("Compare two pictures", hints.command("compare", "A", "B", "--model", str(report.model))),
        ("Find a picture", f"lookalike search PHOTO --in FOLDER --model {report.model}"),
    )


def _kept(report: TrainReport) -> str:
    if not report.best_epoch:
        return "the weights it started with: no epoch was better"
    best = report.epochs[report.best_epoch - 1]
    if best.measure is None:
        return f"epoch {report.best_epoch}, the last"
    return f"epoch {report.best_epoch}, {report.measured} {best.measure:.4f} on validation"


def show_recipes(recipes: list[Recipe]) -> None:
    """A line for each recipe."""
    out = console()
    grid = table("recipe", "what it trains", head=False)
    for recipe in recipes:
        grid.add_row(Text(recipe.name, style="bold"), Text(recipe.summary))
    put(out, grid)
    hints.show(
        out,
        ("See if it runs here", "lookalike train mnist-triplets --quick"),
        ("Write your own", "lookalike recipes mnist-triplets > mine.toml"),
    )
