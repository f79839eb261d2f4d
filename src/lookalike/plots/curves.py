"""Curves: ROC, precision and recall, top-N, reliability."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from lookalike.nouns.curves import PrecisionRecallCurve, RocCurve
from lookalike.nouns.drawing import Drawing
from lookalike.nouns.exhibits import Curve, Reliability
from lookalike.plots.canvas import (
    ACCENT,
    CARD,
    COOL,
    INK,
    SOFT,
    WARM,
    drawn,
    legend,
    shares,
    sheet,
    whole_numbers,
)
from lookalike.plots.labels import shortened

if TYPE_CHECKING:
    from matplotlib.axes import Axes

POINTS = 300
"""A curve is drawn through at most so many points: more cannot be seen."""

_DOTTED = (0, (1, 2))

Doubles = NDArray[np.float64]


def roc_figure(curve: RocCurve, threshold: float, *, key: str) -> Drawing:
    """True against false alarms over all thresholds, with the chosen one marked.

    Args:
        curve: over the judged pairs.
        threshold: the chosen one.
        key: of the figure in its page.
    """
    figure, axes = sheet()
    axes.plot([0, 1], [0, 1], color=SOFT, linewidth=1, linestyle=_DOTTED, label="chance")
    line = _thin(curve.false_rate, curve.true_rate)
    axes.plot(*line, color=ACCENT, linewidth=1.8, label="model")
    at = _last_at(curve.thresholds, threshold)
    alarm, hit = float(curve.false_rate[at]), float(curve.true_rate[at])
    _mark(axes, alarm, hit)
    axes.set(xlabel="different pairs called same", ylabel="same pairs called same")
    shares(axes, x=True)
    legend(axes, loc="lower right")
    alt = (
        f"ROC curve with an area of {np.trapezoid(curve.true_rate, curve.false_rate):.3f}. At the "
        f"threshold {hit:.1%} of the same pairs are found, and {alarm:.1%} of the different ones "
        "are called same."
    )
    return drawn(figure, "ROC curve", alt, "The dot is the threshold.", key=key)


def precision_recall_figure(curve: PrecisionRecallCurve, threshold: float, *, key: str) -> Drawing:
    """Precision against recall over all thresholds, with the chosen one marked.

    Args:
        curve: over the judged pairs; its end, where all are called alike, tells their prevalence.
        threshold: the chosen one.
        key: of the figure in its page.
    """
    figure, axes = sheet()
    prevalence = float(curve.precision[-1])
    axes.axhline(prevalence, color=SOFT, linewidth=1, linestyle=_DOTTED, label="chance")
    line = _thin(curve.recall, curve.precision)
    axes.plot(*line, color=ACCENT, linewidth=1.8, label="model")
    axes.set(xlabel="recall: same pairs found", ylabel="precision: of those found, same")
    shares(axes, x=True)
    legend(axes, loc="lower left")
    alt = f"Precision-recall curve; chance has {prevalence:.1%}."
    if curve.thresholds[0] >= threshold:
        at = _last_at(curve.thresholds, threshold)
        recall, precision = float(curve.recall[at]), float(curve.precision[at])
        _mark(axes, recall, precision)
        alt += (
            f" At the threshold {recall:.1%} of the same pairs are found, and {precision:.1%} of "
            "the pairs called same are so."
        )
    caption = "The dot is the threshold."
    return drawn(figure, "Precision and recall", alt, caption, key=key)


def top_figure(curves: Sequence[Curve], *, key: str) -> Drawing:
    """The share found within the first N, its interval and the trivial baseline.

    Args:
        curves: over the same targets and sources, at least one; that of the model first.
        key: of the figure in its page.
    """
    figure, axes = sheet()
    first = curves[0]
    for place, curve in enumerate(curves):
        colour = (ACCENT, WARM, COOL)[place % 3]
        axes.fill_between(curve.at, curve.low, curve.high, color=colour, alpha=0.15, linewidth=0)
        name = shortened(curve.name)
        axes.plot(curve.at, curve.values, color=colour, label=name, marker="o", ms=3, lw=1.8)
    axes.plot(first.at, first.baseline, color=SOFT, linestyle=_DOTTED, label=first.baseline_name)
    axes.set(xlabel="N", ylabel="true one among the first N")
    axes.set_xlim(first.at[0] - 0.3, first.at[-1] + 0.3)
    whole_numbers(axes)
    shares(axes)
    legend(axes, loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=len(curves) + 1)
    told = [(c.name, c.values) for c in curves] + [(first.baseline_name, first.baseline)]
    alt = f"True one among the first {first.at[0]} and the first {first.at[-1]}: " + "; ".join(
        f"{name} {values[0]:.1%} and {values[-1]:.1%}" for name, values in told
    )
    caption = "The bands are 95 % intervals."
    return drawn(figure, "Found among the first N", f"{alt}.", caption, key=key)


def reliability_curve(reliability: Reliability, *, key: str) -> Drawing:
    """What was told against what held; an honest model lies on the diagonal.

    Args:
        reliability: at least one bin.
        key: of the figure in its page.
    """
    figure, axes = sheet()
    told, held, counts = reliability.told, reliability.held, reliability.counts
    axes.plot([0, 1], [0, 1], color=SOFT, linewidth=1, linestyle=_DOTTED, label="honest")
    axes.plot(told, held, color=COOL, linewidth=1.2)
    size = 12 + 110 * counts / counts.max()
    axes.scatter(told, held, s=size, color=COOL, alpha=0.75, label="told and held", clip_on=False)
    axes.set(xlabel="probability told", ylabel="share that held")
    shares(axes, x=True)
    legend(axes, loc="upper left")
    gap = float((np.abs(told - held) * counts).sum() / counts.sum())
    alt = (
        f"Reliability of {reliability.name}: told and held differ by {gap:.3f} on average over "
        f"{int(counts.sum()):,} pairs."
    )
    caption = "Larger dots stand for more pairs; below the diagonal the model is too sure."
    return drawn(figure, "Do the probabilities hold?", alt, caption, key=key)


def _last_at(thresholds: Doubles, threshold: float) -> int:
    """The last of the falling thresholds that is not below this one."""
    return max(int(np.searchsorted(-thresholds, -threshold, side="right")) - 1, 0)


def _thin(x: Doubles, y: Doubles) -> tuple[Doubles, Doubles]:
    """As many points as can be seen, at even steps along the curve, with both its ends."""
    if len(x) <= POINTS:
        return x, y
    way = np.append(0.0, np.cumsum(np.abs(np.diff(x)) + np.abs(np.diff(y))))
    keep = np.unique(np.searchsorted(way, np.linspace(0, way[-1], POINTS)))
    keep = np.union1d(keep.clip(0, len(x) - 1), [0, len(x) - 1])
    return x[keep], y[keep]


def _mark(axes: "Axes", x: float, y: float) -> None:
    axes.plot([x], [y], "o", color=INK, markeredgecolor=CARD, ms=7, clip_on=False, zorder=5)
