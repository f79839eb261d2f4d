"""Recognised pictures in plain sentences, for the terminal and the page."""

from lookalike.nouns.recognise_report import NONE_OF_THESE, Recognised, RecogniseReport
from lookalike.pages.words import count, percent, visible


def recognise_sentence(report: RecogniseReport) -> str:
    """How many pictures are of a class."""
    n = count(len(report.recognised), "picture")
    rest = len(report.recognised) - report.n_known
    return (
        f"{report.n_known:,} of {n} of one of {count(len(report.classes), 'class', 'classes')}, "
        f"{rest:,} of {NONE_OF_THESE}."
    )


def stated_sentence(report: RecogniseReport) -> str:
    """What is promised and assumed, and where the probabilities come from."""
    rejected = (
        f"Of pictures of no class {percent(report.options.reject)} should be rejected: "
        f"{report.rejects_by}. "
        if report.threshold is not None
        else "Nothing is rejected. "
    )
    return (
        f"{rejected}Assumed before looking: {percent(report.options.prior)} are of one of the "
        f"classes. Probabilities were learned on {visible(report.learned_on)}."
    )


def recognised_words(each: Recognised) -> str:
    """The class and how sure, or none of these."""
    best = each.guesses[0]
    if each.is_known:
        return f"{visible(best.name)}, {percent(best.probability)} sure"
    return f"{NONE_OF_THESE}; nearest {visible(best.name)}, {percent(best.probability)}"
