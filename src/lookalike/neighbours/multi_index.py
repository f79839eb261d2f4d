"""Which hashes can be near each other, by the pigeonhole principle.

Cut the bits of two hashes into c chunks. If the hashes differ in at most r bits, at least one
chunk differs in at most floor(r / c); more sharply, with r = a * c + b, one of the first b + 1
chunks differs in at most a, or one of the others in at most a - 1. So looking up, chunk by
chunk, all keys within so few flips finds every near pair, and few others.

Source: Norouzi, Punjani and Fleet 2012, "Fast search in Hamming space with multi-index hashing",
arXiv:1307.2982 (their propositions 1 and 2).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from math import comb

import numpy as np
from numpy.typing import NDArray

from lookalike.nouns.embeddings import Bytes, Ints

Words = NDArray[np.uint64]
"""Packed bits, (words, n): one row for each 64 bits, unused bits zero."""
Places = NDArray[np.int32]
"""Rows or places of up to 2**31 hashes."""
_WIDEST = 24
_ROWS = 2**19
"""Rows whose partners are looked up at a time, 64 bytes each."""
_SAMPLE = 2**16
"""Rows whose candidates are counted to tell how many all have."""
_LOOKUP_COST, _ROW_COST, _KEY_COST, _FLIP_COST = 2.0, 12.0, 3.0, 10_000.0
"""Looking up one key, sorting one row, keeping one possible key and starting on one mask, each in
units of checking one candidate (5 ns or a little more)."""


@dataclass(frozen=True, slots=True)
class Chunk:
    """Some adjacent bits, and how many of them may differ."""

    offset: int
    width: int
    radius: int

    def keys(self, words: Words) -> Ints:
        """(n,) the chunk's bits of each hash as a number."""
        word, shift = divmod(self.offset, 64)
        keys = words[word] >> np.uint64(shift)
        if shift + self.width > 64:
            keys = keys | (words[word + 1] << np.uint64(64 - shift))
        masked: Ints = (keys & np.uint64((1 << self.width) - 1)).astype(np.int64)
        return masked

    def flips(self) -> list[int]:
        """All masks of at most `radius` bits, fewest bits first."""
        bits = [1 << i for i in range(self.width)]
        return [sum(some) for r in range(self.radius + 1) for some in combinations(bits, r)]


