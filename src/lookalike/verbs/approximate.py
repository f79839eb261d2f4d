"""Candidates from a graph over the embeddings, kept beside the index, in place of all of them."""

import json
import logging
from contextlib import suppress
from dataclasses import dataclass, replace

import numpy as np

from lookalike.metrics.intervals import mean_interval, measured
from lookalike.neighbours.graph import Graph, GraphSearcher, check_installed, shares_found
from lookalike.nouns.approximation import Approximation
from lookalike.nouns.embeddings import Floats, Halves, Ints
from lookalike.nouns.errors import InputError
from lookalike.nouns.measure import Measure
from lookalike.store.graph_file import StoredGraph
from lookalike.verbs.library import Library
from lookalike.verbs.progress import Progress

log = logging.getLogger(__name__)

FEWEST = 5_000
"""Pictures; of fewer all embeddings are looked at within a few milliseconds."""

K, TRIED = 10, 200
"""How many nearest the recall is of, and on how many pictures of the collection it is tried."""

MOST_BESIDE = 1_000
"""Rows that the graph does not hold, all looked at; if there are more of them, and more than one
in BESIDE_SHARE, it takes them in."""
BESIDE_SHARE = 50

_RECALL = "recall"


@dataclass(frozen=True, slots=True, eq=False)
class _Held:
    """A graph and its recall."""

    graph: Graph
    recall: Measure


class Graphed:
    """Makes libraries look at a graph where that helps.

    The graph is made where there is none that fits, and takes in rows that were added. Whatever
    is found by it is judged as ever.

    Args:
        preparing: called with rows done and rows to do while the graph is made.

    Raises:
        MissingExtra: USearch is not installed.
    """

    def __init__(self, preparing: Progress) -> None:
        check_installed()
        self._preparing = preparing

    def __call__(
        self, library: Library, k: int, *, filtered: bool
    ) -> tuple[Library, Approximation]:
        """The same library, its candidates from a graph, and what to say of them.

        Args:
            library: what is searched.
            k: how many hits are asked for.
            filtered: whether these are only some pictures of the index.
        """
        vectors, rows = library.vectors, library.rows
        if filtered:
            return library, Approximation(why_exact="a filter leaves only some pictures")
        if len(rows) < FEWEST:
            return library, Approximation(why_exact=f"there are fewer than {FEWEST:,} pictures")
        held = _held(library, self._preparing)
        searcher = GraphSearcher(held.graph, vectors, rows)
        recall = held.recall if k <= K else _recall(searcher, vectors, rows, k)

        def nearest(vector: Floats, k: int) -> Ints:
            found: Ints = searcher.top_k(vector[None], k=k).ids[0]
            return found

        told = Approximation(recall, min(max(k, K), len(rows) - 1))
        return replace(library, nearest=nearest), told


def _held(library: Library, preparing: Progress) -> _Held:
    """The graph as it is kept, if it fits; else extended or made, and kept."""
    file, d = library.reader.graph_file(), library.reader.d
    graph, n = Graph.empty(d), len(library.vectors)
    if (stored := file.read()) is not None:
        with suppress(InputError):  # by another version of its library
            if n - stored.n_rows <= max(MOST_BESIDE, stored.n_rows // BESIDE_SHARE):
                return _Held(Graph.viewed(stored.body, d), _said(stored))
            graph = Graph.loaded(stored.path, d)
    graph.extend(library.vectors, preparing)
    searcher = GraphSearcher(graph, library.vectors, library.rows)
    recall = _recall(searcher, library.vectors, library.rows, K)
    try:
        file.write(n, {_RECALL: json.dumps(recall.to_dict())}, graph.save)
    except InputError as error:
        log.warning("%s; the graph is not kept", error)
    return _Held(graph, recall)


def _said(stored: StoredGraph) -> Measure:
    """The recall that was measured when the graph was made.

    Raises:
        InputError: there is none.
    """
    try:
        return Measure(**json.loads(stored.facts[_RECALL]))
    except (KeyError, TypeError, ValueError) as error:
        raise InputError("The graph does not say how good it is") from error


def _recall(searcher: GraphSearcher, vectors: Halves, rows: Ints, k: int) -> Measure:
    """Share of the true k nearest that a searcher finds."""
    k = min(k, len(rows) - 1)
    shares = shares_found(searcher, vectors, rows, k=k, tried=TRIED).astype(np.float64)
    chance = k / (len(rows) - 1), "at random"
    name = f"recall of the true {k} nearest"
    low, high = mean_interval(shares)
    interval = max(low, 0.0), min(high, 1.0)
    return measured(name, float(shares.mean()), interval, chance, len(shares), fewest=len(shares))
