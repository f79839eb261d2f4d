"""Draw one picture in the frame of another, by the map between the two."""

import cv2
import numpy as np
from numpy.typing import NDArray

from lookalike.nouns.alignment import LocalFeatures
from lookalike.nouns.embeddings import Bools, Bytes, Floats

FINEST = 1.5
"""A picture with more pixels than this for one of the frame, along a side, is scaled down first."""


def lay_onto(
    second: Bytes,
    transform: Floats,
    seen: tuple[LocalFeatures, LocalFeatures],
    *,
    width: int,
    height: int,
) -> tuple[Bytes, Bools]:
    """The second picture as it lies on the first.

    Args:
        second: (h, w, 3) uint8, mirrored already where the map is of its mirror image.
        transform: of `align`, from points of the first to points of the second.
        seen: what `align` was given, for the scales in which its points are.
        width: of the first picture, as it is shown.
        height: likewise.

    Returns:
        (height, width, 3) uint8, black outside of the second, and (height, width) where it is.
    """
    grey_first, grey_second = (features.grey.shape for features in seen)
    there = _scaling(grey_first[1] / width, grey_first[0] / height)
    back = _scaling(second.shape[1] / grey_second[1], second.shape[0] / grey_second[0])
    whole = back @ np.vstack([transform, [0, 0, 1]]) @ there  # (3, 3)
    fine = float(np.sqrt(abs(np.linalg.det(whole[:2, :2]))))
    if fine > FINEST:
        size = tuple(max(1, round(side / fine)) for side in (second.shape[1], second.shape[0]))
        scale = _scaling(size[0] / second.shape[1], size[1] / second.shape[0])
        second = np.asarray(cv2.resize(second, size, interpolation=cv2.INTER_AREA), np.uint8)
        whole = scale @ whole
    frame, way = (width, height), cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    laid = cv2.warpAffine(np.ascontiguousarray(second), whole[:2], frame, flags=way)
    every = np.full(second.shape[:2], 255, np.uint8)
    inside = cv2.warpAffine(every, whole[:2], frame, flags=way)
    return np.asarray(laid, np.uint8), np.asarray(inside) > 250


def differences(one: Bytes, other: Bytes, *, reach_px: int) -> Bytes:
    """How far the colours of two pictures of one size lie apart, small shifts aside.

    Args:
        one: (h, w, 3) uint8.
        other: likewise.
        reach_px: a colour counts as there if it lies between those of the other within this reach.

    Returns:
        (h, w) uint8: the most of both ways round and of the three channels.
    """
    near = np.ones((2 * reach_px + 1, 2 * reach_px + 1), np.uint8)

    def outside(a: Bytes, b: Bytes) -> Bytes:
        low, high = cv2.erode(b, near), cv2.dilate(b, near)
        apart = np.maximum(cv2.subtract(low, a), cv2.subtract(a, high))
        return np.asarray(apart.max(axis=2), np.uint8)

    return np.asarray(np.maximum(outside(one, other), outside(other, one)), np.uint8)


def _scaling(x: float, y: float) -> NDArray[np.float64]:
    """(3, 3) from the middles of pixels of one picture to those of another size of it."""
    return np.array([[x, 0, (x - 1) / 2], [0, y, (y - 1) / 2], [0, 0, 1]], np.float64)
