"""`lookalike map`."""

from pathlib import Path
from typing import Unpack

import click

from lookalike.cli.answer import answer
from lookalike.cli.bar import Bar
from lookalike.cli.options import (
    DataOptions,
    ReadyOptions,
    data_options,
    html_option,
    image_option,
    source_of,
    source_options,
)

METHODS = ("auto", "pca", "t-sne", "umap")


class MapOptions(ReadyOptions, DataOptions):
    """All options but those of this command alone."""


@click.command(name="map")
@click.argument("folder", type=click.Path(path_type=Path))
@click.option(
    "--method",
    type=click.Choice(METHODS),
    default="auto",
    show_default=True,
    help="How the map is made; auto is t-sne where scikit-learn is installed.",
)
@click.option(
    "--clusters",
    type=click.IntRange(0),
    default=0,
    help="How many clusters.  [default: the clearest number]",
)
@click.option(
    "--landmarks",
    type=click.IntRange(0),
    default=3000,
    show_default=True,
    help="Beyond so many pictures t-sne and umap lay out a sample and put the others beside it; "
    "0 lays out all, however long it takes.",
)
@click.option(
    "--labels",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Colours: a CSV file with the columns path and label.",
)
@click.option(
    "--groups",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Colours: what lookalike duplicates --save wrote.",
)
@click.option(
    "--where", metavar="FILTER", help="Lay out only some pictures; see lookalike search --help."
)
@click.option(
    "--seed",
    type=click.IntRange(0),
    default=0,
    show_default=True,
    help="The same seed, the same map.",
)
@image_option((".png", ".svg", ".pdf"), "Also write the map as a .png, .svg or .pdf for print.")
@click.option(
    "--colour", default="", metavar="NAME", help="What --image is coloured by.  [default: folder]"
)
@source_options
@data_options
@html_option
def map_command(
    folder: Path,
    method: str,
    clusters: int,
    landmarks: int,
    labels: Path | None,
    groups: Path | None,
    where: str | None,
    seed: int,
    image: Path | None,
    colour: str,
    html: Path | None,
    **options: Unpack[MapOptions],
) -> None:
    """Lay a folder out as a map on which like pictures lie together.

    --html writes the map as one page to zoom in, with the pictures under the pointer. Without an
    option the clusters are listed, each with the picture that is most like all of it.

    \b
    Examples:
      lookalike map ~/Pictures --html map.html
      lookalike map ~/Pictures --method pca --clusters 12 --image map.png
      lookalike map ~/Pictures --labels labels.csv --html map.html
    """  # noqa: D301
    from lookalike.cli.map_screen import show_map
    from lookalike.pages.words import visible
    from lookalike.verbs.map import map_pictures
    from lookalike.verbs.map_page import save_map, save_map_image

    with Bar("Reading pictures") as bar:
        report = map_pictures(
            source_of(folder, options, bar),
            method=method,
            clusters=clusters,
            landmarks=landmarks,
            labels=labels,
            groups=groups,
            where=where,
            seed=seed,
            on_phase=bar.begin,
        )
    answer(report, options, show_map)
    written = [save_map_image(report, image, colour=colour)] if image else []
    with Bar("Making small pictures") as bar:
        written += [save_map(report, html, progress=bar)] if html else []
    for path in written:
        click.echo(f"The map is at {visible(str(path))}", err=True)
