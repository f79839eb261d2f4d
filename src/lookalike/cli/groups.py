"""The copies of a collection, group by group, for a person at a terminal."""

from rich.console import Console
from rich.text import Text

from lookalike.cli import hints
from lookalike.cli.screen import console, level, name, put, table, why
from lookalike.nouns.duplicates_report import DuplicatesReport, FoundGroup, FoundPair
from lookalike.pages.differences import marks
from lookalike.pages.sentences import (
    duplicates_sentence,
    group_sentence,
    promise_sentence,
    trust_sentence,
)
from lookalike.pages.words import count, percent, pixels, size

GROUPS_SHOWN = 10
MEMBERS_SHOWN = 8
RELATED_SHOWN = 10


def show_duplicates(report: DuplicatesReport, *, page: bool = False) -> None:
    """The sum, the largest groups, and how to see all of them.

    Args:
        report: what was found.
        page: whether a page with all groups is written as well.
    """
    out = console()
    out.print(Text(duplicates_sentence(report), style="bold"))
    for said in (trust_sentence(report), promise_sentence(report)):
        if said:
            out.print(Text(said, style="dim"))
    for number, group in enumerate(report.groups[:GROUPS_SHOWN], start=1):
        out.print()
        _show_group(out, number, group)
    if (hidden := len(report.groups) - GROUPS_SHOWN) > 0:
        out.print(Text(f"\nand {count(hidden, 'smaller group')}", style="dim"))
    _show_related(out, report.related)
    if report.groups and not page:
        hints.show(out, ("See all of them with their pictures", "add --html copies.html"))


def _show_group(out: Console, number: int, group: FoundGroup) -> None:
    title = Text(f"{number}. {count(len(group.members), 'file')}, ", style="bold")
    title.append_text(level(group.least_sure.verdict))
    out.print(title.append(f", {group_sentence(group)}"))
    _show_members(out, group)
    if (hidden := len(group.members) - MEMBERS_SHOWN) > 0:
        out.print(Text(f"   and {count(hidden, 'more file')}", style="dim"))
    weakest = "" if len(group.pairs) == 1 else "least sure pair: "
    out.print(Text(f"   {weakest}", style="dim").append_text(why(group.least_sure.verdict)))


def _show_members(out: Console, group: FoundGroup) -> None:
    """A line for each file where they fit, else two."""
    columns = ("path", "pixels", "format", "size")
    right = ("pixels", "size")
    wide = table(*columns, "note", right=right, head=False)
    plain = table(*columns, right=right, head=False)
    narrow = table("path", head=False)
    notes = marks(group)
    for member in group.members[:MEMBERS_SHOWN]:
        facts = member.facts
        line = pixels(facts.width_px, facts.height_px), facts.format, size(member.size_bytes)
        note = notes[member.path]
        wide.add_row(name(member.path), *line, Text(", ".join(note), style="dim"))
        plain.add_row(name(member.path), *line)
        about = Text("  " + ", ".join((*line, *note)), style="dim")
        narrow.add_row(Text("\n").join((name(member.path), about)))
    put(out, wide, plain, narrow, indent=3)


def _show_related(out: Console, related: tuple[FoundPair, ...]) -> None:
    """Pairs between two groups, which would chain if the groups were joined."""
    if not related:
        return
    out.print()
    out.print(Text("Copies across two groups:", style="bold"))
    for pair in related[:RELATED_SHOWN]:
        line = Text("   ").append_text(name(pair.first)).append(" and ")
        line.append_text(name(pair.second)).append(", ").append_text(level(pair.verdict))
        out.print(line.append(f", {percent(pair.verdict.probability)} sure"))
    if (hidden := len(related) - RELATED_SHOWN) > 0:
        out.print(Text(f"   and {count(hidden, 'more pair')}", style="dim"))
