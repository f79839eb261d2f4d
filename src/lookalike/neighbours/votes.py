"""Pairs that share rare words: each picture is a bag of words, and rare ones count more."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lookalike.nouns.embeddings import Bools, Floats, Ints
from lookalike.nouns.errors import InputError

N_WORDS = 65_536

BACKGROUND = 1_000
"""So many unknown pictures are thought to be there as well, each without the word in question:
in a small collection a word that is in all pictures is still worth something."""

MOST_PICTURES = 1_000
"""A word that more pictures have than this tells next to nothing, and costs most of the time."""

CELLS = 4_000_000
"""Votes in memory at a time: 32 MB."""

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
        sides = []
        for side in (0, 1):
            bags = [bags[side] for bags in many]
            starts = np.concatenate([[0], np.cumsum([len(bag) for bag in bags])]).astype(np.int64)
            sides += [np.concatenate([np.zeros(0, np.uint16), *bags]), starts]
        return cls(*sides)

    def __len__(self) -> int:
        return len(self.starts) - 1


@dataclass(frozen=True, slots=True, eq=False)
class Shared:
    """p pairs that share words.

    Attributes:
        first: (p,) places.
        second: (p,) places.
        votes: (p,) sum over the shared words of how rare each is.
        mirrored: (p,) whether one picture shares more with the mirror image of the other.
    """

    first: Ints
    second: Ints
    votes: Floats
    mirrored: Bools


def shared_within(bags: Bags, *, least: float, votes_of: Floats | None = None) -> Shared:
    """All pairs of one collection with at least so many votes, each once, the lower place first.

    Args:
        bags: of the collection.
        least: how many votes.
        votes_of: (65536,) how many each word is worth; by these bags unless given.
    """
    return _shared(bags, bags, least, worth([bags]) if votes_of is None else votes_of)


def shared_between(
    mine: Bags, theirs: Bags, *, least: float, votes_of: Floats | None = None
) -> Shared:
    """All pairs of one picture of each side with at least so many votes; see `shared_within`."""
    return _shared(mine, theirs, least, worth([mine, theirs]) if votes_of is None else votes_of)


def worth(bags: Sequence[Bags]) -> Floats:
    """(65536,) how many votes each word is worth; 0 for one that is too frequent.

    Source:
        The logarithm of how seldom a word is: Sparck Jones 1972, doi 10.1108/eb026526.
    """
    frequent = np.zeros(N_WORDS, np.int64)
    for bag in bags:
        frequent += np.bincount(bag.words, minlength=N_WORDS)
    return worth_of_counts(frequent, sum(len(bag) for bag in bags))


def worth_of_counts(frequent: Ints, n: int) -> Floats:
    """As `worth`, from how many of n pictures have each word."""
    votes = np.log((n + BACKGROUND) / (frequent + 1)).clip(0)
    votes[frequent > MOST_PICTURES] = 0
    return votes.astype(np.float32)


def _shared(mine: Bags, theirs: Bags, least: float, votes_of: Floats) -> Shared:
    if not least > 0:
        raise InputError("The least number of votes is above 0", where=str(least))
    n, within = len(theirs), mine is theirs
    order = np.argsort(theirs.words, kind="stable")
    owners = np.repeat(np.arange(n), np.diff(theirs.starts))[order]
    counts = np.bincount(theirs.words, minlength=N_WORDS)
    begins = np.concatenate([[0], np.cumsum(counts)[:-1]])
    parts = []
    block = max(1, CELLS // max(n, 1))
    for start in range(0, len(mine), block):
        rows = np.arange(start, min(start + block, len(mine)))
        sums = [
            _votes(words, starts, rows, owners, counts, begins, votes_of, n)
            for words, starts in (
                (mine.words, mine.starts),
                (mine.mirrored, mine.mirrored_starts),
            )
        ]
        best = np.maximum(*sums)
        if within:
            best[np.arange(n) <= rows[:, None]] = 0
        at, second = np.nonzero(best >= least)
        parts.append((rows[at], second, best[at, second], (sums[1] > sums[0])[at, second]))
    columns = zip(*parts, strict=True) if parts else ((np.zeros(0, np.int64),),) * 4
    first, second, votes, mirrored = (np.concatenate(column) for column in columns)
    return Shared(
        first.astype(np.int64),
        second.astype(np.int64),
        votes.astype(np.float32),
        mirrored.astype(bool),
    )


def _votes(
    words: Bag,
    starts: Ints,
    rows: Ints,
    owners: Ints,
    counts: Ints,
    begins: Ints,
    votes_of: Floats,
    n: int,
) -> NDArray[np.float64]:
    """(rows, n) votes of some pictures with all n."""
    here = words[starts[rows[0]] : starts[rows[-1] + 1]]
    asker = np.repeat(np.arange(len(rows)), np.diff(starts[rows[0] : rows[-1] + 2]))
    rare = (votes_of[here] > 0) & (counts[here] > 0)
    here, asker = here[rare], asker[rare]
    lengths = counts[here]
    ends = np.cumsum(lengths)
    total = int(ends[-1]) if len(ends) else 0
    # The places in `owners` of all pictures that have each of these words, one after the other.
    places = np.arange(total) + np.repeat(begins[here] - (ends - lengths), lengths)
    cells = np.repeat(asker * n, lengths) + owners[places]
    weights = np.repeat(votes_of[here], lengths)
    sums = np.bincount(cells, weights=weights, minlength=len(rows) * n)
    return np.asarray(sums, np.float64).reshape(len(rows), n)
