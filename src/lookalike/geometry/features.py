"""Local features of a picture: points that look the same after scaling, turning and recolouring."""

from collections.abc import Iterator
from contextlib import contextmanager

import cv2
import numpy as np

from lookalike.nouns.alignment import LocalFeatures
from lookalike.nouns.embeddings import Bytes, Floats

SHORT_SIDE_PX = 288
LONG_SIDE_PX = 640
"""Pictures are looked at in this size: small ones are enlarged, at most to twice their size."""

MOST_POINTS = 500

_MIRRORED_ANGLES = (0, 7, 6, 5, 4, 3, 2, 1)


@contextmanager
def one_thread_each() -> Iterator[None]:
    """Keep OpenCV from starting threads of its own while several of ours call it."""
    before = cv2.getNumThreads()
    cv2.setNumThreads(1)
    try:
        yield
    finally:
        cv2.setNumThreads(before)


def local_features(pixels: Bytes) -> LocalFeatures:
    """Find points of a picture and describe what is around each.

    Args:
        pixels: (h, w, 3) uint8 RGB.

    Returns:
        At most MOST_POINTS points, the clearest ones; none on a flat picture.

    Source:
        SIFT: Lowe 2004, doi 10.1023/B:VISI.0000029664.99615.94.
    """
    grey = _scaled(pixels)
    # A low contrast threshold keeps points on faded scans; the clearest come first anyway.
    sift = cv2.SIFT.create(nfeatures=MOST_POINTS, contrastThreshold=0.02)
    keypoints, described = sift.detectAndCompute(grey, None)
    if described is None:
        return LocalFeatures(grey, np.zeros((0, 2), np.float32), np.zeros((0, 128), np.uint8))
    # Of points that are equally clear, as in a pattern that repeats, OpenCV gives all.
    clearest = np.argsort([-keypoint.response for keypoint in keypoints], kind="stable")
    kept = np.sort(clearest[:MOST_POINTS])
    points = np.array([keypoint.pt for keypoint in keypoints], np.float32)[kept]
    # OpenCV gives whole numbers below 256 as floats; a quarter of the memory holds them.
    return LocalFeatures(grey, points, described[kept].astype(np.uint8))


def mirrored_features(features: LocalFeatures) -> LocalFeatures:
    """What the same points look like in the mirror, without reading or searching anything again."""
    points = features.points.copy()
    points[:, 0] = features.grey.shape[1] - 1 - points[:, 0]
    grey = np.ascontiguousarray(features.grey[:, ::-1])
    return LocalFeatures(grey, points, mirrored(features.descriptors))


def mirrored(descriptors: Bytes) -> Bytes:
    """What the same points look like in the mirror: 4 x 4 places of 8 angles each."""
    places = descriptors.reshape(-1, 4, 4, 8)[:, ::-1]
    return places[..., _MIRRORED_ANGLES].reshape(-1, 128)


def rooted(descriptors: Bytes) -> Floats:
    """Rows of length 1, whose product is the Hellinger kernel of the histograms."""
    wide = descriptors.astype(np.float32)
    sums = np.maximum(wide.sum(axis=1, keepdims=True), 1e-6)
    return np.asarray(np.sqrt(wide / sums), np.float32)


def _scaled(pixels: Bytes) -> Bytes:
    """The picture in grey and in the size that is looked at."""
    height, width = pixels.shape[:2]
    scale = SHORT_SIDE_PX / min(height, width)
    scale = min(scale, 2.0, LONG_SIDE_PX / max(height, width))
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    way = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    grey = cv2.cvtColor(np.ascontiguousarray(pixels), cv2.COLOR_RGB2GRAY)
    return np.asarray(cv2.resize(grey, size, interpolation=way), np.uint8)
