"""Cuts, and things laid over a picture: another picture, emoji-like shapes."""

from math import sqrt

import cv2
import numpy as np
from numpy.typing import NDArray

from lookalike.nouns.embeddings import Bytes

Colour = tuple[int, int, int]


def cut(pixels: Bytes, least_area: float, chance: np.random.Generator) -> Bytes:
    """Between `least_area` and all of the picture, anywhere, at most 4:3 leaner or wider."""
    height, width = pixels.shape[:2]
    side, lean = sqrt(chance.uniform(least_area, 1)), sqrt(chance.uniform(0.75, 4 / 3))
    rows = max(1, round(height * min(1, side * lean)))
    columns = max(1, round(width * min(1, side / lean)))
    top, left = chance.integers(height - rows + 1), chance.integers(width - columns + 1)
    return pixels[top : top + rows, left : left + columns]


def laid_over(pixels: Bytes, other: Bytes, chance: np.random.Generator) -> Bytes:
    """Another picture, a fifth to three fifths as wide and high, over this one, seldom sheer.

    Or this one over the other as its background, likewise common in collages.
    """
    ground, patch = (pixels, other) if chance.random() < 0.6 else (other, pixels)
    low, high = (0.2, 0.5) if ground is pixels else (0.55, 0.85)
    height, width = pixels.shape[:2]
    laid = _sized(ground, (width, height))
    share = chance.uniform(low, high)
    rows, columns = max(1, round(share * height)), max(1, round(share * width))
    patch = _sized(patch, (columns, rows))
    top, left = chance.integers(height - rows + 1), chance.integers(width - columns + 1)
    place = laid[top : top + rows, left : left + columns]
    solid = 1.0 if chance.random() < 0.7 else chance.uniform(0.6, 0.95)
    place[:] = cv2.addWeighted(patch, solid, place, 1 - solid, 0)
    return laid


def _sized(pixels: Bytes, size: tuple[int, int]) -> Bytes:
    """A copy of this width and height."""
    return np.array(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), np.uint8)


def marked(pixels: Bytes, chance: np.random.Generator) -> Bytes:
    """One to three emoji-like faces, hearts, stars or arrows."""
    laid = np.array(pixels, np.uint8, order="C")
    height, width = laid.shape[:2]
    for _ in range(chance.integers(1, 4)):
        radius = max(3, round(chance.uniform(0.07, 0.2) * min(height, width)))
        x, y = int(chance.integers(width)), int(chance.integers(height))
        _SHAPES[chance.integers(len(_SHAPES))](laid, (x, y), radius, _colour(chance))
    return laid


def _colour(chance: np.random.Generator) -> Colour:
    red, green, blue = chance.integers(0, 256, 3).tolist()
    return red, green, blue


def _face(pixels: Bytes, at: tuple[int, int], radius: int, colour: Colour) -> None:
    x, y = at
    cv2.circle(pixels, at, radius, (255, 205, 60), -1, cv2.LINE_AA)
    for side in (-1, 1):
        eye = (x + side * radius // 3, y - radius // 4)
        cv2.circle(pixels, eye, max(1, radius // 7), (60, 40, 20), -1, cv2.LINE_AA)
    mouth, line = (radius // 2, radius // 2), max(1, radius // 8)
    cv2.ellipse(pixels, (x, y + radius // 8), mouth, 0, 20, 160, (60, 40, 20), line, cv2.LINE_AA)


def _heart(pixels: Bytes, at: tuple[int, int], radius: int, colour: Colour) -> None:
    turn = np.linspace(0, 2 * np.pi, 24)
    across = 16 * np.sin(turn) ** 3
    down = -13 * np.cos(turn) + 5 * np.cos(2 * turn) + 2 * np.cos(3 * turn) + np.cos(4 * turn)
    _fill(pixels, np.column_stack([across, down]) * (radius / 16) + at, (225, 40, 60))


def _star(pixels: Bytes, at: tuple[int, int], radius: int, colour: Colour) -> None:
    turn = np.arange(10) * np.pi / 5
    reach = np.where(np.arange(10) % 2, 0.4, 1.0) * radius
    _fill(pixels, np.column_stack([reach * np.sin(turn), -reach * np.cos(turn)]) + at, colour)


def _arrow(pixels: Bytes, at: tuple[int, int], radius: int, colour: Colour) -> None:
    x, y = at
    start, line = (x - 2 * radius, y + radius), max(1, radius // 4)
    cv2.arrowedLine(pixels, start, at, colour, line, cv2.LINE_AA, 0, 0.35)


def _fill(pixels: Bytes, corners: NDArray[np.float64], colour: Colour) -> None:
    cv2.fillPoly(pixels, [np.rint(corners).astype(np.int32)], colour, cv2.LINE_AA)


_SHAPES = (_face, _heart, _star, _arrow)
