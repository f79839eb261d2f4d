"""`lookalike train` and `lookalike recipes`."""

from typing import Unpack

import click

from lookalike.cli.answer import answer
from lookalike.cli.options import DataOptions, data_options
from lookalike.cli.training_options import TrainingOptions, run_training, training_options


@click.command()
@click.argument("recipe", metavar="RECIPE")
@training_options
def train(recipe: str, **options: Unpack[TrainingOptions]) -> None:
    """Train a model of your own, judge it, and write it as one file.

    RECIPE is a name that `lookalike recipes` lists, or a .toml file. Thresholds come from the
    validation part, figures from the test part. Stop it with Ctrl-C whenever you like; the same
    command goes on from the last finished epoch.

    \b
    Examples:
      lookalike train mnist-triplets
      lookalike train imagenette-trios --data ~/flowers --set fit.epochs=20
    """  # noqa: D301
    from lookalike.verbs.train import train as run

    run_training(run, recipe, options)


@click.command()
@click.argument("name", required=False)
@data_options
def recipes(name: str | None, **data: Unpack[DataOptions]) -> None:
    """List the recipes that train knows by name, or print one.

    \b
    Examples:
      lookalike recipes
      lookalike recipes mnist-triplets > mine.toml
    """  # noqa: D301
    from lookalike.cli.training_tables import show_recipes
    from lookalike.nouns.recipes_report import RecipesReport
    from lookalike.verbs.recipes import load_recipe, recipe_names, recipe_text

    if name is not None:
        click.echo(recipe_text(name), nl=False)
        return
    report = RecipesReport(tuple(load_recipe(known) for known in recipe_names()))
    answer(report, data, show_recipes)
