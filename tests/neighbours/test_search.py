import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lookalike.neighbours import search
from lookalike.neighbours.search import Searcher, top_k
from lookalike.neighbours.vectors import widen
from lookalike.nouns.errors import InputError


def unit(n, d, seed=0, copies=0, clusters=0):
    rng = np.random.default_rng(seed)
    x = rng.standard_normal((n, d))
    if clusters:
        x = 0.3 * x + 2 * rng.standard_normal((clusters, d))[rng.integers(0, clusters, n)]
    x /= np.maximum(np.linalg.norm(x, axis=1, keepdims=True), 1e-9)
    if copies:
        x[rng.integers(0, n, copies)] = x[rng.integers(0, n, copies)]
    return x.astype(np.float32)


def brute(queries, vectors, k, rows=None):
    rows = np.arange(len(vectors)) if rows is None else np.unique(rows)
    wide = vectors[rows].astype(np.float32)
    ids = np.full((len(queries), k), -1)
    scores = np.full((len(queries), k), -np.inf, np.float32)
    for q, query in enumerate(queries):
        exact = np.vecdot(query[None], wide)
        best = np.lexsort((rows, -exact))[:k]
        ids[q, : len(best)], scores[q, : len(best)] = rows[best], exact[best]
    return ids, scores


def same(found, truth):
    np.testing.assert_array_equal(found.ids, truth[0])
    np.testing.assert_array_equal(found.scores, truth[1])


@settings(deadline=None)
@given(
    n=st.integers(0, 60),
    d=st.sampled_from([1, 3, 16, 40]),
    q=st.integers(0, 5),
    k=st.integers(1, 70),
    seed=st.integers(0, 9),
    half=st.booleans(),
    memory_bytes=st.sampled_from([1, 5_000, 2**28]),
)
def test_blocks_answer_as_brute_force_with_ties(n, d, q, k, seed, half, memory_bytes):
    vectors = unit(n, d, seed, copies=n // 2)
    queries = np.concatenate([vectors[: q // 2], unit(q - min(q // 2, n), d, seed + 100)])
    vectors = vectors.astype(np.float16) if half else vectors
    found = top_k(queries, vectors, k=k, memory_bytes=memory_bytes, threads=1)
    same(found, brute(queries, vectors, k))


@pytest.mark.parametrize("threads", [1, 2, 3])
@pytest.mark.parametrize("memory_bytes", [100_000, 3_000_000, 2**28])
@pytest.mark.parametrize("kind", [np.float16, np.float32])
@pytest.mark.parametrize("clusters", [0, 40])
def test_memory_and_threads_change_nothing(threads, memory_bytes, kind, clusters, monkeypatch):
    monkeypatch.setattr(search, "_ALONE", 1)
    vectors = unit(6000, 48, 1, copies=3000, clusters=clusters).astype(kind)
    queries = np.concatenate([unit(5, 48, 2), vectors[:5].astype(np.float32)])
    truth = brute(queries, vectors, 12)
    same(top_k(queries, vectors, k=12, memory_bytes=memory_bytes, threads=threads), truth)
    searcher = Searcher(vectors, memory_bytes=memory_bytes, threads=threads)
    same(searcher.top_k(queries, k=12), truth)


@pytest.mark.parametrize("clusters", [0, 300])
def test_a_prepared_search_of_many_blocks_is_exact(clusters, monkeypatch):
    monkeypatch.setattr(search, "_ALONE", 1)
    vectors = unit(150_000, 24, 3, clusters=clusters)
    searcher = Searcher(vectors, threads=2)
    for queries in (vectors[77:78], vectors[:20]):
        same(searcher.top_k(queries, k=5), brute(queries, vectors, 5))
        same(top_k(queries, vectors, k=5, threads=2), brute(queries, vectors, 5))


def test_many_equal_rows_come_in_order_of_row():
    vectors = np.tile(unit(1, 32), (5000, 1))
    found = top_k(vectors[:2], vectors, k=7, threads=2, memory_bytes=200_000)
    assert found.ids.tolist() == [list(range(7))] * 2
    assert Searcher(vectors).top_k(vectors[:1], k=3).ids.tolist() == [[0, 1, 2]]


def test_rows_strides_and_memory_maps(tmp_path):
    vectors = unit(400, 20, 4)
    rows = np.array([399, 3, 3, 50, 51, 7])
    queries = unit(3, 20, 5)
    same(top_k(queries, vectors, k=9, rows=rows), brute(queries, vectors, 9, rows))
    same(Searcher(vectors, rows=rows).top_k(queries, k=2), brute(queries, vectors, 2, rows))
    strided = np.asfortranarray(vectors)[::2]
    same(top_k(queries[::-1], strided, k=4), brute(queries[::-1], strided, 4))
    mapped = np.memmap(tmp_path / "v", np.float16, "w+", shape=(400, 20))
    mapped[:] = vectors
    same(top_k(queries, mapped, k=4), brute(queries, np.asarray(mapped), 4))


def test_zero_vectors_score_zero():
    vectors = np.zeros((3, 4), np.float32)
    found = top_k(vectors[:1], vectors, k=5)
    assert found.ids.tolist() == [[0, 1, 2, -1, -1]]
    assert found.scores[0, :3].tolist() == [0, 0, 0]


def test_widening_is_exact_for_every_finite_half():
    halves = np.arange(2**16, dtype=np.uint16).view(np.float16)
    wide = widen(halves, np.empty(2**16, np.float32))
    finite = np.isfinite(halves)
    np.testing.assert_array_equal(wide[finite], halves[finite].astype(np.float32))
    assert (np.abs(wide[~finite]) >= 65536).all()


def poisoned(kind, value):
    vectors = unit(50, 8).astype(kind)
    vectors[33, 2] = value
    return vectors


@pytest.mark.parametrize("kind", [np.float16, np.float32])
@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_values_that_are_not_finite_are_refused(kind, value):
    with pytest.raises(InputError, match="not finite"):
        top_k(unit(1, 8, 9), poisoned(kind, value), k=1)
    with pytest.raises(InputError, match="not finite"):
        Searcher(poisoned(kind, value))


@pytest.mark.parametrize(
    ("queries", "vectors", "options"),
    [
        (unit(2, 4).astype(np.float64), unit(5, 4), {"k": 1}),
        (unit(2, 4)[0], unit(5, 4), {"k": 1}),
        (unit(2, 3), unit(5, 4), {"k": 1}),
        (unit(2, 4), unit(5, 4).astype(np.float64), {"k": 1}),
        (unit(2, 4), unit(5, 4)[0], {"k": 1}),
        (unit(2, 4), unit(5, 4), {"k": 0}),
        (unit(2, 4), unit(5, 4), {"k": 1, "rows": np.array([5])}),
        (unit(2, 4), unit(5, 4), {"k": 1, "rows": np.array([-1])}),
        (unit(2, 4), unit(5, 4), {"k": 1, "rows": np.array([0.5])}),
        (unit(2, 4), unit(5, 4), {"k": 1, "threads": 0}),
        (unit(2, 4), 3 * unit(5, 4), {"k": 1}),
        (3 * unit(2, 4), unit(5, 4), {"k": 1}),
        (poisoned(np.float32, np.nan), unit(5, 8), {"k": 1}),
        (unit(2, 4), np.zeros((5, 0), np.float32), {"k": 1}),
    ],
)
def test_what_cannot_be_searched_is_refused(queries, vectors, options):
    with pytest.raises(InputError):
        top_k(queries, vectors, **options)
