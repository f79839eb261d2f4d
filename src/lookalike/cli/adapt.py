"""`lookalike adapt`."""

from pathlib import Path
from typing import Unpack

import click

from lookalike.cli.answer import answer
from lookalike.cli.bar import Bar
from lookalike.cli.options import DataOptions, data_options


@click.command()
@click.argument("folders", metavar="FOLDER [FOLDER]", nargs=-1, required=True,
                type=click.Path(path_type=Path))  # fmt: skip
@click.option(
    "--model",
    default="built-in",
    show_default=True,
    metavar="MODEL",
    help="Name or .onnx file of the model to adapt.",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Model file to write.  [default: named after model and folder, here]",
)
@click.option(
    "--provider",
    default="auto",
    show_default=True,
    help="What runs the model: auto, cpu, openvino, cuda, coreml or directml.",
)
@click.option("--seed", type=click.IntRange(0), default=0, show_default=True, help="Of all chance.")
@data_options
def adapt(
    folders: tuple[Path, ...],
    model: str,
    out: Path | None,
    provider: str,
    seed: int,
    **data: Unpack[DataOptions],
) -> None:
    """Teach a model one collection, without labels; it is never worse afterwards.

    Two layers behind the model learn to bring a picture and its edited and worn copies together.
    Pictures that were kept out judge it: unless it finds their originals better, beyond chance,
    the old model stays and nothing is written. Takes minutes.

    \b
    Examples:
      lookalike adapt ~/Pictures
      lookalike adapt photos scans --model photos.onnx --out album.onnx
    """  # noqa: D301
    from lookalike.cli.adapt_screen import show_adapt
    from lookalike.verbs.adapt import adapt as run

    with Bar("Reading pictures") as bar:
        report = run(
            folders,
            model,
            out=out,
            provider=provider,
            seed=seed,
            progress=bar,
            on_phase=bar.begin,
        )
    answer(report, data, show_adapt)
