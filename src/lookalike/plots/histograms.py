"""How the scores of like and of unlike pairs lie."""

import numpy as np

from lookalike.nouns.drawing import Drawing
from lookalike.nouns.exhibits import ScoredPairs
from lookalike.plots.canvas import ACCENT, INK, WARM, drawn, legend, sheet

BINS = 60


def score_histogram(pairs: ScoredPairs, *, key: str) -> Drawing:
    """Two histograms over each other, and the threshold between them.

    Args:
        pairs: at least one.
        key: of the figure in its page.
    """
    figure, axes = sheet()
    low, high = float(pairs.scores.min()), float(pairs.scores.max())
    low, high = min(low, pairs.threshold), max(high, pairs.threshold)
    room = max((high - low) * 0.02, 1e-6)
    edges = np.linspace(low - room, high + room, BINS + 1).tolist()
    for keep, colour, name in ((pairs.same, ACCENT, "same"), (~pairs.same, WARM, "different")):
        if keep.any():
            weights = np.full(int(keep.sum()), 1 / int(keep.sum()))
            axes.hist(
                pairs.scores[keep].astype(float),
                edges,
                weights=weights,
                histtype="stepfilled",
                color=colour,
                linewidth=0,
                alpha=0.55,
                label=f"{name}, {int(keep.sum()):,} pairs",
            )
    axes.axvline(pairs.threshold, color=INK, linewidth=1.2, linestyle=(0, (4, 3)))
    axes.annotate(
        f"threshold {pairs.threshold:.3f}",
        (pairs.threshold, 1),
        xycoords=("data", "axes fraction"),
        xytext=(4, -2),
        textcoords="offset points",
        va="top",
        color=INK,
        fontsize=9,
    )
    axes.set(xlabel="score: higher is more alike", ylabel="share of pairs")
    axes.set_yticks([])
    axes.margins(y=0.14)
    legend(axes, loc="upper center", bbox_to_anchor=(0.5, 1.14), ncols=2)
    right = float((pairs.scores[pairs.same] >= pairs.threshold).mean()) if pairs.same.any() else 0.0
    wrong = (
        float((pairs.scores[~pairs.same] >= pairs.threshold).mean()) if (~pairs.same).any() else 0.0
    )
    alt = (
        f"Histogram of scores: {right:.1%} of the same and {wrong:.1%} of the different pairs "
        f"score at least the threshold, {pairs.threshold:.3f}."
    )
    caption = "The less the two overlap, the better the model tells like from unlike."
    return drawn(figure, "Scores of both kinds", alt, caption, key=key)
