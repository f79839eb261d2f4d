"""`lookalike distil`."""

from functools import partial
from typing import Unpack

import click

from lookalike.cli.training_options import TrainingOptions, run_training, training_options


@click.command()
@click.argument("recipe", metavar="RECIPE")
@click.option(
    "--teacher",
    "teachers",
    multiple=True,
    metavar="MODEL",
    help="Name or .onnx file of a teacher.  [default: the recipe's]",
)
@training_options
def distil(recipe: str, teachers: tuple[str, ...], **options: Unpack[TrainingOptions]) -> None:
    """Teach a small model what larger ones know, without labels.

    RECIPE is a name that `lookalike recipes` lists, or a .toml file; it tells the student's
    network. Each teacher looks at each picture once. Several teachers are joined.

    \b
    Examples:
      lookalike distil photos-distil --teacher large.onnx --data ~/Pictures
      lookalike distil student.toml --teacher one.onnx --teacher other.onnx
    """  # noqa: D301
    from lookalike.verbs.distil import distil as run

    run_training(partial(run, teachers=teachers), recipe, options)
