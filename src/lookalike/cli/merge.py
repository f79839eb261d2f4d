"""`lookalike merge`."""

from pathlib import Path
from typing import Unpack

import click

from lookalike.cli.answer import answer
from lookalike.cli.bar import Bar
from lookalike.cli.options import DataOptions, data_options, index_option


class MergeOptions(DataOptions):
    """All options but those of this command alone."""

    index_folder: Path | None


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.argument("shards", nargs=-1, type=click.Path(path_type=Path))
@click.option("--rebuild", is_flag=True, help="Put the result in the place of an older index.")
@index_option
@data_options
def merge(
    folder: Path, shards: tuple[Path, ...], rebuild: bool, **options: Unpack[MergeOptions]
) -> None:
    """Join the shares of a folder that several processes or machines have read.

    SHARDS are the folders of their indexes; left out, those in the folder of the index. The
    result is the index that one run would have made.

    \b
    Examples:
      lookalike index /mnt/photos --shard 1/2    on one machine
      lookalike index /mnt/photos --shard 2/2    on another
      lookalike merge /mnt/photos
    """  # noqa: D301
    from lookalike.cli.merge_screen import show_merge
    from lookalike.verbs.merge import merge as run

    with Bar("Merging shares") as bar:
        report = run(folder, shards, index=options["index_folder"], rebuild=rebuild, progress=bar)
    answer(report, options, show_merge)
