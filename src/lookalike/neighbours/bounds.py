"""A short prefix of turned vectors, and an upper bound on inner products from it.

Turn all vectors by one orthogonal matrix, keep the first m coordinates and the length of the
rest. By Cauchy and Schwarz the inner product is at most the product of the prefixes plus the
product of the two lengths, which is one inner product of m + 1 numbers. A pair whose bound is
too low needs no further look; every other pair is computed in full, so answers stay exact.
"""

import math
from typing import Self

import numpy as np

from lookalike.neighbours.threads import in_order
from lookalike.neighbours.vectors import Vectors, check_lengths, exact_scores, rounding
from lookalike.nouns.embeddings import Floats

_SAMPLE = 2048
_JUDGED = 1024
_FEWEST = 4096
"""Below this many rows on both sides together the plain products are done sooner."""
_WIDTHS = (7, 11, 15, 23, 31, 39, 47, 55, 63, 79, 95, 127, 159, 191, 255)
_GATE_COST = 8.0
"""Reading a product once more to find its highest values, in units of one multiply-add."""
_SURVIVOR_COST = 15_000.0
"""Fetching and computing one pair by itself, in units of one multiply-add in a product."""
_NEAREST = 64
"""So many neighbours are asked for, as a rule."""
_READ = 2048


class Prefix:
    """The first m turned coordinates and the length of the rest, for each row.

    Attributes:
        rows: (n, m + 1) float32.
        slack: how far a bound can lie below the true inner product by rounding.
    """

    copies = False

    def __init__(self, vectors: Vectors, turn: Floats, threads: int) -> None:
        self.turn = turn
        self.slack = _slack(*turn.shape)
        self.rows = np.empty((len(vectors), turn.shape[1] + 1), np.float32)

        def fill(low: int) -> None:
            high = min(low + _READ, len(vectors))
            self.rows[low:high] = self.left(vectors.block(low, high))

        for _ in in_order(fill, range(0, len(vectors), _READ), threads=threads):
            pass

    @property
    def width(self) -> int:
        """Coordinates of the prefix, with the one for the rest."""
        return int(self.rows.shape[1])

    def left(self, queries: Floats) -> Floats:
        """Any vectors (q, d) as prefix and length of the rest (q, m + 1).

        Raises:
            InputError: a row is longer than 1 or not finite.
        """
        squares = exact_scores(queries, queries)
        check_lengths(squares, "vectors")
        out = np.empty((len(queries), self.turn.shape[1] + 1), np.float32)
        np.matmul(queries, self.turn, out=out[:, :-1])
        kept = exact_scores(out[:, :-1], out[:, :-1])
        # The difference of two rounded squares: raised, so that the bound stays a bound.
        out[:, -1] = np.sqrt(np.maximum(squares - kept, 0) + np.float32(self.slack))
        return out

    def block(self, low: int, high: int, out: Floats | None) -> Floats:
        """Places low to high: (high - low, m + 1)."""
        return self.rows[low:high]

    @classmethod
    def for_join(
        cls, left: Vectors, right: Vectors, score: float, memory_bytes: int, threads: int
    ) -> tuple[Self, Self] | None:
        """Prefixes of both sides, as long as pays for pairs above a score; None where none pays."""
        rows = len(left) if left is right else len(left) + len(right)
        if rows < _FEWEST or 0 in (len(left), len(right)):
            return None
        sides = [left] if left is right else [left, right]
        turn = _axes(np.concatenate([_sample(side, _SAMPLE) for side in sides]))
        # Judged on rows that did not choose the axes, or the bound would look too good.
        a, b = (_sample(side, _JUDGED, shift=0.25) @ turn for side in (left, right))
        room = memory_bytes // (4 * rows) - 1
        m = _best_width(a, b, score, room)
        if m is None:
            return None
        kept = np.ascontiguousarray(turn[:, :m])
        first = cls(left, kept, threads)
        return first, first if left is right else cls(right, kept, threads)

    @classmethod
    def for_search(cls, vectors: Vectors, memory_bytes: int, threads: int) -> Self | None:
        """A prefix as long as pays for the few nearest of each; None where none pays."""
        n = len(vectors)
        if n < 2:
            return None
        turn = _axes(_sample(vectors, _SAMPLE))
        judged = _sample(vectors, _JUDGED, shift=0.25) @ turn
        others = (judged @ judged.T)[~np.eye(len(judged), dtype=bool)]
        floor = float(np.quantile(others, max(0.0, 1 - _NEAREST / n)))
        m = _best_width(judged, judged, floor, memory_bytes // (4 * n) - 1)
        return None if m is None else cls(vectors, np.ascontiguousarray(turn[:, :m]), threads)


def _sample(vectors: Vectors, most: int, shift: float = 0.0) -> Floats:
    """Evenly spread rows, the same at every call; shifted by a part of their spacing."""
    count = min(len(vectors), most)
    rows = vectors.take(((np.arange(count) + shift) * (len(vectors) / count)).astype(np.int64))
    check_lengths(exact_scores(rows, rows), "vectors")
    return rows


def _axes(sample: Floats) -> Floats:
    """(d, d) orthogonal axes, those along which the sample is longest first."""
    moments = sample.T.astype(np.float64) @ sample
    _, axes = np.linalg.eigh(moments)
    return np.ascontiguousarray(axes[:, ::-1], dtype=np.float32)


def _best_width(a: Floats, b: Floats, score: float, room: int) -> int | None:
    """The prefix length with the least expected work, judged by turned samples of both sides."""
    d = a.shape[1]
    rest_a, rest_b = (np.cumsum(x[:, ::-1] ** 2, axis=1)[:, ::-1] for x in (a, b))
    # Pairs that do reach the score are computed in full whatever the prefix.
    needed = int(np.count_nonzero(a @ b.T >= score))
    tile = np.zeros((len(a), len(b)), np.float32)
    best, best_cost, done = None, d + _GATE_COST, 0
    for m in (w for w in _WIDTHS if w < d and w <= room):
        tile += a[:, done:m] @ b[:, done:m].T
        done = m
        bound = tile + np.sqrt(np.outer(rest_a[:, m], rest_b[:, m]))
        share = max(int(np.count_nonzero(bound >= score)) - needed, 0) / bound.size
        cost = m + 1 + _GATE_COST + share * _SURVIVOR_COST
        if cost < best_cost:
            best, best_cost = m, cost
    return best


def _slack(d: int, m: int) -> float:
    """Rounding of m turned coordinates, each a sum of d products, and of the bound itself."""
    return rounding(d) * (1 + math.sqrt(m) / 4) + rounding(m + 1)
