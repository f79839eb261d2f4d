"""Small labelled sets whose pictures tell which row they are."""

from pathlib import Path

import numpy as np

from lookalike.nouns.labelled import Labelled
from lookalike.training.pictures import PictureStore


def labelled(labels, *, pairs=(), same=(), triplets=()):
    """A set with these labels; -1 is unknown."""
    n = len(labels)
    return Labelled(
        name="made",
        root=Path("nowhere"),
        paths=tuple(f"{row}.png" for row in range(n)),
        labels=np.array(labels, np.int64),
        classes=tuple(f"class {c}" for c in range(max(labels, default=-1) + 1)),
        parts=np.ones(n, np.int64),
        groups=np.full(n, -1, np.int64),
        pairs=np.array(pairs, np.int64).reshape(-1, 2),
        same=np.array(same, bool),
        triplets=np.array(triplets, np.int64).reshape(-1, 3),
    )


def picture(row, size=(20, 24)):
    """A picture of its own for each row, not symmetric in any way."""
    chance = np.random.default_rng(row)
    pixels = chance.integers(0, 256, (*size, 3), dtype=np.uint8)
    pixels[0, 0] = row % 256
    return pixels


def store(n):
    """The pictures of n rows, of several sizes."""
    return PictureStore.of([picture(row, (20 + row % 3, 24)) for row in range(n)])
