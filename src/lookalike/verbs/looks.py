"""Read pictures once and embed them by several models, as they are and in other views."""

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from lookalike.encoders.encoder import Encoder
from lookalike.images.budget import DecodeBudget
from lookalike.images.decode import read_picture
from lookalike.images.find import find_files
from lookalike.images.reasons import explain
from lookalike.images.sniff import PICTURE_SUFFIXES
from lookalike.nouns.embeddings import Bytes, Floats, Ints
from lookalike.nouns.errors import InputError, UnreadableImage
from lookalike.nouns.picture import Failure
from lookalike.verbs.progress import Progress

CHUNK = 8
"""Pictures that one worker reads and embeds at a time."""

Views = Callable[[Bytes], Sequence[Bytes]]
"""From a picture to all ways of looking at it, the same number for each picture."""


@dataclass(frozen=True, slots=True, eq=False)
class Looks:
    """What m models see of n pictures in v views each.

    Attributes:
        paths: n files.
        vectors: for each model (n, v, d) float32; models may have views of their own.
        failed: files that could not be read.
    """

    paths: tuple[Path, ...]
    vectors: tuple[Floats, ...]
    failed: tuple[Failure, ...] = ()

    def __len__(self) -> int:
        return len(self.paths)

    def take(self, rows: Ints) -> "Looks":
        """Only these pictures, in this order."""
        paths = tuple(self.paths[row] for row in rows.tolist())
        return Looks(paths, tuple(each[rows] for each in self.vectors))


def as_it_is(pixels: Bytes) -> tuple[Bytes, ...]:
    """The view of whoever wants no other."""
    return (pixels,)


def files_of(named: str | Path | Sequence[str | Path], what: str) -> list[Path]:
    """Picture files that were named, and those in folders that were named, each once.

    Args:
        named: files and folders, or one of them.
        what: they are for, for errors: "target".

    Raises:
        InputError: there is no such file, or nothing at all.
    """
    places = [named] if isinstance(named, str | Path) else named
    paths = [Path(place).expanduser() for place in places]
    for path in paths:
        if not path.exists():
            raise InputError(
                f"There is no such {what}", where=str(path), mend="check how it is spelt"
            )
    found = dict.fromkeys(
        stamp.path
        for path in paths
        for stamp in find_files(path)
        if path.is_file() or stamp.path.suffix.lower() in PICTURE_SUFFIXES
    )
    if not found:
        where = ", ".join(map(str, paths))
        raise InputError(f"There is no {what}", where=where, mend="name pictures or a folder")
    return list(found)


def look_at_files(
    paths: Sequence[Path],
    encoders: Sequence[Encoder],
    *,
    views: Views | Sequence[Views] = as_it_is,
    progress: Progress,
) -> Looks:
    """Embed files on all cores, in the order given.

    Args:
        paths: n files; those that are no pictures come back as failures.
        encoders: m models.
        views: ways of looking at each picture, the same for all models or m of them.
        progress: told of files read.
    """
    budget = DecodeBudget()
    side = max(encoder.short_side_px for encoder in encoders)
    ways = [views] * len(encoders) if callable(views) else views

    def work(chunk: Sequence[Path]) -> tuple[list[Path], list[list[Floats]], list[Failure]]:
        kept: list[Path] = []
        pictures: dict[Views, list[Bytes]] = {way: [] for way in ways}
        failed: list[Failure] = []
        for path in chunk:
            try:
                pixels = read_picture(path, short_side_px=side, budget=budget).pixels
                for way, seen in pictures.items():
                    seen += way(pixels)
                kept.append(path)
            except UnreadableImage as error:
                failed.append(Failure(path, error.what))
            except OSError as error:
                failed.append(Failure(path, explain(error, None)))
        own = [pictures[way] for way in ways]
        return kept, _by_picture(encoders, own, len(kept)), failed

    done: list[tuple[list[Path], list[list[Floats]], list[Failure]]] = []
    chunks = [paths[low : low + CHUNK] for low in range(0, len(paths), CHUNK)]
    with ThreadPoolExecutor(os.cpu_count() or 1, thread_name_prefix="lookalike") as pool:
        for place, chunk in enumerate(pool.map(work, chunks), start=1):
            done.append(chunk)
            progress(min(place * CHUNK, len(paths)), len(paths))
    return Looks(
        tuple(path for kept, _, _ in done for path in kept),
        tuple(
            np.array([v for _, seen, _ in done for v in seen[m]], np.float32).reshape(
                -1, *_shape(done, m, encoder)
            )
            for m, encoder in enumerate(encoders)
        ),
        tuple(failure for _, _, failed in done for failure in failed),
    )


def _by_picture(
    encoders: Sequence[Encoder], pictures: Sequence[Sequence[Bytes]], n: int
) -> list[list[Floats]]:
    """For each model, for each of n pictures (v, d)."""
    if not n:
        return [[] for _ in encoders]
    return [
        list(encoder.encode(seen).reshape(n, len(seen) // n, encoder.d))
        for encoder, seen in zip(encoders, pictures, strict=True)
    ]


def _shape(
    done: Sequence[tuple[list[Path], list[list[Floats]], list[Failure]]], m: int, encoder: Encoder
) -> tuple[int, int]:
    """(v, d) of one model; one view where there is no picture at all."""
    first = next((seen[m][0] for kept, seen, _ in done if kept), None)
    return (1, encoder.d) if first is None else (len(first), encoder.d)
