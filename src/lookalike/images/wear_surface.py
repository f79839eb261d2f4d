"""What happens to a print's surface: creases, stains, dust and scratches."""

import cv2
import numpy as np
from numpy.typing import NDArray

from lookalike.images.edits_wear import as_bytes
from lookalike.nouns.embeddings import Bytes, Floats

_PAPER = np.array([236, 230, 218], np.float32)
_BROWN = np.array([0.78, 0.64, 0.42], np.float32)  # what a stain lets through
_CORNERS = 32  # of a stain's outline


def creases(pixels: Bytes, chance: np.random.Generator) -> Bytes:
    """One to four folds from edge to edge: the picture gone along the line, a shadow beside it."""
    height, width = pixels.shape[:2]
    fold, shadow = np.zeros((height, width), np.float32), np.zeros((height, width), np.float32)
    thickness = max(1, round(0.006 * min(height, width)))
    for _ in range(chance.integers(1, 5)):
        line = _across(height, width, chance)
        cv2.polylines(fold, [line], False, float(chance.uniform(0.4, 1)), thickness, cv2.LINE_AA)
        beside = line + np.int32(2 * thickness)
        cv2.polylines(shadow, [beside], False, float(chance.uniform(0.2, 0.5)), 3 * thickness)
    # Paper breaks unevenly.
    fold *= chance.uniform(0.4, 1, fold.shape).astype(np.float32)
    lit = pixels * (1 - _soft(shadow, 1.5 * thickness)[:, :, None])
    return as_bytes(lit + _soft(fold, 0.4 * thickness)[:, :, None] * (_PAPER - lit))


def stains(pixels: Bytes, chance: np.random.Generator) -> Bytes:
    """One to three brown blots, darkest along their edge, as spilt liquids dry."""
    height, width = pixels.shape[:2]
    thinned = np.zeros((height, width), np.float32)
    for _ in range(chance.integers(1, 4)):
        blot = np.zeros((height, width), np.float32)
        outline = _outline(height, width, float(chance.uniform(0.06, 0.28)), chance)
        cv2.fillPoly(blot, [outline], 1.0)
        rim = blot.copy()
        edge_px = max(1, round(0.012 * min(height, width)))
        cv2.polylines(rim, [outline], True, 2.0, edge_px, cv2.LINE_AA)
        thinned += np.float32(chance.uniform(0.15, 0.55)) * _soft(rim, edge_px)
    thinned = np.minimum(thinned, 1)
    return as_bytes(pixels * (1 - thinned[:, :, None] * (1 - _BROWN)))


def dust(pixels: Bytes, chance: np.random.Generator) -> Bytes:
    """Light and dark specks, and a few fine scratches."""
    worn = np.array(pixels, np.uint8, order="C")
    height, width = worn.shape[:2]
    fine = max(1, round(0.003 * min(height, width)))
    for x, y in chance.integers((0, 0), (width, height), (chance.integers(8, 60), 2)).tolist():
        grey = 235 if chance.random() < 0.7 else 30
        cv2.circle(worn, (x, y), int(chance.integers(fine + 1)), (grey, grey, grey), -1)
    for _ in range(chance.integers(4)):
        line = _across(height, width, chance)
        start = int(chance.integers(len(line) - 2))
        cv2.polylines(worn, [line[start : start + 3]], False, (225, 222, 215), fine, cv2.LINE_AA)
    return worn


def _across(height: int, width: int, chance: np.random.Generator) -> NDArray[np.int32]:
    """(9, 2) points x, y of a line from one edge to another that wavers a little."""
    if chance.random() < 0.5:
        ends = np.array([[0, chance.uniform(0, height)], [width, chance.uniform(0, height)]])
    else:
        ends = np.array([[chance.uniform(0, width), 0], [chance.uniform(0, width), height]])
    along = np.linspace(0, 1, 9)[:, None]
    waver = chance.normal(0, 0.006 * min(height, width), (9, 2))
    points = ends[0] + along * (ends[1] - ends[0]) + waver
    return np.asarray(np.rint(points), np.int32)


def _outline(
    height: int, width: int, share: float, chance: np.random.Generator
) -> NDArray[np.int32]:
    """Corners of a round shape with bulges, its radius a share of the short side."""
    turn = np.linspace(0, 2 * np.pi, _CORNERS, endpoint=False)
    radius = np.ones(_CORNERS)
    for waves in range(2, 6):
        radius += chance.normal(0, 0.12 / waves) * np.cos(waves * turn + chance.uniform(0, 7))
    radius *= share * min(height, width)
    middle = chance.uniform((0, 0), (width, height))
    corners = middle + np.column_stack([radius * np.cos(turn), radius * np.sin(turn)])
    return np.asarray(np.rint(corners), np.int32)


def _soft(mask: Floats, deviation_px: float) -> Floats:
    """The mask blurred."""
    blurred = cv2.GaussianBlur(mask, (0, 0), max(0.3, deviation_px))
    return np.asarray(blurred, np.float32)
