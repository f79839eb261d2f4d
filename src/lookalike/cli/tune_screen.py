"""The user's own answers, for a person at a terminal."""

from rich.text import Text

from lookalike.cli.screen import console, name
from lookalike.nouns.answers import TuneReport
from lookalike.nouns.learnt_report import LearntCurve, LearntReport
from lookalike.pages.words import count, percent


def show_tune(report: TuneReport) -> None:
    """How many answers there are, and each of them."""
    out = console()
    known = count(len(report.pairs), "answer") if report.pairs else "No answers"
    new = f", {report.added:,} given now" if report.added else ""
    waiting = f", {report.n_waiting:,} more about pictures that are gone" * bool(report.n_waiting)
    out.print(Text(f"{known}{new}{waiting}.", style="bold"))
    if report.tuned_by:
        by = count(report.tuned_by, "answer")
        change = f"multiplied by {report.scale:.2f}, and {report.shift:+.2f} added"
        told = f"The log-odds of doubtful pairs are {change}: so say {by} to questions."
        out.print(Text(told, style="dim"))
    if report.from_pictures:
        told = "Scores are read as these pictures themselves taught: "
        out.print(Text(f"{told}{', '.join(report.from_pictures)}.", style="dim"))
    for pair in report.pairs:
        said = "the same" if pair.same else "not the same"
        line = Text("   ").append_text(name(pair.first)).append(" and ")
        out.print(line.append_text(name(pair.second)).append(f": {said}", style="dim"))


HASH_MARKS = 256


def show_learnt(report: LearntReport) -> None:
    """What was learned from the pictures themselves, and what it changes."""
    out = console()
    drawn = count(report.n_pictures, "picture")
    made = count(report.n_copies, "edited copy", "edited copies")
    out.print(Text(f"Learned from {drawn}: {made} of them, {report.n_pairs:,} pairs.", "bold"))
    if report.n_hidden:
        seem = count(report.n_hidden, "pair seems", "pairs seem")
        out.print(Text(f"{seem} to be copies and were left out.", "dim"))
    for curve in report.curves:
        out.print(Text(f"   {_curve(curve)}"))
    if not report.curves:
        out.print(Text("No score tells copies from strangers here; nothing was changed."))


def _curve(curve: LearntCurve) -> str:
    """From which score on two pictures are rather copies, and how many copies that finds."""
    by_hash = curve.calibration.relation.endswith("hash")
    own, usual = (_bound(score, by_hash) for score in (curve.bound, curve.usual))
    what = "hash" if by_hash else "embedding"
    found, before = percent(curve.found), percent(curve.found_usual)
    return f"{what}: a copy {own}, finds {found} of the copies (before: {usual}, {before})"


def _bound(score: float, by_hash: bool) -> str:
    if score > 1:
        return "by no score"
    marks = f"{round(score * HASH_MARKS)} of {HASH_MARKS} marks"
    return f"from {marks} on" if by_hash else f"from {score:.2f} on"
