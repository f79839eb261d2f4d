"""One share for each class, side by side."""

from lookalike.nouns.drawing import Drawing
from lookalike.nouns.exhibits import Bar, Bars
from lookalike.plots.canvas import ACCENT, INK, SOFT, drawn, legend, shares, sheet
from lookalike.plots.labels import shortened

SHOWN = 40
"""Of more bars than this the worst and the best are shown, half of each."""


def bars_figure(bars: Bars, *, key: str) -> Drawing:
    """Bars with their intervals, worst on top, and the trivial baseline.

    Args:
        bars: at least one.
        key: of the figure in its page.
    """
    ranked = sorted(bars.bars, key=lambda bar: bar.value)
    shown = ranked if len(ranked) <= SHOWN else [*ranked[: SHOWN // 2], *ranked[-SHOWN // 2 :]]
    figure, axes = sheet(5.8, 0.9 + 0.2 * max(len(shown), 4))
    places = range(len(shown))
    axes.barh(places, [b.value for b in shown], color=ACCENT, alpha=0.65, height=0.7)
    axes.hlines(places, [b.low for b in shown], [b.high for b in shown], color=INK, linewidth=1)
    axes.axvline(
        bars.baseline, color=SOFT, linestyle=(0, (1, 2)), linewidth=1.2, label=bars.baseline_name
    )
    axes.set_yticks(places, [shortened(bar.name) for bar in shown])
    axes.tick_params(axis="y", length=0, labelsize=8)
    axes.set_ylim(len(shown) - 0.4, -0.6)
    shares(axes, x=True, y=False)
    legend(axes, loc="upper right", bbox_to_anchor=(1.0, 1.0 + 0.28 / figure.get_figheight()))
    alt = (
        f"{bars.name}: from {_said(shown[0])} to {_said(shown[-1])}; "
        f"{bars.baseline_name} {bars.baseline:.1%}."
    )
    left_out = len(ranked) - len(shown)
    caption = "Worst first; the lines are 95 % intervals."
    if left_out:
        caption += f" {left_out} classes between them are left out."
    return drawn(figure, bars.name, alt, caption, key=key)


def _said(bar: Bar) -> str:
    return f"{bar.name} {bar.value:.1%}"
