"""`lookalike demo`."""

from pathlib import Path
from typing import TYPE_CHECKING, Unpack

import click

from lookalike.cli.answer import answer
from lookalike.cli.bar import Bar
from lookalike.cli.options import DataOptions, data_options

if TYPE_CHECKING:
    from lookalike.nouns.demo_report import DemoReport


@click.command()
@click.argument("folder", type=click.Path(path_type=Path), default="lookalike-demo")
@data_options
def demo(folder: Path, **data: Unpack[DataOptions]) -> None:
    """See it work on a small album of photographs.

    The album holds copies that were edited in known ways, and near misses that only look alike, so
    that the demo can count what was found and what was wrong. It goes into FOLDER.
    """
    from lookalike.verbs.demo import demo as run

    with Bar("Reading pictures") as bar:
        report = run(folder, progress=bar)
    answer(report, data, _show)


def _show(report: "DemoReport") -> None:
    """What was made, found and missed, in the order in which a person would try it."""
    from rich.text import Text

    from lookalike.cli import tables
    from lookalike.pages.sentences import demo_sentence, index_sentence
    from lookalike.pages.words import visible

    out = tables.console()
    album = visible(str(report.indexed.folder))
    out.print(Text(f"$ lookalike index {album}", style="bold cyan"))
    out.print(index_sentence(report.indexed) + "\n")
    query = visible(str(report.search.answers[0].query))
    out.print(Text(f"$ lookalike search {query} --in {album} -k 5", style="bold cyan"))
    tables.show_search(report.search)
    pictures = " ".join(visible(str(pair.second)) for pair in report.compared.pairs[:2])
    first = visible(str(report.compared.pairs[0].first))
    out.print(Text(f"\n$ lookalike compare {first} {pictures}", style="bold cyan"))
    tables.show_compare(report.compared)
    out.print(Text(f"\n$ lookalike duplicates {album}", style="bold cyan"))
    tables.show_planted(report)
    out.print(Text("\n" + demo_sentence(report), style="bold"))
    out.print(f"The page with all groups: {visible(str(report.page))}")
