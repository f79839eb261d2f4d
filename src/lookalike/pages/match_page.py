"""Poor pictures beside what may be their originals, as a page."""

from html import escape

from lookalike.nouns.match_report import Candidate, Matched, MatchReport
from lookalike.nouns.verdict import Rung
from lookalike.pages.cards import SMALL_PX, Thumbnail, chips, figure
from lookalike.pages.failures import failed_section
from lookalike.pages.figures_table import figures_table
from lookalike.pages.frame import page
from lookalike.pages.match_words import (
    answer_words,
    assumed_sentence,
    judged_words,
    looked_sentence,
    match_sentence,
)
from lookalike.pages.words import percent

TARGETS_SHOWN = 300
"""A page of more would be slow to open."""

LEGEND = (
    "<p>The percentage is the probability that a picture is the original of the one on the left. "
    "It was learned on pictures of this very collection, made poor on purpose and looked for with "
    "and without their originals. Where points fall into place, a doubtful picture was laid over "
    "the source, and that tells.</p>"
)


def match_page(report: MatchReport, thumbnail: Thumbnail) -> str:
    """How many are right, then each target beside its candidates, best first."""
    sections = [figures_table(report.measures)] if report.measures else []
    sections += [_target(each, thumbnail) for each in report.matched[:TARGETS_SHOWN]]
    if (hidden := len(report.matched) - TARGETS_SHOWN) > 0:
        sections.append(
            f'<section><p class="more">and {hidden:,} more, which --csv lists</p></section>'
        )
    if report.failed:
        sections.append(failed_section(report.failed))
    title = match_sentence(report)
    lead = f"{assumed_sentence(report)} {looked_sentence(report)}".rstrip()
    return page(title, lead, sections, ", ".join(report.models), legend=LEGEND)


def _target(each: Matched, thumbnail: Thumbnail) -> str:
    css = "sure" if each.is_match else "apart"
    said = f'<span class="verdict {css}">{escape(answer_words(each))}</span>'
    told = judged_words(each.right)
    heading = f"<h2>{said}{chips([told] if told else [])}</h2>"
    asked = figure(each.target.as_posix(), thumbnail(each.target, SMALL_PX))
    found = "".join(
        _candidate(one, thumbnail, chosen=each.is_match and place == 0)
        for place, one in enumerate(each.candidates)
    )
    return (
        f'<section>{heading}<div class="search"><div class="asked">{asked}</div>'
        f'<div class="grid">{found}</div></div></section>'
    )


def _candidate(one: Candidate, thumbnail: Thumbnail, *, chosen: bool) -> str:
    css = "sure" if chosen else "apart"
    words = "the original" if chosen else "maybe"
    above = (
        f'<span class="said"><span class="verdict {css}">{words}</span>'
        f'<span class="percent">{escape(percent(one.probability))}</span></span>'
    )
    told = ["told to be the original"] if one.right else []
    below = chips([*([one.reason] if one.rung is Rung.GEOMETRY else []), *told])
    return figure(one.path.as_posix(), thumbnail(one.path, SMALL_PX), above=above, below=below)
