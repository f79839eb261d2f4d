"""Pictures beside the classes that they may be of, as a page."""

from html import escape

from lookalike.nouns.recognise_report import Guess, Recognised, RecogniseReport
from lookalike.pages.cards import SMALL_PX, Thumbnail, chips, figure
from lookalike.pages.failures import failed_section
from lookalike.pages.figures_table import figures_table
from lookalike.pages.frame import page
from lookalike.pages.match_words import judged_words
from lookalike.pages.recognise_words import (
    recognise_sentence,
    recognised_words,
    stated_sentence,
)
from lookalike.pages.words import percent, visible

SHOWN = 300
"""A page of more pictures would be slow to open."""

LEGEND = (
    "<p>The percentage is the probability that a picture is of the class. Beside each class stands "
    "its nearest example.</p>"
)


def recognise_page(report: RecogniseReport, thumbnail: Thumbnail) -> str:
    """How many are right, then each picture beside its nearest classes."""
    sections = [figures_table(report.measures)] if report.measures else []
    sections += [_picture(each, thumbnail) for each in report.recognised[:SHOWN]]
    if (hidden := len(report.recognised) - SHOWN) > 0:
        sections.append(
            f'<section><p class="more">and {hidden:,} more, which --csv lists</p></section>'
        )
    if report.failed:
        sections.append(failed_section(report.failed))
    title, lead = recognise_sentence(report), stated_sentence(report)
    return page(title, lead, sections, report.model, legend=LEGEND)


def _picture(each: Recognised, thumbnail: Thumbnail) -> str:
    css = "kind" if each.is_known else "apart"
    said = f'<span class="verdict {css}">{escape(recognised_words(each))}</span>'
    told = judged_words(each.right)
    words = [told] if told in ("", "right") else [f"wrong: {visible(each.truth or '')}"]
    heading = f"<h2>{said}{chips(word for word in words if word)}</h2>"
    asked = figure(each.path.as_posix(), thumbnail(each.path, SMALL_PX))
    found = "".join(
        _guess(guess, thumbnail, chosen=each.is_known and place == 0)
        for place, guess in enumerate(each.guesses)
    )
    return (
        f'<section>{heading}<div class="search"><div class="asked">{asked}</div>'
        f'<div class="grid">{found}</div></div></section>'
    )


def _guess(guess: Guess, thumbnail: Thumbnail, *, chosen: bool) -> str:
    css = "kind" if chosen else "apart"
    above = (
        f'<span class="said"><span class="verdict {css}">{escape(visible(guess.name))}</span>'
        f'<span class="percent">{escape(percent(guess.probability))}</span></span>'
    )
    return figure(guess.example.as_posix(), thumbnail(guess.example, SMALL_PX), above=above)
