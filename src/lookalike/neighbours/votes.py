"""Pairs that share rare words: each picture is a bag of words, and rare ones count more.

Only words that two pictures share cost anything, so that the time follows the number of shared
words and not that of all pairs; memory is eight bytes a word, and a few blocks.
"""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lookalike.neighbours.bags import N_WORDS, Bag, Bags, worth
from lookalike.neighbours.threads import count_of, in_order
from lookalike.nouns.embeddings import Bools, Floats, Ints
from lookalike.nouns.errors import InputError

AT_ONCE = 1 << 20
"""Shared words that one thread has in memory at a time: about 30 MB."""

UNITS = 3
"""The most that a word counts while pairs are sieved: more cost more and let fewer through."""

MOST_ROWS = 2_048
"""Pictures whose words are looked up at a time."""

Keys = NDArray[np.uint64]
Sums = NDArray[np.float64]
Progress = Callable[[int, int], None]
_Pairs = tuple[Ints, Ints, Sums]
_HALF = np.uint64(32)


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


def shared_within(
    bags: Bags,
    *,
    least: float,
    votes_of: Floats | None = None,
    threads: int | None = None,
    progress: Progress | None = None,
) -> Shared:
    """All pairs of one collection with at least so many votes, each once, the lower place first.

    Args:
        bags: of the collection.
        least: how many votes.
        votes_of: (65536,) how many each word is worth; by these bags unless given.
        threads: default: one a core.
        progress: called with pictures done and pictures to do.
    """
    votes = worth([bags]) if votes_of is None else votes_of
    return _shared(bags, bags, least, votes, threads, progress)


def shared_between(
    mine: Bags,
    theirs: Bags,
    *,
    least: float,
    votes_of: Floats | None = None,
    threads: int | None = None,
    progress: Progress | None = None,
) -> Shared:
    """All pairs of one picture of each side with at least so many votes; see `shared_within`."""
    votes = worth([mine, theirs]) if votes_of is None else votes_of
    return _shared(mine, theirs, least, votes, threads, progress)


class _Postings:
    """Which of n pictures have each word that is worth something.

    Attributes:
        keys: word << 32 | picture, rising.
        begins: (65537,) where each word's begin.
    """

    def __init__(self, bags: Bags, votes_of: Floats) -> None:
        parts = [np.zeros(0, np.uint64)]
        for low in range(0, len(bags), MOST_ROWS):
            words, owners = _worthy(bags.words, bags.starts, low, votes_of)
            parts.append(_key(words, owners))
        self.keys = np.concatenate(parts)
        parts.clear()
        self.keys.sort()
        every = np.arange(N_WORDS + 1)
        self.begins = np.searchsorted(self.keys, _key(every, np.zeros_like(every)))


@dataclass(frozen=True, slots=True, eq=False)
class _Block:
    """Words of some pictures, each with where the others stand that have it.

    Attributes:
        asker: (w,) whose word it is.
        begins: (w,) the first key.
        lengths: (w,) how many keys.
        fewest: times that a pair must come to have enough votes.
        stop: pictures that are done after this block.
    """

    asker: Ints
    begins: Ints
    lengths: Ints
    fewest: int
    stop: int


