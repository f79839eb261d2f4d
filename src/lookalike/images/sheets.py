"""Many small pictures on few sheets: one JPEG each would be mostly heads."""

import io
from collections.abc import Sequence

import numpy as np
from PIL import Image

from lookalike.nouns.embeddings import Bytes

GROUND = (128, 128, 128)
QUALITY = 78


def tile_of(pixels: Bytes, side_px: int) -> Bytes:
    """The picture scaled to fit a square.

    Args:
        pixels: (h, w, 3) uint8.
        side_px: of the square.
    """
    image = Image.fromarray(pixels)
    image.thumbnail((side_px, side_px), Image.Resampling.LANCZOS)
    return np.asarray(image)


def sheets_of(tiles: Sequence[Bytes], *, side_px: int, per_row: int) -> tuple[bytes, ...]:
    """The tiles, row by row, on as many JPEGs as are needed.

    Args:
        tiles: each (h, w, 3) uint8, at most side_px high and wide; it lies in the upper left
            corner of its square.
        side_px: of a square.
        per_row: squares in a row, and rows on a sheet.
    """
    each = per_row * per_row
    sheets = []
    for low in range(0, len(tiles), each):
        part = tiles[low : low + each]
        rows = -(-len(part) // per_row)
        sheet = Image.new("RGB", (per_row * side_px, rows * side_px), GROUND)
        for place, tile in enumerate(part):
            down, across = divmod(place, per_row)
            sheet.paste(Image.fromarray(tile), (across * side_px, down * side_px))
        out = io.BytesIO()
        sheet.save(out, "JPEG", quality=QUALITY, optimize=True)
        sheets.append(out.getvalue())
    return tuple(sheets)
