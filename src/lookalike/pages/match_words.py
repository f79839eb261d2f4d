"""Matching in plain sentences, for the terminal and the page."""

from lookalike.nouns.match_report import Matched, MatchReport
from lookalike.nouns.verdict import Rung
from lookalike.pages.words import count, percent, visible


def match_sentence(report: MatchReport) -> str:
    """How many targets have an original."""
    t = count(len(report.matched), "picture")
    found, rest = report.n_matches, len(report.matched) - report.n_matches
    return (
        f"{found:,} of {t} matched to {'an original' if found == 1 else 'originals'} among "
        f"{report.n_sources:,}, {rest:,} without a match."
    )


def assumed_sentence(report: MatchReport) -> str:
    """What was assumed before looking, and where the probabilities come from."""
    return (
        f"Assumed before looking: {percent(report.options.prior)} have an original there. "
        f"Probabilities were learned on {report.learned_on}{_weighed(report)}."
    )


def _weighed(report: MatchReport) -> str:
    """How much each of several models counts here."""
    if len(report.weights) < 2:
        return ""
    named = zip(report.models, report.weights, strict=True)
    parts = ", ".join(f"{visible(name)} {100 * weight:.0f} %" for name, weight in named)
    return f", and so was how much each model counts: {parts}"


def looked_sentence(report: MatchReport) -> str:
    """How many doubtful targets were laid over sources, and with what result; empty for none."""
    if not report.n_verified:
        return ""
    were = "was" if report.n_verified == 1 else "were"
    return (
        f"{count(report.n_verified, 'doubtful picture')} {were} laid over the best sources, and "
        f"{report.n_fitting:,} fell into place."
    )


def why_words(each: Matched) -> str:
    """Why the first candidate is the first, where it was seen to fit."""
    first = each.candidates[0]
    return first.reason if first.rung is Rung.GEOMETRY else ""


def answer_words(each: Matched) -> str:
    """A match or none, and how sure."""
    if each.is_match:
        return f"match, {percent(each.probability)} sure"
    return f"no match; the nearest is it with {percent(each.probability)}"


def judged_words(right: bool | None) -> str:
    """Whether the answer is right; empty where nobody told."""
    return "" if right is None else "right" if right else "wrong"
