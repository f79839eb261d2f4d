"""Seeded edits that make look-alikes of a picture: copies whose origin is known."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from zlib import crc32

import numpy as np

from lookalike.images import edits_colour, edits_composition, edits_geometry, edits_wear
from lookalike.nouns.embeddings import Bytes
from lookalike.nouns.errors import InputError

Change = Callable[[Bytes, np.random.Generator], Bytes]
"""Pixels (h, w, 3) and a source of chance -> other pixels."""

LEAST_SIDE_PX = 16


@dataclass(frozen=True, slots=True)
class Edit:
    """One way in which people change pictures.

    Attributes:
        name: how it is called.
        doc: what it does, one line.
        change: does it.
    """

    name: str
    doc: str
    change: Change

    def __call__(self, pixels: Bytes, seed: int) -> Bytes:
        """An edited copy; the same for the same pixels and seed.

        Args:
            pixels: (h, w, 3) uint8 RGB, at least 16 on each side; not changed.
            seed: 0 or more.

        Returns:
            (h, w, 3) uint8 RGB, often of another size.

        Raises:
            InputError: the pixels have another type or shape, or the seed is negative.
        """
        if pixels.dtype != np.uint8 or pixels.ndim != 3 or pixels.shape[2] != 3:
            raise InputError("An edit needs uint8 pixels of shape (h, w, 3)", where=self.name)
        if min(pixels.shape[:2]) < LEAST_SIDE_PX:
            raise InputError(f"An edit needs {LEAST_SIDE_PX} pixels a side", where=self.name)
        if seed < 0:
            raise InputError("A seed is 0 or more", where=str(seed))
        # The name takes part, so that one seed does not tie all edits together.
        chance = np.random.default_rng([crc32(self.name.encode()), seed])
        return np.array(self.change(pixels, chance), np.uint8, order="C")


def _combination(pixels: Bytes, chance: np.random.Generator) -> Bytes:
    """One edit of each theme, in any order."""
    picks = [themed[chance.integers(len(themed))] for themed in _COMBINED]
    for place in chance.permutation(len(picks)):
        pixels = picks[place](pixels, chance)
    return pixels


_COMBINED: tuple[tuple[Change, ...], ...] = (
    (edits_wear.jpeg_low, edits_wear.jpeg_medium, edits_wear.noise, edits_wear.blur),
    (edits_geometry.mirror, edits_geometry.crop_75, edits_geometry.aspect, edits_geometry.tilt),
    (edits_colour.colour_shift, edits_colour.brightness_contrast, edits_colour.greyscale),
    (edits_composition.caption, edits_composition.logo, edits_composition.border),
)

_EDITS = (
    Edit("jpeg_low", "saved as JPEG of quality 10 to 20", edits_wear.jpeg_low),
    Edit("jpeg_medium", "saved as JPEG of quality 30 to 60", edits_wear.jpeg_medium),
    Edit("half_size", "half as wide and high", edits_geometry.half_size),
    Edit("quarter_size", "a quarter as wide and high", edits_geometry.quarter_size),
    Edit("mirror", "left and right swapped", edits_geometry.mirror),
    Edit("upside_down", "turned by 180 degrees", edits_geometry.upside_down),
    Edit("quarter_turn", "turned by 90 degrees, left or right", edits_geometry.quarter_turn),
    Edit("tilt", "tilted by 4 to 20 degrees, corners filled", edits_geometry.tilt),
    Edit("tilt_cropped", "tilted by 4 to 20 degrees, corners cut", edits_geometry.tilt_cropped),
    Edit("crop_75", "cut to 75 % of its area", edits_geometry.crop_75),
    Edit("crop_40", "cut to 40 % of its area", edits_geometry.crop_40),
    Edit("aspect", "stretched along one side", edits_geometry.aspect),
    Edit("colour_shift", "another hue and colour balance", edits_colour.colour_shift),
    Edit("brightness_contrast", "lighter or darker", edits_colour.brightness_contrast),
    Edit("greyscale", "without colour", edits_colour.greyscale),
    Edit("sepia_blur", "brownish like an old print, and soft", edits_colour.sepia_blur),
    Edit("blur", "out of focus", edits_wear.blur),
    Edit("sharpen", "sharpened too much", edits_wear.sharpen),
    Edit("noise", "grain of a sensor in the dark", edits_wear.noise),
    Edit("caption", "a line of text over it or under it", edits_composition.caption),
    Edit("logo", "a mark in one corner", edits_composition.logo),
    Edit("screenshot", "shown in a telephone or on a page", edits_composition.screenshot),
    Edit("border", "a frame around it", edits_composition.border),
    Edit("letterbox", "bars that make it square or wide", edits_composition.letterbox),
    Edit("print_scan", "printed, and scanned askew", edits_wear.print_scan),
    Edit("combination", "four of the above at once", _combination),
)

EDITS: Mapping[str, Edit] = MappingProxyType({edit.name: edit for edit in _EDITS})
"""All edits by name."""
