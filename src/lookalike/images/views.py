"""Other ways to look at a poor picture: what was mirrored, cut or faded may fit better so."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

import numpy as np
from PIL import Image, ImageOps

from lookalike.nouns.embeddings import Bytes

CENTRES = (0.85, 0.7)
"""Shares of each side that the crops keep: a frame, a page or a table around the picture goes."""

WINDOW = 0.8
"""Of each side: 64 % of the area."""

N_WINDOWS = 10


def mirrored(pixels: Bytes) -> tuple[Bytes, ...]:
    """The mirror image."""
    return (np.ascontiguousarray(pixels[:, ::-1]),)


def centre_crops(pixels: Bytes) -> tuple[Bytes, ...]:
    """The middle of the picture, cut to each share of CENTRES."""
    height, width = pixels.shape[:2]
    cuts = []
    for share in CENTRES:
        high, wide = max(1, round(share * height)), max(1, round(share * width))
        top, left = (height - high) // 2, (width - wide) // 2
        cuts.append(np.ascontiguousarray(pixels[top : top + high, left : left + wide]))
    return tuple(cuts)


def windows(pixels: Bytes) -> tuple[Bytes, ...]:
    """The whole picture, then nine parts of it, each WINDOW of both sides: N_WINDOWS in all.

    The parts are the corners, the sides and the middle. What is left of a picture that was cut is
    more like one of them than like the whole.
    """
    height, width = pixels.shape[:2]
    high, wide = max(1, round(WINDOW * height)), max(1, round(WINDOW * width))
    tops = (0, (height - high) // 2, height - high)
    lefts = (0, (width - wide) // 2, width - wide)
    parts = (pixels[top : top + high, left : left + wide] for top in tops for left in lefts)
    return (pixels, *(np.ascontiguousarray(part) for part in parts))


def equalised(pixels: Bytes) -> tuple[Bytes, ...]:
    """Each colour spread evenly over its range: what has faded stands out again."""
    return (np.asarray(ImageOps.equalize(Image.fromarray(pixels))),)


VIEWS: Mapping[str, Callable[[Bytes], tuple[Bytes, ...]]] = MappingProxyType(
    {"mirror": mirrored, "crops": centre_crops, "equalised": equalised}
)
"""From (h, w, 3) uint8 RGB to one other picture or several."""
