"""Photographs of installed packages, small enough for tests."""

from functools import cache

import numpy as np
import pytest
from PIL import Image

from lookalike.images.sample_photos import sample

NAMES = ("astronaut.png", "chelsea.png", "coffee.png", "rocket.jpg", "hubble_deep_field.jpg")
LONG_SIDE_PX = 480


@cache
def photographs() -> list[np.ndarray]:
    """(h, w, 3) uint8 pixels of each; skips the test where scikit-image is missing."""
    pytest.importorskip("skimage")
    return [_small(name) for name in NAMES]


def _small(name: str) -> np.ndarray:
    with Image.open(sample("skimage", f"data/{name}")) as picture:
        small = picture.convert("RGB")
        small.thumbnail((LONG_SIDE_PX, LONG_SIDE_PX))
        return np.asarray(small)
