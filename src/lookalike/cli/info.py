"""`lookalike info`, and `lookalike models` without a further word."""

from pathlib import Path
from typing import Unpack

import click

from lookalike.cli.answer import answer
from lookalike.cli.options import DataOptions, data_options, index_option


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@index_option
@data_options
def info(folder: Path, index_folder: Path | None, **data: Unpack[DataOptions]) -> None:
    """Tell what an index holds and what could not be read.

    \b
    Example:
      lookalike info ~/Pictures
    """  # noqa: D301
    from lookalike.cli.tables import show_info
    from lookalike.verbs.info import info as run

    answer(run(folder, index=index_folder), data, show_info)


@click.group(invoke_without_command=True)
@data_options
@click.pass_context
def models(context: click.Context, **data: Unpack[DataOptions]) -> None:
    """List the models that --model can name, or add one.

    \b
    Examples:
      lookalike models
      lookalike models add vit_small_patch14_dinov2.lvd142m --size 224
    """  # noqa: D301
    if context.invoked_subcommand is not None:
        return
    from lookalike.cli.tables import show_models
    from lookalike.verbs.models import models as run

    answer(run(), data, show_models)
