"""All near pairs of hashes: looked up by chunks, or compared in blocks where that is less work."""

from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from lookalike.neighbours.multi_index import Chunk, ChunkTable, Words, candidates_of, chunks_for
from lookalike.neighbours.threads import in_order
from lookalike.nouns.embeddings import Bools, Ints

Progress = Callable[[int, int], None]
_PIECE = 2**17
_STRIPE, _SPAN = 256, 2048
_LOOKUP_GAIN = 4
"""One candidate looked up costs as much as this many pairs compared in a block."""


class Near(NamedTuple):
    """Rows of both sides and their distance."""

    left: Ints
    right: Ints
    distance: Ints

    def joined(self, other: "Near") -> "Near":
        """The pairs of both."""
        return Near(*(np.concatenate(both) for both in zip(self, other, strict=True)))


def all_near(
    left: Words, right: Words, bits: int, most: int, threads: int, progress: Progress | None
) -> Near:
    """Pairs of columns at most this far apart; of one set each pair once."""
    if left.shape[1] > right.shape[1]:  # fewer keys looked up among more
        near = all_near(right, left, bits, most, threads, progress)
        return Near(near.right, near.left, near.distance)
    pairs = left.shape[1] * right.shape[1] // (2 if left is right else 1)
    chunks, cost = chunks_for(bits, most, left.shape[1], right.shape[1])
    few = bool(chunks) and cost * _LOOKUP_GAIN <= pairs  # for even bits; then for these
    if not few or _candidates(chunks, left, right, pairs) * _LOOKUP_GAIN > pairs:
        parts = _compared(left, right, bits, most, threads, progress)
    else:
        parts = _looked_up(chunks, left, right, most, threads, progress)
    found = list(parts)
    return Near(*(np.concatenate([part[i] for part in found] or [_nothing()]) for i in range(3)))


def _candidates(chunks: list[Chunk], left: Words, right: Words, enough: int) -> int:
    """How many candidates the look-up would make; stops counting beyond `enough`."""
    total = 0
    for chunk in chunks:
        total += candidates_of(chunk, left, right)
        if total > enough:
            break
    return total


def _looked_up(
    chunks: list[Chunk],
    left: Words,
    right: Words,
    most: int,
    threads: int,
    progress: Progress | None,
) -> Iterator[Near]:
    steps, done = sum(len(chunk.flips()) for chunk in chunks), 0
    for number, chunk in enumerate(chunks):
        check = _Check(chunks[:number], chunk, left, right, most)
        for near in in_order(check.flip, chunk.flips(), threads=threads):
            if len(near.left):
                yield near
            done += 1
            if progress is not None:
                progress(done, steps)
        del check  # before the next takes as much memory


class _Check:
    """Compares one chunk's candidates in full; a pair counts for its first chunk only."""

    def __init__(
        self, earlier: list[Chunk], chunk: Chunk, left: Words, right: Words, most: int
    ) -> None:
        self.earlier, self.most = earlier, most
        self.table = ChunkTable(chunk, left, right)
        # Words beside the chunk's own tell most, so they are compared first.
        own = chunk.offset // 64
        self.order = sorted(range(len(left)), key=lambda word: word == own)
        # `take` keeps each word's column in one piece, which an index in brackets does not.
        self.left = left.take(self.table.left, axis=1)
        self.right = self.left if left is right else right.take(self.table.right, axis=1)

    def flip(self, flip: int) -> Near:
        """The near pairs whose chunk differs by this mask."""
        parts = [self._near(i, j) for i, j in self.table.candidates(flip, _PIECE)]
        i, j, distance = (
            np.concatenate([part[k] for part in parts] or [_nothing()]) for k in range(3)
        )
        left, right = self.table.left[i], self.table.right[j]
        return Near(left.astype(np.int64), right.astype(np.int64), distance)

    def _near(self, i: Ints, j: Ints) -> Near:
        distance = np.zeros(len(i), np.uint16)
        for step, word in enumerate(self.order):
            distance += np.bitwise_count(self.left[word].take(i) ^ self.right[word].take(j))
            if step % 2 == 1 or step == len(self.order) - 1:
                keep = np.flatnonzero(distance <= self.most)
                i, j, distance = i[keep], j[keep], distance[keep]
        if len(i):
            fresh = ~self._seen(i, j)
            i, j, distance = i[fresh], j[fresh], distance[fresh]
        return Near(i, j, distance.astype(np.int64))

    def _seen(self, i: Ints, j: Ints) -> Bools:
        differing = self.left[:, i] ^ self.right[:, j]
        seen = np.zeros(len(i), bool)
        for chunk in self.earlier:
            seen |= np.bitwise_count(chunk.keys(differing)) <= chunk.radius
        return seen


def _compared(
    left: Words, right: Words, bits: int, most: int, threads: int, progress: Progress | None
) -> Iterator[Near]:
    one_set = left is right
    tiles = [
        (low, start)
        for low in range(0, left.shape[1], _STRIPE)
        for start in range(low // _SPAN * _SPAN if one_set else 0, right.shape[1], _SPAN)
    ]

    def compare(tile: tuple[int, int]) -> Near:
        low, start = tile
        part = left[:, low : low + _STRIPE], right[:, start : start + _SPAN]
        distance = distances(*part, bits, most)
        if distance is None:
            return Near(_nothing(), _nothing(), _nothing())
        flat = np.flatnonzero(distance <= most)
        i, j = np.divmod(flat, distance.shape[1])
        i, j, near = i + low, j + start, distance.ravel()[flat].astype(np.int64)
        keep = i < j if one_set else np.ones(len(i), bool)
        return Near(i[keep], j[keep], near[keep])

    for done, near in enumerate(in_order(compare, tiles, threads=threads), start=1):
        if len(near.left):
            yield near
        if progress is not None:
            progress(done, len(tiles))


def distances(
    left: Words, right: Words, bits: int, most: int
) -> NDArray[np.unsignedinteger] | None:
    """(rows, columns) of differing bits, or None as soon as all are known to be above `most`."""
    kind = np.uint8 if bits < 256 else np.uint16
    total: NDArray[np.unsignedinteger]
    total = np.bitwise_count(left[0][:, None] ^ right[0][None]).astype(kind, copy=False)
    for word in range(1, len(left)):
        if word > 1 and total.min() > most:
            return None
        total += np.bitwise_count(left[word][:, None] ^ right[word][None])
    return total


def _nothing() -> Ints:
    return np.empty(0, np.int64)
