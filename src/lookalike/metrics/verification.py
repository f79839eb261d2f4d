"""Are these two alike? Figures over all thresholds, from scores and the truth."""

import numpy as np

from lookalike.metrics.arrays import Doubles, Scores
from lookalike.metrics.tallies import Scored, Tally
from lookalike.nouns.curves import PrecisionRecallCurve, RocCurve
from lookalike.nouns.embeddings import Bools


def roc_curve(scores: Scores, same: Bools) -> RocCurve:
    """True against false rate at each distinct score.

    Args:
        scores: (p,) higher is more alike.
        same: (p,) bool, the truth.

    Returns:
        u + 1 points for u distinct scores, from nothing called alike to everything.

    Raises:
        InputError: no pairs, pairs of one kind only, shapes that do not fit, or a score that is
            not finite.

    Source:
        Fawcett 2006, Pattern Recognition Letters 27.
    """
    tally = Scored(scores, same).tally()
    false_rate, true_rate = _rates(tally)
    return RocCurve(false_rate, true_rate, np.concatenate([[np.inf], tally.thresholds]))


def precision_recall_curve(
    scores: Scores, same: Bools, *, prevalence: float | None = None
) -> PrecisionRecallCurve:
    """Precision and recall at each distinct score.

    Args:
        scores: (p,) higher is more alike.
        same: (p,) bool, the truth.
        prevalence: count as if this share of all pairs were alike, in (0, 1).

    Returns:
        One point for each distinct score, recall rising to 1.

    Raises:
        InputError: as `roc_curve`, or a prevalence outside (0, 1).

    Source:
        Davis and Goadrich 2006, ICML.
    """
    tally = Scored(scores, same).tally().at_prevalence(prevalence)
    return PrecisionRecallCurve(_precision(tally), tally.caught / tally.alike, tally.thresholds)


def roc_auc(scores: Scores, same: Bools) -> float:
    """Chance that an alike pair scores higher than a different one; equal scores count half.

    Args:
        scores: (p,) higher is more alike.
        same: (p,) bool, the truth.

    Returns:
        In [0, 1], higher is better; 0.5 by guessing.

    Raises:
        InputError: as `roc_curve`.

    Source:
        Hanley and McNeil 1982, Radiology 143.
    """
    return auc_of(Scored(scores, same).tally())


def average_precision(scores: Scores, same: Bools, *, prevalence: float | None = None) -> float:
    """Mean precision over the recalls reached, without interpolation.

    Pairs of equal score are called alike together, so equal scores for all give the prevalence.

    Args:
        scores: (p,) higher is more alike.
        same: (p,) bool, the truth.
        prevalence: count as if this share of all pairs were alike, in (0, 1).

    Returns:
        In [0, 1], higher is better.

    Raises:
        InputError: as `roc_curve`, or a prevalence outside (0, 1).

    Source:
        Zhu 2004, University of Waterloo; as scikit-learn computes it.
    """
    return ap_of(Scored(scores, same).tally().at_prevalence(prevalence))


def equal_error_rate(scores: Scores, same: Bools) -> float:
    """The error where as large a share of the different as of the alike pairs is judged wrongly.

    Between two thresholds the ROC is followed as a straight line.

    Args:
        scores: (p,) higher is more alike.
        same: (p,) bool, the truth.

    Returns:
        In [0, 1], lower is better; 0.5 by guessing.

    Raises:
        InputError: as `roc_curve`.

    Source:
        ISO/IEC 19795-1:2021.
    """
    return eer_of(Scored(scores, same).tally())


def fnmr_at_fmr(scores: Scores, same: Bools, *, fmr: float) -> float:
    """Share of the alike pairs missed where at most a share `fmr` of the different ones pass.

    Only thresholds that exist count: pairs of equal score pass together or not at all.

    Args:
        scores: (p,) higher is more alike.
        same: (p,) bool, the truth.
        fmr: the false match rate allowed, in [0, 1].

    Returns:
        In [0, 1], lower is better; 1 - fmr by guessing.

    Raises:
        InputError: as `roc_curve`.

    Source:
        ISO/IEC 19795-1:2021.
    """
    return fnmr_of(Scored(scores, same).tally(), fmr)


def auc_of(tally: Tally) -> float:
    """The area under the ROC of these counts; NaN without pairs of both kinds."""
    if not (tally.alike and tally.different):
        return np.nan
    x, y = _rates(tally)
    return float((np.diff(x) * (y[1:] + y[:-1]) / 2).sum())


def ap_of(tally: Tally) -> float:
    """The average precision of these counts; NaN without alike pairs."""
    if not tally.alike:
        return np.nan
    gained = np.diff(tally.caught, prepend=0.0) / tally.alike
    return float(min(1.0, (gained * _precision(tally)).sum()))


def eer_of(tally: Tally) -> float:
    """The equal error rate of these counts; NaN without pairs of both kinds."""
    if not (tally.alike and tally.different):
        return np.nan
    x, y = _rates(tally)
    balance = x + y - 1  # from -1 to 1, never falling
    after = int(np.argmax(balance >= 0))
    step = balance[after] - balance[after - 1]
    part = -balance[after - 1] / step
    return float(x[after - 1] + part * (x[after] - x[after - 1]))


def fnmr_of(tally: Tally, fmr: float) -> float:
    """The false non-match rate of these counts; NaN without pairs of both kinds."""
    if not (tally.alike and tally.different):
        return np.nan
    x, y = _rates(tally)
    return float(1 - y[x <= fmr + 1e-12].max(initial=0.0))


def recall_at_precision_of(tally: Tally, precision: float) -> float:
    """The highest recall at a threshold with at least this precision; NaN without alike pairs."""
    if not tally.alike:
        return np.nan
    enough = (_precision(tally) >= precision - 1e-12) & (tally.caught > 0)
    return float((tally.caught[enough] / tally.alike).max(initial=0.0))


def _rates(tally: Tally) -> tuple[Doubles, Doubles]:
    """False and true rate from the infinite threshold on: (u + 1,) each."""
    return (
        np.concatenate([[0.0], tally.wrong / tally.different]),
        np.concatenate([[0.0], tally.caught / tally.alike]),
    )


def _precision(tally: Tally) -> Doubles:
    called = tally.caught + tally.wrong
    return np.divide(tally.caught, called, out=np.zeros_like(called), where=called > 0)
