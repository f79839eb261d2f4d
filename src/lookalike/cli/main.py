"""The command `lookalike`: its verbs, and how an error is told."""

import click

from lookalike.cli.adapt import adapt
from lookalike.cli.add_model import add
from lookalike.cli.clean import clean, purge, undo
from lookalike.cli.compare import compare
from lookalike.cli.demo import demo
from lookalike.cli.distil import distil
from lookalike.cli.duplicates import duplicates
from lookalike.cli.evaluate import evaluate
from lookalike.cli.explain import explain
from lookalike.cli.export import export
from lookalike.cli.hash import hash_files
from lookalike.cli.index import index
from lookalike.cli.info import info, models
from lookalike.cli.map import map_command
from lookalike.cli.match import match
from lookalike.cli.merge import merge
from lookalike.cli.recognise import recognise
from lookalike.cli.search import search
from lookalike.cli.serve import serve
from lookalike.cli.spark import spark
from lookalike.cli.streams import prepare
from lookalike.cli.train import recipes, train
from lookalike.cli.tune import tune
from lookalike.nouns.errors import LookalikeError

INTERRUPTED = 130
"""What shells expect of a program that Ctrl-C has stopped."""


class Verbs(click.Group):
    """A group whose commands tell errors in two lines and list themselves in order of use."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """In the order in which they were added: the first step first."""
        return list(self.commands)

    def invoke(self, ctx: click.Context) -> object:
        """Run the command; an error that its user can mend shows no traceback."""
        try:
            return super().invoke(ctx)
        except LookalikeError as error:
            tell(error)
            ctx.exit(error.exit_code)
        except BrokenPipeError:
            raise  # whoever read the answer has seen enough; click ends quietly
        except OSError as error:
            tell(_of_the_system(error))
            ctx.exit(LookalikeError.exit_code)
        except KeyboardInterrupt:
            click.echo("\nStopped. What was done is kept; the same command goes on.", err=True)
            ctx.exit(INTERRUPTED)


def _of_the_system(error: OSError) -> LookalikeError:
    return LookalikeError(
        error.strerror or str(error),
        where=str(error.filename or ""),
        mend="check the path, its permissions and the room on the disk",
    )


def tell(error: LookalikeError) -> None:
    """What went wrong and where, and on a second line what mends it."""
    from lookalike.pages.words import visible

    where = f"'{error.where}': " if error.where else ""
    click.secho(f"error: {visible(where + error.what)}", fg="red", err=True)
    if error.mend:
        click.echo(f"  try: {visible(error.mend)}", err=True)


HELP = """Tell which pictures are alike, and how sure it is.

Nothing leaves this machine. No picture is changed, and a clean-up can be undone.

\b
First steps:
  lookalike demo                              see it work on a small album
  lookalike duplicates ~/Pictures             find the copies in a folder
  lookalike search photo.jpg --in ~/Pictures  find pictures like this one
  lookalike compare a.jpg b.jpg               say how alike two pictures are
  lookalike train mnist-triplets --quick      train a model of your own
"""


@click.group(
    cls=Verbs,
    help=HELP,
    invoke_without_command=True,
    no_args_is_help=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.version_option(package_name="lookalike", message="%(prog)s %(version)s")
@click.pass_context
def main(context: click.Context) -> None:
    """The command `lookalike`."""
    prepare()
    if context.invoked_subcommand is None:
        click.echo(context.get_help())


for command in (
    index,
    merge,
    search,
    duplicates,
    tune,
    clean,
    undo,
    purge,
    compare,
    match,
    recognise,
    serve,
    explain,
    map_command,
    hash_files,
    train,
    recipes,
    evaluate,
    adapt,
    distil,
    export,
    spark,
    info,
    models,
    demo,
):
    main.add_command(command)
models.add_command(add)
