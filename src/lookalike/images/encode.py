"""Pictures that are in memory as the bytes of a file, without loss."""

from io import BytesIO

import numpy as np
from PIL import Image, ImageOps

from lookalike.nouns.errors import InputError

_OF_PNG = ("1", "L", "LA", "P", "RGB", "RGBA")
_FASTEST = 1


def picture_bytes(picture: Image.Image | np.ndarray) -> bytes:
    """A picture as a PNG file, turned upright.

    Args:
        picture: of Pillow, or an array of uint8, (h, w) grey, (h, w, 3) RGB or (h, w, 4) RGBA.

    Raises:
        InputError: the array is no picture.
    """
    opened = Image.fromarray(_checked(picture)) if isinstance(picture, np.ndarray) else picture
    upright = ImageOps.exif_transpose(opened)
    plain = upright if upright.mode in _OF_PNG else upright.convert("RGB")
    buffer = BytesIO()
    plain.save(buffer, "PNG", compress_level=_FASTEST, exif=b"")
    return buffer.getvalue()


def _checked(pixels: np.ndarray) -> np.ndarray:
    grey = pixels.ndim == 2
    coloured = pixels.ndim == 3 and pixels.shape[2] in (3, 4)
    if pixels.dtype != np.uint8 or not (grey or coloured) or 0 in pixels.shape:
        raise InputError(
            f"An array of {pixels.dtype} of shape {pixels.shape} is no picture",
            mend="give uint8 of shape (h, w, 3) RGB, (h, w, 4) RGBA or (h, w) grey",
        )
    return np.ascontiguousarray(pixels)
