"""An evaluation for a person at a terminal."""

from rich.console import Console
from rich.text import Text

from lookalike.cli import hints
from lookalike.cli.screen import console, name, put, table
from lookalike.cli.tables import show_failed
from lookalike.nouns.evaluation_report import EvaluationReport, Judged, Leak, Mistake
from lookalike.nouns.exhibits import ClassReport
from lookalike.nouns.measure import Measure
from lookalike.pages.evaluation_words import (
    beats,
    counted_sentence,
    evaluation_sentence,
    interval,
    is_error,
    share,
    skipped_sentences,
    title_of,
)
from lookalike.pages.words import count, visible

LINES_SHOWN = 12
MISTAKES_SHOWN = 3
LEAKS_SHOWN = 10


def show_evaluation(report: EvaluationReport, *, page: bool = False) -> None:
    """The answer, the figures of each protocol, and what a reader has to know about the data.

    Args:
        report: what was found.
        page: whether it is written as a page as well.
    """
    out = console()
    out.print(Text(evaluation_sentence(report), style="bold"))
    out.print(Text(counted_sentence(report), style="dim"))
    for note in report.notes:
        out.print(Text(visible(note), style="dim"))
    width = max((len(m.name) for j in report.judged for m in j.measures), default=0)
    for judged in report.judged:
        out.print()
        _show_protocol(out, judged, width)
    _show_leaks(out, report.leaks)
    show_failed(out, report.failed, "could not be read")
    if report.skipped:
        out.print(Text("\nNot judged:", style="dim"))
        for sentence in skipped_sentences(report):
            out.print(Text(f"  {sentence}", style="dim"))
    if out.is_terminal and not out.no_color and report.judged:
        out.print(Text("\nYellow: not surely better than the baseline. ↓: less is better.", "dim"))
    if report.judged and not page:
        hints.show(out, ("See curves, maps and mistakes", "add --html report.html"))


def _show_protocol(out: Console, judged: Judged, width: int) -> None:
    title = Text(title_of(judged), style="bold")
    out.print(title.append(f"  {judged.protocol}", style="not bold dim"))
    about = table("about", head=False)
    for line in (judged.about, *judged.notes):
        about.add_row(Text(visible(line), style="dim"))
    put(out, about, indent=2)
    wide = table("measure", "value", "95 % interval", "baseline", "", right=_RIGHT)
    narrow = table("measure", "value", "95 % interval", "baseline", right=_RIGHT)
    for grid in (wide, narrow):
        grid.columns[0].min_width = width
        grid.columns[1].min_width = 9
    for measure in judged.measures:
        cells = (measure.name, _value(measure), interval(measure), share(measure.baseline))
        wide.add_row(*cells, Text(measure.baseline_name, style="dim"))
        narrow.add_row(*cells)
    put(out, wide, narrow, indent=2)
    for report in judged.of_kind(ClassReport):
        out.print()
        _show_class_report(out, report)
    for same, words in ((False, "different, but scored high"), (True, "the same, but scored low")):
        _show_mistakes(out, [m for m in judged.mistakes if m.same == same], words)


_RIGHT = ("value", "95 % interval", "baseline")


def _value(measure: Measure) -> Text:
    text = share(measure.value) + (" ↓" if is_error(measure) else "")
    return Text(text, style="" if beats(measure) else "yellow")


def _show_class_report(out: Console, report: ClassReport) -> None:
    heads = ("precision", "recall", "f1-score", "support")
    grid = table(report.name, *heads, right=heads)
    lines = report.lines
    if len(lines) > LINES_SHOWN:
        lines = (*lines[: LINES_SHOWN - 2], *lines[-2:])
    for line in lines:
        figures = (f"{x:.3f}" for x in (line.precision, line.recall, line.f1))
        grid.add_row(name(line.name), *figures, f"{line.support:,}")
    grid.add_row("accuracy", "", "", f"{report.accuracy:.3f}", f"{report.n:,}")
    put(out, grid, indent=2)
    if hidden := len(report.lines) - len(lines):
        out.print(Text(f"  {count(hidden, 'class', 'classes')} left out here", style="dim"))


def _show_mistakes(out: Console, mistakes: list[Mistake], words: str) -> None:
    if not mistakes:
        return
    out.print(Text(f"\n  worst mistakes: {words}", style="dim"))
    for mistake in mistakes[:MISTAKES_SHOWN]:
        line = Text(f"  {mistake.score:6.3f}  ").append_text(name(mistake.first))
        out.print(line.append("  ").append_text(name(mistake.second)), soft_wrap=True)


def _show_leaks(out: Console, leaks: tuple[Leak, ...]) -> None:
    if not leaks:
        return
    known = "known from the other parts, and left out"
    out.print(Text(f"\n{count(len(leaks), 'judged picture')} {known}:", style="yellow"))
    for leak in leaks[:LEAKS_SHOWN]:
        line = Text("  ").append_text(name(leak.judged))
        same = "the same file as" if leak.kind == "file" else "a near-duplicate of"
        out.print(line.append(f" is {same} ").append_text(name(leak.known)), soft_wrap=True)
    if (hidden := len(leaks) - LEAKS_SHOWN) > 0:
        out.print(Text(f"  and {hidden:,} more, which --json lists", style="dim"))
