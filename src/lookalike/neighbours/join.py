"""All pairs above a score, exact: tiles of bounds first, then each survivor in full."""

from collections.abc import Callable, Iterator
from itertools import groupby
from threading import local
from typing import NamedTuple

import numpy as np

from lookalike.neighbours.bounds import Prefix
from lookalike.neighbours.threads import count_of, in_order
from lookalike.neighbours.vectors import Vectors, check_lengths, exact_scores, rounding
from lookalike.nouns.embeddings import Floats, Halves, Ints
from lookalike.nouns.errors import InputError
from lookalike.nouns.pairs import Pairs

MEMORY_BYTES = 768 * 2**20
"""Half of it is room for 99 numbers of each of a million rows; with a third of that, rows of 256
numbers take three times as long."""
Progress = Callable[[int, int], None]
_STRIPE = 512
_SPAN = 2048
_CROWDED = 64
"""Where more than one pair in this many survives, a full tile is cheaper than single pairs."""
_Found = tuple[Ints, Ints, Floats]


class _Tile(NamedTuple):
    """Places low to high of the left side against places start to stop of the right side."""

    low: int
    high: int
    start: int
    stop: int

    @property
    def pairs(self) -> int:
        """How many pairs of rows it holds."""
        return (self.high - self.low) * (self.stop - self.start)


def iter_pairs_above(
    vectors: Floats | Halves,
    *,
    score: float,
    rows: Ints | None = None,
    memory_bytes: int = MEMORY_BYTES,
    threads: int | None = None,
    progress: Progress | None = None,
) -> Iterator[Pairs]:
    """Every pair of rows with an inner product of at least `score`, a piece at a time.

    Each pair comes in exactly one piece; pieces are sorted inside, not among each other. Use it
    where the pairs may be too many to hold: beside the input it needs `memory_bytes`, of which
    pieces in hand take at most 20 bytes a pair of `2 * threads` tiles of 2**20 pairs or fewer.
    What is found, its scores and the decision at the boundary are those of `pairs_above`.
    """
    side = Vectors(vectors, rows)
    found = _joined(side, side, score, memory_bytes, threads, progress)
    return (Pairs(side.ids(i), side.ids(j), scores) for i, j, scores in found if len(i))


def pairs_above(
    vectors: Floats | Halves,
    *,
    score: float,
    rows: Ints | None = None,
    memory_bytes: int = MEMORY_BYTES,
    threads: int | None = None,
    progress: Progress | None = None,
) -> Pairs:
    """Every pair a < b of rows with an inner product of at least `score`, exact.

    Each survivor of the sieve is decided on its own float32 inner product, so the answer depends
    neither on memory nor on threads. Beside the input it needs `memory_bytes`, and for the answer
    20 bytes a pair, three times that while it is put together (or see `iter_pairs_above`).

    Args:
        vectors: (n, d) float16 or float32, array or memory map, rows of length 1 (or 0).
        score: the least inner product, inclusive, in [-1, 1]; compared in float32.
        rows: only these row numbers take part.
        memory_bytes: bound on working memory; a longer prefix and larger tiles are quicker.
        threads: default: one a core.
        progress: called with (pairs of rows done, all pairs of rows).

    Returns:
        Row numbers of both, and the inner product as score.

    Raises:
        InputError: wrong shape or dtype, a row that is longer than 1 or not finite, a row
            number that does not exist, or a score outside [-1, 1].
    """
    side = Vectors(vectors, rows)
    found = _joined(side, side, score, memory_bytes, threads, progress)
    return _gathered(side, side, 0, found)


def pairs_between(
    a_vectors: Floats | Halves,
    b_vectors: Floats | Halves,
    *,
    score: float,
    memory_bytes: int = MEMORY_BYTES,
    threads: int | None = None,
    progress: Progress | None = None,
) -> Pairs:
    """Every row of one set with every row of another whose inner product reaches `score`, exact.

    As `pairs_above`; `first` is a row of a, `second` a row of b plus the number of rows of a.

    Args:
        a_vectors: (n_a, d) float16 or float32, rows of length 1 (or 0).
        b_vectors: (n_b, d) likewise.
        score: the least inner product, inclusive, in [-1, 1].
        memory_bytes: bound on working memory.
        threads: default: one a core.
        progress: called with (pairs of rows done, all pairs of rows).

    Raises:
        InputError: as `pairs_above`, or the sets differ in d.
    """
    a, b = Vectors(a_vectors), Vectors(b_vectors)
    if a.d != b.d:
        raise InputError(f"The two sets differ: {a.d} and {b.d} dimensions")
    found = _joined(a, b, score, memory_bytes, threads, progress)
    return _gathered(a, b, len(a), found)


