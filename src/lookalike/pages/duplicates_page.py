"""The copies of a collection as a page."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from lookalike.nouns.duplicates_report import DuplicatesReport, FoundGroup, FoundPair
from lookalike.pages.cards import (
    SMALL_PX,
    Thumbnail,
    chips,
    facts,
    figure,
    pairs_table,
    stays,
    verdict,
)
from lookalike.pages.differences import marks, odd_formats
from lookalike.pages.frame import note, page
from lookalike.pages.sentences import (
    group_sentence,
    groups_words,
    promise_sentence,
    spare_sentence,
    trust_sentence,
)
from lookalike.pages.words import count, percent, visible

PICTURES_SHOWN = 1200
"""A page with more pictures than this, about 12 MB, no longer opens quickly."""

MEMBERS_SHOWN = 24
PAIRS_SHOWN = 60


def duplicates_page(
    report: DuplicatesReport, thumbnail: Thumbnail, kept: Mapping[str, str] | None = None
) -> str:
    """Groups side by side, each with its verdict and the evidence for every pair.

    Args:
        report: what was found.
        thumbnail: makes the small pictures.
        kept: for each file that a clean-up of all copies would keep, one sentence why.
    """
    shown = list(_first(report.groups))
    sections = [
        _group(i, group, report.folder, thumbnail, kept or {}) for i, group in enumerate(shown, 1)
    ]
    if hidden := len(report.groups) - len(shown):
        sections.append(note(f"{count(hidden, 'smaller group')} left out; --csv lists them all."))
    if report.related:
        sections.append(_related(report.related))
    if not report.groups:
        sure = percent(report.least_probability)
        sections.append(note(f"No two files are copies with a probability of {sure} or more."))
    said = spare_sentence(report), trust_sentence(report), promise_sentence(report)
    lead = " ".join(part for part in said if part)
    title = f"{groups_words(report)} in {visible(report.folder.name)}"
    return page(title, lead, sections, report.model)


def _first(groups: tuple[FoundGroup, ...]) -> Iterator[FoundGroup]:
    """As many groups as the page can hold pictures."""
    room = PICTURES_SHOWN
    for group in groups:
        room -= min(len(group.members), MEMBERS_SHOWN)
        if room < 0:
            return
        yield group


def _group(
    number: int, group: FoundGroup, folder: Path, thumbnail: Thumbnail, kept: Mapping[str, str]
) -> str:
    hidden = len(group.members) - MEMBERS_SHOWN
    more = f'<p class="more">and {count(hidden, "more file")}</p>' if hidden > 0 else ""
    least = group.least_sure.verdict
    return (
        f'<section id="group-{number}"><h2><span class="number">{number}</span>'
        f"{count(len(group.members), 'file')} {verdict(least)}"
        f'<span class="trust">{group_sentence(group)}</span></h2>'
        f'<div class="grid">{_members(group, folder, thumbnail, kept)}</div>{more}'
        f"{_why(group.pairs)}</section>"
    )


def _members(group: FoundGroup, folder: Path, thumbnail: Thumbnail, kept: Mapping[str, str]) -> str:
    """Each file, with what sets it apart from the others."""
    notes, odd, near = marks(group), odd_formats(group), _nearness(group)
    return "".join(
        figure(
            member.path,
            thumbnail(folder / member.path, SMALL_PX),
            below=facts(
                member.facts, member.size_bytes, format_stands_out=member.facts.format in odd
            )
            + chips((*notes[member.path], *near.get(member.path, ())))
            + stays(kept.get(member.path, "")),
        )
        for member in group.members[:MEMBERS_SHOWN]
    )


def _nearness(group: FoundGroup) -> dict[str, tuple[str, ...]]:
    """In groups of three or more: which file is the middle, and how sure each is a copy of it."""
    if len(group.members) < 3:
        return {}
    centre = group.medoid.path
    return {
        path: ("the middle of the group",)
        if path == centre
        else (f"{percent(chance)} a copy of the middle",)
        for path, chance in group.to_medoid().items()
    }


def _why(pairs: tuple[FoundPair, ...]) -> str:
    """The evidence, folded away; the least sure pairs first."""
    ranked = sorted(pairs, key=lambda p: (p.verdict.level.rank, p.verdict.probability))
    title = "Why" if len(pairs) == 1 else f"Why: all {len(pairs):,} pairs, least sure first"
    return f"<details><summary>{title}</summary>{_table(ranked)}</details>"


def _related(pairs: tuple[FoundPair, ...]) -> str:
    return f"<section><h2>Copies across two groups</h2>{_table(list(pairs))}</section>"


def _table(pairs: list[FoundPair]) -> str:
    shown = pairs_table((p.first, p.second, p.verdict) for p in pairs[:PAIRS_SHOWN])
    hidden = len(pairs) - PAIRS_SHOWN
    more = f"and {count(hidden, 'more pair')}; --csv lists them all"
    return shown + (f'<p class="more">{more}</p>' if hidden > 0 else "")
