"""A sheet to draw on, and from it an SVG that takes its colours from the page it stands in."""

import io
import re
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from html import escape
from typing import TYPE_CHECKING, Any

from lookalike.nouns.drawing import Drawing
from lookalike.nouns.errors import MissingExtra
from lookalike.plots.labels import printable

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# The page's own variables, each drawn in a colour that nothing else has and replaced at the end.
INK, SOFT, LINE, CARD, WELL = "#010203", "#010204", "#010205", "#010206", "#010207"
ACCENT, WARM, COOL = "#010208", "#010209", "#01020a"
_VARIABLES = {
    INK: "var(--ink, #211e1a)",
    SOFT: "var(--soft, #655f57)",
    LINE: "var(--line, #dfdad2)",
    CARD: "var(--card, #ffffff)",
    WELL: "var(--well, #efece6)",
    ACCENT: "var(--accent, #0b6565)",
    WARM: "var(--like, #744900)",
    COOL: "var(--copy, #1a4c99)",
}
SERIES = (
    *("#3b82c4", "#d9772b", "#3f9b56", "#c8503f", "#8b6cc0"),
    *("#9a6a52", "#c766a5", "#7d8590", "#a19226", "#2f9fa8"),
)
"""Colours for classes; all stand out from a white and from a black page."""

_POINTS = 9.0
_DROPPED = re.compile(
    r"<\?xml.*?\?>|<!DOCTYPE.*?>|<!--.*?-->|<metadata>.*?</metadata>|<style.*?</style>", re.DOTALL
)
_NAMESPACES = re.compile(r'\sxmlns(:xlink)?="[^"]*"')
_FAMILY = re.compile(r"font-family: [^;\"]*;? ?|(?<=px) '[^;\"]*")
_IDS = re.compile(r'\sid="([^"]+)"')
_USED = re.compile(r'(?:url\(#|href="#)([^)"]+)')


def sheet(width_in: float = 4.8, height_in: float = 3.5) -> tuple["Figure", "Axes"]:
    """A figure with one pair of axes, in the look of the pages.

    Args:
        width_in: width in inches, of 72 points each.
        height_in: height in inches.

    Raises:
        MissingExtra: matplotlib is not installed.
    """
    try:
        from matplotlib.figure import Figure
    except ModuleNotFoundError as missing:
        raise MissingExtra("plots", what="Drawing figures needs matplotlib") from missing
    figure = Figure(figsize=(width_in, height_in), dpi=72, layout="constrained")
    axes = figure.add_subplot()
    figure.patch.set_visible(False)
    axes.patch.set_visible(False)
    for side, spine in axes.spines.items():
        spine.set_visible(side in ("left", "bottom"))
        spine.set_color(LINE)
    axes.tick_params(colors=SOFT, labelsize=_POINTS, length=3, color=LINE)
    for axis in (axes.xaxis, axes.yaxis):
        axis.label.set_color(SOFT)
        axis.label.set_fontsize(_POINTS)
    return figure, axes


def legend(axes: "Axes", **where: Any) -> None:  # noqa: ANN401
    """What the colours mean, without a box."""
    axes.legend(frameon=False, labelcolor=INK, fontsize=_POINTS, handlelength=1.4, **where)


def shares(axes: "Axes", *, x: bool = False, y: bool = True) -> None:
    """Ticks in percent, from 0 to 100."""
    for wanted, axis, limit in ((x, axes.xaxis, axes.set_xlim), (y, axes.yaxis, axes.set_ylim)):
        if wanted:
            limit(0, 1)
            axis.set_ticks([0, 0.25, 0.5, 0.75, 1], labels=["0 %", "25 %", "50 %", "75 %", "100 %"])


def whole_numbers(axes: "Axes") -> None:
    """Ticks below the drawing at whole numbers only."""
    from matplotlib.ticker import MaxNLocator

    axes.xaxis.set_major_locator(MaxNLocator(integer=True))


def lay_out(figure: "Figure") -> None:
    """Settle where everything lies, without drawing it."""
    with _letters_of_any_kind():
        figure.draw_without_rendering()


@contextmanager
def _letters_of_any_kind() -> Iterator[None]:
    """Without warnings of letters that matplotlib's own font lacks: the page's font has them."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Glyph .* missing from", UserWarning)
        yield


def drawn(figure: "Figure", title: str, alt: str, caption: str, *, key: str) -> Drawing:
    """The figure, ready to stand in a page.

    Args:
        figure: made by `sheet`.
        title: what it shows.
        alt: the figure in words.
        caption: how to read it.
        key: letters and hyphens that no other figure of the page has.
    """
    words = printable(alt)
    return Drawing(printable(title), svg(figure, key=key, alt=words), words, printable(caption))


def svg(figure: "Figure", *, key: str, alt: str) -> str:
    """The figure as one `<svg>` element for a page.

    Letters stay letters, in the page's own font; colours are the page's variables; the element
    refers to nothing outside, and the same figure gives the same text.

    Args:
        figure: made by `sheet`.
        key: letters and hyphens that no other figure of the page has.
        alt: the figure in words.
    """
    import matplotlib

    out = io.BytesIO()
    nothing = dict.fromkeys(("Creator", "Date", "Format", "Type"))
    with (
        _letters_of_any_kind(),
        matplotlib.rc_context({"svg.fonttype": "none", "svg.hashsalt": key}),
    ):
        figure.savefig(out, format="svg", metadata=nothing)
    text = _NAMESPACES.sub("", _DROPPED.sub("", out.getvalue().decode())).strip()
    text = text.replace("xlink:href", "href")
    text = _own_names(text, key)
    text = _FAMILY.sub("", text)
    text = in_page_colours(text)
    label = f'role="img" aria-label="{escape(alt)}" class="drawing"'
    text = re.sub(r'^<svg width="[\d.]+pt" height="[\d.]+pt"', f"<svg {label}", text)
    return re.sub(r"\n\s*", "\n", text)


def in_page_colours(text: str) -> str:
    """The same with the page's variables for the colours named above."""
    for colour, variable in _VARIABLES.items():
        text = text.replace(colour, variable)
    return text


def _own_names(text: str, key: str) -> str:
    """Only names that are referred to stay, and begin with the figure's key."""
    used = set(_USED.findall(text))
    text = _IDS.sub(lambda m: f' id="{key}-{m[1]}"' if m[1] in used else "", text)
    return _USED.sub(lambda m: m[0].replace(m[1], f"{key}-{m[1]}"), text)
