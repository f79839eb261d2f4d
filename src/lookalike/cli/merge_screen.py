"""Shares of a folder, for a person at a terminal."""

from rich.text import Text

from lookalike.cli import hints
from lookalike.cli.screen import console
from lookalike.cli.tables import show_failed
from lookalike.nouns.index_report import IndexReport, MergeReport
from lookalike.pages.sentences import index_sentence
from lookalike.pages.words import count, duration


def show_share(report: IndexReport) -> None:
    """What the run did for its share, and what joins all of them."""
    out = console()
    out.print(Text(f"Share {report.shard}: {index_sentence(report)}", style="bold"))
    show_failed(out, report.failed, "could not be read")
    root = report.index.parent.parent
    where = hints.collection(report.folder, root)
    hints.show(out, ("When all shares are done", hints.command("merge", *where)))


def show_merge(report: MergeReport) -> None:
    """What the index holds now, and what to do with it."""
    out = console()
    held = count(report.n_pictures, "picture")
    if report.n_files != report.n_pictures:
        held += f" in {count(report.n_files, 'file')}"
    joined = f"{count(len(report.shards), 'share')} joined, {duration(report.seconds)}"
    out.print(Text(f"{held}: {joined}.", style="bold"))
    show_failed(out, report.failed, "could not be read")
    if report.n_pictures:
        where = hints.collection(report.folder, report.index)
        hints.show(
            out,
            ("Find its copies", hints.command("duplicates", *where)),
            ("Find a picture", hints.command("search", "PHOTO", "--in", *where)),
        )
