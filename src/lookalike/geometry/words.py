"""Local words of a picture: numbers that cuts, tilts and frames leave mostly as they are.

Each local feature is named by the nearest of 256 patterns for its upper half and of 256 for its
lower half, so that there are 65,536 words. Two pictures that share many rare words probably show
the same thing somewhere, whatever stands around it and however it is turned.
"""

from functools import cache
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from lookalike.geometry.features import mirrored, rooted
from lookalike.nouns.embeddings import Bytes, Floats

Words = NDArray[np.uint16]

VERSION = 1
"""Of size, number of points and patterns; words of two versions cannot be compared."""

SHORT_SIDE_PX = 128
LONG_SIDE_PX = 256
MOST_WORDS = 100
N_PATTERNS = 256
STEPS = 800.0
"""The patterns, numbers between 0 and 0.3, are kept as whole multiples of 1 / 800."""


def local_words(pixels: Bytes) -> tuple[Words, Words]:
    """The words of a picture and those of its mirror image, each rising and each once.

    Args:
        pixels: (h, w, 3) uint8 RGB.

    Returns:
        Twice at most MOST_WORDS words; none of a flat picture.

    Source:
        Visual words: Sivic and Zisserman 2003, doi 10.1109/ICCV.2003.1238663. A word for each
        half: Babenko and Lempitsky 2012, "The inverted multi-index".
    """
    described = descriptors(pixels)
    return _named(described), _named(mirrored(described))


def descriptors(pixels: Bytes) -> Bytes:
    """(m, 128) uint8 SIFT descriptors of the clearest points, at most MOST_WORDS."""
    sift = cv2.SIFT.create(nfeatures=MOST_WORDS, contrastThreshold=0.02)
    keypoints, found = sift.detectAndCompute(_scaled(pixels), None)
    if found is None:
        return np.zeros((0, 128), np.uint8)
    clearest = np.argsort([-keypoint.response for keypoint in keypoints], kind="stable")
    return found[clearest[:MOST_WORDS]].astype(np.uint8)


def _scaled(pixels: Bytes) -> Bytes:
    height, width = pixels.shape[:2]
    scale = min(SHORT_SIDE_PX / min(height, width), LONG_SIDE_PX / max(height, width))
    grey = cv2.cvtColor(np.ascontiguousarray(pixels), cv2.COLOR_RGB2GRAY)
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    way = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(grey, size, interpolation=way), np.uint8)


def _named(described: Bytes) -> Words:
    if not len(described):
        return np.zeros(0, np.uint16)
    halves = rooted(described).reshape(-1, 2, 64)
    upper, lower = (
        (2 * halves[:, i] @ patterns.T - (patterns**2).sum(axis=1)).argmax(axis=1)
        for i, patterns in enumerate(_patterns())
    )
    return np.unique(upper * N_PATTERNS + lower).astype(np.uint16)


@cache
def _patterns() -> Floats:
    """(2, 256, 64) float32; made by benchmarks/quality/words.py."""
    stored = np.load(Path(__file__).with_name("words.npy"))
    return np.asarray(stored / np.float32(STEPS), np.float32)
