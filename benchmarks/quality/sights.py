"""Pictures as an index sees them, in two halves, with their edits and the pairs checked by eye."""

import csv
import io
import os
import sys
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from hashlib import blake2b
from itertools import combinations
from pathlib import Path

import numpy as np
from PIL import Image

from lookalike.encoders.classic import ClassicEncoder
from lookalike.images.decode import read_picture
from lookalike.images.edits import EDITS
from lookalike.images.hashes import describe_hashes
from lookalike.nouns.embeddings import Bytes, Floats, Ints
from lookalike.verbs.describe import HASH_SIDE_PX
from lookalike.verbs.evidence import best_turns
from lookalike.verdicts.decide import HASH_QUALITY

LARGE = ("clothing", "flowers", "weather", "groceries", "imagenet-sample")
SMALL = ("tiny-imagenet",)
CHECKED = Path(__file__).with_name("checked_pairs.csv")
"""Pairs that were looked at, and what they are: copies that hide in the sets, and near misses."""

JPEG_QUALITY = 90
CHUNK = 64
Pair = tuple[str, str]
Seen = tuple[Bytes, int, Floats]


@dataclass(frozen=True)
class Sights:
    """n pictures: names, hashes (n, 8, 32), quality (n,) and classic vectors (n, d)."""

    names: list[str]
    hashes: Bytes
    quality: Ints
    vectors: Floats

    def compare(self, first: Iterable[int], second: Iterable[int]) -> tuple[Ints, Floats, Ints]:
        """Bits, score and lesser quality of pairs."""
        a, b = np.array(list(first), np.int64), np.array(list(second), np.int64)
        bits = best_turns(self.hashes[a], self.hashes[b])[0]
        scores = (self.vectors[a] * self.vectors[b]).sum(axis=1)
        return bits, scores, np.minimum(self.quality[a], self.quality[b])


@dataclass(frozen=True)
class Compared:
    """Pairs: bits that differ, classic score, and which edit it was (empty for others)."""

    bits: Ints
    scores: Floats
    edits: list[str]

    def __len__(self) -> int:
        return len(self.bits)


def data_folder() -> Path:
    """The folder of the sets; ends the program where it is not named."""
    if not (data := os.environ.get("LOOKALIKE_DATA")):
        print("LOOKALIKE_DATA is not set: name the folder with the sets", file=sys.stderr)
        sys.exit(2)
    return Path(data)


def place(root: Path, name: str) -> Path:
    """Where a picture lies; those of scikit-image lie in its package."""
    if not name.startswith("skimage/"):
        return root / name
    import skimage

    return Path(skimage.__file__).parent / "data" / name.removeprefix("skimage/")


def names_in(root: Path, sets: Iterable[str], half: int) -> list[str]:
    """The pictures of one half, drawn by a hash of their paths."""
    found = []
    for name in sets:
        for path in sorted((root / name).rglob("*")):
            told = path.relative_to(root).as_posix()
            drawn = blake2b(told.encode(), digest_size=1).digest()[0] % 2
            if path.suffix.lower() in {".jpg", ".jpeg", ".png"} and drawn == half:
                found.append(told)
    return found


def checked(relation: str) -> list[Pair]:
    """Pairs that were looked at, "copy" or "near miss"."""
    with CHECKED.open(newline="", encoding="utf-8") as table:
        rows = list(csv.DictReader(table))
    return [(row["first"], row["second"]) for row in rows if row["relation"] == relation]


def bursts(root: Path) -> dict[str, list[str]]:
    """Frames of each burst, by the name of its scene."""
    scenes: dict[str, list[str]] = {}
    with (root / "neardup/groups.csv").open(newline="", encoding="utf-8") as table:
        for row in csv.DictReader(table):
            if row["relation"] == "consecutive frame":
                scenes.setdefault(row["group"], []).append(f"neardup/{row['path']}")
    return scenes


def burst_pairs(scenes: dict[str, list[str]]) -> list[Pair]:
    """Every two frames of one burst."""
    return [pair for frames in scenes.values() for pair in combinations(frames, 2)]


def edits_of(path: Path, seed: int) -> Iterator[tuple[str, bytes]]:
    """Name and JPEG file of every edit of one picture."""
    with Image.open(path) as picture:
        pixels = np.asarray(picture.convert("RGB"))
    for name, edit in EDITS.items():
        file = io.BytesIO()
        Image.fromarray(edit(pixels, seed)).save(file, "JPEG", quality=JPEG_QUALITY)
        yield name, file.getvalue()


def see(source: Path | bytes) -> Seen:
    """Hashes, quality and vector, decoded as an index decodes."""
    pixels = read_picture(source, short_side_px=HASH_SIDE_PX).pixels
    hashes, quality = describe_hashes(pixels)
    return hashes, quality, ClassicEncoder().encode([pixels])[0]


def _see_many(paths: list[Path]) -> list[Seen]:
    return [see(path) for path in paths]


def _see_edits(path: Path, seed: int) -> list[Seen]:
    return [see(path), *(see(file) for _, file in edits_of(path, seed))]


def see_all(root: Path, names: list[str]) -> Sights:
    """All pictures, on all cores."""
    paths = [place(root, name) for name in names]
    chunks = [paths[start : start + CHUNK] for start in range(0, len(paths), CHUNK)]
    with ProcessPoolExecutor() as pool:
        return _sights(names, [seen for many in pool.map(_see_many, chunks) for seen in many])


def see_edits(root: Path, names: list[str]) -> Sights:
    """Each picture, named NAME, followed by its edits, named NAME of the edit."""
    paths = [place(root, name) for name in names]
    with ProcessPoolExecutor() as pool:
        many = list(pool.map(_see_edits, paths, range(len(paths))))
    told = [row for name in names for row in (name, *EDITS)]
    return _sights(told, [seen for rows in many for seen in rows])


def _sights(names: list[str], seen: list[Seen]) -> Sights:
    hashes, quality, vectors = zip(*seen, strict=True)
    return Sights(names, np.stack(hashes), np.array(quality), np.stack(vectors))


def copies(root: Path, half: int, count: int) -> Compared:
    """Edited copies of `count` large photographs against their originals; flat ones left out."""
    names = names_in(root, LARGE, half)
    drawn = np.random.default_rng(0).permutation(len(names))[:count]
    seen = see_edits(root, [names[row] for row in drawn.tolist()])
    each = 1 + len(EDITS)
    edited = [row for row in range(len(seen.names)) if row % each]
    bits, scores, quality = seen.compare((row - row % each for row in edited), edited)
    kept = np.flatnonzero(quality >= HASH_QUALITY)
    return Compared(bits[kept], scores[kept], [seen.names[edited[row]] for row in kept.tolist()])


def frames(root: Path, scenes: dict[str, list[str]]) -> Compared:
    """Every two frames of one burst."""
    names = [name for frames in scenes.values() for name in frames]
    seen, at = see_all(root, names), {name: row for row, name in enumerate(names)}
    pairs = burst_pairs(scenes)
    bits, scores, _ = seen.compare((at[a] for a, _ in pairs), (at[b] for _, b in pairs))
    return Compared(bits, scores, [""] * len(pairs))
