"""Queries and what is most like them as a page."""

from html import escape
from pathlib import Path

from lookalike.nouns.picture import Failure
from lookalike.nouns.search_report import Answer, Hit, SearchReport
from lookalike.pages.cards import SMALL_PX, Thumbnail, chips, facts, figure, said, why
from lookalike.pages.frame import note, page
from lookalike.pages.sentences import approximation_sentence, search_sentence
from lookalike.pages.words import count, visible


def search_page(report: SearchReport, thumbnail: Thumbnail) -> str:
    """Each query beside its hits, best first."""
    sections = [_answer(report.folder, answer, thumbnail) for answer in report.answers]
    if report.failed:
        sections.append(_failed(report.failed))
    if not sections:
        sections.append(note("There was nothing to search for."))
    asked = [visible(answer.query.name) for answer in report.answers]
    what = asked[0] if len(asked) == 1 else count(len(asked), "picture")
    title = f"What looks like {what} in {visible(report.folder.name)}"
    sentence = f"{search_sentence(report)} {approximation_sentence(report)}".rstrip()
    return page(title, sentence, sections, report.model)


def _answer(folder: Path, answer: Answer, thumbnail: Thumbnail) -> str:
    label = '<span class="label">asked for</span>'
    query = figure(answer.query.as_posix(), thumbnail(answer.query, SMALL_PX))
    hits = "".join(_hit(folder, hit, thumbnail) for hit in answer.hits)
    found = f'<div class="grid">{hits}</div>' if hits else "<p>Nothing to compare it with.</p>"
    return (
        f'<section class="search"><div class="asked">{label}{query}</div>'
        f'<div><span class="label">most alike first</span>{found}</div></section>'
    )


def _hit(folder: Path, hit: Hit, thumbnail: Thumbnail) -> str:
    also = f"and {count(len(hit.also_at), 'file')} with the same bytes" if hit.also_at else ""
    below = facts(hit.facts, hit.size_bytes) + why(hit.verdict) + chips([also] if also else [])
    small = thumbnail(folder / hit.path, SMALL_PX)
    return figure(hit.path, small, above=said(hit.verdict), below=below)


def _failed(failed: tuple[Failure, ...]) -> str:
    lines = "".join(
        f"<li>{escape(visible(str(failure.path)))}: {escape(failure.reason)}</li>"
        for failure in failed
    )
    return f"<section><h2>Could not be searched for</h2><ul>{lines}</ul></section>"
