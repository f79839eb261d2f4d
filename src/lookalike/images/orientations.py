"""The eight orientations in which a picture can come: four quarter turns, mirrored or not."""

from functools import lru_cache
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from lookalike.nouns.embeddings import Floats, Ints
from lookalike.nouns.errors import InputError

ORIENTATIONS = (
    "as is",
    "quarter turn left",
    "upside down",
    "quarter turn right",
    "mirrored",
    "mirrored, quarter turn left",
    "mirrored, upside down",
    "mirrored, quarter turn right",
)
"""What was done to the picture, in this order: mirrored left to right if at all, then turned."""

INVERSE = (0, 3, 2, 1, 4, 5, 6, 7)
"""For each orientation the one that undoes it."""

STEPS = (
    (False, False, False),
    (True, True, False),
    (False, True, True),
    (True, False, True),
    (False, False, True),
    (True, False, False),
    (False, True, False),
    (True, True, True),
)
"""Each orientation as: are rows and columns swapped, then rows flipped, columns flipped?"""

_Number = TypeVar("_Number", bound=np.generic)
_Real = TypeVar("_Real", np.float32, np.float64)


def turn(pixels: NDArray[_Number], g: int) -> NDArray[_Number]:
    """A picture in another orientation, as a view.

    Args:
        pixels: (h, w) or (h, w, 3).
        g: place in `ORIENTATIONS`, 0 to 7.

    Returns:
        The same pixels; height and width are swapped by quarter turns.

    Raises:
        InputError: g is out of range.
    """
    if not 0 <= g < len(ORIENTATIONS):
        raise InputError("There are eight orientations, 0 to 7", where=str(g))
    swap, flip_rows, flip_columns = STEPS[g]
    turned = pixels.swapaxes(0, 1) if swap else pixels
    return turned[:: -1 if flip_rows else 1, :: -1 if flip_columns else 1]


def turn_square(square: NDArray[_Number]) -> NDArray[_Number]:
    """All eight orientations of an (n, n) square, as rows of (8, n * n)."""
    return square.ravel()[_gathers(len(square))]


def turn_frequencies(block: NDArray[_Real], *, first: int) -> NDArray[_Real]:
    """What the cosine coefficients of a square become in each of its eight orientations.

    Mirroring a square changes the sign of its odd frequencies, swapping rows and columns swaps
    them here too: no second transform is needed.

    Args:
        block: (n, n) coefficients of a type-II cosine transform.
        first: frequency of row 0 and column 0.

    Returns:
        (8, n * n) coefficients.
    """
    n = len(block)
    return block.ravel()[_swaps(n)] * _signs(n, first)


@lru_cache
def _gathers(n: int) -> Ints:
    places = np.arange(n * n).reshape(n, n)
    return np.stack([turn(places, g).ravel() for g in range(8)])


@lru_cache
def _swaps(n: int) -> Ints:
    places = np.arange(n * n).reshape(n, n)
    return np.stack([(places.T if swap else places).ravel() for swap, _, _ in STEPS])


@lru_cache
def _signs(n: int, first: int) -> Floats:
    odd = np.where((np.arange(n) + first) % 2, -1, 1).astype(np.float32)
    same = np.ones(n, np.float32)
    return np.stack(
        [np.outer(odd if rows else same, odd if cols else same).ravel() for _, rows, cols in STEPS]
    )


def before_turn(x: float, y: float, g: int) -> tuple[float, float]:
    """Where a point of a turned picture lies in the picture before it was turned.

    Args:
        x: share of the turned picture's width.
        y: share of its height.
        g: how it was turned, see `turn`.
    """
    swap, flip_rows, flip_columns = STEPS[g]
    x, y = 1 - x if flip_columns else x, 1 - y if flip_rows else y
    return (y, x) if swap else (x, y)
