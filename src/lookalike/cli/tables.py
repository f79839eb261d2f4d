"""Answers as tables for a terminal."""

from rich.console import Console
from rich.table import Table
from rich.text import Text

from lookalike.nouns.compare_report import CompareReport
from lookalike.nouns.demo_report import DemoReport
from lookalike.nouns.duplicates_report import DuplicatesReport, FoundGroup
from lookalike.nouns.index_report import IndexReport, InfoReport, ModelsReport
from lookalike.nouns.picture import Facts, Failure
from lookalike.nouns.search_report import SearchReport
from lookalike.nouns.verdict import Level, Verdict
from lookalike.pages.sentences import (
    compare_sentence,
    duplicates_sentence,
    index_sentence,
    search_sentence,
)
from lookalike.pages.words import count, percent, size, visible

GROUPS_SHOWN = 20
MEMBERS_SHOWN = 12
FAILURES_SHOWN = 10
COLOURS = {
    Level.SAME_FILE: "green",
    Level.SAME_PICTURE: "green",
    Level.EDITED_COPY: "blue",
    Level.SIMILAR: "yellow",
    Level.DIFFERENT: "dim",
}


def console() -> Console:
    """Standard output; as wide as the terminal, or wide enough for any path in a pipe."""
    out = Console(highlight=False, soft_wrap=False)
    return out if out.is_terminal else Console(highlight=False, width=200)


def show_index(report: IndexReport) -> None:
    """What the run did, and what could not be read."""
    out = console()
    out.print(Text(index_sentence(report), style="bold"))
    _show_failed(out, report.failed)


def show_search(report: SearchReport) -> None:
    """A table for each query, best first."""
    out = console()
    for answer in report.answers:
        out.print(Text(visible(str(answer.query)), style="bold"))
        table = _table("verdict", "sure", "picture", "pixels", "size", "why")
        for hit in answer.hits:
            more = f"  (+{len(hit.also_at)} more with the same bytes)" if hit.also_at else ""
            table.add_row(
                *_verdict(hit.verdict),
                Text(visible(hit.path) + more),
                _pixels(hit.facts),
                size(hit.size_bytes),
                Text(hit.verdict.reason, style="dim"),
            )
        out.print(table)
        out.print()
    _show_failed(out, report.failed)
    out.print(search_sentence(report))


def show_duplicates(report: DuplicatesReport) -> None:
    """The largest groups, then the sum."""
    out = console()
    for number, group in enumerate(report.groups[:GROUPS_SHOWN], start=1):
        _show_group(out, number, group)
    if (hidden := len(report.groups) - GROUPS_SHOWN) > 0:
        out.print(
            f"... and {count(hidden, 'more group')}: --html FILE shows them, --csv lists all\n"
        )
    for pair in report.related[:GROUPS_SHOWN]:
        link = Text("related: ", style="dim")
        link.append(f"{visible(pair.first)}  ~  {visible(pair.second)}  ")
        out.print(link.append_text(_words(pair.verdict)))
    out.print(Text(duplicates_sentence(report), style="bold"))


def _show_group(out: Console, number: int, group: FoundGroup) -> None:
    title = Text(f"{number}. {count(len(group.members), 'file')}: ", style="bold")
    out.print(title.append_text(_words(group.least_sure.verdict)))
    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0), pad_edge=False)
    for member in group.members[:MEMBERS_SHOWN]:
        table.add_row(
            "  ",
            Text(visible(member.path)),
            _pixels(member.facts),
            member.facts.format,
            size(member.size_bytes),
        )
    out.print(table)
    if hidden := max(0, len(group.members) - MEMBERS_SHOWN):
        out.print(f"   ... and {count(hidden, 'more file')}")
    out.print(Text(f"   {group.least_sure.verdict.reason}", style="dim"))
    out.print()


def show_compare(report: CompareReport) -> None:
    """One line for each pair, then the answer."""
    out = console()
    if len(report.pairs) > 1:
        table = _table("verdict", "sure", "first", "second", "why")
        for pair in report.pairs:
            names = (Text(visible(str(pair.first))), Text(visible(str(pair.second))))
            why = Text(pair.verdict.reason, style="dim")
            table.add_row(*_verdict(pair.verdict), *names, why)
        out.print(table)
        out.print()
    out.print(Text(compare_sentence(report), style="bold"))


def show_planted(report: DemoReport) -> None:
    """How many of the demo's planted copies were found, by edit."""
    out = console()
    table = _table("planted copies", "found", "of")
    for edit, planted in report.planted.items():
        table.add_row(edit, str(report.found.get(edit, 0)), str(planted))
    out.print(table)
    for pair in report.false_pairs:
        out.print(f"wrong: {visible(pair.first)} ~ {visible(pair.second)}")
    out.print(duplicates_sentence(report.duplicates))


def show_info(report: InfoReport) -> None:
    """What the index holds, and what could not be read."""
    out = console()
    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0), pad_edge=False)
    formats = ", ".join(f"{name} {n:,}" for name, n in report.formats)
    for name, value in (
        ("folder", visible(str(report.folder))),
        ("index", f"{visible(str(report.index))} ({size(report.index_bytes)})"),
        ("pictures", f"{report.n_pictures:,} in {count(report.n_files, 'file')}"),
        ("formats", formats or "none"),
        ("other files", f"{report.others:,}"),
        ("model", f"{report.model}, {report.d} dimensions, fingerprint {report.fingerprint}"),
        ("made with", f"lookalike {report.made_with}"),
    ):
        table.add_row(Text(name, style="dim"), Text(value))
    out.print(table)
    _show_failed(out, report.failed)


def show_models(report: ModelsReport) -> None:
    """A line for each model."""
    out = console()
    table = _table("name", "dimensions", "licence", "source", "what it is")
    for line in report.models:
        if line.card is None:
            table.add_row("-", "", "", Text(line.source), Text(line.problem, style="red"))
            continue
        card = line.card
        table.add_row(card.name, str(card.d), card.licence, Text(line.source), card.provenance)
    out.print(table)
    out.print(Text(f"Put .onnx models into {report.folder} to name them.", style="dim"))


def _show_failed(out: Console, failed: tuple[Failure, ...]) -> None:
    if not failed:
        return
    out.print(f"{count(len(failed), 'file')} could not be read:")
    for failure in failed[:FAILURES_SHOWN]:
        out.print(Text(f"  {visible(str(failure.path))}: {failure.reason}"))
    if len(failed) > FAILURES_SHOWN:
        out.print("  ... --csv lists them all")


def _table(*columns: str) -> Table:
    table = Table(box=None, header_style="dim", padding=(0, 2, 0, 0), pad_edge=False)
    for column in columns:
        table.add_column(column, overflow="fold")
    return table


def _verdict(verdict: Verdict) -> tuple[Text, Text]:
    colour = COLOURS[verdict.level]
    return Text(str(verdict.level), style=colour), Text(percent(verdict.probability))


def _words(verdict: Verdict) -> Text:
    colour = COLOURS[verdict.level]
    return Text(f"{verdict.level}, {percent(verdict.probability)} sure", style=colour)


def _pixels(facts: Facts) -> str:
    return f"{facts.width_px} × {facts.height_px}"
