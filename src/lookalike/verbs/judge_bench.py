"""What a model is judged on: pictures that were looked at once, part by part."""

from collections.abc import Callable
from dataclasses import dataclass, fields

import numpy as np

from lookalike.encoders.encoder import Encoder
from lookalike.nouns.embeddings import Bytes, Floats, Ints
from lookalike.nouns.evaluation_report import Judged
from lookalike.nouns.labelled import PARTS, SIDES, UNKNOWN, Labelled
from lookalike.nouns.recipe import JudgePart

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """Pictures and what was seen of each.

    Attributes:
        data: n pictures.
        vectors: (n, d) float32 embeddings.
        hashes: (n, 8, 32) uint8 hashes in eight orientations.
        quality: (n,) of the hash, 0 to 100.
        digests: n digests of the files' bytes.
    """

    data: Labelled
    vectors: Floats
    hashes: Bytes
    quality: Ints
    digests: tuple[bytes, ...]

    def __len__(self) -> int:
        return len(self.data)

    def take(self, rows: Ints) -> "Part":
        """Only these pictures, in this order; of all of them nothing is copied."""
        if np.array_equal(rows, np.arange(len(self))):
            return self
        kept = {f.name: getattr(self, f.name) for f in fields(self)}
        return Part(
            data=kept["data"].take(rows),
            vectors=kept["vectors"][rows],
            hashes=kept["hashes"][rows],
            quality=kept["quality"][rows],
            digests=tuple(self.digests[row] for row in rows.tolist()),
        )

    def of(self, *parts: str) -> "Part":
        """Only the pictures of these parts."""
        return self.take(np.flatnonzero(np.isin(self.data.parts, [PARTS.index(p) for p in parts])))

    @property
    def known(self) -> Ints:
        """Rows whose class is known."""
        return np.flatnonzero(self.data.labels != UNKNOWN)

    @property
    def matched(self) -> bool:
        """Whether these are sources and targets, so that listed pairs are matches."""
        return bool((self.data.sides == SIDES.index("target")).any())

    def repeated_classes(self) -> Ints:
        """Classes with two pictures or more."""
        counts = np.bincount(self.data.labels[self.known], minlength=1)
        return np.flatnonzero(counts >= 2)


@dataclass(frozen=True, slots=True, eq=False)
class Bench:
    """All that a protocol may use.

    Attributes:
        judged: the pictures that figures are about.
        validation: the pictures that choose thresholds; may be none.
        sources: good originals of all parts, where targets are matched to them by class.
        encoder: the model.
        judge: how much of everything, and the seed.
        progress: told of pictures that a protocol has to look at by itself.
    """

    judged: Part
    validation: Part
    sources: Part
    encoder: Encoder
    judge: JudgePart
    progress: Progress


@dataclass(frozen=True, slots=True)
class Protocol:
    """One way of judging.

    Attributes:
        name: as `--protocol` takes it.
        lacks: what the data lack for it; empty where nothing.
        run: judges.
    """

    name: str
    lacks: Callable[[Bench], str]
    run: Callable[[Bench], Judged]
