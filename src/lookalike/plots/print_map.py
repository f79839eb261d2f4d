"""A map as one picture for print: dots in colours, a key, and some small pictures."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np

from lookalike.nouns.embeddings import Bytes, Floats
from lookalike.nouns.map_report import NONE, Colouring
from lookalike.plots.canvas import SERIES, lay_out, sheet
from lookalike.plots.labels import shortened

FORMATS = (".png", ".svg", ".pdf")
WIDTH_IN, HEIGHT_IN = 11.0, 8.25
DOTS_PER_INCH = 200
PICTURE_IN = 0.42
GREY = "#8f8a83"
INK = "#211e1a"


def print_map(
    points: Floats, colouring: Colouring, pictures: Mapping[int, Bytes], path: Path
) -> None:
    """Draws a map into a file.

    Args:
        points: (n, 2).
        colouring: of the n pictures.
        pictures: small pictures of some rows, (h, w, 3) uint8.
        path: ends in one of FORMATS; the same map gives the same file.

    Raises:
        MissingExtra: matplotlib is not installed.
        OSError: the file cannot be written.
    """
    figure, axes = sheet(WIDTH_IN, HEIGHT_IN)
    import matplotlib
    from matplotlib.offsetbox import AnnotationBbox, OffsetImage

    shown = [place for place in range(len(SERIES)) if (colouring.of == place).any()]
    others = (colouring.of == NONE) | (colouring.of >= len(SERIES))
    size = float(np.clip(60_000 / len(points), 1.5, 14))
    for place, name in ((NONE, f"others by {colouring.name}"), *((p, "") for p in shown)):
        at = points[others if place == NONE else colouring.of == place]
        label = shortened(name or colouring.names[place])
        colour = GREY if place == NONE else SERIES[place]
        if len(at):
            axes.scatter(at[:, 0], at[:, 1], s=size, color=colour, lw=0, label=label)
    axes.set_axis_off()
    axes.set_aspect("equal", adjustable="datalim")
    axes.legend(frameon=False, labelcolor=INK, fontsize=9, ncols=5, loc="lower center",
                bbox_to_anchor=(0.5, 1.0), markerscale=max(1.0, 3 / size**0.5))  # fmt: skip
    for row, pixels in sorted(pictures.items()):
        place = int(colouring.of[row])
        edge = SERIES[place] if 0 <= place < len(SERIES) else GREY
        box = OffsetImage(pixels, zoom=PICTURE_IN * 72 / max(pixels.shape[:2]))
        frame = {"edgecolor": edge, "linewidth": 1.4}
        axes.add_artist(AnnotationBbox(box, tuple(points[row]), pad=0.08, bboxprops=frame))
    lay_out(figure)
    figure.patch.set(visible=True, facecolor="white")
    nothing = {".svg": {"Date": None}, ".pdf": {"CreationDate": None}}
    with matplotlib.rc_context({"svg.hashsalt": "lookalike"}):
        metadata = nothing.get(path.suffix.lower())
        figure.savefig(path, dpi=DOTS_PER_INCH, metadata=metadata)
