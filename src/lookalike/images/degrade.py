"""Poor photographs of good pictures: an old print, photographed by hand.

Used to judge how well a poor photograph finds its original, and to train for that.
"""

from zlib import crc32

import numpy as np

from lookalike.images import edits_colour, edits_geometry, edits_wear, wear_print, wear_surface
from lookalike.images.edits import LEAST_SIDE_PX, Change
from lookalike.nouns.embeddings import Bytes
from lookalike.nouns.errors import InputError

_MOST_TILT_DEGREES = 7.0


def degrade(pixels: Bytes, seed: int) -> Bytes:
    """A poor photograph of the picture; the same for the same pixels and seed.

    The print gets other colours, or becomes grey or brown; it fades; it may be in half-tone; it is
    creased, stained, scratched. Then it is photographed: turned over, askew, cut, out of focus,
    with grain, small, and saved as JPEG. Each step happens to some pictures only.

    Args:
        pixels: (h, w, 3) uint8 RGB, at least 16 on each side; not changed.
        seed: 0 or more.

    Returns:
        (h, w, 3) uint8 RGB, of another size.

    Raises:
        InputError: the pixels have another type or shape, or the seed is negative.
    """
    if pixels.dtype != np.uint8 or pixels.ndim != 3 or pixels.shape[2] != 3:
        raise InputError("Degrading needs uint8 pixels of shape (h, w, 3)")
    if min(pixels.shape[:2]) < LEAST_SIDE_PX:
        raise InputError(f"Degrading needs {LEAST_SIDE_PX} pixels a side")
    if seed < 0:
        raise InputError("A seed is 0 or more", where=str(seed))
    chance = np.random.default_rng([crc32(b"degrade"), seed])
    return np.array(degraded(pixels, chance), np.uint8, order="C")


def degraded(pixels: Bytes, chance: np.random.Generator) -> Bytes:
    """What `degrade` does, unchecked, with any source of chance."""
    for share, steps in _STEPS:
        if chance.random() < share:
            pixels = steps[chance.integers(len(steps))](pixels, chance)
    return pixels


def _askew(pixels: Bytes, chance: np.random.Generator) -> Bytes:
    """Turned by a few degrees on the table that it lies on."""
    red, green, blue = (chance.integers(30, 210) + chance.integers(0, 40, 3)).tolist()
    degrees = float(chance.uniform(-_MOST_TILT_DEGREES, _MOST_TILT_DEGREES))
    return edits_geometry.tilted(pixels, degrees, (red, green, blue))


_STEPS: tuple[tuple[float, tuple[Change, ...]], ...] = (
    (
        0.7,
        (
            edits_colour.colour_shift,
            edits_colour.brightness_contrast,
            edits_colour.greyscale,
            edits_colour.sepia_blur,
        ),
    ),
    (0.55, (wear_print.fade,)),
    (0.15, (wear_print.half_tone,)),
    (0.35, (wear_surface.creases,)),
    (0.3, (wear_surface.stains,)),
    (0.3, (wear_surface.dust,)),
    (0.2, (edits_geometry.mirror,)),
    (0.5, (_askew,)),
    (0.6, (edits_geometry.crop_75, edits_geometry.crop_75, edits_geometry.crop_40)),
    (0.3, (edits_geometry.half_size,)),
    (0.5, (edits_wear.blur,)),
    (0.6, (edits_wear.noise,)),
    (0.8, (edits_wear.jpeg_low, edits_wear.jpeg_medium)),
)
"""In this order: how likely each step is, and what it may be."""
