"""The k nearest of each query, exact: every answer rests on a full inner product."""

from threading import Lock, local
from typing import Protocol

import numpy as np

from lookalike.neighbours.bounds import Prefix
from lookalike.neighbours.threads import count_of, in_order
from lookalike.neighbours.vectors import (
    Vectors,
    check_finite,
    check_lengths,
    exact_scores,
    rounding,
)
from lookalike.nouns.embeddings import Floats, Halves, Ints
from lookalike.nouns.errors import InputError
from lookalike.nouns.neighbours import Neighbours

MEMORY_BYTES = 256 * 2**20
_MOST_QUERIES = 1024
_GATHERED = 8192
_ALONE = 2**25
"""Multiplications that one thread does sooner than several threads are begun."""
_CROWDED = 16
"""Where more than one in this many pass a gate, whole blocks are cheaper than single rows."""


class Gate(Protocol):
    """A cheap number for each candidate that never lies more than `slack` below its score."""

    slack: float

    @property
    def width(self) -> int:
        """Numbers a row."""

    @property
    def copies(self) -> bool:
        """Whether blocks are copies, for which `block` is given room."""

    def left(self, queries: Floats) -> Floats:
        """Queries (q, d) as the gate multiplies them: (q, width)."""

    def block(self, low: int, high: int, out: Floats | None) -> Floats:
        """Candidates at places low to high: (high - low, width)."""


class _Whole:
    """The gate that is the score itself: all dimensions."""

    def __init__(self, vectors: Vectors) -> None:
        self.vectors = vectors
        self.slack = rounding(vectors.d)
        self.width = vectors.d
        self.copies = not vectors.ready

    def left(self, queries: Floats) -> Floats:
        return queries

    def block(self, low: int, high: int, out: Floats | None) -> Floats:
        return self.vectors.block(low, high, out)


class _Best:
    """The k best so far of each query, shared by the threads."""

    def __init__(self, queries: Floats, vectors: Vectors, k: int) -> None:
        self.queries, self.vectors, self.k = queries, vectors, k
        self.ids = np.full((len(queries), k), -1, np.int64)
        self.scores = np.full((len(queries), k), -np.inf, np.float32)
        self.lock = Lock()

    def floor(self) -> Floats:
        """(q,) the score that a newcomer must reach; -inf while there is room."""
        return self.scores[:, -1].copy()

    def offer(self, query: Ints, place: Ints) -> None:
        """Scores candidates exactly and keeps the best; one may be offered again."""
        scores = np.empty(len(query), np.float32)
        for low in range(0, len(query), _GATHERED):
            part = slice(low, low + _GATHERED)
            rows = self.vectors.take(place[part])
            check_lengths(exact_scores(rows, rows), "vectors")
            scores[part] = exact_scores(self.queries[query[part]], rows)
        with self.lock:
            self._merge(query, self.vectors.ids(place), scores)

    def _merge(self, query: Ints, ids: Ints, scores: Floats) -> None:
        touched = np.unique(query)
        kept = self.ids[touched] >= 0
        query = np.concatenate([query, np.repeat(touched, kept.sum(axis=1))])
        ids = np.concatenate([ids, self.ids[touched][kept]])
        scores = np.concatenate([scores, self.scores[touched][kept]])
        order = np.lexsort((ids, -scores, query))
        query, ids, scores = query[order], ids[order], scores[order]
        # An id offered twice has the same score twice, so its copies are neighbours here.
        fresh = np.ones(len(query), bool)
        fresh[1:] = (np.diff(query) != 0) | (np.diff(ids) != 0)
        query, ids, scores = query[fresh], ids[fresh], scores[fresh]
        rank = np.arange(len(query)) - np.searchsorted(query, query)
        keep = rank < self.k
        self.ids[query[keep], rank[keep]] = ids[keep]
        self.scores[query[keep], rank[keep]] = scores[keep]


def top_k(
    queries: Floats,
    vectors: Floats | Halves,
    *,
    k: int,
    rows: Ints | None = None,
    memory_bytes: int = MEMORY_BYTES,
    threads: int | None = None,
) -> Neighbours:
    """For each query the k rows with the highest inner product, exact.

    The answer does not depend on memory or threads: products of matrices only sieve, and each
    score that decides is computed by itself, in float32. Works within `memory_bytes` beside the
    input and the answer, at least one row at a time.

    Args:
        queries: (q, d) float32, rows of length 1 (or 0).
        vectors: (n, d) float16 or float32, array or memory map, rows of length 1 (or 0).
        k: how many, at least 1; beyond n the answer is padded with id -1, score -inf.
        rows: only these row numbers are candidates.
        memory_bytes: bound on working memory.
        threads: default: one a core.

    Returns:
        (q, k) row numbers, best first; equal scores in order of row number.

    Raises:
        InputError: shapes that do not fit, k below 1, a value that is not finite, or rows
            longer than 1 among those that were compared in full.
    """
    candidates = Vectors(vectors, rows)
    _check(queries, candidates.d, k)
    return _search(queries, candidates, _Whole(candidates), k, memory_bytes, count_of(threads))


