"""PDQ, a 256-bit perceptual hash, with the filter written as one matrix a side of the picture.

Source:
    Facebook 2019, "The TMK+PDQF video-hashing algorithm and the PDQ image-hashing algorithm";
    filter: Jarosz 2001, "Fast image convolutions".
"""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from lookalike.images.orientations import STEPS
from lookalike.nouns.embeddings import Bools, Bytes, Floats, read_only

Doubles = NDArray[np.float64]

_SIDE = 64
_FREQUENCIES = 16
# Both 64 times an odd number and of an odd window: nothing is sampled off the middle.
_STEADY_SIDE = 320
_LUMA = np.array([0.299, 0.587, 0.114], np.float32)
# Rows read at a time, so that a huge picture never lies in memory as floats as a whole.
_BAND_PX = 1024


def pdq_products(pixels: Bytes, *, steady: bool) -> Floats:
    """Everything that PDQ needs of a picture, in one pair of matrix products.

    The published filter samples up to 1.5 pixels off the middle of its window, by an amount that
    depends on the picture's size: two sizes of one picture can differ by 58 bits. A steady hash
    is the published hash of the picture resized to a square of 320 pixels, where the samples fall
    on the middle. (Facebook's own tool resizes large pictures to 512, also to steady it.)

    Args:
        pixels: (h, w, 3) RGB or (h, w) grey.
        steady: whether the picture counts as resized; else it is taken pixel by pixel.

    Returns:
        (96, 96) float32. The first 64 rows and columns are the luma, 0 to 255, smoothed and
        sampled by PDQ's two-pass filter; the last 32 are cosine coefficients (16 frequencies of
        the picture as it is, 16 of it flipped, along each side).
    """
    h, w = pixels.shape[:2]
    operator = _steady_operator if steady else _operator
    down, across = operator(h), operator(w)
    products = np.zeros((len(down), len(across)), np.float32)
    for start in range(0, h, _BAND_PX):
        band = pixels[start : start + _BAND_PX].astype(np.float32)
        luma = (band.reshape(-1, 3) @ _LUMA).reshape(-1, w) if band.ndim == 3 else band
        products += (down[:, start : start + _BAND_PX] @ luma) @ across.T
    return products


def pdq_bits(products: Floats) -> Bools:
    """The hash bits of all eight orientations, highest bit of the published number first.

    The filter leans one pixel to one side, so flipping a picture does more than change signs of
    its coefficients; hence the coefficients of the flipped picture, and exact hashes.

    Args:
        products: (96, 96) from `pdq_products`.

    Returns:
        (8, 256) bool.
    """
    blocks = products[_SIDE:, _SIDE:].reshape(2, _FREQUENCIES, 2, _FREQUENCIES).swapaxes(1, 2)
    turned = [
        blocks[int(across)][int(down)].T if swap else blocks[int(down)][int(across)]
        for swap, down, across in STEPS
    ]
    # Rounding makes true zeros (flat or symmetric pictures) zeros on every machine.
    coefficients = np.round(np.stack(turned).reshape(8, -1), 2)
    # The published median is the lower of the two middle values.
    middle = coefficients.shape[1] // 2 - 1
    median = np.partition(coefficients, middle, axis=1)[:, middle, None]
    return (coefficients > median)[:, ::-1]


def pdq_quality(products: Floats) -> int:
    """How much there is to see, from 0 (flat) to 100; Facebook advises to distrust less than 50.

    Args:
        products: (96, 96) from `pdq_products`.
    """
    square = products[:_SIDE, :_SIDE]
    # The published sum drops the fraction of every single step.
    down = np.trunc(np.abs(np.diff(square, axis=0)) * (100 / 255))
    across = np.trunc(np.abs(np.diff(square, axis=1)) * (100 / 255))
    return min(int(down.sum() + across.sum()) // 90, 100)


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


@lru_cache(maxsize=64)
def _steady_operator(n: int) -> Floats:
    """The operator of the steady side after a triangle filter from n pixels: (96, n)."""
    stretch = n / _STEADY_SIDE
    middles = (np.arange(_STEADY_SIDE)[:, None] + 0.5) * stretch
    apart = np.abs(np.arange(n) + 0.5 - middles) / max(stretch, 1)
    triangle = np.maximum(1 - apart, 0)
    triangle /= triangle.sum(axis=1, keepdims=True)
    return read_only((_operator(_STEADY_SIDE) @ triangle).astype(np.float32))


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


def _cosines() -> Doubles:
    """Frequencies 1 to 16 of the orthonormal cosine transform of 64 samples: (16, 64)."""
    angle = np.pi / (2 * _SIDE) * np.outer(np.arange(1, _FREQUENCIES + 1), 2 * np.arange(_SIDE) + 1)
    cosines: Doubles = np.sqrt(2 / _SIDE) * np.cos(angle)
    return cosines
