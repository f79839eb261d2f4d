"""Pictures as bags of words, and what each word is worth."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lookalike.nouns.embeddings import Floats, Ints

N_WORDS = 65_536

BACKGROUND = 1_000
"""So many unknown pictures are thought to be there as well, each without the word in question:
in a small collection a word that is in all pictures is still worth something."""

MOST_PICTURES = 1_000
"""A word that more pictures have than this tells next to nothing, and costs most of the time."""

_COUNTED = 1 << 22
"""Words that are counted at a time; while they are, they take four times their memory."""

Bag = NDArray[np.uint16]


@dataclass(frozen=True, slots=True, eq=False)
class Bags:
    """The words of n pictures and of their mirror images.

    Attributes:
        words: all words of all pictures, one picture after the other.
        starts: (n + 1,) where each picture's words begin.
        mirrored: likewise of the mirror images.
        mirrored_starts: (n + 1,).
    """

    words: Bag
    starts: Ints
    mirrored: Bag
    mirrored_starts: Ints

    @classmethod
    def of(cls, many: Sequence[tuple[Bag, Bag]]) -> "Bags":
        """From the words of each picture and of its mirror image, each word once."""
        filling = Filling(len(many), max((len(bag) for pair in many for bag in pair), default=0))
        filling.add(many)
        return filling.whole()

    def __len__(self) -> int:
        return len(self.starts) - 1


class Filling:
    """Bags that are filled a few at a time, in memory that is taken once.

    Args:
        n: how many pictures.
        most: words that one has at most.
    """

    def __init__(self, n: int, most: int) -> None:
        # What is never written to takes no memory.
        self._words = np.empty((2, n * most), np.uint16)
        self._starts = np.zeros((2, n + 1), np.int64)
        self._done = 0

    def add(self, many: Sequence[tuple[Bag, Bag]]) -> None:
        """The words of the next pictures and of their mirror images, each word once."""
        stop = self._done + len(many)
        for side, (words, starts) in enumerate(zip(self._words, self._starts, strict=True)):
            bags = [pair[side] for pair in many]
            begin = starts[self._done]
            starts[self._done + 1 : stop + 1] = begin + np.cumsum([len(bag) for bag in bags])
            words[begin : starts[stop]] = np.concatenate([np.zeros(0, np.uint16), *bags])
        self._done = stop

    def whole(self) -> Bags:
        """All that was added."""
        (upright, mirrored), (starts, mirrored_starts) = self._words, self._starts
        upright, mirrored = upright[: starts[self._done]], mirrored[: mirrored_starts[self._done]]
        last = self._done + 1
        return Bags(upright, starts[:last], mirrored, mirrored_starts[:last])


def worth(bags: Sequence[Bags]) -> Floats:
    """(65536,) how many votes each word is worth; 0 for one that is too frequent.

    Source:
        The logarithm of how seldom a word is: Sparck Jones 1972, doi 10.1108/eb026526.
    """
    frequent = np.zeros(N_WORDS, np.int64)
    for bag in bags:
        for low in range(0, len(bag.words), _COUNTED):
            frequent += np.bincount(bag.words[low : low + _COUNTED], minlength=N_WORDS)
    return worth_of_counts(frequent, sum(len(bag) for bag in bags))


def worth_of_counts(frequent: Ints, n: int) -> Floats:
    """As `worth`, from how many of n pictures have each word."""
    votes = np.log((n + BACKGROUND) / (frequent + 1)).clip(0)
    votes[frequent > MOST_PICTURES] = 0
    return votes.astype(np.float32)
