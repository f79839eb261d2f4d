"""The nearest by a graph: exact scores, nothing overlooked beside it, and a recall that is real."""

import subprocess
import sys

import numpy as np
import pytest

from lookalike.neighbours import graph as graph_module
from lookalike.neighbours.graph import Graph, GraphSearcher, shares_found
from lookalike.neighbours.search import top_k
from lookalike.nouns.errors import InputError, MissingExtra

D = 24


def unit(seed: int, n: int) -> np.ndarray:
    vectors = np.random.default_rng(seed).standard_normal((n, D), dtype=np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def silent(done: int, total: int) -> None:
    pass


def made(vectors) -> Graph:
    graph = Graph.empty(D)
    graph.extend(vectors, silent)
    return graph


@pytest.fixture(scope="module")
def vectors():
    return unit(0, 3_000).astype(np.float16)


def agrees(found, truth) -> float:
    return float(np.mean([np.isin(a, b).mean() for a, b in zip(found.ids, truth.ids, strict=True)]))


def test_it_finds_nearly_all_and_scores_them_as_the_exact_search_does(vectors):
    rows, queries = np.arange(len(vectors)), unit(1, 50)
    found = GraphSearcher(made(vectors), vectors, rows).top_k(queries, k=10)
    truth = top_k(queries, vectors, k=10)
    assert agrees(found, truth) > 0.9
    exact = np.einsum("qd,qkd->qk", queries, vectors[found.ids].astype(np.float32))
    np.testing.assert_allclose(found.scores, exact, atol=1e-5)
    perfect = (found.ids == truth.ids).all(axis=1)
    assert perfect.any()
    assert (found.scores[perfect] == truth.scores[perfect]).all()


def test_rows_that_no_longer_live_are_passed_over_even_if_they_are_the_nearest(vectors):
    queries = unit(2, 5)
    near = top_k(queries, vectors, k=400).ids
    rows = np.setdiff1d(np.arange(len(vectors)), near[0])
    found = GraphSearcher(made(vectors), vectors, rows).top_k(queries[:1], k=5)
    assert np.isin(found.ids, rows).all()
    assert (found.ids >= 0).all()


def test_rows_that_the_graph_does_not_hold_are_all_looked_at(vectors):
    rows = np.arange(len(vectors))
    searcher = GraphSearcher(made(vectors[:2_900]), vectors, rows)
    queries = vectors[2_900:].astype(np.float32)
    queries /= np.linalg.norm(queries, axis=1, keepdims=True)
    assert searcher.top_k(queries, k=1).ids[:, 0].tolist() == rows[2_900:].tolist()


def test_fewer_rows_than_asked_for_are_padded():
    few = unit(3, 4).astype(np.float16)
    found = GraphSearcher(made(few), few, np.arange(3)).top_k(unit(4, 2), k=6)
    assert (found.ids[:, 3:] == -1).all()
    assert sorted(found.ids[0, :3].tolist()) == [0, 1, 2]


def test_a_saved_graph_answers_alike_viewed_loaded_and_extended(vectors, tmp_path):
    queries, half, rows = unit(5, 20), vectors[:2_000], np.arange(2_000)
    graph = made(half)
    graph.save(tmp_path / "graph")
    stored = np.memmap(tmp_path / "graph", np.uint8, mode="r")
    viewed, loaded = Graph.viewed(stored, D), Graph.loaded(tmp_path / "graph", D)
    answers = [GraphSearcher(g, half, rows).top_k(queries, k=10) for g in (graph, viewed, loaded)]
    assert all((answer.ids == answers[0].ids).all() for answer in answers)
    told = []
    loaded.extend(vectors, lambda done, total: told.append((done, total)))
    assert (len(loaded), told[-1]) == (3_000, (1_000, 1_000))
    found = GraphSearcher(loaded, vectors, np.arange(3_000)).top_k(queries, k=10)
    assert agrees(found, top_k(queries, vectors, k=10)) > 0.9


def test_a_graph_of_other_vectors_is_refused(vectors, tmp_path):
    made(vectors[:100]).save(tmp_path / "graph")
    with pytest.raises(InputError, match="other vectors"):
        Graph.loaded(tmp_path / "graph", D + 1)


def test_the_measured_share_is_the_share_of_the_true_nearest(vectors):
    rows = np.arange(0, len(vectors), 2)
    whole = GraphSearcher(made(vectors), vectors, rows)
    shares = shares_found(whole, vectors, rows, k=10, tried=40)
    assert shares.shape == (40,)
    assert 0.9 < shares.mean() <= 1

    class Blind(GraphSearcher):
        """Finds only the half of the rows that is even."""

        def top_k(self, queries, *, k):
            return top_k(queries, vectors, k=k, rows=rows[rows % 4 == 0])

    blind = shares_found(Blind(made(vectors), vectors, rows), vectors, rows, k=10, tried=40)
    assert 0.3 < blind.mean() < 0.7


def test_without_the_library_it_says_how_to_get_it(monkeypatch):
    monkeypatch.setattr(graph_module, "find_spec", lambda name: None)
    with pytest.raises(MissingExtra) as told:
        Graph.empty(D)
    assert told.value.mend == "pip install 'lookalike[ann]'"


def test_the_library_is_imported_only_when_a_graph_is_made():
    code = "import sys, lookalike.verbs.search; sys.exit('usearch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
