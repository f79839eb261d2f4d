"""From however a picture stores its pixels to RGB or grey, eight bits a channel.

What is decided here: transparent parts show white. Embedded colour profiles are not applied, for
CMYK as well (the plain formula 255 - min(255, ink + black)): what is compared is looked at through
one pair of eyes, and copies often have lost their profile. RGB with 16 bits a channel
arrives here already cut to its upper 8 bits by Pillow. Grey with more than 8 bits is scaled as
`grey_range` says.
"""

from typing import Literal

import numpy as np
from PIL import Image

_DEEP_GREY = frozenset({"I;16", "I;16B", "I;16L", "I;16N", "I", "F"})
_BAND_PIXELS = 1 << 19
_SENSOR_TOPS = (255, 1023, 4095, 16383, 65535)

Range = tuple[float, float]
Mode = Literal["RGB", "L"]
"""What comes out: colours, or grey as Pillow weighs colours (ITU-R 601, 0.299 0.587 0.114)."""


def grey_range(image: Image.Image) -> Range | None:
    """Which stored values mean black and white in a grey picture of more than 8 bits.

    Scanners, microscopes and cameras write 8, 10, 12 or 14 true bits into 16-bit files; read at
    full range such a picture would be all but black. So white is the top of the smallest of these
    depths that holds the largest value, and black is 0. Floating-point pictures within [0, 1] use
    that range; values below 0 or above 65535 are stretched from least to greatest.

    Returns:
        (black, white), or None for a picture of 8 bits.
    """
    if image.mode not in _DEEP_GREY:
        return None
    low, high = _extremes(image)
    if image.mode == "F" and 0 <= low and high <= 1:
        return 0.0, 1.0
    if 0 <= low and high <= _SENSOR_TOPS[-1]:
        return 0.0, float(next(top for top in _SENSOR_TOPS if high <= top))
    return low, max(high, low + 1)


def _extremes(image: Image.Image) -> Range:
    """The least and greatest finite values, found a band at a time: a copy could be too big."""
    low, high = np.inf, -np.inf
    rows = max(1, _BAND_PIXELS // image.width)
    for top in range(0, image.height, rows):
        band = image.crop((0, top, image.width, min(top + rows, image.height)))
        values = np.asarray(band)
        values = values[np.isfinite(values)]
        if values.size:
            low, high = min(low, float(values.min())), max(high, float(values.max()))
    return (low, high) if low <= high else (0.0, 0.0)


def to_mode(image: Image.Image, deep: Range | None, mode: Mode) -> Image.Image:
    """The picture, or a part of one, in RGB or grey on white.

    Args:
        image: in any mode of Pillow's.
        deep: `grey_range` of the whole picture.
        mode: what is wanted.
    """
    if deep is not None:
        image = _grey(image, deep)
    elif image.has_transparency_data and image.mode != "CMYK":
        image = _on_white(image)
    if image.mode not in ("RGB", "L"):
        # Grey of what is neither comes by way of RGB, so that it is the grey of what is seen.
        image = image.convert("RGB")
    return image if image.mode == mode else image.convert(mode)


def _grey(image: Image.Image, deep: Range) -> Image.Image:
    black, white = deep
    share = (np.asarray(image).astype(np.float64) - black) / (white - black)
    share = np.nan_to_num(np.clip(share, 0, 1), nan=0.0)
    return Image.fromarray(np.rint(share * 255).astype(np.uint8))


def _on_white(image: Image.Image) -> Image.Image:
    if image.mode == "La":
        image = image.convert("LA")
    clear = image.convert("RGBA")
    sheet = Image.new("RGB", image.size, "white")
    sheet.paste(clear, mask=clear.getchannel("A"))
    return sheet
