"""The pictures of a collection as a screen shows them: small, large, and laid over each other."""

import io
import os
import stat
from pathlib import Path
from typing import BinaryIO

import numpy as np
from PIL import Image

from lookalike.images.budget import DecodeBudget
from lookalike.images.decode import read_picture
from lookalike.images.orientations import ORIENTATIONS, turn
from lookalike.images.thumbnail import thumbnail
from lookalike.nouns.embeddings import Bytes
from lookalike.nouns.entry import Entry, StoredFile
from lookalike.verbs.evidence import Sight, best_turns
from lookalike.verbs.place import Place

PALE = 0.45
"""How much of the first picture's contrast is left where the two are equal."""

NOTICED = (10, 70)
"""Differences of colour, of 255: what is not noticed, and what is marked in full."""

MARK = (214, 32, 96)


def jpeg_of(
    place: Place, entry: Entry, *, long_side_px: int, follow_links: bool, budget: DecodeBudget
) -> bytes:
    """A picture of a collection as an upright JPEG without metadata.

    Args:
        place: the collection.
        entry: the picture.
        long_side_px: the longer side is at most this long.
        follow_links: whether a link may lead out of the collection.
        budget: memory for decoding.

    Raises:
        FileNotFoundError: no file is there that is as it was indexed.
        UnreadableImage: it cannot be decoded.
    """
    quality = 80 if long_side_px <= 1000 else 88
    with open_stored(place, entry, follow_links=follow_links) as file:
        return thumbnail(file, long_side_px=long_side_px, quality=quality, budget=budget)


def open_stored(place: Place, entry: Entry, *, follow_links: bool) -> BinaryIO:
    """The first of a picture's files that is there, unchanged, and within the collection.

    Raises:
        FileNotFoundError: there is none.
    """
    for stored in entry.files:
        file = _open(place, stored, follow_links=follow_links)
        if file is not None:
            return file
    raise FileNotFoundError(entry.path)


def _open(place: Place, stored: StoredFile, *, follow_links: bool) -> BinaryIO | None:
    try:
        real = place.absolute(stored.path).resolve(strict=True)
        if not (follow_links or real.is_relative_to(place.folder)):
            return None
        file = open(real, "rb", opener=_open_at_once)
    except (OSError, ValueError):
        return None
    # Asked of the open file: whatever takes its name now is not what is read.
    facts = os.fstat(file.fileno())
    same = (facts.st_size, facts.st_mtime_ns) == (stored.size_bytes, stored.mtime_ns)
    if same and stat.S_ISREG(facts.st_mode):
        return file
    file.close()
    return None


def _open_at_once(path: str, flags: int) -> int:
    """Neither waits for the writer of a pipe nor follows a link that has just been put there."""
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOFOLLOW", 0))


def as_jpeg(pixels: Bytes) -> bytes:
    """Pixels (h, w, 3) as a JPEG."""
    out = io.BytesIO()
    Image.fromarray(pixels).save(out, "JPEG", quality=85)
    return out.getvalue()


def difference(
    first: tuple[Sight, BinaryIO],
    second: tuple[Sight, BinaryIO],
    *,
    long_side_px: int,
    budget: DecodeBudget,
) -> tuple[bytes, str]:
    """Where two pictures differ: the first one pale, with a mark where the second is another.

    Args:
        first: what is known of one picture, and its file.
        second: the other, which is turned and stretched to lie on the first.
        long_side_px: the longer side of what comes back is at most this long.
        budget: memory for decoding.

    Returns:
        A PNG, and how the second was turned, in the words of ORIENTATIONS.

    Raises:
        UnreadableImage: one of them cannot be decoded.
    """
    _, turned = best_turns(second[0].hashes[None], first[0].hashes[None])
    g = int(turned[0])
    one = _upright(first[1], long_side_px, budget)
    pixels = read_picture(second[1], short_side_px=long_side_px, budget=budget).pixels
    other = Image.fromarray(np.ascontiguousarray(turn(pixels, g))).resize(one.size)
    ground, laid = (np.asarray(image, np.float32) for image in (one, other))
    unlike = np.abs(ground - laid).max(axis=2)
    low, high = NOTICED
    share = np.clip((unlike - low) / (high - low), 0, 1)[..., None]  # (h, w, 1)
    grey = ground.mean(axis=2, keepdims=True) * PALE + 255 * (1 - PALE)
    shown = (grey * (1 - share) + np.array(MARK, np.float32) * share).astype(np.uint8)
    out = io.BytesIO()
    Image.fromarray(shown).save(out, "PNG")
    return out.getvalue(), ORIENTATIONS[g] if g else ""


def _upright(source: Path | BinaryIO, long_side_px: int, budget: DecodeBudget) -> Image.Image:
    pixels = read_picture(source, short_side_px=long_side_px, budget=budget).pixels
    image = Image.fromarray(pixels)
    image.thumbnail((long_side_px, long_side_px), Image.Resampling.LANCZOS)
    return image
