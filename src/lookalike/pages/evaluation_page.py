"""How well a model does, as a page: figures with their baselines, drawings, worst mistakes."""

from collections.abc import Iterable, Mapping
from html import escape

from lookalike.nouns.drawing import Drawing
from lookalike.nouns.evaluation_report import EvaluationReport, Judged, Leak, Mistake
from lookalike.nouns.exhibits import ClassReport, ReportLine
from lookalike.nouns.measure import Measure
from lookalike.nouns.picture import Failure
from lookalike.pages.cards import SMALL_PX, Thumbnail, figure
from lookalike.pages.evaluation_words import (
    baseline,
    beats,
    counted_sentence,
    evaluation_sentence,
    evaluation_title,
    interval,
    is_error,
    mistake_sentence,
    share,
    skipped_sentences,
    title_of,
)
from lookalike.pages.frame import page
from lookalike.pages.words import count, visible

LINES_SHOWN = 200
LINES_UNFOLDED = 24
LISTED = 20
WORDS = {
    "value": "What the model reached on the judged pictures; these took no part in choosing "
    "thresholds. An arrow down marks an error, where less is better.",
    "95 % interval": "Where the figure would lie with other pictures of the same kind. Figures "
    "whose intervals overlap may not differ at all.",
    "baseline": "What an answer reaches that needs no model. A figure in soft ink is not surely "
    "better than that.",
    "threshold": "The score from which two pictures are called the same, chosen on the validation "
    "part alone.",
}


def evaluation_page(
    report: EvaluationReport, drawings: Mapping[str, tuple[Drawing, ...]], thumbnail: Thumbnail
) -> str:
    """All figures first, then each protocol with its drawings and mistakes, then the data.

    Args:
        report: what was found.
        drawings: of each protocol by its name; "maps" are those of no protocol.
        thumbnail: makes a small picture.
    """
    sections = [_all_figures(report)] if report.judged else []
    sections.extend(
        _protocol(judged, drawings.get(judged.protocol, ()), report, thumbnail)
        for judged in report.judged
    )
    if maps := drawings.get("maps"):
        made = _drawings(maps, "maps")
        sections.append(f'<section id="maps"><h2>Maps of the pictures</h2>{made}</section>')
    sections.append(_about_the_data(report))
    lead = f"{evaluation_sentence(report)} {counted_sentence(report)}"
    return page(evaluation_title(report), lead, sections, report.model, legend=_legend())


def _all_figures(report: EvaluationReport) -> str:
    head = _cells(
        "th", ("protocol", "measure", "value", "95 % interval", "baseline", "of"), scope="col"
    )
    body = "".join(_figure_rows(judged) for judged in report.judged)
    return (
        '<section id="figures"><h2>All figures</h2><div class="wide"><table class="figures">'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div></section>"
    )


def _figure_rows(judged: Judged) -> str:
    rows = []
    for place, measure in enumerate(judged.measures):
        name = f'<a href="#{escape(_anchor(judged))}">{escape(judged.protocol)}</a>'
        rows.append(
            f"<tr{' class=first' if not place else ''}><td>{name if not place else ''}</td>"
            f"<td>{escape(measure.name)}</td>"
            f'<td class="tight {"good" if beats(measure) else "poor"}">{_value(measure)}</td>'
            f'<td class="tight">{escape(interval(measure))}</td>'
            f'<td>{escape(baseline(measure))}</td><td class="tight">{measure.n:,}</td></tr>'
        )
    return "".join(rows)


def _value(measure: Measure) -> str:
    down = ' <span title="less is better">↓</span>' if is_error(measure) else ""
    return f"{escape(share(measure.value))}{down}"


def _protocol(
    judged: Judged, drawings: tuple[Drawing, ...], report: EvaluationReport, thumbnail: Thumbnail
) -> str:
    notes = " ".join(escape(visible(note)) for note in judged.notes)
    tables = "".join(_class_report(table) for table in judged.of_kind(ClassReport))
    return (
        f'<section id="{escape(_anchor(judged))}"><h2>{escape(title_of(judged))}'
        f'<span class="trust">{escape(judged.protocol)}</span></h2>'
        f'<p>{escape(visible(judged.about))} <span class="trust">{notes}</span></p>{tables}'
        f"{_drawings(drawings, judged.protocol)}{_mistakes(judged, report, thumbnail)}</section>"
    )


def _anchor(judged: Judged) -> str:
    return "protocol-" + "-".join(judged.protocol.split())


def _drawings(drawings: Iterable[Drawing], name: str) -> str:
    made = "".join(
        f"<figure><h3>{escape(visible(d.title))}</h3>{d.svg}"
        f"<figcaption>{escape(visible(d.caption))}</figcaption></figure>"
        for d in drawings
    )
    kind = "drawings whole" if name == "maps" else "drawings"
    return f'<div class="{kind}">{made}</div>' if made else ""


