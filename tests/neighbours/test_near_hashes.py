"""Prepared hashes answer as a look at every one of them does."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lookalike.neighbours import near_hashes
from lookalike.neighbours.hamming import hamming_top_k
from lookalike.neighbours.near_hashes import NearHashes
from lookalike.nouns.errors import InputError


def made(n, width, seed):
    """Codes with equal ones and near ones among them."""
    rng = np.random.default_rng(seed)
    hashes = rng.integers(0, 256, (n, width), dtype=np.uint8)
    hashes[: n // 4] = hashes[n // 2 : n // 2 + n // 4]
    hashes[np.arange(n // 8), rng.integers(0, width, n // 8)] ^= 5
    return hashes


def brute(queries, hashes, most, k):
    found = set()
    for query in queries:
        bits = np.bitwise_count(query ^ hashes).sum(axis=1, dtype=int)
        best = np.lexsort((np.arange(len(bits)), bits))[:k]
        found |= {int(place) for place in best if bits[place] <= most}
    return sorted(found)


@settings(deadline=None)
@given(
    n=st.integers(0, 70),
    width=st.sampled_from([1, 3, 8, 9, 17, 32, 40]),
    q=st.integers(1, 5),
    most=st.integers(0, 330),
    k=st.integers(1, 80),
    seed=st.integers(0, 9),
)
def test_it_finds_what_brute_force_finds(n, width, q, most, k, seed):
    hashes = made(n, width, seed)
    queries = np.concatenate([hashes[: q // 2], made(q, width, seed + 100)])
    near = NearHashes(hashes).near(queries, max_distance=most, k=k)
    assert near.tolist() == brute(queries, hashes, most, k)


@pytest.mark.parametrize("threads", [1, 3])
def test_spans_and_threads_change_nothing(threads, monkeypatch):
    monkeypatch.setattr(near_hashes, "_SPAN", 64)
    monkeypatch.setattr(near_hashes, "_ALONE", 1)
    hashes = made(900, 32, 3)
    queries = hashes[[5, 700, 899]]
    near = NearHashes(hashes, threads=threads).near(queries, max_distance=110, k=40)
    assert near.tolist() == brute(queries, hashes, 110, 40)
    top = hamming_top_k(queries, hashes, k=40)
    assert near.tolist() == np.unique(top.ids[top.scores >= 1 - 110 / 256]).tolist()


def test_a_part_answers_by_its_own_places():
    hashes = made(300, 32, 4)
    places = np.array([7, 8, 200, 201, 299])
    part = NearHashes(hashes).narrowed(places)
    assert len(part) == 5
    assert part.near(hashes[[8, 299]], max_distance=20, k=3).tolist() == brute(
        hashes[[8, 299]], hashes[places], 20, 3
    )


@pytest.mark.parametrize(
    "ask",
    [
        lambda: NearHashes(np.zeros((3, 0), np.uint8)),
        lambda: NearHashes(np.zeros((3, 4), np.int64)),
        lambda: NearHashes(made(9, 4, 0)).near(made(1, 5, 0), max_distance=1, k=1),
        lambda: NearHashes(made(9, 4, 0)).near(made(1, 4, 0), max_distance=-1, k=1),
        lambda: NearHashes(made(9, 4, 0)).near(made(1, 4, 0), max_distance=1, k=0),
    ],
)
def test_what_makes_no_sense_is_refused(ask):
    with pytest.raises(InputError):
        ask()
