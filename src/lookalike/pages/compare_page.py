"""Two or three pictures held against each other, as a page."""

from lookalike.nouns.compare_report import CompareReport
from lookalike.pages.cards import LARGE_PX, Thumbnail, figure, pairs_table, verdict
from lookalike.pages.frame import page
from lookalike.pages.sentences import closest_sentence, compare_sentence, trio_sentence
from lookalike.pages.words import named, percent


def compare_page(report: CompareReport, thumbnail: Thumbnail) -> str:
    """The pictures side by side, then what every two are to each other."""
    letters = "ABC"[: len(report.paths)]
    figures = "".join(
        figure(
            path.as_posix(),
            thumbnail(path, LARGE_PX),
            above=f'<span><span class="letter">{letter}</span></span>' if letters > "AB" else "",
        )
        for letter, path in zip(letters, report.paths, strict=True)
    )
    grid = f'<div class="grid pair">{figures}</div>'
    if len(report.pairs) > 1:
        names = ("A", "B"), ("A", "C"), ("B", "C")
        table = pairs_table((*n, p.verdict) for n, p in zip(names, report.pairs, strict=True))
        section = f"<section>{grid}{table}</section>"
        lead = f"{trio_sentence(report)} {closest_sentence(report)}"
        return page(compare_sentence(report), lead, [section], report.model)
    what = report.pairs[0].verdict
    lead = f"{percent(what.probability)} sure: {what.reason}."
    section = f"<section><h2>{verdict(what)}</h2>{grid}</section>"
    return page(named(what).capitalize(), lead, [section], report.model)
