"""Texts and the pictures nearest to them, as a sentence and as a page."""

from html import escape

from lookalike.nouns.text_report import TextAnswer, TextHit, TextSearchReport
from lookalike.pages.cards import SMALL_PX, Thumbnail, chips, facts, figure
from lookalike.pages.frame import page
from lookalike.pages.words import count, visible

NO_VERDICT = (
    "The score orders pictures for one text. It is no probability, and the nearest picture need "
    "not show what the text says."
)


def text_sentence(report: TextSearchReport) -> str:
    """How many were found for what."""
    found = max((len(answer.hits) for answer in report.answers), default=0)
    among = f"among {count(report.n_pictures, 'picture')}"
    if not found:
        return f"Nothing to compare it with {among}."
    if len(report.answers) > 1:
        return f"The nearest pictures to {count(len(report.answers), 'text')} {among}."
    asked = quoted(report.answers[0].text)
    which = "nearest picture" if found == 1 else f"{found:,} nearest pictures"
    return f"The {which} to {asked} {among}."


def quoted(text: str) -> str:
    """A text as it was asked, safe to show."""
    return f"“{visible(text)}”"


def text_page(report: TextSearchReport, thumbnail: Thumbnail) -> str:
    """Each text above its pictures, nearest first."""
    sections = [_answer(report, answer, thumbnail) for answer in report.answers]
    asked = [quoted(answer.text) for answer in report.answers]
    what = asked[0] if len(asked) == 1 else count(len(asked), "text")
    title = f"{what} in {visible(report.folder.name)}"
    legend = f"<p>{escape(NO_VERDICT)}</p>"
    return page(title, text_sentence(report), sections, report.model, legend=legend)


def _answer(report: TextSearchReport, answer: TextAnswer, thumbnail: Thumbnail) -> str:
    head = f"<h2>{escape(quoted(answer.text))}</h2>" if len(report.answers) > 1 else ""
    cards = "".join(
        _hit(report, place, hit, thumbnail) for place, hit in enumerate(answer.hits, start=1)
    )
    found = f'<div class="grid">{cards}</div>' if cards else "<p>Nothing to compare it with.</p>"
    return f'<section>{head}<span class="label">nearest first</span>{found}</section>'


def _hit(report: TextSearchReport, place: int, hit: TextHit, thumbnail: Thumbnail) -> str:
    above = f'<span class="said">{place}<span class="percent">{hit.score:.3f}</span></span>'
    also = [f"and {count(len(hit.also_at), 'file')} with the same bytes"] if hit.also_at else []
    below = facts(hit.facts, hit.size_bytes) + chips(also)
    small = thumbnail(report.folder / hit.path, SMALL_PX)
    return figure(hit.path, small, above=above, below=below)
