"""Small JPEGs for reports, and larger ones for the screen."""

import io
from pathlib import Path
from typing import BinaryIO

from PIL import Image

from lookalike.images.budget import DecodeBudget
from lookalike.images.decode import read_picture


def thumbnail(
    source: Path | bytes | BinaryIO,
    *,
    long_side_px: int = 240,
    quality: int = 80,
    budget: DecodeBudget | None = None,
) -> bytes:
    """A picture as a small upright JPEG.

    Args:
        source: the picture's file, its bytes, or a seekable stream.
        long_side_px: the longer side is at most this long; a smaller picture is not enlarged.
        quality: of the JPEG, 1 to 95.
        budget: shared by all threads that decode; waits until there is room.

    Raises:
        UnreadableImage: the file is no picture that can be decoded.
    """
    pixels = read_picture(source, short_side_px=long_side_px, budget=budget).pixels
    image = Image.fromarray(pixels)
    image.thumbnail((long_side_px, long_side_px), Image.Resampling.LANCZOS)
    out = io.BytesIO()
    image.save(out, "JPEG", quality=quality, optimize=True, progressive=True)
    return out.getvalue()