def words_of(hashes: Bytes) -> Words:
    """Packed bits (n, bytes) as (words, n), filled with zero bits to whole words."""
    n, width = hashes.shape
    if width % 8 == 0 and hashes.flags.c_contiguous:
        return np.ascontiguousarray(hashes.view("<u8").T.astype(np.uint64, copy=False))
    padded = np.zeros((n, -(-width // 8) * 8), np.uint8)
    padded[:, :width] = hashes
    return np.ascontiguousarray(padded.view("<u8").T.astype(np.uint64))


def chunks_for(
    bits: int, max_distance: int, n_left: int, n_right: int
) -> tuple[list[Chunk], float]:
    """The cut that is expected to cost least when bits are even and independent.

    Returns:
        The chunks that must be looked up, none where no cut has keys of a fitting width; and
        the expected cost, in candidates checked.
    """
    best: list[Chunk] = []
    best_cost = np.inf
    for count in range(max(1, -(-bits // _WIDEST)), min(bits, max_distance + 1) + 1):
        cut = _cut(bits, max_distance, count)
        cost = sum(_expected(chunk, n_left, n_right) for chunk in cut)
        if cost < best_cost:
            best, best_cost = cut, cost
    return best, best_cost


def _cut(bits: int, max_distance: int, count: int) -> list[Chunk]:
    each, wider = divmod(bits, count)
    radius, rest = divmod(max_distance, count)
    chunks, offset = [], 0
    for i in range(count):
        width = each + (i < wider)
        chunks.append(Chunk(offset, width, min(width, radius - (i > rest))))
        offset += width
    return [chunk for chunk in chunks if chunk.radius >= 0]


def _expected(chunk: Chunk, n_left: int, n_right: int) -> float:
    keys = sum(comb(chunk.width, r) for r in range(chunk.radius + 1))
    each_row = _LOOKUP_COST + n_right / float(1 << chunk.width)
    table = _KEY_COST * (1 << chunk.width) + _ROW_COST * (n_left + n_right)
    return table + keys * (_FLIP_COST + n_left * each_row)


def candidates_of(chunk: Chunk, left: Words, right: Words) -> int:
    """How many candidates a chunk will make; of many rows, told by every so many-th."""
    step = max(1, -(-left.shape[1] // _SAMPLE))
    keys, counts = np.unique(chunk.keys(left[:, ::step]), return_counts=True)
    on_right = np.bincount(chunk.keys(right), minlength=1 << chunk.width)
    total = sum(int(counts @ on_right[keys ^ flip]) for flip in chunk.flips())
    if left is right:  # each row meets itself, and each pair twice
        total = (total - int(counts.sum())) // 2
    return int(total * step)


class ChunkTable:
    """One chunk's keys of both sides, sorted, so that equal keys lie together.

    Memory: 12 bytes a row of the left side, 4 a row of the right one and 4 a possible key;
    24 a row and 8 a key more while it is made.

    Attributes:
        left: (n_left,) rows of the left side in order of key.
        right: (n_right,) likewise.
    """

    def __init__(self, chunk: Chunk, left: Words, right: Words) -> None:
        self.chunk = chunk
        self.one_set = left is right
        self.left, self._left_keys = _sorted(chunk.keys(left))
        same = (self.left, self._left_keys)
        self.right, right_keys = same if self.one_set else _sorted(chunk.keys(right))
        counts = np.bincount(right_keys, minlength=1 << chunk.width)
        self._starts = np.zeros(len(counts) + 1, np.int32)
        np.cumsum(counts, out=self._starts[1:])

    def _spans(self, flip: int, low: int) -> tuple[Ints, Ints, Ints]:
        """Left places from `low` on, and where the partners of each begin and end, for one mask."""
        keys = self._left_keys[low : low + _ROWS]
        partners = keys ^ flip
        begin, end = self._starts[partners], self._starts[partners + 1]
        if not self.one_set:
            places = np.flatnonzero(begin < end)
        elif flip == 0:
            begin = np.arange(low + 1, low + len(partners) + 1)
            places = np.flatnonzero(begin < end)
        else:  # each pair of buckets meets twice in one set; the lower key leads
            places = np.flatnonzero((begin < end) & (keys < partners))
        return low + places, begin[places], end[places]

    def candidates(self, flip: int, at_most: int) -> Iterator[tuple[Ints, Ints]]:
        """Places (left, right) of candidates for one mask, about `at_most` at a time.

        One row's partners are never split, so a piece can reach `at_most` plus n_right.
        """
        for low in range(0, len(self.left), _ROWS):
            yield from _pieces(*self._spans(flip, low), at_most)


def _pieces(places: Ints, begin: Ints, end: Ints, at_most: int) -> Iterator[tuple[Ints, Ints]]:
    """Each place with all its partners."""
    reach = np.cumsum(end - begin)
    low = 0
    while low < len(places):
        before = int(reach[low - 1]) if low else 0
        high = max(low + 1, int(np.searchsorted(reach, before + at_most, side="right")))
        counts = end[low:high] - begin[low:high]
        starts = begin[low:high] - (reach[low:high] - counts - before)
        right = np.arange(int(reach[high - 1]) - before) + np.repeat(starts, counts)
        yield np.repeat(places[low:high], counts), right
        low = high


def _sorted(keys: Ints) -> tuple[Places, Ints]:
    """Rows in order of key, and their keys."""
    # Key and row in one number: numpy sorts numbers ten times as fast as it sorts their places.
    mixed = keys << 32 | np.arange(len(keys))
    mixed.sort()
    return (mixed & (1 << 32) - 1).astype(np.int32), mixed >> 32
