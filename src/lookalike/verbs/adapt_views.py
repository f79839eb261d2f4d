"""What a model is adapted with: pictures read once, and what editing and wear make of them."""

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from lookalike.encoders.encoder import Encoder
from lookalike.images.budget import DecodeBudget
from lookalike.images.decode import read_picture
from lookalike.images.degrade import degraded
from lookalike.images.digest import array_digest
from lookalike.images.edits import EDITS, LEAST_SIDE_PX
from lookalike.images.find import find_files
from lookalike.images.sniff import PICTURE_SUFFIXES
from lookalike.nouns.embeddings import Bytes, Floats, Ints
from lookalike.nouns.errors import UnreadableImage
from lookalike.nouns.picture import Failure
from lookalike.verbs.progress import Progress

MOST = 2000
"""Pictures of a collection that are looked at: more take long and teach little more."""

WORN_SHARE = 0.4
"""So many of the views are worn and degraded; the others are made by one edit each."""

CHUNK = 8


@dataclass(frozen=True, slots=True, eq=False)
class Looked:
    """A collection as a model sees it.

    Attributes:
        paths: n files, each of other pixels.
        vectors: (n, d) float32.
        short_side_px: they are decoded at least this large.
        failed: files that cannot be read.
        remarks: what a user should know.
    """

    paths: tuple[Path, ...]
    vectors: Floats
    short_side_px: int
    failed: tuple[Failure, ...]
    remarks: tuple[str, ...]

    def pixels(self, rows: Ints) -> list[Bytes]:
        """Some of the pictures."""
        budget = DecodeBudget()
        side = self.short_side_px
        return [
            read_picture(self.paths[row], short_side_px=side, budget=budget).pixels
            for row in rows.tolist()
        ]


def look_over(folders: Sequence[Path], encoder: Encoder, seed: int, progress: Progress) -> Looked:
    """Read and embed the pictures of some folders, each content once.

    Args:
        folders: that are there.
        encoder: the model.
        seed: of which pictures are taken where there are more than MOST.
        progress: told of files read.
    """
    files = [stamp.path for folder in folders for stamp in find_files(folder)]
    files = [path for path in files if path.suffix.lower() in PICTURE_SUFFIXES]
    remarks = []
    if len(files) > MOST:
        remarks.append(f"{MOST:,} of {len(files):,} pictures were looked at, drawn by chance.")
        chosen = np.sort(np.random.default_rng(seed).choice(len(files), MOST, replace=False))
        files = [files[place] for place in chosen.tolist()]
    budget = DecodeBudget()
    side = max(encoder.short_side_px, LEAST_SIDE_PX)

    def look(part: list[Path]) -> list[tuple[Path, bytes, Floats | str]]:
        read: list[tuple[Path, Bytes | str]] = []
        for path in part:
            try:
                read.append((path, read_picture(path, short_side_px=side, budget=budget).pixels))
            except UnreadableImage as error:
                read.append((path, error.what))
        pictures = [pixels for _, pixels in read if not isinstance(pixels, str)]
        vectors = iter(encoder.encode(pictures) if pictures else ())
        return [
            (path, b"", seen)
            if isinstance(seen, str)
            else (path, array_digest(seen), next(vectors))
            for path, seen in read
        ]

    known: dict[bytes, tuple[Path, Floats]] = {}
    failed = []
    parts = [files[low : low + CHUNK] for low in range(0, len(files), CHUNK)]
    done = 0
    with ThreadPoolExecutor(os.cpu_count() or 1, thread_name_prefix="lookalike") as pool:
        for found in pool.map(look, parts):
            for path, digest, seen in found:
                if isinstance(seen, str):
                    failed.append(Failure(path, seen))
                else:
                    known.setdefault(digest, (path, seen))
            done += len(found)
            progress(done, len(files))
    vectors = np.array([vector for _, vector in known.values()], np.float32)
    return Looked(
        paths=tuple(path for path, _ in known.values()),
        vectors=vectors.reshape(len(known), encoder.d),
        short_side_px=side,
        failed=tuple(failed),
        remarks=tuple(remarks),
    )


def changed_views(
    looked: Looked, rows: Ints, encoder: Encoder, views: int, seed: int, progress: Progress
) -> Floats:
    """What editing and wear make of some pictures, as the model sees it.

    Args:
        looked: the collection.
        rows: m of its pictures.
        encoder: the model.
        views: how many of each.
        seed: of all changes.
        progress: told of views made.

    Returns:
        (views, m, d) float32.
    """

    def make(row: int) -> Floats:
        (pixels,) = looked.pixels(np.array([row]))
        chance = np.random.default_rng([seed, row])
        return encoder.encode([_changed(pixels, chance) for _ in range(views)])

    found: list[Floats] = []
    with ThreadPoolExecutor(os.cpu_count() or 1, thread_name_prefix="lookalike") as pool:
        for vectors in pool.map(make, rows.tolist()):
            found.append(vectors)
            progress(views * len(found), views * len(rows))
    whole = np.array(found, np.float32).reshape(len(rows), views, encoder.d)
    return np.ascontiguousarray(whole.transpose(1, 0, 2))


def _changed(pixels: Bytes, chance: np.random.Generator) -> Bytes:
    if min(pixels.shape[:2]) < LEAST_SIDE_PX:
        return pixels
    if chance.random() < WORN_SHARE:
        return degraded(pixels, chance)
    names = tuple(EDITS)
    return EDITS[names[chance.integers(len(names))]](pixels, int(chance.integers(1 << 31)))
