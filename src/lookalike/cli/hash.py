"""`lookalike hash`."""

from pathlib import Path
from typing import TYPE_CHECKING, Unpack

import click

from lookalike.cli.answer import answer
from lookalike.cli.options import DataOptions, data_options

if TYPE_CHECKING:
    from lookalike.nouns.hash_report import HashedPicture
    from lookalike.nouns.picture import Failure

KINDS = ("perceptual", "average", "difference", "wavelet", "pdq")


@click.command("hash")
@click.argument(
    "paths", metavar="PATH...", nargs=-1, required=True, type=click.Path(path_type=Path)
)
@click.option(
    "--kind",
    type=click.Choice(KINDS),
    default="perceptual",
    show_default=True,
    help="Which hash; pdq has 256 bits, the others have 64.",
)
@click.option("--orientations", is_flag=True, help="Print the hashes of all eight orientations.")
@click.option(
    "--threads", type=click.IntRange(1), help="Pictures worked on at a time.  [default: one a core]"
)
@data_options
def hash_files(
    paths: tuple[Path, ...],
    kind: str,
    orientations: bool,
    threads: int | None,
    **data: Unpack[DataOptions],
) -> None:
    """Print the perceptual hashes of picture files and of folders.

    One line a picture: its hash in hexadecimal, then its path. What cannot be read is told on
    standard error; only where nothing could be hashed is that an error.

    \b
    Examples:
      lookalike hash ~/Pictures
      lookalike hash a.jpg b.jpg --kind pdq --csv
    """  # noqa: D301
    from lookalike.nouns.errors import InputError
    from lookalike.nouns.hash_report import HashedPicture
    from lookalike.verbs.hash import each_hash, hash_pictures

    done = 0
    if data["as_json"] or data["as_csv"]:
        report = hash_pictures(paths, kind=kind, orientations=orientations, threads=threads)
        answer(report, data, lambda report: None)
        done = len(report.pictures)
        for failure in report.failed:
            _tell(failure)
    else:
        for hashed in each_hash(paths, kind=kind, orientations=orientations, threads=threads):
            if isinstance(hashed, HashedPicture):
                _show(hashed)
                done += 1
            else:
                _tell(hashed)
    if not done:
        raise InputError(
            "No picture could be hashed", mend="name picture files, or folders that hold some"
        )


def _show(hashed: "HashedPicture") -> None:
    from lookalike.pages.words import visible

    path = visible(str(hashed.path))
    for name, number in hashed.turned:
        click.echo(f"{number}  {path}  ({name})")
    if not hashed.turned:
        click.echo(f"{hashed.hash}  {path}")


def _tell(failure: "Failure") -> None:
    from lookalike.pages.words import visible

    click.echo(f"{visible(str(failure.path))}: {failure.reason}", err=True)
