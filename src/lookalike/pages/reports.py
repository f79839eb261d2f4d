"""One page for each report."""

from html import escape
from pathlib import Path

from lookalike.nouns.compare_report import ComparedPair, CompareReport
from lookalike.nouns.duplicates_report import DuplicatesReport, FoundGroup, FoundPair
from lookalike.nouns.search_report import Answer, SearchReport
from lookalike.pages.frame import Thumbnail, facts_line, figure, page, table, verdict_line
from lookalike.pages.sentences import compare_sentence, duplicates_sentence, search_sentence
from lookalike.pages.words import count, percent, size, visible

GROUPS_SHOWN = 300
"""A page with more pictures than this no longer opens quickly."""


def duplicates_page(report: DuplicatesReport, thumbnail: Thumbnail) -> str:
    """Groups side by side, each with its verdict and the evidence for every pair."""
    shown = report.groups[:GROUPS_SHOWN]
    sections = [
        _group(number, group, _members(report.folder, group, thumbnail))
        for number, group in enumerate(shown, start=1)
    ]
    if hidden := len(report.groups) - len(shown):
        more = f"{count(hidden, 'more group')} not shown here; --csv and --json list them all."
        sections.append(f"<section>{escape(more)}</section>")
    if report.related:
        sections.append(
            "<section><h2>Copies across two groups</h2>"
            + _pairs_table(report.related)
            + "</section>"
        )
    title = f"Copies in {visible(report.folder.name)}"
    return page(title, duplicates_sentence(report), sections, _foot(report.model))


def search_page(report: SearchReport, thumbnail: Thumbnail) -> str:
    """Each query beside its hits, best first."""
    sections = [_answer(report.folder, answer, thumbnail) for answer in report.answers]
    title = f"Look-alikes in {visible(report.folder.name)}"
    return page(title, search_sentence(report), sections, _foot(report.model))


def compare_page(report: CompareReport, thumbnail: Thumbnail) -> str:
    """Every two pictures side by side."""
    sections = [_compared(pair, thumbnail) for pair in report.pairs]
    return page("Alike or not?", compare_sentence(report), sections, _foot(report.model))


def _foot(model: str) -> str:
    return f"Made by lookalike with the model {model}. Nothing on this page comes from a network."


def _members(folder: Path, group: FoundGroup, thumbnail: Thumbnail) -> str:
    return "".join(
        figure(m.path, thumbnail(folder / m.path), [facts_line(m.facts, size(m.size_bytes))])
        for m in group.members
    )


def _group(number: int, group: FoundGroup, figures: str) -> str:
    heading = f"{number}. {count(len(group.members), 'file')} · "
    return (
        f"<section><h2>{escape(heading)}{verdict_line(group.least_sure.verdict)}</h2>"
        f'<div class="row">{figures}</div>'
        f"<details><summary>Why</summary>{_pairs_table(group.pairs)}</details></section>"
    )


def _pairs_table(pairs: tuple[FoundPair, ...]) -> str:
    rows = [
        [
            visible(pair.first),
            visible(pair.second),
            str(pair.verdict.level),
            percent(pair.verdict.probability),
            pair.verdict.reason,
        ]
        for pair in pairs
    ]
    return table(["first", "second", "verdict", "probability", "reason"], rows)


def _answer(folder: Path, answer: Answer, thumbnail: Thumbnail) -> str:
    label = ['<span class="facts">query</span>']
    query = figure(str(answer.query), thumbnail(answer.query), label, css="query")
    hits = [
        figure(
            hit.path,
            thumbnail(folder / hit.path),
            [verdict_line(hit.verdict), facts_line(hit.facts, size(hit.size_bytes))],
        )
        for hit in answer.hits
    ]
    return f'<section><div class="row">{query}{"".join(hits)}</div></section>'


def _compared(pair: ComparedPair, thumbnail: Thumbnail) -> str:
    sides = (pair.first, pair.second)
    figures = "".join(figure(str(path), thumbnail(path), []) for path in sides)
    return (
        f"<section><h2>{verdict_line(pair.verdict)}</h2>"
        f'<div class="row">{figures}</div><p>{escape(pair.verdict.reason)}</p></section>'
    )
