"""The nearest by a graph: not all of them, but without looking at every vector.

Source:
    Hierarchical navigable small worlds: Malkov and Yashunin 2018, arXiv:1603.09320; here as the
    library USearch has them.
"""

from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from lookalike.neighbours.search import top_k
from lookalike.neighbours.vectors import exact_scores
from lookalike.nouns.embeddings import Bytes, Floats, Halves, Ints
from lookalike.nouns.errors import InputError, MissingExtra
from lookalike.nouns.neighbours import Neighbours

if TYPE_CHECKING:
    from usearch.index import Index

LINKS = 16
"""Of each vector to others, twice as many on the lowest level."""
DEPTH = 128
"""How many candidates are kept in mind while a vector finds its place, or a query its nearest."""
AT_ONCE = 4096


class Graph:
    """Rows 0 to n - 1 of a file of vectors, linked to their nearest. For one thread at a time."""

    def __init__(self, index: "Index", held: object) -> None:
        """Use `empty`, `viewed` or `loaded`."""
        self._index = index
        self._held = held  # what the links point into

    @classmethod
    def empty(cls, d: int) -> Self:
        """A graph without rows.

        Args:
            d: dimensions of the vectors.

        Raises:
            MissingExtra: USearch is not installed.
        """
        return cls(_new(d), None)

    @classmethod
    def viewed(cls, stored: Bytes, d: int) -> Self:
        """A stored graph where it lies, to be asked only; its bytes must be those of `save`.

        Args:
            stored: (size,) its bytes, such as a memory map.
            d: dimensions of its vectors.

        Raises:
            InputError: USearch cannot read it.
        """
        return cls(_read(d, lambda index: index.view(stored)), stored)

    @classmethod
    def loaded(cls, path: Path, d: int) -> Self:
        """A stored graph in memory, to be extended; see `viewed`."""
        return cls(_read(d, lambda index: index.load(path)), None)

    def __len__(self) -> int:
        return len(self._index)

    def extend(self, vectors: Halves, progress: Callable[[int, int], None]) -> None:
        """Take in the rows that are not in it yet.

        Args:
            vectors: (n, d) float16 of all rows, kept by reference.
            progress: called with rows done and rows to do.
        """
        self._held = self._held, vectors
        first, n = len(self), len(vectors)
        for low in range(first, n, AT_ONCE):
            rows = np.arange(low, min(low + AT_ONCE, n), dtype=np.uint64)
            self._index.add(rows, vectors[low : low + len(rows)], copy=False)
            progress(low + len(rows) - first, n - first)

    def save(self, path: Path) -> None:
        """Write it to a file.

        Raises:
            InputError: it cannot be written.
        """
        try:
            self._index.save(path)
        except RuntimeError as error:
            raise InputError(f"The graph cannot be written: {error}", where=str(path)) from error

    def near(self, query: Floats, k: int) -> Ints:
        """Rows that are probably the k nearest.

        Args:
            query: (d,) of length 1.
            k: how many, at least 1.

        Returns:
            (at most k,) rows, in any order.
        """
        self._index.expansion_search = max(DEPTH, 2 * k)  # type: ignore[misc]
        found = self._index.search(query.astype(np.float16), k, threads=1)
        return np.asarray(found.keys, np.int64)


class GraphSearcher:
    """The k nearest by a graph, scored exactly; rows that it does not hold are all looked at.

    Args:
        graph: of the first of the vectors.
        vectors: (n, d) float16 of all rows.
        rows: only these are candidates, rising.
    """

    def __init__(self, graph: Graph, vectors: Halves, rows: Ints) -> None:
        self._graph, self._vectors, self._rows = graph, vectors, rows
        self._alive = np.zeros(len(vectors), bool)
        self._alive[rows] = True
        self._rest = rows[rows >= len(graph)]

    def top_k(self, queries: Floats, *, k: int) -> Neighbours:
        """Probably the k nearest of each query; (q, k), padded as `search.top_k` does."""
        found = [self._of(query, k) for query in queries]
        return Neighbours(np.stack([ids for ids, _ in found]), np.stack([s for _, s in found]))

    def _of(self, query: Floats, k: int) -> tuple[Ints, Floats]:
        rows = np.union1d(self._by_graph(query, k), self._rest)
        scores = exact_scores(query[None], self._vectors[rows].astype(np.float32))
        order = np.lexsort((rows, -scores))[:k]
        ids, best = np.full(k, -1, np.int64), np.full(k, -np.inf, np.float32)
        ids[: len(order)], best[: len(order)] = rows[order], scores[order]
        return ids, best

    def _by_graph(self, query: Floats, k: int) -> Ints:
        """Candidates that the graph knows, at least k where there are so many."""
        wanted = min(k, len(self._rows) - len(self._rest))
        asked = 2 * k
        while True:
            near = self._graph.near(query, asked)
            near = near[self._alive[near]]
            if len(near) >= wanted or asked >= len(self._graph):
                return near
            asked *= 4  # rows that nothing holds any more were in the way


def shares_found(
    searcher: GraphSearcher, vectors: Halves, rows: Ints, *, k: int, tried: int, seed: int = 0
) -> Floats:
    """Which share of its true k nearest a searcher finds of some of the rows, each without itself.

    Args:
        searcher: of these vectors and rows.
        vectors: (n, d) of all rows.
        rows: those that are searched, more than k.
        k: how many neighbours.
        tried: on how many rows.
        seed: of their choice.

    Returns:
        (tried,) shares. A neighbour that is as near as the last true one counts as found.
    """
    chosen = np.random.default_rng(seed).choice(rows, min(tried, len(rows)), replace=False)
    queries = vectors[chosen].astype(np.float32)
    queries /= np.maximum(np.linalg.norm(queries, axis=1, keepdims=True), np.float32(1e-12))
    truth = top_k(queries, vectors, k=k + 1, rows=rows)
    found = searcher.top_k(queries, k=k + 1)
    shares = np.empty(len(chosen), np.float32)
    for i, row in enumerate(chosen):
        least = truth.scores[i][truth.ids[i] != row][:k][-1]
        near = found.scores[i][(found.ids[i] != row) & (found.ids[i] >= 0)][:k]
        shares[i] = np.count_nonzero(near >= least) / k
    return shares


def check_installed() -> None:
    """Refuse to go on without USearch.

    Raises:
        MissingExtra: it is not installed.
    """
    if find_spec("usearch") is None:
        raise MissingExtra("ann", what="An approximate search needs usearch, not installed here")


def _new(d: int) -> "Index":
    check_installed()
    from usearch.index import Index

    return Index(
        ndim=d,
        metric="ip",
        dtype="f16",
        connectivity=LINKS,
        expansion_add=DEPTH,
        expansion_search=DEPTH,
        enable_key_lookups=False,
    )


def _read(d: int, read: Callable[[Any], None]) -> "Index":
    index = _new(d)
    try:
        read(index)
    except (RuntimeError, ValueError) as error:
        raise InputError(f"This is no graph that can be read: {error}") from error
    if index.ndim != d or str(index.dtype) != str(_new(d).dtype):
        raise InputError("This is a graph of other vectors")
    return index
