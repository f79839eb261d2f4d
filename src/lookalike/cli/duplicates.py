"""`lookalike duplicates`."""

from pathlib import Path
from typing import Unpack

import click

from lookalike.cli.answer import answer, save
from lookalike.cli.bar import Bar
from lookalike.cli.options import (
    Command,
    DataOptions,
    ReadyOptions,
    data_options,
    html_option,
    share,
    source_of,
    source_options,
)


class DuplicatesOptions(ReadyOptions, DataOptions):
    """All options but those of this command alone."""

    save: Path | None
    against: Path | None
    against_index: Path | None
    new: bool
    files: tuple[Path, ...]


def _other_questions(command: Command) -> Command:
    """--save, --against, --against-index, --new and FILES."""
    document = click.option(
        "--save",
        type=click.Path(path_type=Path, dir_okay=False),
        metavar="FILE",
        help="Also write what was found as a document for lookalike clean FILE.",
    )
    against = click.option(
        "--against",
        type=click.Path(path_type=Path),
        metavar="REFERENCE",
        help="Only say which pictures of FOLDER this other folder has already.",
    )
    where = click.option(
        "--against-index",
        type=click.Path(path_type=Path, file_okay=False),
        metavar="FOLDER",
        help="Folder of the reference's index.  [default: .lookalike in the reference]",
    )
    new = click.option(
        "--new", is_flag=True, help="Only say which of FILES the folder has already."
    )
    files = click.argument("files", nargs=-1, type=click.Path(path_type=Path))
    return files(document(against(where(new(command)))))


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option(
    "--least-probability",
    type=click.FloatRange(0.5, 1, max_open=True),
    help="How sure a pair must be to be listed; 0.99 lists fewer, 0.5 more.  [default: 0.9]",
)
@click.option(
    "--wrong-at-most",
    metavar="SHARE",
    callback=share,
    help="Instead: as many pairs as can be, of which this share is wrong, such as 1%.",
)
@click.option(
    "--miss-at-most",
    metavar="SHARE",
    callback=share,
    help="Instead: as few pairs as can be that miss this share of all copies, such as 5%.",
)
@click.option(
    "--groups",
    "linkage",
    type=click.Choice(["complete", "medoid"]),
    default="complete",
    show_default=True,
    help="Every two files of a group are copies, or only each file and one in its middle.",
)
@_other_questions
@source_options
@data_options
@html_option
def duplicates(
    folder: Path,
    least_probability: float | None,
    wrong_at_most: float | None,
    miss_at_most: float | None,
    linkage: str,
    html: Path | None,
    **options: Unpack[DuplicatesOptions],
) -> None:
    """Find the copies in a folder, also edited ones.

    Exact, re-saved, resized, turned, mirrored, recoloured and more. No file is touched. Every two
    files of a group are copies of each other, and each pair says what was seen and how sure it is.

    \b
    Examples:
      lookalike duplicates ~/Pictures
      lookalike duplicates ~/Pictures --html copies.html
      lookalike duplicates ~/Pictures --csv > copies.csv
      lookalike duplicates ~/Pictures --wrong-at-most 1%
      lookalike duplicates ~/Card --against ~/Pictures --save known.json
      lookalike duplicates ~/Pictures --new ~/Downloads/*.jpg
    """  # noqa: D301
    shares = (wrong_at_most, miss_at_most)
    saved_new = options["save"] is not None and options["new"]
    if _is_other_question(options, plain=(html, *shares) == (None,) * 3 and not saved_new):
        if wrong_at_most is not None or miss_at_most is not None:
            raise click.UsageError(
                "--wrong-at-most and --miss-at-most go neither with --against nor with --new"
            )
        if linkage != "complete":
            raise click.UsageError("--groups goes neither with --against nor with --new")
        _answer_other_question(folder, least_probability, options)
        return
    from functools import partial

    from lookalike.cli.groups import show_duplicates
    from lookalike.verbs.duplicates import duplicates as run
    from lookalike.verbs.saved import save_duplicates

    with Bar("Reading pictures") as bar, Bar("Comparing pictures") as comparing:
        source = source_of(folder, options, bar)
        report = run(
            source,
            least_probability=least_probability,
            wrong_at_most=wrong_at_most,
            miss_at_most=miss_at_most,
            linkage=linkage,
            comparing=comparing,
        )
    answer(report, options, partial(show_duplicates, page=html is not None))
    save(report, html)
    if options["save"] is not None:
        click.echo(f"The document is at {save_duplicates(report, options['save'])}", err=True)


def _is_other_question(options: DuplicatesOptions, *, plain: bool) -> bool:
    """Whether the folder is held against something else; refuses what does not go together."""
    if options["new"] != bool(options["files"]):
        raise click.UsageError("--new goes with the files to ask about: FOLDER --new FILES")
    if options["against_index"] and not options["against"]:
        raise click.UsageError("--against-index goes with --against")
    if options["new"] and options["against"]:
        raise click.UsageError("--new and --against exclude each other")
    other = options["new"] or options["against"] is not None
    if other and not plain:
        raise click.UsageError(
            "--html, --wrong-at-most and --miss-at-most go neither with --against nor with "
            "--new, and --save not with --new"
        )
    return other


def _answer_other_question(folder: Path, asked: float | None, options: DuplicatesOptions) -> None:
    from dataclasses import replace

    from lookalike.cli.against_screen import show_against
    from lookalike.verbs.against import duplicates_against, duplicates_of
    from lookalike.verbs.saved import save_duplicates
    from lookalike.verdicts.promise import LEAST_PROBABILITY

    least_probability = LEAST_PROBABILITY if asked is None else asked

    with Bar("Reading pictures") as bar, Bar("Comparing pictures") as comparing:
        source = source_of(folder, options, bar)
        if options["against"] is None:
            report = duplicates_of(
                options["files"], source, least_probability=least_probability, comparing=comparing
            )
        else:
            reference = replace(source, folder=options["against"], index=options["against_index"])
            report = duplicates_against(
                source, reference, least_probability=least_probability, comparing=comparing
            )
    answer(report, options, show_against)
    if options["save"] is not None:
        click.echo(f"The document is at {save_duplicates(report, options['save'])}", err=True)
