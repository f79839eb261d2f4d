"""Pictures of the labelled sets with their vectors, one half to fit and one to judge."""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from photo_split import learned
from PIL import Image

from lookalike.encoders.encoder import Encoder
from lookalike.nouns.embeddings import Bytes, Floats

LABELLED = ("clothing", "flowers", "weather", "groceries")
FURTHER = ("imagenet-sample", "tiny-imagenet")


@dataclass(frozen=True)
class Album:
    """Pictures of one half with their vectors.

    Attributes:
        encoder: that made them.
        paths: n files.
        classes: (n,) numbers of their classes.
        vectors: (n, d).
    """

    encoder: Encoder
    paths: list[Path]
    classes: NDArray[np.int64]
    vectors: Floats


def album(root: Path, half: int, encoder: Encoder) -> Album:
    """The pictures of one half, encoded."""
    known, bit = set(), 0
    if encoder.name != "classic":
        known = {root / one.path for one in learned(root)}
        bit = 2  # the lowest two decide what is held out
    paths: list[Path] = []
    classes: list[str] = []
    for name in LABELLED + FURTHER:
        for path in sorted((root / name).rglob("*")):
            if path.suffix.lower() not in {".jpg", ".jpeg", ".png"} or path in known:
                continue
            told = path.relative_to(root).as_posix().encode()
            if blake2b(told, digest_size=1).digest()[0] >> bit & 1 == half:
                paths.append(path)
                classes.append(f"{name}/{path.parent.name}")
    vectors = np.concatenate([encoder.encode([pixels(path)]) for path in paths])
    return Album(
        encoder,
        paths,
        np.unique(classes, return_inverse=True)[1],
        vectors,
    )


def pixels(path: Path) -> Bytes:
    with Image.open(path) as picture:
        return np.asarray(picture.convert("RGB"))


def part(pictures: Album, root: Path, names: Sequence[str]) -> Album:
    """Only the pictures of these sets."""
    keep = np.array([path.relative_to(root).parts[0] in names for path in pictures.paths])
    paths = [path for path, kept in zip(pictures.paths, keep, strict=True) if kept]
    return Album(pictures.encoder, paths, pictures.classes[keep], pictures.vectors[keep])
