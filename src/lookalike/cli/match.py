"""`lookalike match`."""

from pathlib import Path
from typing import TYPE_CHECKING, TypedDict, Unpack, cast

import click

from lookalike.cli.answer import answer, save
from lookalike.cli.bar import Bar
from lookalike.cli.options import DataOptions, data_options, html_option

if TYPE_CHECKING:
    from lookalike.nouns.match_options import Fuse, MatchOptions, View

VIEWS = ("mirror", "crops", "equalised")
FUSES = ("scores", "vectors")


class HowOptions(TypedDict):
    """What `match_options` adds to the command."""

    top: int
    prior: float
    models: tuple[str, ...]
    provider: str
    fuse: str
    views: tuple[str, ...]
    as_it_is: bool
    normalise: bool
    background: Path | None
    one_to_one: bool
    mutual: bool
    verify: bool
    seed: int


class MatchCommand(HowOptions, DataOptions):
    """All options but those of this command alone."""


_OPTIONS = (
    click.option(
        "--top",
        type=click.IntRange(1),
        default=5,
        show_default=True,
        help="Sources listed for each target.",
    ),
    click.option(
        "--prior",
        type=click.FloatRange(0, 1, min_open=True, max_open=True),
        default=0.5,
        show_default=True,
        help="How many targets have an original among the sources, as far as you know.",
    ),
    click.option(
        "--model",
        "models",
        multiple=True,
        help="Name or .onnx file of a model; several work together.  "
        "[default: built-in and classic]",
    ),
    click.option(
        "--provider",
        default="auto",
        show_default=True,
        help="What runs the models: auto, cpu, openvino, cuda, coreml or directml.",
    ),
    click.option(
        "--fuse",
        type=click.Choice(FUSES),
        default="scores",
        show_default=True,
        help="How several models become one: by their scores, or by their vectors side by side.",
    ),
    click.option(
        "--view",
        "views",
        multiple=True,
        type=click.Choice(VIEWS),
        help="Look at targets in this way too; the best one counts.  [default: mirror]",
    ),
    click.option("--as-it-is", is_flag=True, help="Look at targets in no other way."),
    click.option(
        "--normalise/--raw",
        default=True,
        show_default=True,
        help="Take from each score what both pictures score with others.",
    ),
    click.option(
        "--background",
        type=click.Path(path_type=Path),
        metavar="FOLDER",
        help="Pictures unlike all targets, to normalise by.  [default: the other sources]",
    ),
    click.option("--one-to-one", is_flag=True, help="Give each source to one target at most."),
    click.option(
        "--mutual", is_flag=True, help="Match only where the target is also the source's best."
    ),
    click.option(
        "--verify/--no-verify",
        default=True,
        show_default=True,
        help="Lay doubtful targets over their best sources; what falls into place moves up.",
    ),
    click.option(
        "--seed",
        type=click.IntRange(0),
        default=0,
        show_default=True,
        help="Of the copies that are made poor to learn what a score means.",
    ),
)


def match_options(command: click.decorators.FC) -> click.decorators.FC:
    """How targets are matched."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


@click.command("match")
@click.argument("targets", type=click.Path(path_type=Path))
@click.argument("sources", type=click.Path(path_type=Path))
@click.option(
    "--truth",
    metavar="WHAT",
    help="Tell how many are right: 'names' where files of one name belong together, or a table "
    "with the columns source and target.",
)
@match_options
@data_options
@html_option
def match(
    targets: Path,
    sources: Path,
    truth: str | None,
    html: Path | None,
    **options: Unpack[MatchCommand],
) -> None:
    """Find the original of each poor picture, or that there is none.

    TARGETS are poor pictures (scans, photographs of prints, screenshots), SOURCES good ones; each
    is a folder or a file. How sure a match is, is learned on the spot: copies of some sources are
    made poor and looked for, with and without their originals. No file is touched.

    \b
    Examples:
      lookalike match scans/ ~/Pictures --html matched.html
      lookalike match scans/ ~/Pictures --one-to-one --csv > matched.csv
      lookalike match scans/ ~/Pictures --model a.onnx --model b.onnx
    """  # noqa: D301
    from lookalike.cli.match_screen import show_match
    from lookalike.verbs.match import match as run

    with Bar("Reading pictures") as bar:
        report = run(targets, sources, _how(options), truth=truth, progress=bar, on_phase=bar.begin)
    answer(report, options, show_match)
    save(report, html)


def _how(options: HowOptions) -> "MatchOptions":
    from lookalike.nouns.match_options import MatchOptions

    if options["as_it_is"] and options["views"]:
        raise click.UsageError("--as-it-is and --view exclude each other")
    if options["background"] is not None and not options["normalise"]:
        raise click.UsageError("--background and --raw exclude each other")
    views = () if options["as_it_is"] else options["views"] or ("mirror",)
    return MatchOptions(
        top=options["top"],
        prior=options["prior"],
        models=options["models"],
        provider=options["provider"],
        fuse=cast("Fuse", options["fuse"]),
        views=cast("tuple[View, ...]", views),
        normalise=options["normalise"],
        background=options["background"],
        one_to_one=options["one_to_one"],
        mutual=options["mutual"],
        verify=options["verify"],
        seed=options["seed"],
    )