@dataclass(frozen=True, slots=True, eq=False)
class _Count:
    """Counts the votes between the words of some pictures and the pictures that have them.

    Attributes:
        words: of those that ask.
        starts: (n + 1,) likewise.
        theirs: those that answer.
        postings: theirs.
        votes_of: (65536,) how many each word is worth.
        least: how many make a pair.
        within: whether both are one collection, of which each pair is counted once.
    """

    words: Bag
    starts: Ints
    theirs: Bags
    postings: _Postings
    votes_of: Floats
    least: float
    within: bool

    def blocks(self) -> Iterator[_Block]:
        """All that is to be counted, AT_ONCE at a time; a picture with more by itself."""
        n = len(self.starts) - 1
        # Two places are one number of 32 bits, which is sorted ten times as quickly as one of 64.
        most_rows = min(MOST_ROWS, 2**32 // max(len(self.theirs), 1))
        for low in range(0, n, most_rows):
            high = min(low + most_rows, n)
            word, asker = _worthy(self.words, self.starts, low, self.votes_of, most_rows)
            begins = self.postings.begins[word]
            if self.within:
                begins = np.searchsorted(self.postings.keys, _key(word, asker + 1))
            lengths = self.postings.begins[word.astype(np.int64) + 1] - begins
            totals = np.bincount(asker - low, weights=lengths, minlength=high - low)
            for first, stop in _cut(np.cumsum(totals)):
                here = slice(*np.searchsorted(asker, (low + first, low + stop)))
                yield self._weighed(
                    asker[here], begins[here], lengths[here], self.votes_of[word[here]], low + stop
                )

    def _weighed(
        self, asker: Ints, begins: Ints, lengths: Ints, votes: Floats, stop: int
    ) -> _Block:
        """Each word as often as it has units of votes, rounded up: pairs are sieved by counts."""
        unit = float(votes.max(initial=0.0)) / UNITS or 1.0
        times = np.ceil(votes / np.float32(unit)).astype(np.int64)
        fewest = max(1, math.ceil(self.least / unit * (1 - 1e-6)))
        asker, begins, lengths = (np.repeat(each, times) for each in (asker, begins, lengths))
        return _Block(asker, begins, lengths, fewest, stop)

    def pairs(self, block: _Block) -> _Pairs:
        """Askers and others with enough votes, in order, and how many."""
        ends = np.cumsum(block.lengths)
        total = int(ends[-1]) if len(ends) else 0
        if not total:
            return np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0)
        n, first = len(self.theirs), int(block.asker[0])
        places = np.arange(total) + np.repeat(block.begins - (ends - block.lengths), block.lengths)
        cells = self.postings.keys[places].astype(np.uint32)  # the lower half: the picture
        cells += np.repeat(((block.asker - first) * n).astype(np.uint32), block.lengths)
        cells.sort()
        last = block.fewest - 1
        repeats = cells[: max(total - last, 0)]
        many = np.unique(repeats[repeats == cells[last:]]).astype(np.int64)
        asker, other = first + many // n, many % n
        sums = self._sums(asker, other)
        enough = sums >= self.least
        return asker[enough], other[enough], sums[enough]

    def _sums(self, asker: Ints, other: Ints) -> Sums:
        """Votes of pairs, in order of askers."""
        theirs, table, sums = self.theirs, np.zeros(N_WORDS), [np.zeros(0)]
        cuts = np.flatnonzero(np.diff(asker, prepend=-1, append=-1))
        for low, high in zip(cuts[:-1].tolist(), cuts[1:].tolist(), strict=True):
            mine = self.words[self.starts[asker[low]] : self.starts[asker[low] + 1]]
            table[mine] = self.votes_of[mine]
            begins = theirs.starts[other[low:high]]
            lengths = theirs.starts[other[low:high] + 1] - begins
            offsets = np.cumsum(lengths) - lengths
            places = np.arange(int(lengths.sum())) + np.repeat(begins - offsets, lengths)
            sums.append(np.add.reduceat(table[theirs.words[places]], offsets))
            table[mine] = 0
        return np.concatenate(sums)


def _shared(
    mine: Bags,
    theirs: Bags,
    least: float,
    votes_of: Floats,
    threads: int | None,
    progress: Progress | None,
) -> Shared:
    if not least > 0:
        raise InputError("The least number of votes is above 0", where=str(least))
    postings, within = _Postings(theirs, votes_of), mine is theirs
    both = []
    for turn, (words, starts) in enumerate(
        ((mine.words, mine.starts), (mine.mirrored, mine.mirrored_starts))
    ):
        count = _Count(words, starts, theirs, postings, votes_of, least, within)

        def work(block: _Block, count: _Count = count) -> tuple[_Pairs, int]:
            return count.pairs(block), block.stop

        found: list[_Pairs] = [(np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0))]
        for pairs, stop in in_order(work, count.blocks(), threads=count_of(threads)):
            found.append(pairs)
            if progress is not None:
                progress(stop + turn * len(mine), 2 * len(mine))
        first, second, sums = (np.concatenate(column) for column in zip(*found, strict=True))
        both.append((_key(first, second), sums))
    return _together(*both)


def _together(upright: tuple[Keys, Sums], mirrored: tuple[Keys, Sums]) -> Shared:
    """The better of both for each pair."""
    keys = np.union1d(upright[0], mirrored[0])
    sums = np.zeros((2, len(keys)))
    for side, (pairs, votes) in enumerate((upright, mirrored)):
        sums[side, np.searchsorted(keys, pairs)] = votes
    first, second = (keys >> _HALF).astype(np.int64), keys.astype(np.uint32).astype(np.int64)
    return Shared(first, second, sums.max(axis=0).astype(np.float32), sums[1] > sums[0])


def _worthy(
    words: Bag, starts: Ints, low: int, votes_of: Floats, rows: int | None = None
) -> tuple[Bag, Ints]:
    """Words worth something of some pictures from `low` on, and whose they are."""
    high = min(low + (rows or MOST_ROWS), len(starts) - 1)
    some = words[starts[low] : starts[high]]
    owners = np.repeat(np.arange(low, high), np.diff(starts[low : high + 1]))
    worthy = votes_of[some] > 0
    return some[worthy], owners[worthy]


def _cut(totals: Sums) -> Iterator[tuple[int, int]]:
    """Where to cut rows, of whose totals these are the sums up to each, into parts of AT_ONCE."""
    first, before = 0, 0.0
    while first < len(totals):
        stop = max(first + 1, int(np.searchsorted(totals, before + AT_ONCE, side="right")))
        yield first, stop
        first, before = stop, float(totals[stop - 1])


def _key(word: Bag | Ints, picture: Ints) -> Keys:
    return (word.astype(np.uint64) << _HALF) | picture.astype(np.uint64)
