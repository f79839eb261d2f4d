import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lookalike.neighbours.bounds import Prefix
from lookalike.neighbours.join import iter_pairs_above, pairs_above, pairs_between
from lookalike.neighbours.vectors import Vectors
from lookalike.nouns.errors import InputError


def unit(x):
    return (x / np.maximum(np.linalg.norm(x, axis=1, keepdims=True), 1e-9)).astype(np.float32)


def spread(n, d, seed=0, rank=None, copies=0):
    """Random directions in `rank` dimensions, with near copies of some rows planted."""
    rng = np.random.default_rng(seed)
    rank = rank or d
    x = unit(rng.standard_normal((n, rank)) @ rng.standard_normal((rank, d)))
    if copies:
        where = rng.permutation(n)[: 2 * copies].reshape(2, -1)
        noise = rng.standard_normal((where.shape[1], d)) * 0.3 / np.sqrt(d)
        x[where[0]] = x[where[1]] + noise.astype(np.float32)
    return unit(x)


def brute(vectors, score):
    wide = np.asarray(vectors).astype(np.float32)
    first, second, scores = [], [], []
    for i in range(len(wide)):
        exact = np.vecdot(wide[i][None], wide[i + 1 :])
        hit = np.flatnonzero(exact >= score)
        first += [i] * len(hit)
        second += (hit + i + 1).tolist()
        scores += exact[hit].tolist()
    return first, second, scores


def same(found, truth):
    assert (found.first.tolist(), found.second.tolist(), found.scores.tolist()) == truth


@settings(deadline=None)
@given(
    n=st.integers(0, 50),
    d=st.sampled_from([1, 2, 9, 33]),
    seed=st.integers(0, 9),
    score=st.sampled_from([-1.0, -0.2, 0.0, 0.5, 0.9, 1.0]),
    half=st.booleans(),
    memory_bytes=st.sampled_from([1, 60_000, 2**28]),
)
def test_blocks_find_what_brute_force_finds(n, d, seed, score, half, memory_bytes):
    vectors = spread(n, d, seed, copies=n // 4)
    vectors[: n // 5] = vectors[n // 2 : n // 2 + n // 5]
    vectors[n // 2 : n // 2 + 2] = 0
    vectors = vectors.astype(np.float16) if half else vectors
    found = pairs_above(vectors, score=score, memory_bytes=memory_bytes, threads=1)
    same(found, brute(vectors, score))


@pytest.mark.parametrize(("rank", "score"), [(64, 0.4), (64, 0.9), (6, 0.9)])
def test_the_sieve_loses_nothing_at_any_memory_and_threads(rank, score):
    vectors = spread(4500, 64, 1, rank, copies=900)
    truth = brute(vectors, score)
    for memory_bytes, threads in ((2**28, 2), (2**28, 1), (12_000_000, 3), (2_000_000, 2)):
        same(pairs_above(vectors, score=score, memory_bytes=memory_bytes, threads=threads), truth)
    side = Vectors(vectors)
    if score > 0.5:  # the sieve is really there
        assert Prefix.for_join(side, side, score, 2**28, 1) is not None


def test_many_near_identical_rows_in_pieces():
    rng = np.random.default_rng(2)
    vectors = spread(4200, 32, 2)
    alike = np.sort(rng.permutation(4200)[:700])
    vectors[alike] = unit(vectors[:1] + 0.01 * rng.standard_normal((700, 32)))
    truth = brute(vectors, 0.9)
    same(pairs_above(vectors, score=0.9), truth)
    pieces = list(iter_pairs_above(vectors, score=0.9, memory_bytes=8_000_000, threads=2))
    assert len(pieces) > 1
    assert sum(len(piece) for piece in pieces) == len(truth[0])
    together = {
        (a, b) for p in pieces for a, b in zip(p.first.tolist(), p.second.tolist(), strict=True)
    }
    assert together == set(zip(truth[0], truth[1], strict=True))


@pytest.mark.parametrize("kind", [np.float16, np.float32])
@pytest.mark.parametrize("n", [300, 5000])
def test_rows_strides_and_half_precision(n, kind):
    vectors = spread(n, 24, 3, copies=n // 4).astype(kind)
    rows = np.random.default_rng(0).permutation(n)[: n - 50]
    kept = np.sort(rows)
    first, second, scores = brute(vectors[kept], 0.9)
    found = pairs_above(vectors, score=0.9, rows=rows)
    same(found, (kept[first].tolist(), kept[second].tolist(), scores))
    same(pairs_above(np.asfortranarray(vectors)[::3], score=0.9), brute(vectors[::3], 0.9))


@pytest.mark.parametrize(("n_a", "n_b"), [(0, 3), (3, 0), (40, 90), (2500, 3000)])
def test_two_sets_meet_as_brute_force(n_a, n_b):
    both = spread(n_a + n_b, 20, 4, copies=(n_a + n_b) // 4)
    first, second, scores = brute(both, 0.85)
    keep = [i for i, (a, b) in enumerate(zip(first, second, strict=True)) if a < n_a <= b]
    found = pairs_between(both[:n_a], both[n_a:].astype(np.float32), score=0.85)
    same(found, tuple([x[i] for i in keep] for x in (first, second, scores)))


def test_the_boundary_is_inclusive():
    vectors = np.array([[0.6, 0.8], [1, 0], [0, 1]], np.float32)
    exact = np.vecdot(vectors[0], vectors[1])
    assert len(pairs_above(vectors, score=float(exact))) == 2
    assert len(pairs_above(vectors, score=float(np.nextafter(exact, np.float32(1))))) == 1


def test_progress_ends_at_the_total():
    seen = []
    pairs_above(
        spread(1500, 8), score=0.99, progress=lambda done, total: seen.append((done, total))
    )
    assert seen[-1][0] == seen[-1][1]
    assert seen == sorted(seen)


@pytest.mark.parametrize("kind", [np.float16, np.float32])
@pytest.mark.parametrize("n", [40, 5000])
@pytest.mark.parametrize("value", [np.nan, np.inf, 3.0])
def test_rows_that_are_no_unit_vectors_are_refused(kind, n, value):
    vectors = spread(n, 8).astype(kind)
    vectors[n // 3, 1] = value
    with pytest.raises(InputError, match=r"not finite|longer than 1"):
        pairs_above(vectors, score=0.9)


@pytest.mark.parametrize("score", [1.01, -1.01, float("nan")])
def test_scores_outside_are_refused(score):
    with pytest.raises(InputError, match="-1 to 1"):
        pairs_above(spread(5, 3), score=score)


def test_sets_of_different_width_are_refused():
    with pytest.raises(InputError, match="dimensions"):
        pairs_between(spread(5, 3), spread(5, 4), score=0.5)
    with pytest.raises(InputError, match="float16 or float32"):
        pairs_above(np.zeros((5, 3)), score=0.5)
