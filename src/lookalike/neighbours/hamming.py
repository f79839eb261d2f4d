"""Nearest hashes and all near pairs by Hamming distance over packed bits, exact."""

from collections.abc import Callable

import numpy as np

from lookalike.neighbours.hamming_join import Near, all_near, distances
from lookalike.neighbours.multi_index import Words, words_of
from lookalike.neighbours.threads import count_of, in_order
from lookalike.nouns.embeddings import Bytes, Floats, Ints
from lookalike.nouns.errors import InputError
from lookalike.nouns.neighbours import Neighbours
from lookalike.nouns.pairs import Pairs

Progress = Callable[[int, int], None]
MOST_PAIRS = 100_000_000
_STRIPE, _SPAN = 256, 8192
_CELLS = 2**18
"""Distances of few queries that are worked out at a time, beyond _SPAN of each."""
_ID_BITS = 40


def hamming_top_k(
    queries: Bytes, hashes: Bytes, *, k: int, threads: int | None = None
) -> Neighbours:
    """For each query the k hashes with the fewest differing bits, exact.

    Needs 64 MB a thread and 16 bytes for each query and neighbour, beside a copy of the hashes.

    Args:
        queries: (q, bytes) uint8 packed bits.
        hashes: (n, bytes) uint8 packed bits.
        k: how many, at least 1; beyond n the answer is padded with id -1, score -inf.
        threads: default: one a core.

    Returns:
        Row numbers, best first, equal ones in order of row number. The score is
        1 - distance / bits: 1 for equal hashes, 0 when every bit differs.

    Raises:
        InputError: wrong shape or dtype, different widths, or k below 1.
    """
    _check_hashes(queries, "queries")
    _check_hashes(hashes, "hashes")
    if queries.shape[1] != hashes.shape[1]:
        raise InputError("Queries and hashes differ in their number of bits")
    if k < 1:
        raise InputError("At least one neighbour must be asked for", where=f"k={k}")
    best = np.full((len(queries), k), -1, np.int64)
    for low in range(0, len(queries), _STRIPE):
        part = words_of(queries[low : low + _STRIPE])
        best[low : low + _STRIPE] = _best_keys(part, words_of(hashes), k, count_of(threads))
    ids = np.where(best < 0, -1, best & ((1 << _ID_BITS) - 1))
    scores = _score(best >> _ID_BITS, hashes.shape[1] * 8)
    return Neighbours(ids, np.where(best < 0, np.float32(-np.inf), scores))


