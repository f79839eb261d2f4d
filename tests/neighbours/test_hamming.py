import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lookalike.neighbours import hamming_join, multi_index
from lookalike.neighbours.hamming import hamming_between, hamming_pairs, hamming_top_k
from lookalike.neighbours.multi_index import candidates_of, chunks_for, words_of
from lookalike.nouns.errors import InputError


def distances(a, b):
    return np.bitwise_count(a[:, None] ^ b[None]).sum(-1, dtype=int)


def brute(hashes, most, variants=None):
    turned = hashes[:, None] if variants is None else variants
    least = np.stack([distances(turned[:, v], hashes) for v in range(turned.shape[1])]).min(0)
    least = np.minimum(least, least.T)
    first, second = np.nonzero(np.triu(least <= most, 1))
    scores = (1 - least[first, second] / (hashes.shape[1] * 8)).astype(np.float32)
    return first.tolist(), second.tolist(), scores.tolist()


def made(n, width, seed, skewed):
    """Codes with equal and near ones planted; skewed: most bytes are zero."""
    rng = np.random.default_rng(seed)
    hashes = rng.integers(0, 256, (n, width), dtype=np.uint8)
    if skewed:
        hashes[rng.random((n, width)) < 0.9] = 0
    half = n // 4
    hashes[:half] = hashes[half : 2 * half]
    hashes[np.arange(half // 2), rng.integers(0, width, half // 2)] ^= 5
    return hashes


def same(found, truth):
    assert (found.first.tolist(), found.second.tolist(), found.scores.tolist()) == truth


@pytest.fixture(params=[0, hamming_join._LOOKUP_GAIN, 10**18], ids=["looked-up", "own", "compared"])
def way(request, monkeypatch):
    monkeypatch.setattr(hamming_join, "_LOOKUP_GAIN", request.param)


@pytest.mark.usefixtures("way")
@pytest.mark.parametrize("width", [1, 2, 5, 8, 9, 32])
@pytest.mark.parametrize("most", [0, 1, 3, 7, 31, 90])
@pytest.mark.parametrize("skewed", [False, True])
def test_either_way_finds_what_brute_force_finds(width, most, skewed):
    hashes = made(90, width, width + most, skewed)
    same(hamming_pairs(hashes, max_distance=most), brute(hashes, most))
    variants = np.stack([hashes, made(90, width, 99, skewed), hashes[::-1]], axis=1)
    found = hamming_pairs(hashes, max_distance=most, variants=variants, threads=2)
    same(found, brute(hashes, most, variants))


@settings(deadline=None)
@given(
    n=st.integers(0, 40),
    width=st.integers(1, 12),
    most=st.integers(0, 40),
    seed=st.integers(0, 99),
    skewed=st.booleans(),
    rows=st.integers(1, 50),
)
def test_the_pigeonhole_loses_nothing(n, width, most, seed, skewed, rows):
    hashes = made(n, width, seed, skewed)
    variants = np.stack([hashes, made(n, width, seed + 1, skewed)], axis=1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(hamming_join, "_LOOKUP_GAIN", 0)
        patch.setattr(multi_index, "_ROWS", rows)
        looked_up = hamming_pairs(hashes, max_distance=most, threads=1)
        turned = hamming_pairs(hashes, max_distance=most, variants=variants, threads=1)
    same(looked_up, brute(hashes, most))
    same(turned, brute(hashes, most, variants))
    same(hamming_pairs(hashes, max_distance=most, threads=1), brute(hashes, most))


def test_long_codes_are_looked_up_and_few_candidates_are_made():
    hashes = made(3000, 32, 0, skewed=False)
    words = words_of(hashes)
    chunks, _ = chunks_for(256, 31, 3000, 3000)
    made_up = sum(candidates_of(chunk, words, words) for chunk in chunks)
    assert 0 < made_up < 3000**2 / 2 / 10
    same(hamming_pairs(hashes, max_distance=31), brute(hashes, 31))


def test_blank_pictures_are_written_out_or_refused_before_memory_is_spent():
    hashes = made(50, 8, 0, skewed=False)
    hashes = np.concatenate([hashes, np.zeros((300, 8), np.uint8)])
    same(hamming_pairs(hashes, max_distance=2), brute(hashes, 2))
    with pytest.raises(InputError, match="more than 44000"):
        hamming_pairs(hashes, max_distance=2, most_pairs=44_000)


def test_variants_without_the_hash_itself():
    hashes = np.array([[0], [0], [255]], np.uint8)
    variants = ~hashes[:, None]
    found = hamming_pairs(hashes, max_distance=0, variants=variants)
    assert list(zip(found.first.tolist(), found.second.tolist(), strict=True)) == [(0, 2), (1, 2)]


@settings(deadline=None)
@given(
    n=st.integers(0, 60),
    width=st.sampled_from([1, 8, 20, 40]),
    k=st.integers(1, 70),
    seed=st.integers(0, 9),
)
def test_nearest_hashes_with_ties(n, width, k, seed):
    hashes, queries = made(n, width, seed, False), made(5, width, seed + 50, True)
    found = hamming_top_k(queries, hashes, k=k, threads=1)
    apart = distances(queries, hashes)
    for q in range(5):
        ids = np.lexsort((np.arange(n), apart[q]))[:k]
        assert found.ids[q].tolist() == ids.tolist() + [-1] * (k - len(ids))
        scores = (1 - apart[q, ids] / (width * 8)).astype(np.float32)
        assert found.scores[q].tolist() == scores.tolist() + [-np.inf] * (k - len(ids))


def test_nearest_over_many_blocks_and_threads():
    hashes = made(20_000, 8, 1, False)
    queries = hashes[[0, 19_999]]
    apart = distances(queries, hashes)
    truth = [np.lexsort((np.arange(20_000), row))[:9].tolist() for row in apart]
    for threads in (1, 3):
        assert hamming_top_k(queries, hashes, k=9, threads=threads).ids.tolist() == truth


def test_progress_ends_at_the_total():
    seen = []
    hashes = made(600, 32, 0, False)
    hamming_pairs(hashes, max_distance=31, progress=lambda *now: seen.append(now))
    assert seen[-1][0] == seen[-1][1]


@pytest.mark.parametrize(
    "call",
    [
        lambda h: hamming_pairs(h.astype(np.int64), max_distance=1),
        lambda h: hamming_pairs(h[0], max_distance=1),
        lambda h: hamming_pairs(h[:, :0], max_distance=1),
        lambda h: hamming_pairs(h, max_distance=-1),
        lambda h: hamming_pairs(h, max_distance=1, variants=h),
        lambda h: hamming_pairs(h, max_distance=1, variants=h[:4, None]),
        lambda h: hamming_pairs(h, max_distance=1, variants=h[:, None, :4]),
        lambda h: hamming_top_k(h[:, :4], h, k=1),
        lambda h: hamming_top_k(h, h, k=0),
    ],
)
def test_what_are_no_hashes_is_refused(call):
    with pytest.raises(InputError):
        call(made(8, 8, 0, False))


@pytest.mark.usefixtures("way")
@pytest.mark.parametrize("sizes", [(30, 50), (50, 30), (1, 9), (0, 5), (5, 0)])
@pytest.mark.parametrize("most", [0, 3, 20, 64])
def test_between_two_sets_is_what_brute_force_finds_and_nothing_within_one(sizes, most):
    n_a, n_b = sizes
    hashes = made(8 * (n_a + n_b), 8, most + n_a, skewed=True).reshape(n_a + n_b, 8, 8)
    a, b = hashes[:n_a], hashes[n_a:]
    one = np.stack([distances(a[:, v], b[:, 0]) for v in range(8)]).min(0)
    other = np.stack([distances(a[:, 0], b[:, v]) for v in range(8)]).min(0)
    least = np.minimum(one, other)
    first, second = np.nonzero(least <= most)
    scores = (1 - least[first, second] / 64).astype(np.float32)
    truth = first.tolist(), (second + n_a).tolist(), scores.tolist()
    same(hamming_between(a, b, max_distance=most), truth)


def test_between_refuses_what_does_not_go_together():
    a, b = np.zeros((2, 8, 8), np.uint8), np.zeros((2, 8, 4), np.uint8)
    with pytest.raises(InputError, match="number of bits"):
        hamming_between(a, b, max_distance=3)
    with pytest.raises(InputError, match="below 0"):
        hamming_between(a, a, max_distance=-1)