class Searcher:
    """Vectors prepared for many queries: each scans a short prefix with a bound on the rest.

    Preparing reads all vectors once and keeps 4 bytes times (prefix + 1) a row, at most
    `memory_bytes` in all; the vectors themselves are kept by reference. Answers are those of
    `top_k`, exactly. Where the bound cannot sieve, queries fall back to the full scan.

    Args:
        vectors: (n, d) float16 or float32, array or memory map, rows of length 1 (or 0).
        rows: only these row numbers are candidates.
        memory_bytes: bound on the prefix, and on the working memory of each call.
        threads: default: one a core.

    Raises:
        InputError: wrong shape or dtype, or a row that is longer than 1 or not finite.
    """

    def __init__(
        self,
        vectors: Floats | Halves,
        *,
        rows: Ints | None = None,
        memory_bytes: int = MEMORY_BYTES,
        threads: int | None = None,
    ) -> None:
        self._candidates = Vectors(vectors, rows)
        self._threads = count_of(threads)
        self._memory_bytes = memory_bytes
        self._prefix = Prefix.for_search(self._candidates, memory_bytes, self._threads)

    def top_k(self, queries: Floats, *, k: int) -> Neighbours:
        """As the function `top_k` over the prepared vectors."""
        _check(queries, self._candidates.d, k)
        gate: Gate = self._prefix if self._prefix is not None else _Whole(self._candidates)
        return _search(queries, self._candidates, gate, k, self._memory_bytes, self._threads)


def _search(
    queries: Floats, vectors: Vectors, gate: Gate, k: int, memory_bytes: int, threads: int
) -> Neighbours:
    ids: list[Ints] = []
    scores: list[Floats] = []
    room = min(k, len(vectors))
    for low in range(0, len(queries) if room else 0, _MOST_QUERIES):
        part = np.ascontiguousarray(queries[low : low + _MOST_QUERIES])
        best = _Best(part, vectors, room)
        _scan(best, gate, memory_bytes, threads)
        ids.append(best.ids)
        scores.append(best.scores)
    return _padded(ids, scores, len(queries), k)


def _scan(best: _Best, gate: Gate, memory_bytes: int, threads: int) -> None:
    left = gate.left(best.queries)
    threads = min(threads, 1 + len(best.vectors) * left.size // _ALONE)
    step = _step(len(left), gate, memory_bytes // threads)
    store = local()

    def scan(low: int) -> None:
        high = min(low + step, len(best.vectors))
        if not hasattr(store, "tile"):
            store.tile = np.empty(len(left) * step, np.float32)
            store.block = np.empty((step, gate.width), np.float32) if gate.copies else None
        tile = store.tile[: len(left) * (high - low)].reshape(len(left), high - low)
        np.matmul(left, gate.block(low, high, store.block).T, out=tile)
        check_finite(tile[0], f"rows {low} to {high - 1}")
        if not _sieve(best, gate.slack, tile, low, scored=isinstance(gate, _Whole)):
            np.matmul(best.queries, best.vectors.block(low, high).T, out=tile)
            _sieve(best, rounding(best.vectors.d), tile, low, scored=True)

    for _ in in_order(scan, range(0, len(best.vectors), step), threads=threads):
        pass


def _sieve(best: _Best, slack: float, tile: Floats, low: int, *, scored: bool) -> bool:
    """Offers all of a tile that can still matter.

    A tile of bounds may let too much through: then it answers False with the work undone. In a
    tile of scores the k best of each crowded query raise what the rest must reach.
    """
    floor = best.floor()
    hot = np.flatnonzero(tile.max(axis=1) >= floor - slack)
    _offer_highest(best, tile, hot[np.isneginf(floor[hot])], low)
    for _ in range(2):
        part = tile if len(hot) == len(tile) else tile[hot]
        passed = part >= (best.floor()[hot] - slack)[:, None]
        if np.count_nonzero(passed) <= passed.size // _CROWDED + best.k * len(hot):
            break
        if not scored:
            return False
        _offer_highest(best, tile, hot, low)
    query, column = np.divmod(np.flatnonzero(passed), tile.shape[1])
    if len(query):
        best.offer(hot[query], low + column)
    return True


def _offer_highest(best: _Best, tile: Floats, queries: Ints, low: int) -> None:
    if len(queries):
        count = min(best.k, tile.shape[1])
        columns = np.argpartition(tile[queries], -count, axis=1)[:, -count:]
        best.offer(np.repeat(queries, count), low + columns.ravel())


def _step(q: int, gate: Gate, memory_bytes: int) -> int:
    row_bytes = q * 12 + (gate.width * 4 if gate.copies else 0)
    wanted = 2048 if gate.copies else max(2048, min(65536, 2**20 // q))
    return max(1, min(wanted, memory_bytes // row_bytes))


def _check(queries: Floats, d: int, k: int) -> None:
    if not isinstance(queries, np.ndarray) or queries.ndim != 2 or queries.dtype != np.float32:
        raise InputError("Queries need a float32 array of shape (q, d)")
    if queries.shape[1] != d:
        raise InputError(f"Queries have {queries.shape[1]} dimensions, the vectors {d}")
    if k < 1:
        raise InputError("At least one neighbour must be asked for", where=f"k={k}")
    check_lengths(exact_scores(queries, queries), "queries")


def _padded(ids: list[Ints], scores: list[Floats], q: int, k: int) -> Neighbours:
    all_ids = np.full((q, k), -1, np.int64)
    all_scores = np.full((q, k), -np.inf, np.float32)
    if ids:
        found = np.concatenate(ids)
        all_ids[:, : found.shape[1]] = found
        all_scores[:, : found.shape[1]] = np.concatenate(scores)
    return Neighbours(all_ids, all_scores)