def hamming_pairs(
    hashes: Bytes,
    *,
    max_distance: int,
    variants: Bytes | None = None,
    most_pairs: int = MOST_PAIRS,
    threads: int | None = None,
    progress: Progress | None = None,
) -> Pairs:
    """Every pair a < b of hashes that differ in at most `max_distance` bits, exact.

    Equal hashes are compared once and written out at the end: a thousand blank pictures are half
    a million pairs, which is refused beyond `most_pairs` before memory is spent on it. Chunks of
    the bits are looked up where that makes few candidates, else all pairs are compared in blocks.
    Beside a copy of the input it needs about 40 MB a thread, 60 bytes a row (with variants: a
    row and variant) and 60 bytes a pair of the answer.

    Args:
        hashes: (n, bytes) uint8 packed bits.
        max_distance: the most bits that may differ, inclusive.
        variants: (n, m, bytes) uint8: other hashes of the same pictures, such as those of their
            eight orientations. Then a pair's distance is the least between any variant of one
            and the hash of the other, whichever of the two is turned; the hashes themselves are
            compared only where they are among the variants.
        most_pairs: refuse to write out more pairs than this.
        threads: default: one a core.
        progress: called with (steps done, all steps).

    Returns:
        Row numbers of both; the score is 1 - distance / bits.

    Raises:
        InputError: wrong shape or dtype, a distance below 0, or more than `most_pairs` pairs.
    """
    _check_hashes(hashes, "hashes")
    if max_distance < 0:
        raise InputError("A distance cannot be below 0", where=f"max_distance={max_distance}")
    whole = hashes
    if variants is not None:
        _check_variants(variants, hashes)
        width = variants.shape[1] * variants.shape[2]  # "-1" cannot be told where nothing is
        whole = np.concatenate([hashes, variants.reshape(len(hashes), width)], axis=1)
    bits = hashes.shape[1] * 8
    rows = _Distinct(whole)
    del whole  # as large as the input
    right = words_of(hashes[rows.firsts])
    m = 1 if variants is None else variants.shape[1]
    left = right if variants is None else words_of(variants[rows.firsts].reshape(-1, bits // 8))
    near = all_near(left, right, bits, min(max_distance, bits), count_of(threads), progress)
    if variants is None:
        repeated = np.flatnonzero(rows.counts > 1)
        near = near.joined(Near(repeated, repeated, np.zeros(len(repeated), np.int64)))
    near = _unordered(near.left // m, near.right, near.distance)
    return rows.written_out(near, bits, most_pairs)


def hamming_between(
    a_variants: Bytes,
    b_variants: Bytes,
    *,
    max_distance: int,
    threads: int | None = None,
    progress: Progress | None = None,
) -> Pairs:
    """Every picture of one set with every picture of another that are near each other, exact.

    A pair's distance is the least between any variant of one and the first variant of the other,
    whichever of the two is turned.

    Args:
        a_variants: (n_a, m, bytes) uint8 hashes of the same pictures, such as those of their
            eight orientations; the first is the picture as it is.
        b_variants: (n_b, m, bytes) likewise.
        max_distance: the most bits that may differ, inclusive.
        threads: default: one a core.
        progress: called with (steps done, all steps), once for each side that is turned.

    Returns:
        `first` is a row of a, `second` a row of b plus n_a; the score is 1 - distance / bits.

    Raises:
        InputError: wrong shape or dtype, different widths, or a distance below 0.
    """
    if max_distance < 0:
        raise InputError("A distance cannot be below 0", where=f"max_distance={max_distance}")
    for variants in (a_variants, b_variants):
        _check_variants(variants, variants[:, 0])
    if a_variants.shape[2] != b_variants.shape[2]:
        raise InputError("The two sets differ in their number of bits")
    n_a, bits = len(a_variants), a_variants.shape[2] * 8
    found = [_turned_near(a_variants, b_variants[:, 0], max_distance, threads, progress)]
    turned = _turned_near(b_variants, a_variants[:, 0], max_distance, threads, progress)
    found.append(Near(turned.right, turned.left, turned.distance))
    near = found[0].joined(found[1])
    return Pairs.of(near.left, near.right + n_a, _score(near.distance, bits))


def _turned_near(
    variants: Bytes, hashes: Bytes, most: int, threads: int | None, progress: Progress | None
) -> Near:
    """Rows of pictures in any variant near rows of hashes; a pair may come several times."""
    n, m, width = variants.shape
    if not n or not len(hashes):
        return Near(*(np.empty(0, np.int64) for _ in range(3)))
    left, right = words_of(variants.reshape(n * m, width)), words_of(hashes)
    near = all_near(left, right, width * 8, min(most, width * 8), count_of(threads), progress)
    return Near(near.left // m, near.right, near.distance)


def _best_keys(queries: Words, hashes: Words, k: int, threads: int) -> Ints:
    """(q, k) distance and row in one number, rising; -1 where there are too few rows."""
    n, bits = hashes.shape[1], len(hashes) * 64
    span = max(_SPAN, _CELLS // max(1, queries.shape[1]))

    def best(low: int) -> Ints:
        part = hashes[:, low : low + span]
        distance = distances(queries, part, bits, bits)
        if distance is None:
            return np.empty((queries.shape[1], 0), np.int64)
        keys = distance.astype(np.int64) << _ID_BITS | np.arange(low, low + part.shape[1])
        return _lowest(keys, k)

    kept = np.empty((queries.shape[1], 0), np.int64)
    for found in in_order(best, range(0, n, span), threads=threads):
        kept = _lowest(np.concatenate([kept, found], axis=1), k)
    padding = np.full((len(kept), k - kept.shape[1]), -1, np.int64)
    return np.concatenate([np.sort(kept, axis=1), padding], axis=1)


def _lowest(keys: Ints, k: int) -> Ints:
    return keys if keys.shape[1] <= k else np.partition(keys, k - 1, axis=1)[:, :k]


class _Distinct:
    """Rows that are equal byte for byte, taken together.

    Attributes:
        firsts: (u,) the lowest row of each distinct value.
        counts: (u,) how many rows have it.
    """

    def __init__(self, rows: Bytes) -> None:
        words = words_of(rows)
        odd = np.random.default_rng(0).integers(0, 2**63, len(words), np.uint64) * 2 + 1
        mixed = np.zeros(len(rows), np.uint64)
        for word, factor in zip(words, odd, strict=True):
            mixed += word * factor
        # Equal rows mix to equal numbers. Should others share the number and stand between them,
        # some equal rows stay apart, and are found as pairs at distance 0 like any others.
        self._order = np.argsort(mixed, kind="stable")
        fresh = np.ones(len(rows), bool)
        for word in words:
            fresh[1:] &= word[self._order[1:]] == word[self._order[:-1]]
        fresh[1:] = ~fresh[1:]
        self._starts = np.flatnonzero(fresh)
        self.counts = np.diff(np.append(self._starts, len(rows)))
        self.firsts = self._order[self._starts]

    def written_out(self, near: Near, bits: int, most_pairs: int) -> Pairs:
        """Each pair of distinct values as pairs of rows; a value with itself as its own pairs."""
        a, b = self.counts[near.left], self.counts[near.right]
        total = int(np.where(near.left == near.right, a * (a - 1) // 2, a * b).sum())
        if total > most_pairs:
            raise InputError(
                f"{total} pairs of hashes are near each other, more than {most_pairs}",
                mend="ask for a lower distance, or leave out blank pictures",
            )
        pair = np.repeat(np.arange(len(a)), a * b)
        within = np.arange(len(pair)) - np.repeat(np.cumsum(a * b) - a * b, a * b)
        i, j = np.divmod(within, b[pair])
        keep = (near.left[pair] != near.right[pair]) | (i < j)
        pair, i, j = pair[keep], i[keep], j[keep]
        first = self._order[self._starts[near.left[pair]] + i]
        second = self._order[self._starts[near.right[pair]] + j]
        return Pairs.of(first, second, _score(near.distance[pair], bits))


def _unordered(left: Ints, right: Ints, distance: Ints) -> Near:
    """Each unordered pair once, with its least distance."""
    low, high = np.minimum(left, right), np.maximum(left, right)
    order = np.lexsort((distance, high, low))
    low, high, distance = low[order], high[order], distance[order]
    fresh = np.ones(len(low), bool)
    fresh[1:] = (np.diff(low) != 0) | (np.diff(high) != 0)
    return Near(low[fresh], high[fresh], distance[fresh])


def _score(distance: Ints, bits: int) -> Floats:
    return (1 - distance / bits).astype(np.float32)


def _check_hashes(hashes: Bytes, where: str) -> None:
    if not isinstance(hashes, np.ndarray) or hashes.ndim != 2 or hashes.dtype != np.uint8:
        raise InputError("Hashes need a uint8 array of shape (n, bytes)", where=where)
    if hashes.shape[1] == 0:
        raise InputError("Hashes need at least one byte", where=where)


def _check_variants(variants: Bytes, hashes: Bytes) -> None:
    n, width = hashes.shape
    fits = isinstance(variants, np.ndarray) and variants.ndim == 3 and variants.dtype == np.uint8
    if not fits or variants.shape[0] != n or variants.shape[1] == 0 or variants.shape[2] != width:
        raise InputError(f"Variants need a uint8 array of shape ({n}, m, {width}), m >= 1")
