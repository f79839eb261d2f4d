"""Lay one picture over another: one affine map that explains their matching points."""

import cv2
import numpy as np

from lookalike.geometry.features import rooted
from lookalike.nouns.alignment import Alignment, LocalFeatures
from lookalike.nouns.embeddings import Bytes, Floats, Ints

RATIO = 0.85
"""A match must be this much nearer than the second best (Lowe's ratio test)."""

INLIER_PX = 3.0
LEAST_MATCHES = 4
TRIES = 500
"""Of the robust fit; it stops earlier when it is sure."""

HOPELESS_INLIERS = 6
"""Below this, whatever else is seen cannot make two pictures alike."""

BLOCK_PX = 16
TEXTURE = 25.0
"""Blocks whose grey values vary less than this (variance) have nothing to compare."""

LEAST_CORRELATION = 0.7
MOST_SCALE = 20.0


def align(first: LocalFeatures, second: LocalFeatures, *, mirrored: bool = False) -> Alignment:
    """Find how the first picture lies in the second.

    Args:
        first: features of one picture.
        second: features of the other, whichever is larger or cut.
        mirrored: whether `second` was mirrored before; only handed on.

    Returns:
        The map that explains most matches; the same two pictures always give the same one.

    Source:
        The square root of the descriptors: Arandjelovic and Zisserman 2012, doi
        10.1109/CVPR.2012.6248018. The robust fit is MAGSAC++: Barath et al. 2020,
        arXiv:1912.05909.
    """
    if min(len(first), len(second)) < LEAST_MATCHES:
        return _nothing(0, mirrored)
    rows, columns = _matches(first.descriptors, second.descriptors)
    if len(rows) < LEAST_MATCHES:
        return _nothing(len(rows), mirrored)
    source, target = first.points[rows], second.points[columns]
    transform, _ = cv2.estimateAffine2D(
        source,
        target,
        method=cv2.USAC_MAGSAC,
        ransacReprojThreshold=INLIER_PX,
        maxIters=TRIES,
        confidence=0.999,
    )
    if transform is None or not _is_sane(found := np.asarray(transform, np.float32)):
        return _nothing(len(rows), mirrored)
    off = np.linalg.norm(source @ found[:, :2].T + found[:, 2] - target, axis=1)
    off /= max(_scale(found), 1.0)
    n_inliers = int((off < INLIER_PX).sum())
    if n_inliers < HOPELESS_INLIERS:
        return Alignment(found, len(rows), n_inliers, 1.0, 0.0, mirrored)
    return Alignment(
        transform=found,
        n_matches=len(rows),
        n_inliers=n_inliers,
        changed=_changed(first, second, found),
        contained=_contained(first, second, found),
        mirrored=mirrored,
        off_px=float(np.median(off[off < INLIER_PX])),
    )


def _nothing(n_matches: int, mirrored: bool) -> Alignment:
    return Alignment(np.zeros((2, 3), np.float32), n_matches, 0, 1.0, 0.0, mirrored)


def _is_sane(transform: Floats) -> bool:
    """Whether the map neither blows a picture up nor shrinks it to a point."""
    return bool(np.isfinite(transform).all()) and 1 / MOST_SCALE < _scale(transform) < MOST_SCALE


def _scale(transform: Floats) -> float:
    return float(np.sqrt(abs(np.linalg.det(transform[:, :2].astype(np.float64)))))


def _matches(first: Bytes, second: Bytes) -> tuple[Ints, Ints]:
    """Rows of the two that are each other's best and clearly better than the second best."""
    scores = rooted(first) @ rooted(second).T  # (m, m')
    best = scores.argmax(axis=1)
    rows = np.arange(len(first))
    top = scores[rows, best]
    mutual = scores.argmax(axis=0)[best] == rows
    scores[rows, best] = -1
    # Distances of unit vectors, so that the ratio is the published one.
    nearest = np.sqrt(np.maximum(2 - 2 * top, 0))
    clear = nearest < RATIO * np.sqrt(np.maximum(2 - 2 * scores.max(axis=1), 0))
    keep = mutual & clear
    return rows[keep].astype(np.int64), best[keep].astype(np.int64)


def _changed(first: LocalFeatures, second: LocalFeatures, transform: Floats) -> float:
    """Share of the textured blocks of the overlap whose grey values do not go together."""
    height, width = first.grey.shape
    how = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    laid = cv2.warpAffine(second.grey, transform, (width, height), flags=how)
    inside = cv2.warpAffine(np.full_like(second.grey, 255), transform, (width, height), flags=how)
    a, b = _soft(first.grey), _soft(np.asarray(laid))
    mean_a, mean_b = _block_means(a), _block_means(b)
    vary_a = _block_means(a * a) - mean_a**2
    vary_b = _block_means(b * b) - mean_b**2
    together = _block_means(a * b) - mean_a * mean_b
    correlation = together / np.sqrt(np.maximum(vary_a * vary_b, 1e-6))
    compared = (_block_means(np.asarray(inside, np.float32)) > 250) & (
        np.maximum(vary_a, vary_b) > TEXTURE
    )
    if not compared.any():
        return 1.0
    return float((correlation[compared] < LEAST_CORRELATION).mean())


def _contained(first: LocalFeatures, second: LocalFeatures, transform: Floats) -> float:
    """The larger share of one picture's frame that lies within the other's."""
    moved = _corners(first) @ transform[:, :2].T + transform[:, 2]
    there = _corners(second)
    shared, _ = cv2.intersectConvexConvex(moved.astype(np.float32), there)
    areas = (cv2.contourArea(moved.astype(np.float32)), cv2.contourArea(there))
    return float(np.clip(shared / max(min(areas), 1e-6), 0, 1))


def _corners(features: LocalFeatures) -> Floats:
    height, width = features.grey.shape
    return np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)


def _soft(grey: Bytes) -> Floats:
    """Grey values without the finest detail, which recompression changes."""
    return np.asarray(cv2.GaussianBlur(grey.astype(np.float32), (0, 0), 1.5), np.float32)


def _block_means(values: Floats) -> Floats:
    """Means of BLOCK_PX x BLOCK_PX blocks; what is left over at the edges is left out."""
    rows, columns = (max(1, side // BLOCK_PX) for side in values.shape)
    cut = values[: rows * BLOCK_PX, : columns * BLOCK_PX]
    return np.asarray(cv2.resize(cut, (columns, rows), interpolation=cv2.INTER_AREA), np.float32)
