"""The k nearest of each query."""

from dataclasses import dataclass

import numpy as np

from lookalike.nouns.embeddings import Floats, Ints, read_only
from lookalike.nouns.errors import InputError


@dataclass(frozen=True, slots=True, eq=False)
class Neighbours:
    """For each of q queries its k best matches, best first; ties in order of id.

    Attributes:
        ids: (q, k) int64; -1 where there were fewer than k candidates.
        scores: (q, k) float32, falling along each row; -inf beside an id of -1.
    """

    ids: Ints
    scores: Floats

    def __post_init__(self) -> None:
        if self.ids.ndim != 2 or self.ids.shape != self.scores.shape:
            raise InputError("Neighbours need ids and scores of one shape (q, k)")
        if self.ids.dtype != np.int64 or self.scores.dtype != np.float32:
            raise InputError("Neighbours need int64 ids and float32 scores")
        if (self.scores[:, 1:] > self.scores[:, :-1]).any():
            raise InputError("Neighbours must come best first")
        object.__setattr__(self, "ids", read_only(self.ids))
        object.__setattr__(self, "scores", read_only(self.scores))

    def __len__(self) -> int:
        return len(self.ids)

    @property
    def k(self) -> int:
        """How many neighbours each query has room for."""
        return int(self.ids.shape[1])
