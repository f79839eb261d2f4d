"""`lookalike evaluate`."""

from pathlib import Path
from typing import TYPE_CHECKING, TypedDict, Unpack, cast

import click

from lookalike.cli.answer import answer
from lookalike.cli.bar import Bar
from lookalike.cli.options import DataOptions, data_options, html_option

if TYPE_CHECKING:
    from lookalike.nouns.card import Preprocessing
    from lookalike.nouns.recipe import DataPart, JudgePart, Layout

PROTOCOLS = (
    *("verification", "triplets", "trios", "one-shot", "retrieval", "classes"),
    *("matching", "copies", "calibration"),
)
LAYOUTS = ("auto", "classes", "manifest", "pairs", "triplets", "matched", "unlabelled")


class JudgeOptions(TypedDict):
    """How much of everything is drawn."""

    protocols: tuple[str, ...]
    pairs: int | None
    triplets: int | None
    ways: tuple[int, ...]
    shots: int | None
    episodes: int | None
    top: int | None
    wrong_at_most: float | None


class NetworkOptions(TypedDict):
    """What a network without a card has to be told."""

    size: int | None
    crop_share: float | None
    mean: tuple[float, float, float] | None
    std: tuple[float, float, float] | None


class EvaluateOptions(JudgeOptions, NetworkOptions, DataOptions):
    """All options but those that say what is judged."""


_OPTIONS = (
    click.option(
        "--protocol",
        "protocols",
        multiple=True,
        metavar="NAME",
        type=click.Choice(PROTOCOLS),
        help=f"Judge by this one only: {', '.join(PROTOCOLS)}.  [default: all that can be]",
    ),
    click.option("--pairs", type=click.IntRange(2), help="Pairs to draw.  [default: 10000]"),
    click.option(
        "--triplets", type=click.IntRange(2), help="Triplets and trios to draw.  [default: 10000]"
    ),
    click.option(
        "--ways",
        multiple=True,
        type=click.IntRange(2),
        help="Classes an episode of one-shot.  [default: 5, 10 and 20]",
    ),
    click.option("--shots", type=click.IntRange(1), help="Examples a class.  [default: 1]"),
    click.option("--episodes", type=click.IntRange(2), help="Episodes to draw.  [default: 1000]"),
    click.option("--top", type=click.IntRange(1), help="How deep matching looks.  [default: 15]"),
    click.option(
        "--wrong-at-most",
        type=click.FloatRange(0, 1, min_open=True, max_open=True),
        help="Choose the threshold for so small a share of wrong 'same'.",
    ),
    click.option(
        "--size", type=click.IntRange(1), help="Of a network without a card: its input side."
    ),
    click.option(
        "--crop-share",
        type=click.FloatRange(0, 1, min_open=True),
        help="Likewise: cut the centre to this share.  [default: squash the whole picture]",
    ),
    click.option("--mean", type=float, nargs=3, help="Likewise: mean of R, G and B, of 1."),
    click.option("--std", type=float, nargs=3, help="Likewise: what R, G and B are divided by."),
)


def judge_options(command: click.decorators.FC) -> click.decorators.FC:
    """What is judged, how, and how a foreign network is fed."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


@click.command()
@click.argument("model")
@click.argument("data")
@click.option(
    "--layout",
    metavar="NAME",
    type=click.Choice(LAYOUTS),
    default="auto",
    help=f"How the data are laid out: {', '.join(LAYOUTS[1:])}.  [default: found out]",
)
@click.option("--seed", type=click.IntRange(0), help="Of splitting and drawing.  [default: 0]")
@click.option(
    "--whole", is_flag=True, help="Judge all pictures: the model was trained on none of them."
)
@click.option(
    "--allow-leaks", is_flag=True, help="Leave out judged pictures that training knows; name them."
)
@judge_options
@data_options
@html_option
def evaluate(
    model: str,
    data: str,
    layout: str,
    seed: int | None,
    whole: bool,
    allow_leaks: bool,
    html: Path | None,
    **options: Unpack[EvaluateOptions],
) -> None:
    """Say how well a model tells which pictures are alike.

    MODEL is a name or an .onnx file. DATA is a folder with a folder a class, a list of pictures,
    pairs or triplets, two matched folders, the name of a standard set, or a recipe (.toml), whose
    parts are then judged as its training left them. Thresholds are chosen on the validation part;
    every figure stands beside what an answer reaches that needs no model.

    \b
    Examples:
      lookalike evaluate flowers.onnx ~/flowers --html report.html
      lookalike evaluate classic ~/flowers --protocol verification --json
    """  # noqa: D301
    from functools import partial

    from lookalike.cli.evaluation_tables import show_evaluation
    from lookalike.verbs.evaluate import evaluate as run
    from lookalike.verbs.judge_foreign import with_card

    source, judge = _asked(data, layout, seed, options)
    with Bar("Looking at pictures") as bar, with_card(model, _fed(options)) as judged:
        report = run(
            judged,
            source,
            judge=judge,
            whole=whole,
            allow_leaks=allow_leaks,
            lenient=not options["protocols"],
            html=html,
            progress=bar,
        )
    answer(report, options, partial(show_evaluation, page=html is not None))
    if html is not None:
        from lookalike.pages.words import visible

        click.echo(f"The page is at {visible(str(html.expanduser().absolute()))}", err=True)


def _asked(
    data: str, layout: str, seed: int | None, options: EvaluateOptions
) -> "tuple[DataPart, JudgePart]":
    """The recipe's parts or the usual ones, with what the options change."""
    from dataclasses import replace

    from lookalike.nouns.recipe import DataPart, JudgePart

    source, judge = DataPart(data), JudgePart()
    if data.endswith(".toml"):
        from lookalike.verbs.recipes import load_recipe

        recipe = load_recipe(data)
        source, judge = recipe.data, recipe.judge
    elif layout != "auto":
        source = replace(source, layout=cast("Layout", layout))
    if seed is not None:
        source, judge = replace(source, seed=seed), replace(judge, seed=seed)
    given = {name: options[name] for name in JudgeOptions.__annotations__}  # type: ignore[literal-required]
    return source, replace(judge, **{name: value for name, value in given.items() if value})


def _fed(options: NetworkOptions) -> "Preprocessing | None":
    """How a network without a card is fed; None where nothing was told."""
    from lookalike.nouns.card import Preprocessing

    size, share = options["size"], options["crop_share"]
    if size is None:
        if any((share, options["mean"], options["std"])):
            raise click.UsageError("--crop-share, --mean and --std need --size")
        return None
    return Preprocessing(
        size,
        size,
        fit="squash" if share is None else "crop",
        crop_share=share or 1.0,
        mean=options["mean"] or (0.0, 0.0, 0.0),
        std=options["std"] or (1.0, 1.0, 1.0),
    )
