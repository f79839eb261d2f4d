"""Maps of pictures: each a dot in the colour of its class, some shown as small pictures."""

import base64
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from lookalike.nouns.drawing import Drawing
from lookalike.nouns.embeddings import Ints
from lookalike.plots.canvas import CARD, SERIES, SOFT, drawn, in_page_colours, lay_out, sheet
from lookalike.plots.labels import shortened
from lookalike.plots.projections import Points

if TYPE_CHECKING:
    from matplotlib.axes import Axes

WIDTH_IN, HEIGHT_IN = 7.2, 5.4
THUMBNAIL_PT = 25.0
COLUMNS, ROWS = 16, 12
"""Small pictures stand on a grid so fine, one a cell at most, and so hardly overlap."""


def shown_rows(points: Points) -> Ints:
    """Which pictures are shown as such: of each cell of the map the one nearest its centre.

    Args:
        points: (n, 2).

    Returns:
        Rows in rising order.
    """
    low, high = points.min(axis=0), points.max(axis=0)
    place = (points - low) / np.where(high > low, high - low, 1) * [COLUMNS, ROWS]
    cell = np.minimum(place.astype(np.int64), [COLUMNS - 1, ROWS - 1])
    off = np.abs(place - cell - 0.5).max(axis=1)
    number = cell[:, 1] * COLUMNS + cell[:, 0]
    order = np.lexsort((off, number))
    first = np.append(True, np.diff(number[order]) != 0)
    return np.sort(order[first])


def picture_map(
    points: Points,
    labels: Ints,
    classes: Sequence[str],
    thumbnails: Mapping[int, bytes],
    *,
    title: str,
    caption: str,
    key: str,
) -> Drawing:
    """The pictures at their points.

    Args:
        points: (n, 2), at least one.
        labels: (n,) places in `classes`, or -1.
        classes: names.
        thumbnails: small JPEGs of some rows.
        title: what map this is.
        caption: how to read it.
        key: of the figure in its page.
    """
    figure, axes = sheet(WIDTH_IN, HEIGHT_IN)
    present = np.unique(labels).tolist()
    colours = {label: _colour(label) for label in present}
    for label in present:
        at = points[labels == label]
        name = classes[label] if label >= 0 else "unknown"
        axes.scatter(at[:, 0], at[:, 1], s=9, color=colours[label], lw=0, label=shortened(name))
    axes.set_axis_off()
    axes.margins(0.04)
    if 1 < len(present) <= len(SERIES):
        handles = axes.legend(
            frameon=False, labelcolor=SOFT, fontsize=9, ncols=5, loc="lower center", markerscale=2,
            bbox_to_anchor=(0.5, 1.0), handletextpad=0.2, columnspacing=1.2,
        )  # fmt: skip
        handles.set_in_layout(True)
    lay_out(figure)  # settles where the axes lie
    alt = (
        f"{title} of {len(points):,} pictures of {len(present)} classes, "
        f"{len(thumbnails)} of them shown as small pictures."
    )
    whole = drawn(figure, title, alt, caption, key=key)
    pictures = in_page_colours("".join(_pictures(axes, points, labels, colours, thumbnails)))
    return replace(whole, svg=whole.svg.replace("</svg>", f"{pictures}</svg>"))


def _pictures(
    axes: "Axes",
    points: Points,
    labels: Ints,
    colours: Mapping[int, str],
    thumbnails: Mapping[int, bytes],
) -> list[str]:
    """Elements that lay the small pictures over the dots, framed in the colour of their class."""
    rows = sorted(thumbnails)
    where = axes.transData.transform(points[rows])  # in points, as a sheet has 72 dots an inch
    made = []
    half = THUMBNAIL_PT / 2
    for row, (x, y) in zip(rows, where.tolist(), strict=True):
        left, top = x - half, HEIGHT_IN * 72 - y - half
        data = base64.b64encode(thumbnails[row]).decode()
        box = f'x="{left:.1f}" y="{top:.1f}" width="{THUMBNAIL_PT:g}" height="{THUMBNAIL_PT:g}"'
        made.append(
            f'<rect {box} fill="{CARD}"></rect>'
            f'<image {box} preserveAspectRatio="xMidYMid slice" '
            f'href="data:image/jpeg;base64,{data}"></image>'
            f'<rect {box} fill="none" stroke="{colours[int(labels[row])]}" stroke-width="1.5">'
            "</rect>"
        )
    return made


def _colour(label: int) -> str:
    return SERIES[label % len(SERIES)] if label >= 0 else SOFT
