"""Edits that move pixels: turns, tilts, cuts and changes of size."""

from math import cos, radians, sin, sqrt

import numpy as np
from PIL import Image

from lookalike.images.orientations import turn
from lookalike.nouns.embeddings import Bytes

_BACKGROUNDS = ((0, 0, 0), (255, 255, 255), (128, 128, 128))


def half_size(pixels: Bytes, chance: np.random.Generator) -> Bytes:
    """Half as wide and high."""
    del chance
    return scaled(pixels, 0.5, 0.5)


def quarter_size(pixels: Bytes, chance: np.random.Generator) -> Bytes:
    """A quarter as wide and high."""
    del chance
    return scaled(pixels, 0.25, 0.25)


def aspect(pixels: Bytes, chance: np.random.Generator) -> Bytes:
    """Stretched along one side by 15 to 40 %."""
    stretch = chance.uniform(1.15, 1.4)
    return scaled(pixels, stretch, 1) if chance.random() < 0.5 else scaled(pixels, 1, stretch)


def scaled(pixels: Bytes, by_height: float, by_width: float) -> Bytes:
    """The picture resized; each side keeps at least one pixel."""
    height, width = pixels.shape[:2]
    size = (max(1, round(width * by_width)), max(1, round(height * by_height)))
    return np.asarray(Image.fromarray(pixels).resize(size, Image.Resampling.LANCZOS))


def mirror(pixels: Bytes, chance: np.random.Generator) -> Bytes:
    """Left and right swapped."""
    del chance
    return turn(pixels, 4)


def upside_down(pixels: Bytes, chance: np.random.Generator) -> Bytes:
    """Turned by 180 degrees."""
    del chance
    return turn(pixels, 2)


def quarter_turn(pixels: Bytes, chance: np.random.Generator) -> Bytes:
    """Turned by 90 degrees, left or right."""
    return turn(pixels, 1 if chance.random() < 0.5 else 3)


def tilt(pixels: Bytes, chance: np.random.Generator) -> Bytes:
    """Tilted by 4 to 20 degrees on a larger plain sheet."""
    sheet = _BACKGROUNDS[chance.integers(len(_BACKGROUNDS))]
    return tilted(pixels, _tilt_degrees(chance), sheet)


def tilt_cropped(pixels: Bytes, chance: np.random.Generator) -> Bytes:
    """Tilted by 4 to 20 degrees and cut to what has no empty corner, of the same shape."""
    degrees = _tilt_degrees(chance)
    height, width = pixels.shape[:2]
    cosine, sine = cos(radians(abs(degrees))), sin(radians(abs(degrees)))
    kept = min(width / (width * cosine + height * sine), height / (width * sine + height * cosine))
    turned = Image.fromarray(pixels).rotate(degrees, Image.Resampling.BICUBIC)
    rows, columns = max(1, int(height * kept)), max(1, int(width * kept))
    top, left = (height - rows) // 2, (width - columns) // 2
    return np.asarray(turned)[top : top + rows, left : left + columns]


def tilted(pixels: Bytes, degrees: float, sheet: tuple[int, int, int]) -> Bytes:
    """The whole picture, turned counterclockwise on a sheet that holds it."""
    image = Image.fromarray(pixels)
    turned = image.rotate(degrees, Image.Resampling.BICUBIC, expand=True, fillcolor=sheet)
    return np.asarray(turned)


def _tilt_degrees(chance: np.random.Generator) -> float:
    return float(chance.uniform(4, 20) * chance.choice((-1, 1)))


def crop_75(pixels: Bytes, chance: np.random.Generator) -> Bytes:
    """Cut to 75 % of its area, anywhere."""
    return _cut(pixels, 0.75, chance)


def crop_40(pixels: Bytes, chance: np.random.Generator) -> Bytes:
    """Cut to 40 % of its area, anywhere."""
    return _cut(pixels, 0.4, chance)


def _cut(pixels: Bytes, area: float, chance: np.random.Generator) -> Bytes:
    height, width = pixels.shape[:2]
    # A person cuts one side more than the other.
    lean = chance.uniform(0.88, 1 / 0.88)
    rows = round(height * min(1, sqrt(area) * lean))
    columns = round(width * min(1, sqrt(area) / lean))
    top, left = chance.integers(height - rows + 1), chance.integers(width - columns + 1)
    return pixels[top : top + rows, left : left + columns]
