"""Read, hash and embed every picture of a labelled set once."""

import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from lookalike.encoders.encoder import Encoder
from lookalike.nouns.card import ModelCard, Preprocessing
from lookalike.nouns.embeddings import Bytes, Floats
from lookalike.nouns.entry import Described
from lookalike.nouns.labelled import Labelled
from lookalike.nouns.picture import Failure, Stamp
from lookalike.verbs.describe import HASH_SIDE_PX, describe_all
from lookalike.verbs.judge_bench import Part, Progress


@dataclass(frozen=True, slots=True)
class Blind:
    """Stands for an encoder where only hashes and digests are wanted: vectors of no dimension."""

    d: int = 0
    name: str = "none"
    fingerprint: str = ""
    short_side_px: int = HASH_SIDE_PX

    @property
    def card(self) -> ModelCard:
        """A card that nobody reads."""
        return ModelCard(self.name, 1, Preprocessing(1, 1))

    def encode(self, pictures: Sequence[Bytes]) -> Floats:
        """Nothing at all of each."""
        return np.zeros((len(pictures), self.d), np.float32)


def look_at(
    data: Labelled, encoder: Encoder, *, progress: Progress
) -> tuple[Part, tuple[Failure, ...]]:
    """All pictures that can be read, and why the others cannot.

    Args:
        data: n pictures.
        encoder: makes the vectors.
        progress: told of pictures read.
    """
    seen: dict[int, Described] = {}
    failed: dict[int, Failure] = {}
    stamps: list[Stamp] = []
    kept: list[int] = []
    for row in range(len(data)):
        try:
            stamps.append(_stamp(data.path(row)))
            kept.append(row)
        except OSError as error:
            failed[row] = Failure(data.path(row), error.strerror or str(error))
    threads = max(1, min(os.cpu_count() or 1, len(stamps)))
    place = iter(kept)
    for chunk in describe_all(stamps, encoder, known=lambda _: False, threads=threads):
        for outcome, row in zip(chunk, place, strict=False):
            if outcome.described is not None:
                seen[row] = outcome.described
            else:
                nothing = Failure(outcome.stamp.path, "This is no picture")
                failed[row] = outcome.failure or nothing
        progress(len(seen) + len(failed), len(data))
    rows = sorted(seen)
    part = Part(
        data=data.take(rows),
        vectors=np.array([seen[row].vector for row in rows], np.float32).reshape(
            len(rows), encoder.d
        ),
        hashes=np.array([seen[row].hashes for row in rows], np.uint8).reshape(-1, 8, 32),
        quality=np.array([seen[row].hash_quality for row in rows], np.int64),
        digests=tuple(seen[row].digest for row in rows),
    )
    return part, tuple(_below(data.root, failed[row]) for row in sorted(failed))


def _below(root: Path, failure: Failure) -> Failure:
    """The same with its path below the root, as all paths of a report are."""
    if failure.path.is_relative_to(root):
        return replace(failure, path=failure.path.relative_to(root))
    return failure


def _stamp(path: Path) -> Stamp:
    facts = path.stat()
    return Stamp(path, facts.st_size, facts.st_mtime_ns)
