"""Hashes prepared for many questions: which are near a few others, exact."""

import numpy as np

from lookalike.neighbours.multi_index import Words, words_of
from lookalike.neighbours.threads import count_of, in_order
from lookalike.nouns.embeddings import Bytes, Ints
from lookalike.nouns.errors import InputError

_SPAN = 16_384
_ALONE = 2**24
"""Words that one thread compares sooner than several threads are begun."""


class NearHashes:
    """Packed bits side by side in memory, compared word by word.

    Args:
        hashes: (n, bytes) uint8 packed bits.
        threads: default: one a core; short work is done by one.

    Raises:
        InputError: wrong shape or dtype.
    """

    def __init__(self, hashes: Bytes, *, threads: int | None = None) -> None:
        _check(hashes)
        self._width = hashes.shape[1]
        self._words = words_of(hashes)
        self._threads = count_of(threads)

    def __len__(self) -> int:
        return int(self._words.shape[1])

    def narrowed(self, places: Ints) -> "NearHashes":
        """Only these of the hashes, in this order."""
        found = object.__new__(NearHashes)
        found._width, found._threads = self._width, self._threads
        found._words = np.ascontiguousarray(self._words[:, places])
        return found

    def near(self, queries: Bytes, *, max_distance: int, k: int) -> Ints:
        """The places of all hashes that are among the k nearest of a query and near it.

        Half of the words rule most hashes out, so that the others are read for a few only.

        Args:
            queries: (q, bytes) uint8 packed bits.
            max_distance: the most bits that may differ, inclusive.
            k: how many for each query, at least 1; of equally near ones the first.

        Returns:
            (m,) places, rising, each once.

        Raises:
            InputError: wrong shape or dtype, a distance below 0, or k below 1.
        """
        _check(queries)
        if queries.shape[1] != self._width:
            raise InputError("Queries and hashes differ in their number of bits")
        if max_distance < 0 or k < 1:
            raise InputError("A search needs a distance of 0 or more and k of 1 or more")
        asked = words_of(queries)
        work = asked.size * len(self)
        threads = min(self._threads, 1 + work // _ALONE)

        def scan(low: int) -> tuple[Ints, Ints, Ints]:
            return self._scan(asked, low, max_distance)

        steps = range(0, len(self), _SPAN)
        found = list(in_order(scan, steps, threads=threads))
        if not found:
            return np.empty(0, np.int64)
        query, place, bits = (np.concatenate(part) for part in zip(*found, strict=True))
        order = np.lexsort((place, bits, query))
        query, place = query[order], place[order]
        rank = np.arange(len(query)) - np.searchsorted(query, query)
        return np.unique(place[rank < k])

    def _scan(self, asked: Words, low: int, most: int) -> tuple[Ints, Ints, Ints]:
        """Queries, places and distances of what is near within one span."""
        part = self._words[:, low : low + _SPAN]
        half = max(1, len(part) // 2)
        bits = np.bitwise_count(asked[0][:, None] ^ part[0])
        bits = bits.astype(np.uint16) if half > 3 else bits  # (q, span)
        for word in range(1, half):
            bits += np.bitwise_count(asked[word][:, None] ^ part[word])
        query, place = np.divmod(np.flatnonzero(bits <= most), part.shape[1])
        left = np.bitwise_count(asked[:, query] ^ part[:, place]).sum(axis=0, dtype=np.int64)
        near = left <= most
        return query[near], low + place[near], left[near]


def _check(hashes: Bytes) -> None:
    if not isinstance(hashes, np.ndarray) or hashes.ndim != 2 or hashes.dtype != np.uint8:
        raise InputError("Hashes need a uint8 array of shape (n, bytes)")
    if hashes.shape[1] == 0:
        raise InputError("Hashes need at least one byte")
