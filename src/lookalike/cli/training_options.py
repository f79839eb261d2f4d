"""What `train` and `distil` have in common: options, and how a run is shown."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from lookalike.cli.answer import answer
from lookalike.cli.bar import Bar
from lookalike.cli.options import Command, DataOptions, data_options, html_option

if TYPE_CHECKING:
    from lookalike.nouns.train_report import TrainReport


class TrainingOptions(DataOptions):
    """What `training_options` adds to a command."""

    source: str | None
    out: Path | None
    runs: Path | None
    settings: tuple[str, ...]
    quick: bool
    fresh: bool
    html: Path | None


_OPTIONS = (
    click.option("--data", "source", help="Folder, list or standard set.  [default: the recipe's]"),
    click.option(
        "--out",
        type=click.Path(path_type=Path, dir_okay=False),
        help="Model file to write.  [default: NAME.onnx, here]",
    ),
    click.option(
        "--runs",
        type=click.Path(path_type=Path, file_okay=False),
        help="Folder of checkpoints and logs.  [default: runs/NAME, here]",
    ),
    click.option(
        "--set",
        "settings",
        multiple=True,
        metavar="PART.KEY=VALUE",
        help="Change the recipe, as in --set fit.epochs=20.",
    ),
    click.option("--quick", is_flag=True, help="A trial of minutes: few pictures, few steps."),
    click.option("--fresh", is_flag=True, help="Begin anew, even where a run was interrupted."),
    data_options,
    html_option,
)


def training_options(command: Command) -> Command:
    """--data, --out, --runs, --set, --quick, --fresh, --html, --json and --csv."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def run_training(verb: "Callable[..., TrainReport]", recipe: str, options: TrainingOptions) -> None:
    """Runs a recipe as the options say, and shows what came of it."""
    from lookalike.cli.training_tables import epoch_line, show_train
    from lookalike.verbs.recipes import as_changes, load_recipe

    changes = as_changes(list(options["settings"]))
    if options["source"] is not None:
        changes.setdefault("data", {})["source"] = options["source"]
    made = load_recipe(recipe, changes, quick=options["quick"])
    html = options["html"]
    with Bar("Reading") as bar:
        report = verb(
            made,
            out=options["out"],
            runs=options["runs"],
            resume=not options["fresh"],
            html=html,
            progress=bar,
            on_phase=bar.begin,
            on_epoch=lambda epoch: bar.say(epoch_line(epoch, made.fit.epochs)),
        )
    answer(report, options, partial(show_train, page=html is not None))
    if html is not None and report.judged is not None:
        from lookalike.pages.words import visible

        click.echo(f"The page is at {visible(str(html.expanduser().absolute()))}", err=True)
