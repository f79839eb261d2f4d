"""Edits that wear a picture down: compression, blur, grain, printing and scanning."""

from io import BytesIO

import numpy as np
from PIL import Image, ImageFilter

from lookalike.images.edits_geometry import tilted
from lookalike.nouns.embeddings import Bytes, Floats


def jpeg_low(pixels: Bytes, chance: np.random.Generator) -> Bytes:
    """Saved as JPEG of quality 10 to 20."""
    return _jpeg(pixels, int(chance.integers(10, 21)))


def jpeg_medium(pixels: Bytes, chance: np.random.Generator) -> Bytes:
    """Saved as JPEG of quality 30 to 60."""
    return _jpeg(pixels, int(chance.integers(30, 61)))


def _jpeg(pixels: Bytes, quality: int) -> Bytes:
    file = BytesIO()
    Image.fromarray(pixels).save(file, "JPEG", quality=quality)
    with Image.open(file) as image:
        return np.asarray(image.convert("RGB"))


def blur(pixels: Bytes, chance: np.random.Generator) -> Bytes:
    """Out of focus by 0.6 to 1.5 % of the short side."""
    return blurred(pixels, float(chance.uniform(0.006, 0.015)))


def blurred(pixels: Bytes, share: float) -> Bytes:
    """Gaussian blur whose deviation is a share of the short side, 0.6 pixels at least."""
    deviation_px = max(0.6, share * min(pixels.shape[:2]))
    return np.asarray(Image.fromarray(pixels).filter(ImageFilter.GaussianBlur(deviation_px)))


def sharpen(pixels: Bytes, chance: np.random.Generator) -> Bytes:
    """Sharpened so that edges get a halo."""
    radius_px = max(1.0, 0.006 * min(pixels.shape[:2]))
    mask = ImageFilter.UnsharpMask(radius_px, percent=int(chance.integers(150, 351)), threshold=2)
    return np.asarray(Image.fromarray(pixels).filter(mask))


def noise(pixels: Bytes, chance: np.random.Generator) -> Bytes:
    """Grain that is partly the same in all three channels."""
    height, width = pixels.shape[:2]
    strength = chance.uniform(10, 28)
    grain = chance.standard_normal((height, width, 1), np.float32)
    grain = 0.7 * grain + 0.7 * chance.standard_normal((height, width, 3), np.float32)
    return as_bytes(pixels + np.float32(strength) * grain)


def print_scan(pixels: Bytes, chance: np.random.Generator) -> Bytes:
    """Printed on paper, and scanned or photographed a little askew."""
    printed = _printed(blurred(pixels, 0.003), chance)
    # Paper around the picture, as it lay on the glass.
    margin = max(1, round(float(chance.uniform(0.02, 0.05)) * min(pixels.shape[:2])))
    paper = (244, 242, 234)
    sheet = Image.new("RGB", (printed.shape[1] + 2 * margin, printed.shape[0] + 2 * margin), paper)
    sheet.paste(Image.fromarray(printed), (margin, margin))
    askew = tilted(np.asarray(sheet), float(chance.uniform(-2.5, 2.5)), paper)
    leaned = _leaned(askew, float(chance.uniform(0.01, 0.03)), chance, paper)
    grain = np.float32(4) * chance.standard_normal(leaned.shape, np.float32)
    return as_bytes(leaned + grain)


def _printed(pixels: Bytes, chance: np.random.Generator) -> Bytes:
    """Ink is never black and paper never white; both have a tone curve and a tint."""
    tone = (pixels / np.float32(255)) ** np.float32(chance.uniform(0.75, 1.3))
    ink = np.array([34, 32, 36], np.float32)
    white = np.array([240, 237, 226], np.float32) + chance.uniform(-8, 8, 3).astype(np.float32)
    return as_bytes(ink + tone * (white - ink))


def _leaned(
    pixels: Bytes, share: float, chance: np.random.Generator, paper: tuple[int, int, int]
) -> Bytes:
    """Seen from an angle: each corner is moved inwards by up to a share of the sides."""
    height, width = pixels.shape[:2]
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float64)
    inwards = np.array([[1, 1], [-1, 1], [-1, -1], [1, -1]]) * [width, height]
    seen = corners + chance.uniform(0, share, (4, 2)) * inwards
    return np.asarray(
        Image.fromarray(pixels).transform(
            (width, height),
            Image.Transform.PERSPECTIVE,
            _perspective(seen, corners),
            Image.Resampling.BICUBIC,
            fillcolor=paper,
        )
    )


def _perspective(
    seen: np.ndarray[tuple[int, ...], np.dtype[np.float64]],
    origin: np.ndarray[tuple[int, ...], np.dtype[np.float64]],
) -> list[float]:
    """The eight numbers that take a seen point (x, y) to where it comes from.

    Each pair of corners gives two linear equations in the eight numbers.
    """
    rows = []
    for (x, y), (u, v) in zip(seen, origin, strict=True):
        rows.append([x, y, 1, 0, 0, 0, -u * x, -u * y])
        rows.append([0, 0, 0, x, y, 1, -v * x, -v * y])
    solved: list[float] = np.linalg.solve(np.array(rows), origin.ravel()).tolist()
    return solved


def as_bytes(values: Floats) -> Bytes:
    """Values rounded and cut to 0 to 255."""
    return np.clip(np.rint(values), 0, 255).astype(np.uint8)
