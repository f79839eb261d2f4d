"""Pairs of images that are alike."""

from dataclasses import dataclass

import numpy as np

from lookalike.nouns.embeddings import Floats, Ints, read_only
from lookalike.nouns.errors import InputError


@dataclass(frozen=True, slots=True, eq=False)
class Pairs:
    """Unordered pairs of image ids with a score each, in order of (first, second).

    Attributes:
        first: (p,) int64 ids.
        second: (p,) int64 ids, each larger than its `first`; no pair comes twice.
        scores: (p,) float32, higher is more alike.
    """

    first: Ints
    second: Ints
    scores: Floats

    def __post_init__(self) -> None:
        if not (self.first.shape == self.second.shape == self.scores.shape == (len(self.first),)):
            raise InputError("Pairs need three arrays of one shape (p,)")
        if self.first.dtype != np.int64 or self.second.dtype != np.int64:
            raise InputError("Pairs need int64 ids")
        if self.scores.dtype != np.float32 or np.isnan(self.scores).any():
            raise InputError("Pairs need float32 scores without NaN")
        if (self.first >= self.second).any():
            raise InputError("Pairs need first < second")
        step_first, step_second = np.diff(self.first), np.diff(self.second)
        if ((step_first < 0) | ((step_first == 0) & (step_second <= 0))).any():
            raise InputError("Pairs must come in order of (first, second), each once")
        for name in ("first", "second", "scores"):
            object.__setattr__(self, name, read_only(getattr(self, name)))

    def __len__(self) -> int:
        return len(self.first)

    @classmethod
    def of(cls, first: Ints, second: Ints, scores: Floats) -> "Pairs":
        """Pairs from ids in any order: sorted, each kept once with its best score.

        Args:
            first: (p,) ids.
            second: (p,) ids; a pair of an id with itself is dropped.
            scores: (p,) float32.
        """
        low, high = np.minimum(first, second), np.maximum(first, second)
        order = np.lexsort((-scores, high, low))
        low, high, scores = low[order], high[order], scores[order]
        fresh = np.ones(len(low), bool)
        fresh[1:] = (np.diff(low) != 0) | (np.diff(high) != 0)
        fresh &= low != high
        return cls(low[fresh], high[fresh], scores[fresh].astype(np.float32))

    def at(self, score: float) -> "Pairs":
        """Only the pairs that score at least this much."""
        keep = self.scores >= score
        return Pairs(self.first[keep], self.second[keep], self.scores[keep])
