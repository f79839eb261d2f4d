"""`lookalike explain`."""

from pathlib import Path
from typing import Unpack

import click

from lookalike.cli.answer import answer
from lookalike.cli.bar import Bar
from lookalike.cli.options import (
    DataOptions,
    ModelOptions,
    data_options,
    html_option,
    image_option,
    model_options,
)


class ExplainOptions(ModelOptions, DataOptions):
    """All options but those of this command alone."""


@click.command()
@click.argument("first", metavar="A", type=click.Path(path_type=Path))
@click.argument("second", metavar="B", type=click.Path(path_type=Path))
@image_option(
    (".png", ".jpg", ".jpeg", ".webp"),
    "Also write both pictures with what matters marked, as .png, .jpg or .webp.",
)
@model_options
@data_options
@html_option
def explain(
    first: Path,
    second: Path,
    image: Path | None,
    html: Path | None,
    **options: Unpack[ExplainOptions],
) -> None:
    """Show which parts of two pictures make them alike.

    Parts are covered one after the other, and the model is asked how alike the two still are. Of
    copies it also shows how one lies in the other.

    \b
    Examples:
      lookalike explain a.jpg b.jpg --image why.png
      lookalike explain a.jpg b.jpg --model mine.onnx --html why.html
    """  # noqa: D301
    from lookalike.cli.explain_screen import show_explain
    from lookalike.pages.words import visible
    from lookalike.verbs.explain import explain as run
    from lookalike.verbs.explain import save_explanation, save_explanation_page

    with Bar("Covering parts") as bar:
        report = run(
            first, second, model=options["model"], provider=options["provider"], progress=bar
        )
    answer(report, options, show_explain)
    for save, path in ((save_explanation, image), (save_explanation_page, html)):
        if path is not None:
            click.echo(f"The explanation is at {visible(str(save(report, path)))}", err=True)
