"""PDQ, a 256-bit perceptual hash: as published, and steadied against changes of size.

Source:
    Facebook 2019, "The TMK+PDQF video-hashing algorithm and the PDQ image-hashing algorithm";
    filter: Jarosz 2001, "Fast image convolutions".
"""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from lookalike.images.orientations import STEPS, turn_frequencies
from lookalike.nouns.embeddings import Bools, Bytes, Floats, read_only

Doubles = NDArray[np.float64]

_SIDE = 64
_FREQUENCIES = 16
_LUMA = np.array([0.299, 0.587, 0.114], np.float32)
# Rows read at a time, so that a huge picture never lies in memory as floats as a whole.
_BAND_PX = 1024
# 64 times an odd number, with an odd window: no sample falls off the middle of its window.
_STEADY_SIDE = 320
# What two box filters of 3 pixels do around the middle of each 5.
_TENT = np.array([1, 2, 3, 2, 1], np.float32) / 9


def steady_square(pixels: Bytes) -> Floats:
    """PDQ's 64 x 64 samples of the picture resized to 320 x 320.

    The published filter samples up to 1.5 pixels off the middle of its window, by an amount that
    depends on the picture's size: two sizes of one picture were seen to differ by 58 bits. At a
    side of 320 the samples fall on the middle, and the filter becomes a weighted mean of 5 x 5
    pixels. (Facebook's own tool resizes large pictures to 512 first.)

    Args:
        pixels: (h, w, 3) RGB or (h, w) grey.

    Returns:
        (64, 64) float32, 0 to 255.
    """
    size = (_STEADY_SIDE, _STEADY_SIDE)
    image = Image.fromarray(pixels).convert("F").resize(size, Image.Resampling.BILINEAR)
    cells = np.asarray(image).reshape(_SIDE, 5, _STEADY_SIDE)
    rows = np.einsum("iaj,a->ij", cells, _TENT)
    square: Floats = rows.reshape(_SIDE, _SIDE, 5) @ _TENT
    return square


def steady_bits(square: Floats) -> Bools:
    """The hash bits of all eight orientations, highest bit of the published number first.

    Args:
        square: (64, 64) from `steady_square`.

    Returns:
        (8, 256) bool.
    """
    cosines = _cosines()
    block = (cosines @ square @ cosines.T).astype(np.float32)
    return _bits(turn_frequencies(block, first=1))


def published_products(pixels: Bytes) -> Floats:
    """Everything that PDQ needs of the pixels as they are, in one pair of matrix products.

    Args:
        pixels: (h, w, 3) RGB or (h, w) grey.

    Returns:
        (96, 96) float32. The first 64 rows and columns are the luma, 0 to 255, smoothed and
        sampled by PDQ's two-pass filter; the last 32 are cosine coefficients (16 frequencies of
        the picture as it is, 16 of it flipped, along each side).
    """
    h, w = pixels.shape[:2]
    down, across = _operator(h), _operator(w)
    products = np.zeros((len(down), len(across)), np.float32)
    for start in range(0, h, _BAND_PX):
        band = pixels[start : start + _BAND_PX].astype(np.float32)
        luma = (band.reshape(-1, 3) @ _LUMA).reshape(-1, w) if band.ndim == 3 else band
        products += (down[:, start : start + _BAND_PX] @ luma) @ across.T
    return products


def published_bits(products: Floats) -> Bools:
    """The hash bits of all eight orientations, highest bit of the published number first.

    The filter leans to one side, so flipping a picture does more than change signs of its
    coefficients; hence the coefficients of the flipped picture.

    Args:
        products: (96, 96) from `published_products`.

    Returns:
        (8, 256) bool.
    """
    blocks = products[_SIDE:, _SIDE:].reshape(2, _FREQUENCIES, 2, _FREQUENCIES).swapaxes(1, 2)
    turned = [
        blocks[int(across)][int(down)].T if swap else blocks[int(down)][int(across)]
        for swap, down, across in STEPS
    ]
    return _bits(np.stack(turned).reshape(8, -1))


def _bits(coefficients: Floats) -> Bools:
    """Which of the (8, 256) coefficients exceed the median of their row, last one first."""
    # Rounding makes true zeros (flat or symmetric pictures) zeros on every machine.
    steps = np.round(coefficients, 2)
    # The published median is the lower of the two middle values.
    middle = steps.shape[1] // 2 - 1
    median = np.partition(steps, middle, axis=1)[:, middle, None]
    return (steps > median)[:, ::-1]


def quality(square: Floats) -> int:
    """How much there is to see, from 0 (flat) to 100; Facebook advises to distrust less than 50.

    Args:
        square: PDQ's (64, 64) samples.
    """
    # The published sum drops the fraction of every single step.
    down = np.trunc(np.abs(np.diff(square, axis=0)) * (100 / 255))
    across = np.trunc(np.abs(np.diff(square, axis=1)) * (100 / 255))
    return min(int(down.sum() + across.sum()) // 90, 100)


def published_quality(products: Floats) -> int:
    """The same, from `published_products`."""
    return quality(products[:_SIDE, :_SIDE])


@lru_cache(maxsize=64)
def _operator(n: int) -> Floats:
    """What is applied along a side of n pixels: (96, n).

    64 rows sample the line after two box filters; 16 give the cosine coefficients of those
    samples, and 16 those of the line read backwards.
    """
    kept = ((np.arange(_SIDE) + 0.5) * n / _SIDE).astype(np.int64)
    weights = np.zeros((_SIDE, n))
    weights[np.arange(_SIDE), kept] = 1
    window = (n + 2 * _SIDE - 1) // (2 * _SIDE)
    for _ in range(2):
        weights = _box(weights, window)
    cosines = _cosines() @ weights
    return read_only(np.concatenate([weights, cosines, cosines[:, ::-1]]).astype(np.float32))


def _box(weights: Doubles, window: int) -> Doubles:
    """Weights on a line (64, n) as weights on what the line was before its box filter.

    A pixel i becomes the mean of i - left to i + right; at the ends the window is cut off.
    """
    n = weights.shape[1]
    right = (window + 2) // 2 - 1
    left = window - right - 1
    place = np.arange(n)
    sizes = np.minimum(place + right, n - 1) - np.maximum(place - left, 0) + 1
    sums = np.zeros((len(weights), n + 1))
    np.cumsum(weights / sizes, axis=1, out=sums[:, 1:])
    spread: Doubles = sums[:, np.minimum(place + left, n - 1) + 1]
    return spread - sums[:, np.maximum(place - right, 0)]


@lru_cache
def _cosines() -> Doubles:
    """Frequencies 1 to 16 of the orthonormal cosine transform of 64 samples: (16, 64)."""
    angle = np.pi / (2 * _SIDE) * np.outer(np.arange(1, _FREQUENCIES + 1), 2 * np.arange(_SIDE) + 1)
    return read_only(np.sqrt(2 / _SIDE) * np.cos(angle))