def _class_report(table: ClassReport) -> str:
    """Every class and both averages; folded away where there are many classes."""
    lines = table.lines
    if hidden := max(len(lines) - LINES_SHOWN, 0):
        lines = (*lines[: LINES_SHOWN - 2], *lines[-2:])
    head = _cells("th", (table.name, "precision", "recall", "f1-score", "support"), scope="col")
    rows = "".join(
        f"<tr>{_cells('td', (line.name, *_three(line), f'{line.support:,}'))}</tr>"
        for line in lines
    )
    last = ("accuracy", "", "", f"{table.accuracy:.3f}", f"{table.n:,}")
    more = f'<p class="more">{count(hidden, "line")} left out</p>' if hidden else ""
    made = (
        f'<div class="wide"><table class="report"><thead><tr>{head}</tr></thead>'
        f"<tbody>{rows}<tr>{_cells('td', last)}</tr></tbody></table></div>{more}"
    )
    if len(table.lines) <= LINES_UNFOLDED:
        return made
    title = f"Classification report of {len(table.lines) - 2:,} classes"
    return f"<details><summary>{title}</summary>{made}</details>"


def _three(line: ReportLine) -> tuple[str, str, str]:
    return f"{line.precision:.3f}", f"{line.recall:.3f}", f"{line.f1:.3f}"


def _mistakes(judged: Judged, report: EvaluationReport, thumbnail: Thumbnail) -> str:
    kinds = (
        (False, "Worst mistakes: different, but scored high"),
        (True, "Worst mistakes: the same, but scored low"),
    )
    parts = []
    for same, title in kinds:
        pairs = [m for m in judged.mistakes if m.same == same]
        if pairs:
            made = "".join(_wrong_pair(pair, report, thumbnail) for pair in pairs)
            parts.append(f'<h3>{title}</h3><div class="wrongs">{made}</div>')
    return "".join(parts)


def _wrong_pair(pair: Mistake, report: EvaluationReport, thumbnail: Thumbnail) -> str:
    both = "".join(
        figure(path, thumbnail(report.root / path, SMALL_PX)) for path in (pair.first, pair.second)
    )
    return f'<div class="wrong"><div>{both}</div><p>{escape(mistake_sentence(pair))}</p></div>'


def _about_the_data(report: EvaluationReport) -> str:
    n = report.counted
    of = f" of {count(n.classes, 'class', 'classes')}" if n.classes else ""
    facts = [
        ("folder", visible(str(report.root))),
        ("pictures", f"{n.pictures:,} could be read, {len(report.failed):,} could not"),
        ("judged", f"{n.judged:,}{of}"),
        ("chose thresholds", f"{n.validation:,}"),
        ("looked at for leaks", f"{n.train:,} of the training part"),
        ("seed", f"{report.seed}; the same seed gives the same figures"),
        ("model", f"{visible(report.model)}, fingerprint {report.fingerprint}"),
        *(("not judged", sentence) for sentence in skipped_sentences(report)),
    ]
    listed = "".join(f"<dt>{escape(k)}</dt><dd>{escape(v)}</dd>" for k, v in facts)
    notes = "".join(f"<p>{escape(visible(note))}</p>" for note in report.notes)
    return (
        f'<section id="data"><h2>What was judged</h2>{notes}<dl class="facts-list">{listed}</dl>'
        f"{_leaks(report.leaks)}{_failed(report.failed)}</section>"
    )


def _leaks(leaks: tuple[Leak, ...]) -> str:
    if not leaks:
        return ""
    head = _cells("th", ("left out", "because it repeats", "of the part", "as"), scope="col")
    rows = "".join(
        f"<tr>{_cells('td', (leak.judged, leak.known, leak.part, leak.kind))}</tr>"
        for leak in leaks[:LISTED]
    )
    return (
        f"<details open><summary>{count(len(leaks), 'leak')}, left out of the figures</summary>"
        f'<div class="wide"><table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>'
        f"</div>{_more(len(leaks))}</details>"
    )


def _failed(failed: tuple[Failure, ...]) -> str:
    if not failed:
        return ""
    head = _cells("th", ("file", "why"), scope="col")
    rows = "".join(f"<tr>{_cells('td', (str(f.path), f.reason))}</tr>" for f in failed[:LISTED])
    return (
        f"<details open><summary>{count(len(failed), 'picture')} could not be read</summary>"
        f'<div class="wide"><table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>'
        f"</div>{_more(len(failed))}</details>"
    )


def _more(n: int) -> str:
    hidden = n - LISTED
    return f'<p class="more">and {hidden:,} more, which --json lists</p>' if hidden > 0 else ""


def _cells(tag: str, texts: Iterable[str], *, scope: str = "") -> str:
    mark = f' scope="{scope}"' if scope else ""
    return "".join(f"<{tag}{mark}>{escape(visible(text))}</{tag}>" for text in texts)


def _legend() -> str:
    words = "".join(f"<dt>{escape(k)}</dt><dd>{escape(v)}</dd>" for k, v in WORDS.items())
    return f"<details><summary>What the words mean</summary><dl>{words}</dl></details>"
