"""`lookalike clean`, `lookalike undo` and `lookalike purge`."""

from pathlib import Path
from typing import Unpack

import click

from lookalike.cli.answer import answer
from lookalike.cli.bar import Bar
from lookalike.cli.options import (
    DataOptions,
    ReadyOptions,
    data_options,
    source_of,
    source_options,
)

LEVELS = ("same file", "same picture", "edited copy")


class CleanOptions(ReadyOptions, DataOptions):
    """All options but those of this command alone."""


@click.command()
@click.argument("folder", metavar="FOLDER_OR_DOCUMENT", type=click.Path(path_type=Path))
@click.option("--apply", is_flag=True, help="Move the files now; without it nothing is touched.")
@click.option(
    "--level",
    type=click.Choice(LEVELS),
    default="same picture",
    show_default=True,
    help="A file goes if it is at least this much to the one that is kept.",
)
@click.option(
    "--least-probability",
    type=click.FloatRange(0.5, 1, max_open=True),
    default=0.99,
    show_default=True,
    help="How sure a pair must be for a file to go.",
)
@click.option(
    "--rules",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="TOML file with your rules for what stays.",
)
@click.option(
    "--protect",
    multiple=True,
    metavar="PATTERN",
    help='Never touch files like this, such as "Albums/*"; may be given several times.',
)
@click.option(
    "--hardlink",
    is_flag=True,
    help="Leave a hard link to the kept file where an equal file stood.",
)
@click.option(
    "--save",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Write the plan as JSON, to be read, changed and given in place of FOLDER later.",
)
@source_options
@data_options
def clean(
    folder: Path,
    apply: bool,
    level: str,
    least_probability: float,
    rules: Path | None,
    protect: tuple[str, ...],
    hardlink: bool,
    save: Path | None,
    **options: Unpack[CleanOptions],
) -> None:
    """Move spare copies aside, in a way that can be undone.

    Nothing is deleted: files go into a quarantine inside the folder, with their companions (raw
    files, films, sidecars), and `lookalike undo` brings all of them back. Without --apply it only
    says what would go, what stays for it, and why.

    \b
    Examples:
      lookalike clean ~/Pictures
      lookalike clean ~/Pictures --apply
      lookalike clean ~/Pictures --protect "Albums/*" --level "same file" --apply
      lookalike clean ~/Pictures --save plan.json
      lookalike clean plan.json --apply
      lookalike clean found.json --level "edited copy"
    """  # noqa: D301
    from lookalike.cli.clean_screens import show_cleaned, show_plan
    from lookalike.nouns.verdict import Level
    from lookalike.verbs.clean import clean as run
    from lookalike.verbs.clean import plan_clean, read_rules, save_plan
    from lookalike.verbs.duplicates import duplicates
    from lookalike.verbs.saved import plan_of

    used = read_rules(rules, protect=protect)
    if folder.is_file():
        plan = plan_of(folder, level=Level(level), least_probability=least_probability, rules=used)
    else:
        with Bar("Reading pictures") as bar, Bar("Comparing pictures") as comparing:
            source = source_of(folder, options, bar)
            found = duplicates(source, least_probability=least_probability, comparing=comparing)
        plan = plan_clean(found, level=Level(level), rules=used)
    if save is not None:
        save_plan(plan, save)
        click.echo(f"The plan is at {save}", err=True)
    if not apply:
        answer(plan, options, show_plan)
        return
    with Bar("Moving files") as bar:
        report = run(plan, replace_with="hardlink" if hardlink else None, progress=bar)
    answer(report, options, show_cleaned)


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--operation", metavar="ID", help="Which clean-up.  [default: the latest]")
@click.option("--list", "only_list", is_flag=True, help="List the clean-ups of this folder.")
@data_options
def undo(folder: Path, operation: str | None, only_list: bool, **data: Unpack[DataOptions]) -> None:
    """Put back what a clean-up moved: names, contents, times and rights.

    It also finishes what a crash has left half done. A file that now stands in the place of
    another is left alone; the other comes back beside it.

    \b
    Examples:
      lookalike undo ~/Pictures
      lookalike undo ~/Pictures --list
    """  # noqa: D301
    from lookalike.cli.clean_screens import show_cleaned, show_operations
    from lookalike.verbs.clean import operations
    from lookalike.verbs.clean import undo as run

    if only_list:
        answer(operations(folder), data, show_operations)
    else:
        answer(run(folder, operation), data, show_cleaned)


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option(
    "--older-than",
    type=click.FloatRange(0),
    required=True,
    metavar="DAYS",
    help="Only clean-ups that are older than this; 0 takes all.",
)
@data_options
def purge(folder: Path, older_than: float, **data: Unpack[DataOptions]) -> None:
    """Delete for good what clean-ups moved aside; this cannot be undone.

    \b
    Example:
      lookalike purge ~/Pictures --older-than 30
    """  # noqa: D301
    from lookalike.cli.clean_screens import show_cleaned
    from lookalike.verbs.clean import purge as run

    answer(run(folder, older_than_days=older_than), data, show_cleaned)
