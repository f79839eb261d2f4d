"""`lookalike recognise`."""

from pathlib import Path
from typing import TYPE_CHECKING, TypedDict, Unpack, cast

import click

from lookalike.cli.answer import answer, save
from lookalike.cli.bar import Bar
from lookalike.cli.options import DataOptions, data_options, html_option

if TYPE_CHECKING:
    from lookalike.nouns.recognise_report import RecogniseOptions, Rule

RULES = ("prototype", "nearest")


class HowOptions(TypedDict):
    """How pictures are recognised."""

    rule: str
    reject: float
    prior: float
    top: int
    model: str | None
    provider: str
    seed: int


class RecogniseCommand(HowOptions, DataOptions):
    """All options but those of this command alone."""


_OPTIONS = (
    click.option(
        "--rule",
        type=click.Choice(RULES),
        default="prototype",
        show_default=True,
        help="Compare with the mean of a class's examples, or with the nearest of them.",
    ),
    click.option(
        "--reject",
        type=click.FloatRange(0, 1, max_open=True),
        default=0.9,
        show_default=True,
        help="Share of pictures of no class to be called 'none of these'; 0 rejects nothing.",
    ),
    click.option(
        "--prior",
        type=click.FloatRange(0, 1, min_open=True, max_open=True),
        default=0.5,
        show_default=True,
        help="How many pictures are of one of the classes, as far as you know.",
    ),
    click.option(
        "--top",
        type=click.IntRange(1),
        default=3,
        show_default=True,
        help="Classes listed for each picture.",
    ),
    click.option("--model", help="Name or .onnx file of the model.  [default: built-in]"),
    click.option(
        "--provider",
        default="auto",
        show_default=True,
        help="What runs the model: auto, cpu, openvino, cuda, coreml or directml.",
    ),
    click.option(
        "--seed",
        type=click.IntRange(0),
        default=0,
        show_default=True,
        help="Of what is drawn where classes have one example each.",
    ),
)


def recognise_options(command: click.decorators.FC) -> click.decorators.FC:
    """How pictures are recognised."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


@click.command("recognise")
@click.argument("examples", type=click.Path(path_type=Path))
@click.argument("pictures", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--truth",
    type=click.Choice(("folders",)),
    help="Tell how many are right: each picture lies in a folder named after its class.",
)
@recognise_options
@data_options
@html_option
def recognise(
    examples: Path,
    pictures: tuple[Path, ...],
    truth: str | None,
    html: Path | None,
    **options: Unpack[RecogniseCommand],
) -> None:
    """Say which class each of the PICTURES is of, or that it is none of these.

    EXAMPLES is a folder with a folder a class or a picture a class: one example each will do.
    Nothing is trained. From which score on a picture is of a class at all is learned from the
    examples, so that the stated share of pictures of no class is rejected.

    \b
    Examples:
      lookalike recognise coins/ found.jpg
      lookalike recognise coins/ found/ --html found.html
      lookalike recognise coins/ test/ --truth folders --model coins.onnx
    """  # noqa: D301
    from lookalike.cli.recognise_screen import show_recognise
    from lookalike.verbs.recognise import recognise as run

    with Bar("Reading pictures") as bar:
        report = run(
            examples, pictures, _how(options), truth=truth, progress=bar, on_phase=bar.begin
        )
    answer(report, options, show_recognise)
    save(report, html)


def _how(options: HowOptions) -> "RecogniseOptions":
    from lookalike.nouns.recognise_report import RecogniseOptions

    return RecogniseOptions(
        rule=cast("Rule", options["rule"]),
        reject=options["reject"],
        prior=options["prior"],
        top=options["top"],
        model=options["model"],
        provider=options["provider"],
        seed=options["seed"],
    )
