"""Reads one picture: upright, RGB on white, scaled down as far as is wanted, or says why not.

`pixel_digest` reads the same pixels, and keeps only what tells them from all others.
"""

import hashlib
from pathlib import Path
from typing import BinaryIO

import numpy as np

from lookalike.images.bounds import DECODE_LIMIT_BYTES
from lookalike.images.budget import DecodeBudget
from lookalike.images.cost import shrink_factor
from lookalike.images.digest import DIGEST_BYTES
from lookalike.images.load import Loaded, load
from lookalike.images.rgb import Mode
from lookalike.images.strips import upright_size, upright_strips
from lookalike.nouns.embeddings import Bytes
from lookalike.nouns.picture import Picture


def read_picture(
    source: Path | bytes | BinaryIO,
    *,
    short_side_px: int | None = 256,
    limit_bytes: int = DECODE_LIMIT_BYTES,
    budget: DecodeBudget | None = None,
) -> Picture:
    """Decodes a picture whose format is told by its content.

    With a `short_side_px` the picture comes back with a short side of at least that and less than
    twice that, unless it is smaller by itself: then it comes back in full. JPEG is decoded at the
    smallest of the scales 1/8, 1/4, 1/2 and 1 that is large enough (Pillow's `draft`); whatever is
    still twice as large as needed is shrunk by a whole number, each pixel the mean of a box. So the
    size is never exact, and whoever needs an exact one resamples. Of animations and files with
    several pages the first one is read. A picture that is cut short is refused: its missing half
    would be grey, and would be found to be like every other grey half.

    Args:
        source: a file's path, a file's bytes, or a seekable stream, which is read from its start
            and not closed.
        short_side_px: the least short side that is needed; None for full size.
        limit_bytes: the most memory that decoding may need, foretold from the header.
        budget: shared by all threads that decode; waits until there is room.

    Raises:
        UnreadableImage: for whatever is wrong with the file, and for a picture above the limit.
        InputError: `short_side_px` or `limit_bytes` is below 1.
    """
    return load(
        source,
        lambda loaded: Picture(_pixels(loaded, short_side_px, "RGB"), loaded.facts()),
        short_side_px=short_side_px,
        limit_bytes=limit_bytes,
        budget=budget,
        kept_pixel_bytes=3,
    )


def read_grey(
    source: Path | bytes | BinaryIO,
    *,
    short_side_px: int | None,
    limit_bytes: int = DECODE_LIMIT_BYTES,
    budget: DecodeBudget | None = None,
) -> Bytes:
    """Decodes a picture as `read_picture` does, in grey: all that a perceptual hash looks at.

    A JPEG's colours are not decoded, only its brightness. Where a colour lies outside of what RGB
    can show, that is not quite the grey of the RGB that `read_picture` gives.

    Args:
        source: as in `read_picture`.
        short_side_px: as in `read_picture`.
        limit_bytes: as in `read_picture`.
        budget: as in `read_picture`.

    Returns:
        (h, w) uint8, upright, on white where it was transparent.

    Raises:
        UnreadableImage: as in `read_picture`.
        InputError: `short_side_px` or `limit_bytes` is below 1.
    """
    return load(
        source,
        lambda loaded: _pixels(loaded, short_side_px, "L"),
        mode="L",
        short_side_px=short_side_px,
        limit_bytes=limit_bytes,
        budget=budget,
        kept_pixel_bytes=1,
    )


def _pixels(loaded: Loaded, short_side_px: int | None, mode: Mode) -> Bytes:
    factor = shrink_factor(loaded.image.size, short_side_px)
    width, height = upright_size(loaded.image.size, loaded.turn)
    rows, columns = -(-height // factor), -(-width // factor)
    strips = upright_strips(loaded.image, loaded.turn, factor, mode)
    top, strip = next(strips)
    if strip.height == rows:
        return np.asarray(strip)
    pixels = np.empty((rows, columns, 3) if mode == "RGB" else (rows, columns), np.uint8)
    pixels[: strip.height] = np.asarray(strip)
    for top, strip in strips:
        pixels[top : top + strip.height] = np.asarray(strip)
    return pixels


def pixel_digest(
    source: Path | bytes | BinaryIO,
    *,
    limit_bytes: int = DECODE_LIMIT_BYTES,
    budget: DecodeBudget | None = None,
) -> bytes:
    """BLAKE2b-256 of a picture's size and of its pixels as `read_picture` gives them in full.

    Two files with one digest show the same picture, whatever their format, their metadata and the
    way they lie; a scaled decode is never used here. Pixels are digested a strip at a time.

    Args:
        source: as in `read_picture`.
        limit_bytes: as in `read_picture`.
        budget: as in `read_picture`.

    Raises:
        UnreadableImage: as in `read_picture`.
    """
    return load(
        source,
        _digest,
        short_side_px=None,
        limit_bytes=limit_bytes,
        budget=budget,
        kept_pixel_bytes=0,
    )


def _digest(loaded: Loaded) -> bytes:
    width, height = upright_size(loaded.image.size, loaded.turn)
    digest = hashlib.blake2b(b"%dx%d RGB\n" % (width, height), digest_size=DIGEST_BYTES)
    for _, strip in upright_strips(loaded.image, loaded.turn):
        digest.update(strip.tobytes())
    return digest.digest()
