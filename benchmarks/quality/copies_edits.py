"""The edits by which `duplicates.py` judges: a ladder of strengths for each class of edit."""

import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from math import cos, radians, sin, sqrt

import numpy as np
from PIL import Image

from lookalike.images.edits import EDITS
from lookalike.images.edits_geometry import scaled, tilted
from lookalike.images.orientations import turn
from lookalike.nouns.embeddings import Bytes

CLASSES = {
    "exact copy": "the same file under another name",
    "other format": "PNG of the decoded JPEG",
    "mirrored": "mirrored, also turned by 90, 180 and 270 degrees",
    "turned": "turned by 90, 180 and 270 degrees",
    "resized": "75, 50 and 25 % as wide and high, and stretched along one side",
    "recompressed": "JPEG of quality 10, 30, 50, 70 and 95",
    "cut to 75-95 %": "cut to 95, 85 and 75 % of the area, anywhere",
    "cut to 50-60 %": "cut to 60 and 50 % of the area, anywhere",
    "cut to 40 %": "cut to 40 % of the area, anywhere",
    "tilted 1-5 degrees": "by 1, 2 and 5 degrees, corners filled, and by 5 with corners cut",
    "tilted 10-25 degrees": "by 10, 17 and 25 degrees, corners filled, and by 10 with corners cut",
    "recoloured": "colours shifted, brightness and contrast, grey, sepia and blur",
    "worn": "blur, sharpening, grain",
    "caption or logo": "a caption, a logo",
    "framed": "a border, black or white bars",
    "screenshot": "on a telephone's screen or a web page",
    "print and scan": "printed, and scanned or photographed a little askew",
    "combination": "one edit of each theme, one after the other",
}
"""What each class of edits holds, in the order of the table."""

JPEG_QUALITY = 90
SHEETS = ((0, 0, 0), (255, 255, 255), (128, 128, 128))
_REGISTERED = {
    "aspect": "resized",
    "colour_shift": "recoloured",
    "brightness_contrast": "recoloured",
    "greyscale": "recoloured",
    "sepia_blur": "recoloured",
    "blur": "worn",
    "sharpen": "worn",
    "noise": "worn",
    "caption": "caption or logo",
    "logo": "caption or logo",
    "border": "framed",
    "letterbox": "framed",
    "screenshot": "screenshot",
    "print_scan": "print and scan",
    "combination": "combination",
}
_CROPS = {
    95: "cut to 75-95 %",
    85: "cut to 75-95 %",
    75: "cut to 75-95 %",
    60: "cut to 50-60 %",
    50: "cut to 50-60 %",
    40: "cut to 40 %",
}
_TILTS = {
    1: "tilted 1-5 degrees",
    2: "tilted 1-5 degrees",
    5: "tilted 1-5 degrees",
    10: "tilted 10-25 degrees",
    17: "tilted 10-25 degrees",
    25: "tilted 10-25 degrees",
}
_ALSO_CROPPED = (5, 10)


@dataclass(frozen=True)
class Variant:
    """One way to make a file from a photograph.

    Attributes:
        kind: its class of edits.
        file: the end of the file's name.
        make: from the JPEG file, its pixels and a seed to the new file.
    """

    kind: str
    file: str
    make: Callable[[bytes, Bytes, int], bytes]


def edited(original: bytes, variants: Sequence[Variant], seed: int) -> list[tuple[Variant, bytes]]:
    """Some edits of one JPEG file; the same for the same file and seed."""
    with Image.open(io.BytesIO(original)) as picture:
        pixels = np.asarray(picture.convert("RGB"))
    return [(variant, variant.make(original, pixels, seed)) for variant in variants]


def dealt(hands: int, each: int) -> list[list[Variant]]:
    """As many hands of different variants, so that all variants come about equally often."""
    chance, deck, dealt_ = np.random.default_rng(14), [], []
    for _ in range(hands):
        hand: list[Variant] = []
        while len(hand) < each:
            deck = deck or [VARIANTS[i] for i in chance.permutation(len(VARIANTS)).tolist()]
            free = next((card for card in deck if card not in hand), None)
            if free is None:
                break
            deck.remove(free)
            hand.append(free)
        dealt_.append(hand)
    return dealt_


