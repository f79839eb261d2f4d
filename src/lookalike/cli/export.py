"""`lookalike export`."""

from pathlib import Path
from typing import TYPE_CHECKING, Unpack, cast

import click

from lookalike.cli.answer import answer
from lookalike.cli.bar import Bar
from lookalike.cli.options import DataOptions, data_options

if TYPE_CHECKING:
    from lookalike.nouns.recipe import Pooling


@click.command()
@click.argument("source", type=click.Path(path_type=Path))
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Model file to write.  [default: named after SOURCE, here]",
)
@click.option("--architecture", default="", metavar="NAME", help="Of a file of weights.")
@click.option(
    "--pooling",
    type=click.Choice(("avg", "gem")),
    default="avg",
    show_default=True,
    help="Of a file of weights: how its last map becomes a vector.",
)
@click.option(
    "--size",
    "size_px",
    type=click.IntRange(0),
    default=0,
    metavar="PIXELS",
    help="Input side of a file of weights.  [default: the network's own]",
)
@click.option(
    "--data",
    "pictures",
    help="Labelled pictures that probabilities are fitted on.  [default: those of the run]",
)
@click.option("--half", is_flag=True, help="Store 16-bit weights: half the size.")
@data_options
def export(
    source: Path,
    out: Path | None,
    architecture: str,
    pooling: str,
    size_px: int,
    pictures: str | None,
    half: bool,
    **data: Unpack[DataOptions],
) -> None:
    """Write a trained network as one model file.

    SOURCE is the folder of a run, finished or not, whose best epoch is taken; or a file of
    weights (.pt, .pth, .npz or .safetensors) with --architecture.

    \b
    Examples:
      lookalike export runs/mnist-triplets
      lookalike export resnet20.pt --architecture resnet20 --data ~/flowers
    """  # noqa: D301
    from lookalike.cli.training_tables import show_export
    from lookalike.verbs.export import export as run

    with Bar("Calibrating") as bar:
        report = run(
            source,
            out=out,
            architecture=architecture,
            pooling=cast("Pooling", pooling),
            size_px=size_px,
            data=pictures,
            half=half,
            progress=bar,
        )
    answer(report, data, show_export)
