"""Read, hash and embed every picture of a labelled set once."""

import os
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from lookalike.encoders.encoder import Encoder
from lookalike.nouns.card import ModelCard, Preprocessing
from lookalike.nouns.embeddings import Bytes, Floats
from lookalike.nouns.labelled import Labelled
from lookalike.nouns.picture import Failure, Stamp
from lookalike.verbs.describe import HASH_SIDE_PX, Outcome, describe_all
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
    n = len(data)
    vectors = np.zeros((n, encoder.d), np.float32)
    hashes, quality = np.zeros((n, 8, 32), np.uint8), np.zeros(n, np.int64)
    digests, failed = [b""] * n, dict[int, Failure]()
    for row, outcome in _outcomes(data, encoder, failed):
        if (described := outcome.described) is not None:
            vectors[row], hashes[row] = described.vector, described.hashes
            quality[row], digests[row] = described.hash_quality, described.digest
        else:
            nothing = Failure(outcome.stamp.path, "This is no picture")
            failed[row] = outcome.failure or nothing
        progress(row + 1, n)
    progress(n, n)
    rows = np.setdiff1d(np.arange(n), np.array(list(failed), np.int64))
    part = Part(data, vectors, hashes, quality, tuple(digests)).take(rows)
    return part, tuple(_below(data.root, failed[row]) for row in sorted(failed))


def _outcomes(
    data: Labelled, encoder: Encoder, failed: dict[int, Failure]
) -> Iterator[tuple[int, Outcome]]:
    """What became of each file that is there, in order; the others are put among the failed."""
    asked: deque[int] = deque()

    def there() -> Iterator[Stamp]:
        for row in range(len(data)):
            try:
                stamp = _stamp(data.path(row))
            except OSError as error:
                failed[row] = Failure(data.path(row), error.strerror or str(error))
            else:
                asked.append(row)
                yield stamp

    threads = max(1, min(os.cpu_count() or 1, len(data)))
    for chunk in describe_all(there(), encoder, known=lambda _: False, threads=threads):
        for outcome in chunk:
            yield asked.popleft(), outcome


def _below(root: Path, failure: Failure) -> Failure:
    """The same with its path below the root, as all paths of a report are."""
    if failure.path.is_relative_to(root):
        return replace(failure, path=failure.path.relative_to(root))
    return failure


def _stamp(path: Path) -> Stamp:
    facts = path.stat()
    return Stamp(path, facts.st_size, facts.st_mtime_ns)
