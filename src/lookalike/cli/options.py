"""Options that several commands share."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypedDict, TypeVar

import click

if TYPE_CHECKING:
    from lookalike.verbs.ready import Source

Command = TypeVar("Command", bound=Callable[..., None])


class ModelOptions(TypedDict):
    """What `model_options` adds to a command."""

    model: str | None
    provider: str


class SourceOptions(ModelOptions):
    """What `index_option` and `model_options` add to a command."""

    index_folder: Path | None


class ReadyOptions(SourceOptions):
    """What `source_options` adds to a command."""

    as_is: bool


class DataOptions(TypedDict):
    """What `data_options` adds to a command."""

    as_json: bool
    as_csv: bool


def index_option(command: Command) -> Command:
    """--index."""
    return click.option(
        "--index",
        "index_folder",
        type=click.Path(path_type=Path, file_okay=False),
        help="Folder of the index.  [default: .lookalike in the collection]",
    )(command)


def model_options(command: Command) -> Command:
    """--model and --provider."""
    provider = click.option(
        "--provider",
        default="auto",
        show_default=True,
        help="What runs the model: auto, cpu, openvino, cuda, coreml or directml.",
    )
    model = click.option(
        "--model",
        help="Name or .onnx file of the model.  [default: the one the index has, or built-in]",
    )
    return model(provider(command))


def source_options(command: Command) -> Command:
    """--index, --model, --provider and --as-is."""
    as_is = click.option(
        "--as-is",
        is_flag=True,
        help="Answer from the index as it is, without looking for new or changed files.",
    )
    return index_option(model_options(as_is(command)))


def data_options(command: Command) -> Command:
    """--json and --csv."""
    as_csv = click.option(
        "--csv", "as_csv", is_flag=True, callback=_one_format, help="Print the answer as CSV."
    )
    as_json = click.option(
        "--json", "as_json", is_flag=True, callback=_one_format, help="Print the answer as JSON."
    )
    return as_json(as_csv(command))


def _one_format(context: click.Context, _: click.Parameter, wanted: bool) -> bool:
    """Refuse both at once, before anything is read."""
    if wanted and any(context.params.get(name) for name in ("as_json", "as_csv")):
        raise click.UsageError("--json and --csv exclude each other")
    return wanted


def html_option(command: Command) -> Command:
    """--html."""
    return click.option(
        "--html",
        type=click.Path(path_type=Path, dir_okay=False),
        metavar="FILE",
        callback=_can_be_written,
        help="Also write the answer as one page with pictures.",
    )(command)


def _can_be_written(
    context: click.Context, option: click.Parameter, html: Path | None
) -> Path | None:
    """Refuse a file for a folder that is not there before a long run, not after it."""
    if html is not None and not html.expanduser().absolute().parent.is_dir():
        raise click.BadParameter(f"there is no folder {str(html.parent)!r}", context, option)
    return html


def image_option(endings: tuple[str, ...], told: str) -> Callable[[Command], Command]:
    """--image, which refuses what cannot be written before a long run, not after it.

    Args:
        endings: what a file may end in.
        told: the help.
    """

    def check(context: click.Context, option: click.Parameter, image: Path | None) -> Path | None:
        if image is not None and image.suffix.lower() not in endings:
            raise click.BadParameter(f"it ends in one of {', '.join(endings)}", context, option)
        return _can_be_written(context, option, image)

    return click.option(
        "--image",
        type=click.Path(path_type=Path, dir_okay=False),
        metavar="FILE",
        callback=check,
        help=told,
    )


def source_of(
    folder: Path, options: ReadyOptions, progress: Callable[[int, int], None]
) -> "Source":
    """The collection with the options of `source_options`."""
    from lookalike.verbs.ready import Source

    return Source(
        folder,
        index=options["index_folder"],
        model=options["model"],
        provider=options["provider"],
        as_is=options["as_is"],
        progress=progress,
    )


def share(_: click.Context, option: click.Parameter, value: str | None) -> float | None:
    """A share as a number or in percent, 0.01 or 1%; at most one half. Use it as a callback."""
    if value is None:
        return None
    text = value.strip()
    try:
        number = float(text.removesuffix("%")) / (100 if text.endswith("%") else 1)
    except ValueError:
        raise click.BadParameter(f"{text!r} is no share; write 0.01 or 1%", None, option) from None
    if not 0 < number <= 0.5:
        raise click.BadParameter(f"{text!r} is not above 0 and at most 50%", None, option)
    return number
