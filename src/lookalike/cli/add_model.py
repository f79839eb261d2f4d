"""`lookalike models add`."""

from pathlib import Path
from typing import TYPE_CHECKING, Unpack, cast

import click

from lookalike.cli.answer import answer
from lookalike.cli.bar import Bar
from lookalike.cli.options import DataOptions, data_options

if TYPE_CHECKING:
    from lookalike.nouns.recipe import Pooling


@click.command()
@click.argument("name")
@click.option(
    "--weights",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Weights of this network that are here already: .pt, .pth, .npz or .safetensors.",
)
@click.option(
    "--data", "pictures", metavar="FOLDER", help="Pictures that probabilities are fitted on."
)
@click.option(
    "--pooling",
    type=click.Choice(("avg", "gem")),
    default="avg",
    show_default=True,
    help="How the last map of timm's networks becomes a vector; avg is the network's own way.",
)
@click.option(
    "--size",
    "size_px",
    type=click.IntRange(0),
    default=0,
    metavar="PIXELS",
    help="Input side.  [default: the network's own]",
)
@click.option("--half", is_flag=True, help="Store 16-bit weights: half the size.")
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Model file to write.  [default: NAME.onnx in the models folder]",
)
@data_options
def add(
    name: str,
    weights: Path | None,
    pictures: str | None,
    pooling: str,
    size_px: int,
    half: bool,
    out: Path | None,
    **data: Unpack[DataOptions],
) -> None:
    """Bring a published image encoder into one model file.

    NAME is one of timm's networks, OWNER/REPOSITORY of the Hugging Face hub, in the layout of
    transformers or of timm, or a folder that holds such a repository. Needs the extra train, that
    layout the extra hub, and once a network. CLIP and its kind bring their words too, for
    lookalike search "a red bicycle".

    \b
    Examples:
      lookalike models add vit_small_patch14_dinov2.lvd142m --size 224
      lookalike models add openai/clip-vit-base-patch32
      lookalike models add resnet50 --weights resnet50.pt --data ~/Pictures
    """  # noqa: D301
    from lookalike.cli.training_tables import show_export
    from lookalike.verbs.add_model import add_model as run

    with Bar("Calibrating") as bar:
        report = run(
            name,
            weights=weights,
            data=pictures,
            pooling=cast("Pooling", pooling),
            size_px=size_px,
            half=half,
            out=out,
            progress=bar,
        )
    answer(report, data, show_export)