class _Join:
    """The sieve for one pair of sides; threads share it and keep their own buffers."""

    def __init__(
        self, left: Vectors, right: Vectors, score: float, memory_bytes: int, threads: int
    ) -> None:
        self.left, self.right, self.score = left, right, score
        self.prefix = Prefix.for_join(left, right, score, memory_bytes // 2, threads)
        self.stripe, self.span = _tile_shape(left.d, memory_bytes // (2 * threads))
        self.store = local()

    def tiles(self) -> Iterator[_Tile]:
        """Tiles that cover each unordered pair once (one set) or each pair (two sets)."""
        for low in range(0, len(self.left), self.stripe):
            high = min(low + self.stripe, len(self.left))
            for start in range(low if self.one_set else 0, len(self.right), self.span):
                yield _Tile(low, high, start, min(start + self.span, len(self.right)))

    @property
    def one_set(self) -> bool:
        """Whether a set is joined with itself."""
        return self.left is self.right

    def find(self, tile: _Tile) -> _Found:
        """Places and scores of the tile's pairs that reach the score."""
        low, high, start, stop = tile
        if self.prefix is None:
            return self._exact(tile, *self._full(tile))
        a, b = self.prefix
        bounds = self._product(a.rows[low:high], b.rows[start:stop])
        i, j = _at_least(bounds, self.score - a.slack)
        if len(i) > bounds.size // _CROWDED:
            i, j = self._full(tile)
        return self._exact(tile, i, j)

    def _full(self, tile: _Tile) -> tuple[Ints, Ints]:
        """Places in the tile that may reach the score, judged by all dimensions."""
        a = self.left.block(tile.low, tile.high)
        b = self.right.block(tile.start, tile.stop)
        if self.prefix is None:  # preparing a prefix has checked every row
            check_lengths(exact_scores(a, a), "vectors")
            check_lengths(exact_scores(b, b), "vectors")
        return _at_least(self._product(a, b), self.score - rounding(self.left.d))

    def _product(self, a: Floats, b: Floats) -> Floats:
        if not hasattr(self.store, "room"):
            self.store.room = np.empty(self.stripe * self.span, np.float32)
        room: Floats = self.store.room[: len(a) * len(b)]
        return np.matmul(a, b.T, out=room.reshape(len(a), len(b)))

    def _exact(self, tile: _Tile, i: Ints, j: Ints) -> _Found:
        rows, columns = np.unique(i), np.unique(j)
        if len(i) and len(rows) * len(columns) <= 2 * len(i):
            i, j, scores = self._exact_grid(tile, rows, columns)
        else:
            scores = self._exact_each(i + tile.low, j + tile.start)
        first, second = i + tile.low, j + tile.start
        keep = scores >= self.score
        if self.one_set:
            keep &= first < second
        return first[keep], second[keep], scores[keep]

    def _exact_each(self, first: Ints, second: Ints) -> Floats:
        scores = np.empty(len(first), np.float32)
        for at in range(0, len(first), 2 * self.span):
            part = slice(at, at + 2 * self.span)
            scores[part] = exact_scores(self.left.take(first[part]), self.right.take(second[part]))
        return scores

    def _exact_grid(self, tile: _Tile, rows: Ints, columns: Ints) -> _Found:
        """All rows with all columns: many alike in one tile, so no row is fetched twice."""
        a, b = self.left.take(rows + tile.low), self.right.take(columns + tile.start)
        scores = exact_scores(a[:, None], b[None])
        i, j = np.nonzero(scores >= self.score)
        return rows[i], columns[j], scores[i, j]


def _joined(
    left: Vectors,
    right: Vectors,
    score: float,
    memory_bytes: int,
    threads: int | None,
    progress: Progress | None,
) -> Iterator[_Found]:
    """The pairs of each tile in turn, as places."""
    if not -1 <= score <= 1:
        raise InputError("A score lies in -1 to 1", where=f"score={score}")
    count = count_of(threads)
    join = _Join(left, right, score, memory_bytes, count)
    return _tile_by_tile(join, count, progress)


def _tile_by_tile(join: _Join, threads: int, progress: Progress | None) -> Iterator[_Found]:
    done, total = 0, sum(tile.pairs for tile in join.tiles())
    found = in_order(lambda tile: (tile, join.find(tile)), join.tiles(), threads=threads)
    for tile, places in found:
        yield places
        done += tile.pairs
        if progress is not None:
            progress(done, total)


def _at_least(tile: Floats, limit: float) -> tuple[Ints, Ints]:
    rows = np.flatnonzero(tile.max(axis=1) >= limit)
    # One flat search is several times quicker than numpy's two-dimensional one.
    i, j = np.divmod(np.flatnonzero(tile[rows] >= limit), tile.shape[1])
    return rows[i], j


def _tile_shape(d: int, memory_bytes: int) -> tuple[int, int]:
    """Rows of a tile's two sides: room for their copies, the product and all that may be found."""
    stripe, span = _STRIPE, _SPAN
    while stripe > 1 and 4 * d * (stripe + 5 * span) + 48 * stripe * span > memory_bytes:
        stripe, span = stripe // 2, span // 2
    return stripe, span


def _gathered(left: Vectors, right: Vectors, offset: int, pieces: Iterator[_Found]) -> Pairs:
    """All pieces as one, sorted stripe by stripe: within one, `second` already rises."""
    stripes: list[_Found] = []
    for _, group in groupby((p for p in pieces if len(p[0])), lambda p: int(p[0][0]) // _STRIPE):
        first, second, scores = (np.concatenate(arrays) for arrays in zip(*group, strict=True))
        order = np.argsort((first % _STRIPE).astype(np.uint16), kind="stable")
        stripes.append((left.ids(first[order]), right.ids(second[order]), scores[order]))
    if not stripes:
        nothing = np.empty(0, np.int64)
        return Pairs(nothing, nothing, np.empty(0, np.float32))
    first, second, scores = (np.concatenate(arrays) for arrays in zip(*stripes, strict=True))
    del stripes
    second += offset
    return Pairs(first, second, scores)
