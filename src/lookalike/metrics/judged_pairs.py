"""Verification as a table: every figure of scored pairs with its baseline and its interval."""

from collections.abc import Callable

import numpy as np

from lookalike.metrics.arrays import Doubles, Scores
from lookalike.metrics.intervals import Interval, bootstrap, measured, wilson
from lookalike.metrics.tallies import Scored, Tally
from lookalike.metrics.thresholds import accuracy_of, f1_of
from lookalike.metrics.verification import ap_of, auc_of, eer_of, fnmr_of
from lookalike.nouns.embeddings import Bools, Ints
from lookalike.nouns.measure import Measure

FMRS = (0.01, 0.001)
"""False match rates at which misses are told; one in a thousand needs thousands of pairs."""

_Row = tuple[str, Callable[[Tally], float], tuple[float, str]]


def judge_pairs(
    scores: Scores,
    same: Bools,
    *,
    threshold: float,
    prevalence: float | None = None,
    pictures: Ints | None = None,
    resamples: int | None = None,
    seed: int = 0,
) -> tuple[Measure, ...]:
    """All figures of verification.

    Without a prevalence: accuracy, balanced accuracy, F1, ROC-AUC, average precision, EER, and
    FNMR at each FMR of `FMRS` that these pairs can resolve. With one only the three figures that
    depend on it, named "... at 1 % alike" and so on.

    Args:
        scores: (p,) higher is more alike.
        same: (p,) bool, the truth.
        threshold: chosen on other pairs; those with at least this score are called alike.
        prevalence: count as if this share of all pairs were alike, in (0, 1).
        pictures: (p, 2) the two pictures of each pair, where pictures occur in several pairs; the
            intervals then come from drawing pictures (see `bootstrap`).
        resamples: draws for the intervals; see `bootstrap`.
        seed: of these draws.

    Returns:
        Measures; the accuracy's interval is Wilson's where neither pictures nor a prevalence
        are given, all others come from resampling.

    Raises:
        InputError: no pairs, pairs of one kind only, shapes that do not fit, or values that are
            not finite or out of range.

    Source:
        Of each figure: see verification.py and thresholds.py.
    """
    scored = Scored(scores, same)
    rows = _rows(scored, threshold, prevalence)

    def figures(weights: Doubles) -> Doubles:
        tally = scored.tally(weights)
        return np.array([figure(tally) for _, figure, _ in rows])

    tally = scored.tally()
    values = [figure(tally) for _, figure, _ in rows]
    low, high = bootstrap(figures, scored.n, pictures=pictures, resamples=resamples, seed=seed)
    intervals: list[Interval] = list(zip(low.tolist(), high.tolist(), strict=True))
    if pictures is None and prevalence is None:
        intervals[0] = wilson(values[0] * scored.n, scored.n)
    return tuple(
        measured(name, value, interval, baseline, scored.n, fewest=scored.fewest)
        for (name, _, baseline), value, interval in zip(rows, values, intervals, strict=True)
    )


def _rows(scored: Scored, threshold: float, prevalence: float | None) -> tuple[_Row, ...]:
    whole = scored.tally().at_prevalence(prevalence)
    part = whole.alike / (whole.alike + whole.different)
    majority = (max(part, 1 - part), "always " + ("alike" if part >= 0.5 else "different"))
    at = "" if prevalence is None else f" at {100 * prevalence:.4g} % alike"

    def accuracy(tally: Tally) -> float:
        return accuracy_of(tally.at_prevalence(prevalence), threshold)

    def f1(tally: Tally) -> float:
        return f1_of(tally.at_prevalence(prevalence), threshold)

    def precision(tally: Tally) -> float:
        return ap_of(tally.at_prevalence(prevalence))

    def balanced(tally: Tally) -> float:
        return accuracy_of(tally.at_prevalence(0.5), threshold)

    depend: tuple[_Row, ...] = (
        ("accuracy" + at, accuracy, majority),
        ("F1" + at, f1, (2 * part / (1 + part), "always alike")),
        ("average precision" + at, precision, (part, "all scores equal")),
    )
    if prevalence is not None:
        return depend
    free: tuple[_Row, ...] = (
        ("balanced accuracy", balanced, (0.5, "always the same answer")),
        ("ROC-AUC", auc_of, (0.5, "at random")),
        ("EER", eer_of, (0.5, "at random")),
    )
    different = int(whole.different)
    return depend + free + tuple(_misses(fmr) for fmr in FMRS if fmr * different >= 1)


def _misses(fmr: float) -> _Row:
    return (
        f"FNMR at FMR {100 * fmr:.4g} %",
        lambda tally: fnmr_of(tally, fmr),
        (1 - fmr, "at random"),
    )
