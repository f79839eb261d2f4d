"""Why two pictures are alike, as a page and in sentences."""

import io
from html import escape

from PIL import Image

from lookalike.nouns.embeddings import Bytes
from lookalike.nouns.explain_report import ExplainReport, Region, Side
from lookalike.pages.cards import figure, verdict
from lookalike.pages.frame import page
from lookalike.pages.words import count, named, percent

WORDS = {
    "bright": "Parts that the model's score rests on; a red line is drawn round the heaviest ones. "
    "Grey parts hardly matter, or speak against likeness.",
    "weight": "A region's share of all that speaks for likeness in its picture: what the score "
    "loses when the region is covered.",
    "blue frame": "Where the other picture lies in this one, as matching details tell.",
}


def explain_page(report: ExplainReport, first: Bytes, second: Bytes) -> str:
    """Both pictures with what matters marked, then the regions."""
    figures = "".join(
        figure(side.path.as_posix(), _jpeg(pixels), below=_facts(report, side))
        for side, pixels in zip(report.sides, (first, second), strict=True)
    )
    said = [report_sentence(report)]
    if sentence := outline_sentence(report):
        said.append(sentence)
    section = (
        f'<section><h2>{verdict(report.verdict)}<span class="percent">'
        f"{escape(percent(report.verdict.probability))}</span></h2>"
        f'<div class="grid pair">{figures}</div></section>{_table(report)}'
    )
    title = f"What makes them alike: {named(report.verdict)}"
    return page(title, " ".join(said), [section], report.model, legend=_legend())


def report_sentence(report: ExplainReport) -> str:
    """The score, and what it becomes without what matters, as against as much elsewhere."""
    first = report.first
    if not any(side.regions for side in report.sides):
        return f"The look scores {report.score:.2f} of 1, and no part of it stands out."
    side = first if first.regions else report.second
    letter = "A" if side is first else "B"
    return (
        f"The look scores {report.score:.2f} of 1. Without the marked regions of {letter} it is "
        f"{side.score_without:.2f}; without as much elsewhere, {side.score_without_others:.2f}."
    )


def outline_sentence(report: ExplainReport) -> str:
    """How many details fall into place; empty where the two were not laid over each other."""
    if (found := report.outline) is None:
        return ""
    return f"{found.n_inliers} of {count(found.n_matches, 'matching detail')} fall into place."


def place_of(region: Region) -> str:
    """Where a region lies, in words."""
    left, top, right, bottom = region.box
    if right - left > 0.75 and bottom - top > 0.75:
        return "nearly everywhere"
    across, down = (left + right) / 2, (top + bottom) / 2
    row = "upper" if down < 0.4 else "lower" if down > 0.6 else ""
    column = "left" if across < 0.4 else "right" if across > 0.6 else ""
    return " ".join(part for part in (row, column) if part) or "middle"


def _facts(report: ExplainReport, side: Side) -> str:
    if not side.regions:
        return '<span class="why">no region stands out</span>'
    return (
        f'<span class="why">without the marked regions the score is {side.score_without:.2f}, '
        f"without as much elsewhere {side.score_without_others:.2f}, as it is "
        f"{report.score:.2f}</span>"
    )


def _table(report: ExplainReport) -> str:
    rows = "".join(
        f'<tr><td>{letter}</td><td>{escape(place_of(region))}</td><td class="tight">'
        f"{escape(percent(region.weight))}</td></tr>"
        for letter, side in zip("AB", report.sides, strict=True)
        for region in side.regions
    )
    if not rows:
        return ""
    head = "".join(f'<th scope="col">{name}</th>' for name in ("picture", "where", "weight"))
    return (
        '<section><h2>Regions</h2><div class="wide"><table>'
        f"<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div></section>"
    )


def _jpeg(pixels: Bytes) -> bytes:
    out = io.BytesIO()
    Image.fromarray(pixels).save(out, "JPEG", quality=88)
    return out.getvalue()


def _legend() -> str:
    words = "".join(f"<dt>{escape(k)}</dt><dd>{escape(v)}</dd>" for k, v in WORDS.items())
    return f"<details><summary>What the marks mean</summary><dl>{words}</dl></details>"