def _variants() -> Iterator[Variant]:
    yield Variant("exact copy", "exact.jpg", lambda file, _, __: file)
    yield Variant("other format", "format.png", lambda _, pixels, __: _file(pixels, "PNG"))
    for orientation in range(1, 8):
        kind = "mirrored" if orientation >= 4 else "turned"
        yield _plain(kind, f"turn{orientation}.jpg", partial(_turned, place=orientation))
    for per_cent in (75, 50, 25):
        share = per_cent / 100
        yield _plain(
            "resized", f"size{per_cent}.jpg", partial(scaled, by_height=share, by_width=share)
        )
    for quality in (10, 30, 50, 70, 95):
        yield Variant("recompressed", f"q{quality}.jpg", partial(_saved, quality=quality))
    for per_cent, kind in _CROPS.items():
        yield _seeded(kind, f"crop{per_cent}.jpg", partial(_cut, area=per_cent / 100))
    for degrees, kind in _TILTS.items():
        yield _seeded(kind, f"tilt{degrees}.jpg", partial(_tilted, degrees=degrees))
        if degrees in _ALSO_CROPPED:
            made = partial(_without_corners, degrees=degrees)
            yield _seeded(kind, f"tilt{degrees}cut.jpg", made)
    for name, kind in _REGISTERED.items():
        yield _seeded(kind, f"{name}.jpg", EDITS[name])


def _plain(kind: str, file: str, change: Callable[[Bytes], Bytes]) -> Variant:
    return Variant(kind, file, lambda _, pixels, __: _file(change(pixels)))


def _turned(pixels: Bytes, *, place: int) -> Bytes:
    return turn(pixels, place)


def _seeded(kind: str, file: str, change: Callable[[Bytes, int], Bytes]) -> Variant:
    return Variant(kind, file, lambda _, pixels, seed: _file(change(pixels, seed)))


def _saved(_: bytes, pixels: Bytes, __: int, *, quality: int) -> bytes:
    return _file(pixels, quality=quality)


def _tilted(pixels: Bytes, seed: int, *, degrees: int) -> Bytes:
    chance = np.random.default_rng([15, seed, degrees])
    return tilted(pixels, int(chance.choice((-1, 1))) * degrees, SHEETS[int(chance.integers(3))])


def text_page(seed: int) -> bytes:
    """A page of text; two seeds give two different pages of one layout."""
    from PIL import ImageDraw, ImageFont

    chance = np.random.default_rng([12, seed])
    letters = np.array(list("abcdefghilmnoprstuv"))
    page = Image.new("RGB", (600, 800), (255, 255, 255))
    draw, font = ImageDraw.Draw(page), ImageFont.load_default(18)
    for line in range(32):
        words = ("".join(chance.choice(letters, chance.integers(2, 9))) for _ in range(9))
        draw.text((50, 50 + 22 * line), " ".join(words)[:56], (20, 20, 20), font)
    return _file(np.asarray(page))


def dark_frame(seed: int) -> bytes:
    """A frame of noise near black, as with the cap on the lens."""
    chance = np.random.default_rng([13, seed])
    noise = chance.normal(6, 2.5, (480, 640, 3))
    return _file(np.clip(np.rint(noise), 0, 255).astype(np.uint8))


def _cut(pixels: Bytes, seed: int, *, area: float) -> Bytes:
    """Some of the area, of about the same shape, anywhere."""
    chance = np.random.default_rng([11, seed, round(100 * area)])
    height, width = pixels.shape[:2]
    lean = chance.uniform(0.88, 1 / 0.88)  # a person cuts one side more than the other
    rows = round(height * min(1, sqrt(area) * lean))
    columns = round(width * min(1, sqrt(area) / lean))
    top, left = chance.integers(height - rows + 1), chance.integers(width - columns + 1)
    return pixels[top : top + rows, left : left + columns]


def _without_corners(pixels: Bytes, seed: int, *, degrees: int) -> Bytes:
    """Tilted, and cut to what has no empty corner."""
    degrees *= 1 if seed % 2 else -1
    height, width = pixels.shape[:2]
    cosine, sine = cos(radians(abs(degrees))), sin(radians(abs(degrees)))
    kept = min(width / (width * cosine + height * sine), height / (width * sine + height * cosine))
    turned = np.asarray(Image.fromarray(pixels).rotate(degrees, Image.Resampling.BICUBIC))
    rows, columns = int(height * kept), int(width * kept)
    top, left = (height - rows) // 2, (width - columns) // 2
    return turned[top : top + rows, left : left + columns]


def _file(pixels: Bytes, kind: str = "JPEG", *, quality: int = JPEG_QUALITY) -> bytes:
    file = io.BytesIO()
    how = {"quality": quality} if kind == "JPEG" else {}
    Image.fromarray(np.ascontiguousarray(pixels)).save(file, kind, **how)
    return file.getvalue()


VARIANTS = tuple(_variants())
