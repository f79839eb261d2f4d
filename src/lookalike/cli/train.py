"""`lookalike train` and `lookalike recipes`."""

from functools import partial
from pathlib import Path
from typing import Unpack

import click

from lookalike.cli.answer import answer
from lookalike.cli.bar import Bar
from lookalike.cli.options import DataOptions, data_options


@click.command()
@click.argument("recipe", metavar="RECIPE")
@click.option("--data", "source", help="Folder, list or standard set.  [default: the recipe's]")
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Model file to write.  [default: NAME.onnx, here]",
)
@click.option(
    "--runs",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder of checkpoints and logs.  [default: runs/NAME, here]",
)
@click.option(
    "--set",
    "settings",
    multiple=True,
    metavar="PART.KEY=VALUE",
    help="Change the recipe, as in --set fit.epochs=20; may be given several times.",
)
@click.option("--quick", is_flag=True, help="A trial of minutes: few pictures, few steps.")
@click.option("--fresh", is_flag=True, help="Begin anew, even where a run was interrupted.")
@click.option(
    "--html", type=click.Path(path_type=Path, dir_okay=False), help="Write the report as a page."
)
@data_options
def train(
    recipe: str,
    source: str | None,
    out: Path | None,
    runs: Path | None,
    settings: tuple[str, ...],
    quick: bool,
    fresh: bool,
    html: Path | None,
    **data: Unpack[DataOptions],
) -> None:
    """Train a model of your own, judge it, and write it as one file.

    RECIPE is a name that `lookalike recipes` lists, or a .toml file. Thresholds come from the
    validation part, figures from the test part. Stop it with Ctrl-C whenever you like; the same
    command goes on from the last finished epoch.

    \b
    Examples:
      lookalike train mnist-triplets
      lookalike train photos-nt-xent --data ~/Pictures --set backbone.names=resnet50
    """  # noqa: D301
    from lookalike.cli.training_tables import show_train, tell_epoch
    from lookalike.verbs.recipes import as_changes, load_recipe
    from lookalike.verbs.train import train as run

    changes = as_changes(list(settings))
    if source is not None:
        changes.setdefault("data", {})["source"] = source
    made = load_recipe(recipe, changes, quick=quick)
    with Bar("Reading") as bar:
        report = run(
            made,
            out=out,
            runs=runs,
            resume=not fresh,
            html=html,
            progress=bar,
            on_phase=bar.begin,
            on_epoch=partial(tell_epoch, n_epochs=made.fit.epochs),
        )
    answer(report, data, partial(show_train, page=html is not None))


@click.command()
@click.argument("name", required=False)
def recipes(name: str | None) -> None:
    """List the recipes that train knows by name, or show one.

    \b
    Examples:
      lookalike recipes
      lookalike recipes mnist-triplets > mine.toml
    """  # noqa: D301
    from lookalike.cli.training_tables import show_recipes
    from lookalike.verbs.recipes import load_recipe, recipe_names, recipe_text

    if name is not None:
        click.echo(recipe_text(name), nl=False)
        return
    show_recipes([load_recipe(known) for known in recipe_names()])
