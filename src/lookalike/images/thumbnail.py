"""Small JPEGs for reports."""

import io
from pathlib import Path

from PIL import Image

from lookalike.images.budget import DecodeBudget
from lookalike.images.decode import read_picture


def thumbnail(path: Path, *, long_side_px: int = 240, budget: DecodeBudget | None = None) -> bytes:
    """A picture as a small upright JPEG.

    Args:
        path: the picture's file.
        long_side_px: the longer side is at most this long.
        budget: shared by all threads that decode; waits until there is room.

    Raises:
        UnreadableImage: the file is no picture that can be decoded.
    """
    pixels = read_picture(path, short_side_px=long_side_px, budget=budget).pixels
    image = Image.fromarray(pixels)
    image.thumbnail((long_side_px, long_side_px), Image.Resampling.LANCZOS)
    out = io.BytesIO()
    image.save(out, "JPEG", quality=80, optimize=True, progressive=True)
    return out.getvalue()
