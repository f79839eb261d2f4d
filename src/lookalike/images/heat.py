"""A picture with the weights of its parts laid over it, for people to look at."""

from collections.abc import Sequence

import numpy as np
from PIL import Image, ImageDraw

from lookalike.nouns.embeddings import Bools, Bytes, Floats

WARM = (255, 170, 20)
EDGE = (200, 30, 20)
FRAME = (40, 110, 230)
DIMMED = 0.55
"""How bright a part without weight stays."""


def with_heat(
    pixels: Bytes,
    weights: Floats,
    named: Bools,
    outline: Sequence[tuple[float, float]] = (),
) -> Bytes:
    """Parts that matter stay bright and warm, the others are dimmed and grey.

    Args:
        pixels: (h, w, 3) uint8.
        weights: (g, g) of the cells; below 0 counts as 0.
        named: (g, g) cells whose border is drawn.
        outline: corners of a frame, as shares of width and height; it may reach outside.
    """
    height, width = pixels.shape[:2]
    heat = np.maximum(weights, 0)
    heat = heat / max(float(heat.max()), 1e-9)
    soft = Image.fromarray((heat * 255).astype(np.uint8)).resize(
        (width, height), Image.Resampling.BICUBIC
    )
    share = (np.asarray(soft, np.float32) / 255)[..., None]
    grey = pixels.mean(axis=2, keepdims=True) * DIMMED + 18
    warm = 0.78 * pixels + 0.22 * np.array(WARM, np.float32)
    mixed = grey * (1 - share) + warm * share
    image = Image.fromarray(mixed.clip(0, 255).astype(np.uint8))
    pen = ImageDraw.Draw(image)
    line = max(2, min(height, width) // 130)
    _borders(pen, named, width, height, line)
    if outline:
        corners = [(x * (width - 1), y * (height - 1)) for x, y in outline]
        pen.line([*corners, corners[0]], fill=FRAME, width=line + 1, joint="curve")
    return np.asarray(image)


def side_by_side(first: Bytes, second: Bytes, height_px: int) -> Bytes:
    """Two pictures of the same height on one white sheet, with a gap between them."""
    scaled = []
    for pixels in (first, second):
        image = Image.fromarray(pixels)
        width = max(1, round(image.width * height_px / image.height))
        scaled.append(image.resize((width, height_px), Image.Resampling.LANCZOS))
    gap = max(4, height_px // 30)
    sheet = Image.new("RGB", (scaled[0].width + gap + scaled[1].width, height_px), "white")
    sheet.paste(scaled[0], (0, 0))
    sheet.paste(scaled[1], (scaled[0].width + gap, 0))
    return np.asarray(sheet)


def _borders(pen: ImageDraw.ImageDraw, named: Bools, width: int, height: int, line: int) -> None:
    """A line wherever a named cell meets one that is not."""
    g = len(named)
    padded = np.pad(named, 1)
    xs = [round(c * (width - 1) / g) for c in range(g + 1)]
    ys = [round(r * (height - 1) / g) for r in range(g + 1)]
    for row, column in np.argwhere(named).tolist():
        left, right, top, bottom = xs[column], xs[column + 1], ys[row], ys[row + 1]
        for beside, ends in (
            (padded[row, column + 1], (left, top, right, top)),
            (padded[row + 2, column + 1], (left, bottom, right, bottom)),
            (padded[row + 1, column], (left, top, left, bottom)),
            (padded[row + 1, column + 2], (right, top, right, bottom)),
        ):
            if not beside:
                pen.line(ends, fill=EDGE, width=line)
