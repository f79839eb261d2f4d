"""`lookalike serve`."""

from pathlib import Path
from typing import Unpack

import click

from lookalike.cli.options import SourceOptions, index_option, model_options


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8765,
    show_default=True,
    help="Port to listen on; 0 takes a free one.",
)
@click.option(
    "--host",
    default="127.0.0.1",
    show_default=True,
    help="Address to listen on. Beyond this machine nothing is encrypted.",
)
@click.option(
    "--name",
    "names",
    multiple=True,
    metavar="NAME",
    help="Another host name by which browsers may call this server; may be given several times.",
)
@click.option(
    "--also-model",
    "also_models",
    type=click.Path(path_type=Path, dir_okay=False),
    multiple=True,
    metavar="FILE",
    help="A further .onnx model to compare pictures with; may be given several times.",
)
@click.option("--follow-links", is_flag=True, help="Show pictures that links lead to elsewhere.")
@click.option("--as-is", is_flag=True, help="Do not look for new or changed files at the start.")
@click.option("--browser/--no-browser", default=True, help="Open the page in the browser.")
@index_option
@model_options
def serve(
    folder: Path,
    port: int,
    host: str,
    names: tuple[str, ...],
    also_models: tuple[Path, ...],
    follow_links: bool,
    as_is: bool,
    browser: bool,
    **options: Unpack[SourceOptions],
) -> None:
    """Open one page on this machine for a folder of pictures.

    Search, review of copies with undo, comparing and drawing, in the browser. Nothing leaves this
    machine, and nobody without the key in the address gets in. New pictures are read while the
    page is in use. Ctrl-C ends it.

    \b
    Examples:
      lookalike serve ~/Pictures
      lookalike serve ~/Pictures --port 0 --no-browser
      lookalike serve ~/Pictures --also-model mnist-triplets.onnx
    """  # noqa: D301
    from lookalike.cli.need import need

    need("web", "fastapi", "uvicorn", "python_multipart")
    from lookalike.web.run import serve as run
    from lookalike.web.settings import Settings

    settings = Settings(
        folder=folder,
        index=options["index_folder"],
        model=options["model"],
        provider=options["provider"],
        host=host,
        port=port,
        names=names,
        models=also_models,
        follow_links=follow_links,
        index_at_start=not as_is,
    )
    if not settings.is_loopback:
        click.echo(
            "warning: this can be reached from other machines, and nothing is encrypted", err=True
        )

    def ready(address: str) -> None:
        click.echo(f"The page is at {address}")
        click.echo("Ctrl-C ends it.", err=True)
        if browser:
            click.launch(address)

    run(settings, on_ready=ready)
