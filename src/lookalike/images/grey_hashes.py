"""The four 64-bit perceptual hashes; each first reduces the picture to a small grey one."""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from lookalike.images.orientations import turn, turn_frequencies, turn_square
from lookalike.nouns.embeddings import Bools, Bytes, read_only

Doubles = NDArray[np.float64]

_SIDE = 8
_COSINE_SIDE = 32


def average_bits(pixels: Bytes) -> Bools:
    """Which of 8 x 8 grey cells are brighter than their mean, in eight orientations.

    Args:
        pixels: (h, w, 3) RGB or (h, w) grey.

    Returns:
        (8, 64) bool.
    """
    cells = _reduced(_grey(pixels), _SIDE, _SIDE)
    return turn_square(cells > cells.mean())


def difference_bits(pixels: Bytes) -> Bools:
    """Which of 8 x 9 grey cells are darker than their right neighbour, in eight orientations.

    Args:
        pixels: (h, w, 3) RGB or (h, w) grey.

    Returns:
        (8, 64) bool.
    """
    grey = _grey(pixels)
    wide, tall = _reduced(grey, _SIDE, _SIDE + 1), _reduced(grey, _SIDE + 1, _SIDE)
    bits = np.empty((8, _SIDE * _SIDE), np.bool_)
    for g in range(8):
        # An odd quarter turn makes the tall one wide.
        cells = turn(tall if g % 2 else wide, g)
        bits[g] = (cells[:, 1:] > cells[:, :-1]).ravel()
    return bits


def perceptual_bits(pixels: Bytes) -> Bools:
    """Which of the 8 x 8 lowest cosine coefficients exceed their median, in eight orientations.

    Args:
        pixels: (h, w, 3) RGB or (h, w) grey.

    Returns:
        (8, 64) bool.
    """
    cosines = _cosines()
    block = cosines @ _reduced(_grey(pixels), _COSINE_SIDE, _COSINE_SIDE) @ cosines.T
    # Rounding makes true zeros (flat or symmetric pictures) zeros on every machine.
    turned = turn_frequencies(np.round(block, 6), first=0)
    # np.median takes many times as long for so few numbers.
    upper = turned.shape[1] // 2
    middle = np.partition(turned, (upper - 1, upper), axis=1)[:, upper - 1 : upper + 1]
    above: Bools = turned > middle.sum(axis=1, keepdims=True) / 2
    return above


def wavelet_bits(pixels: Bytes) -> Bools:
    """Which of the 8 x 8 Haar low-pass coefficients exceed their median, in eight orientations.

    Haar's low-pass coefficient is the sum of its block times a constant, and taking the overall
    mean out beforehand lowers all of them alike: neither can change a comparison with the
    median, so the sums are enough.

    Args:
        pixels: (h, w, 3) RGB or (h, w) grey.

    Returns:
        (8, 64) bool.
    """
    grey = _grey(pixels)
    # The definition works on the largest power of two within the short side.
    side = max(1 << (min(grey.size).bit_length() - 1), _SIDE)
    blocks = _reduced(grey, side, side).reshape(_SIDE, side // _SIDE, _SIDE, side // _SIDE)
    sums = blocks.sum(axis=(1, 3), dtype=np.int64)
    return turn_square(sums > np.median(sums))


def _grey(pixels: Bytes) -> Image.Image:
    image = Image.fromarray(pixels)
    return image if pixels.ndim == 2 else image.convert("L")


def _reduced(grey: Image.Image, rows: int, columns: int) -> Bytes:
    return np.asarray(grey.resize((columns, rows), Image.Resampling.LANCZOS))


@lru_cache
def _cosines() -> Doubles:
    """Frequencies 0 to 7 of the plain type-II cosine transform of 32 samples: (8, 32)."""
    angle = np.pi / (2 * _COSINE_SIDE) * np.outer(np.arange(_SIDE), 2 * np.arange(_COSINE_SIDE) + 1)
    return read_only(2 * np.cos(angle))
