"""Which classes are taken for each other."""

from lookalike.nouns.drawing import Drawing
from lookalike.nouns.exhibits import Confusion
from lookalike.plots.canvas import ACCENT, CARD, INK, SOFT, WARM, drawn, sheet, whole_numbers
from lookalike.plots.labels import shortened

MOST_CLASSES = 20
"""More classes than this make no table that can be read: then the pairs most often confused."""

PAIRS_SHOWN = 20


def confusion_figure(confusion: Confusion, *, key: str) -> Drawing:
    """The whole table where it can be read, else the pairs of classes most often confused.

    Args:
        confusion: at least one class.
        key: of the figure in its page.
    """
    if len(confusion.classes) <= MOST_CLASSES:
        return _table(confusion, key)
    return _pairs(confusion, key)


def _table(confusion: Confusion, key: str) -> Drawing:
    from matplotlib.patches import Rectangle

    c = len(confusion.classes)
    side = 2.2 + 0.3 * max(c, 4)
    figure, axes = sheet(side + 0.6, side)
    totals = confusion.counts.sum(axis=1, keepdims=True).clip(1)
    of_row = confusion.counts / totals
    for row in range(c):
        for column in range(c):
            share, n = float(of_row[row, column]), int(confusion.counts[row, column])
            if not n:
                continue
            colour = ACCENT if row == column else WARM
            axes.add_patch(
                Rectangle((column - 0.5, row - 0.5), 1, 1, color=colour, alpha=share, lw=0)
            )
            ink = CARD if share > 0.6 else INK
            axes.text(column, row, f"{n:,}", ha="center", va="center", color=ink, fontsize=8)
    names = [shortened(name) for name in confusion.classes]
    axes.set_xticks(range(c), names, rotation=45, ha="right", rotation_mode="anchor")
    axes.set_yticks(range(c), names)
    axes.set(xlim=(-0.5, c - 0.5), ylim=(c - 0.5, -0.5), xlabel="taken for", ylabel="class")
    axes.set_aspect("equal")
    axes.tick_params(length=0)
    right = float(confusion.counts.trace() / max(confusion.counts.sum(), 1))
    worst = confusion.most_confused(1)
    most = f" Most often confused: {worst[0][0]} and {worst[0][1]}." if worst else ""
    alt = f"Confusion matrix of {c} classes; {right:.1%} are taken for what they are.{most}"
    return drawn(figure, "Which classes are confused", alt, confusion.name, key=key)


def _pairs(confusion: Confusion, key: str) -> Drawing:
    pairs = confusion.most_confused(PAIRS_SHOWN)
    figure, axes = sheet(5.8, 0.7 + 0.21 * max(len(pairs), 4))
    counts = [n for _, _, n in pairs]
    axes.barh(range(len(pairs)), counts, color=WARM, alpha=0.7, height=0.7)
    for place, n in enumerate(counts):
        axes.text(n, place, f" {n:,}", va="center", color=SOFT, fontsize=8)
    names = [f"{shortened(a)}, {shortened(b)}" for a, b, _ in pairs]
    axes.set_yticks(range(len(pairs)), names)
    axes.tick_params(axis="y", length=0, labelsize=8)
    axes.invert_yaxis()
    axes.set(xlabel="pictures taken for the other class")
    whole_numbers(axes)
    first = f"{pairs[0][0]} and {pairs[0][1]}, {pairs[0][2]} times" if pairs else "none"
    alt = (
        f"The {len(pairs)} pairs of classes most often taken for each other, of "
        f"{len(confusion.classes)} classes; first: {first}."
    )
    return drawn(figure, "Classes most often confused", alt, confusion.name, key=key)
