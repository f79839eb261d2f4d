"""Edited copies of judged pictures, made here, as queries whose original is known."""

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from lookalike.encoders.encoder import Encoder
from lookalike.images.budget import DecodeBudget
from lookalike.images.decode import read_picture
from lookalike.images.edits import EDITS, LEAST_SIDE_PX
from lookalike.images.hashes import describe_hashes
from lookalike.metrics.intervals import wilson
from lookalike.nouns.embeddings import Bytes, Floats, Ints
from lookalike.nouns.errors import UnreadableImage
from lookalike.nouns.exhibits import Bar, Bars
from lookalike.verbs.describe import HASH_SIDE_PX
from lookalike.verbs.judge_bench import Part, Progress

EACH = 12
"""Copies made by each edit, where there are so many pictures."""

CHUNK = 8


@dataclass(frozen=True, slots=True, eq=False)
class Edited:
    """q edited copies.

    Attributes:
        origins: (q,) rows of the pictures they were made from.
        edits: q names of what was done.
        vectors: (q, d) float32.
        hashes: (q, 8, 32) uint8.
    """

    origins: Ints
    edits: tuple[str, ...]
    vectors: Floats
    hashes: Bytes

    def __len__(self) -> int:
        return len(self.origins)

    def by_edit(self, scores: Floats) -> Bars:
        """For each edit the share of copies whose original comes first; ties count as wrong.

        Args:
            scores: (q, n) of each copy with each picture.
        """
        own = scores[np.arange(len(self)), self.origins]
        first = np.count_nonzero(scores >= own[:, None], axis=1) == 1
        names = np.array(self.edits)
        bars = []
        for name in dict.fromkeys(self.edits):
            right = first[names == name]
            hits, n = int(right.sum()), len(right)
            bars.append(Bar(name.replace("_", " "), hits / n, *wilson(hits, n), n))
        chance = 1 / scores.shape[1]
        return Bars("Original found first, by edit", tuple(bars), chance, "at random")


def edited_copies(part: Part, encoder: Encoder, *, seed: int, progress: Progress) -> Edited:
    """Copies of the pictures by all edits in turn: at least one of each, EACH at most.

    Args:
        part: the pictures.
        encoder: makes the vectors.
        seed: of what is drawn.
        progress: told of copies made.
    """
    paths = [part.data.path(row) for row in range(len(part))]
    count = min(max(len(part), len(EDITS)), EACH * len(EDITS))
    return copies_of(paths, count, encoder, seed=seed, progress=progress)


def copies_of(
    paths: Sequence[Path], count: int, encoder: Encoder, *, seed: int, progress: Progress
) -> Edited:
    """Copies of files by all edits in turn; those that cannot be read are left out.

    Args:
        paths: n files, one or more.
        count: how many copies.
        encoder: makes the vectors.
        seed: of what is drawn.
        progress: told of copies made.
    """
    chance = np.random.default_rng(seed)
    names = tuple(EDITS)
    rows = np.resize(chance.permutation(len(paths)), count)  # anew from the first where too few
    jobs = [(row, names[place % len(names)]) for place, row in enumerate(rows.tolist())]
    budget = DecodeBudget()
    side = max(encoder.short_side_px, HASH_SIDE_PX)

    def make(chunk: Sequence[tuple[int, str]]) -> list[tuple[int, str, Floats, Bytes]]:
        kept, pictures = [], []
        for row, name in chunk:
            try:
                pixels = read_picture(paths[row], short_side_px=side, budget=budget).pixels
            except (UnreadableImage, OSError):
                continue
            if min(pixels.shape[:2]) >= LEAST_SIDE_PX:
                kept.append((row, name))
                pictures.append(EDITS[name](pixels, seed + row))
        vectors = encoder.encode(pictures) if pictures else ()
        return [
            (row, name, vector, describe_hashes(pixels)[0])
            for (row, name), vector, pixels in zip(kept, vectors, pictures, strict=True)
        ]

    made: list[tuple[int, str, Floats, Bytes]] = []
    chunks = [jobs[low : low + CHUNK] for low in range(0, len(jobs), CHUNK)]
    with ThreadPoolExecutor(os.cpu_count() or 1, thread_name_prefix="lookalike") as pool:
        for done in pool.map(make, chunks):
            made += done
            progress(min(len(made), len(jobs) - 1), len(jobs))
    progress(len(jobs), len(jobs))
    return Edited(
        origins=np.array([row for row, _, _, _ in made], np.int64),
        edits=tuple(name for _, name, _, _ in made),
        vectors=np.array([vector for _, _, vector, _ in made], np.float32).reshape(-1, encoder.d),
        hashes=np.array([hashes for _, _, _, hashes in made], np.uint8).reshape(-1, 8, 32),
    )
