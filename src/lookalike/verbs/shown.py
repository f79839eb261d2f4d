"""The pictures of a collection as a screen shows them: small, large, and laid over each other."""

import io
import math
import os
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import numpy as np
from PIL import Image

from lookalike.geometry.align import align
from lookalike.geometry.features import local_features, mirrored_features, one_thread_each
from lookalike.geometry.lay import differences, lay_onto
from lookalike.images.budget import DecodeBudget
from lookalike.images.decode import read_picture
from lookalike.images.orientations import ORIENTATIONS, turn
from lookalike.images.thumbnail import thumbnail
from lookalike.nouns.embeddings import Bools, Bytes
from lookalike.nouns.entry import Entry, StoredFile
from lookalike.verbs.doubtful import ENOUGH_INLIERS
from lookalike.verbs.evidence import Sight, best_turns
from lookalike.verbs.place import Place

PALE = 0.45
"""How much of the first picture's contrast is left where the two are equal."""

NOTICED = (10, 70)
"""Differences of colour, of 255: what is not noticed, and what is marked in full."""

MARK = (214, 32, 96)

OUTSIDE = 205.0
"""The grey that what cannot be compared is drawn towards."""

EXACT_TO = 0.7
"""Of a pixel of the small picture in which the map between two pictures is found."""


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


Shown = tuple[Sight, BinaryIO]
"""What is known of a picture, and its file."""


def difference(
    first: Shown, second: Shown, *, long_side_px: int, budget: DecodeBudget
) -> tuple[bytes, str]:
    """Where two pictures differ: the first one pale, with a mark where the second is another.

    Args:
        first: one picture.
        second: the other, which is laid over the first: by the map that their details tell, or else
            turned and stretched. Where that map leaves it outside, nothing is marked.
        long_side_px: the longer side of what comes back is at most this long.
        budget: memory for decoding.

    Returns:
        A PNG, and how the second came to lie: "laid over", perhaps "mirrored, laid over"; or how it
        was turned, in the words of ORIENTATIONS, empty for not at all.

    Raises:
        UnreadableImage: one of them cannot be decoded.
    """
    one, found = _lay(first, second, long_side_px, budget)
    apart = differences(np.asarray(one), found.pixels, reach_px=found.reach_px)
    unlike = np.where(found.inside, apart, 0).astype(np.float32)
    low, high = NOTICED
    share = np.clip((unlike - low) / (high - low), 0, 1)[..., None]  # (h, w, 1)
    grey = np.asarray(one, np.float32).mean(axis=2, keepdims=True) * PALE + 255 * (1 - PALE)
    grey = np.where(found.inside[..., None], grey, (grey + OUTSIDE) / 2)
    shown = (grey * (1 - share) + np.array(MARK, np.float32) * share).astype(np.uint8)
    out = io.BytesIO()
    Image.fromarray(shown).save(out, "PNG")
    return out.getvalue(), found.how


def laid_over(
    first: Shown, second: Shown, *, long_side_px: int, budget: DecodeBudget
) -> tuple[bytes, str]:
    """The second picture in the frame of the first, as `difference` lays it there.

    Args:
        first: one picture.
        second: the other.
        long_side_px: the longer side of what comes back is at most this long.
        budget: memory for decoding.

    Returns:
        A JPEG of the size in which the first one is shown, white where the second does not reach;
        and how it came to lie, as `difference` says it.

    Raises:
        UnreadableImage: one of them cannot be decoded.
    """
    _, found = _lay(first, second, long_side_px, budget)
    shown = np.where(found.inside[..., None], found.pixels, np.uint8(255))
    return as_jpeg(shown), found.how


@dataclass(frozen=True, slots=True, eq=False)
class _Laid:
    """A picture in the frame of another.

    Attributes:
        pixels: (h, w, 3) uint8.
        inside: (h, w) where it is.
        reach_px: it may lie wrong by so much.
        how: in words.
    """

    pixels: Bytes
    inside: Bools
    reach_px: int
    how: str


def _lay(
    first: Shown, second: Shown, long_side_px: int, budget: DecodeBudget
) -> tuple[Image.Image, _Laid]:
    """The first picture as it is shown, and the second in its frame."""
    one = _upright(first[1], long_side_px, budget)
    pixels = read_picture(second[1], short_side_px=long_side_px, budget=budget).pixels
    found = _by_details(np.asarray(one), pixels)
    if found is None:
        _, turns = best_turns(second[0].hashes[None], first[0].hashes[None])
        g = int(turns[0])
        other = Image.fromarray(np.ascontiguousarray(turn(pixels, g))).resize(one.size)
        everywhere = np.ones((one.height, one.width), bool)
        found = _Laid(np.asarray(other), everywhere, 0, ORIENTATIONS[g] if g else "")
    return one, found


def _by_details(one: Bytes, pixels: Bytes) -> _Laid | None:
    """The second picture laid over the first by their local features; None where few agree."""
    with one_thread_each():
        first, second = local_features(one), local_features(pixels)
        both = [align(first, second), align(first, mirrored_features(second), mirrored=True)]
        found = max(both, key=lambda alignment: alignment.n_inliers)
        if found.n_inliers < ENOUGH_INLIERS:
            return None
        source = pixels[:, ::-1] if found.mirrored else pixels
        height, width = one.shape[:2]
        laid, inside = lay_onto(
            source, found.transform, (first, second), width=width, height=height
        )
    how = "mirrored, laid over" if found.mirrored else "laid over"
    reach_px = math.ceil(EXACT_TO * width / first.grey.shape[1])
    return _Laid(laid, inside, reach_px, how)


def _upright(source: Path | BinaryIO, long_side_px: int, budget: DecodeBudget) -> Image.Image:
    pixels = read_picture(source, short_side_px=long_side_px, budget=budget).pixels
    image = Image.fromarray(pixels)
    image.thumbnail((long_side_px, long_side_px), Image.Resampling.LANCZOS)
    return image
