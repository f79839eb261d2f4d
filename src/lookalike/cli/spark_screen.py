"""What Spark's verbs answer, for a person at a terminal."""

from rich.text import Text

from lookalike.cli import hints
from lookalike.cli.screen import COLOURS, console, name, put, table
from lookalike.nouns.spark_report import (
    SparkDuplicatesReport,
    SparkIndexReport,
    SparkMatchReport,
    SparkSearchReport,
)
from lookalike.nouns.verdict import Level
from lookalike.pages.words import count, duration, percent


def show_index(report: SparkIndexReport) -> None:
    """What the run did, and what to do with the table."""
    out = console()
    done = [
        f"{report.added:,} new" if report.added else "",
        f"{report.linked:,} moved or copied" if report.linked else "",
        f"{report.vanished:,} gone" if report.vanished else "",
    ]
    detail = ", ".join(part for part in done if part) or "nothing new"
    held = f"{count(report.n_pictures, 'picture')} in {count(report.n_files, 'file')}"
    out.print(Text(f"{held}: {detail}, {duration(report.seconds)}.", style="bold"))
    if report.n_failed:
        told = f"{count(report.n_failed, 'file')} could not be read; duplicates lists the reasons."
        out.print(Text(told, style="yellow"))
    find = hints.command("spark", "duplicates", report.table, "OUT")
    hints.show(out, ("Find its copies", find))


def show_duplicates(report: SparkDuplicatesReport) -> None:
    """How many copies there are, and where they are listed."""
    out = console()
    found = f"{count(report.n_groups, 'group')} of copies" if report.n_groups else "No copies"
    spare = f", {report.spare_files:,} to spare" if report.spare_files else ""
    out.print(Text(f"{found}{spare}, {duration(report.seconds)}.", style="bold"))
    grid = table("table", "rows", "what", right=("rows",), head=False)
    wrong = f"{report.expected_wrong:,.1f} of them expected to be wrong"
    for kind, rows, what in (
        ("groups", report.n_groups, "groups of files"),
        ("pairs", report.n_pairs, f"pairs, {wrong}"),
        ("failures", report.n_unreadable, "pictures that could not be read"),
    ):
        grid.add_row(name(f"{report.out}/{kind}"), Text(f"{rows:,}"), Text(what))
    put(out, grid, indent=2)


def show_match(report: SparkMatchReport) -> None:
    """How many hits there are, and where."""
    found = f"{count(report.n_hits, 'hit')} for {count(report.n_targets, 'picture')}"
    console().print(Text(f"{found} in {report.out}", style="bold"), soft_wrap=True)


def show_hits(report: SparkSearchReport) -> None:
    """A line for each hit."""
    out = console()
    numbers = ("sure", "score", "hash bits")
    grid = table("query", "picture", "verdict", *numbers, right=numbers)
    for hit in report.hits:
        query = name(hit.query) if hit.place == 1 else Text("")
        bits = "" if hit.hash_bits is None else f"{hit.hash_bits}"
        sure = Text(percent(hit.probability), style=COLOURS[Level(hit.verdict)])
        verdict = Text(f"{hit.verdict}{' ?' if hit.doubtful else ''}")
        grid.add_row(query, name(hit.path), verdict, sure, Text(f"{hit.score:.4f}"), Text(bits))
    put(out, grid)
    if any(hit.doubtful for hit in report.hits):
        out.print(Text("? no picture was looked at; that could change it", style="dim"))
