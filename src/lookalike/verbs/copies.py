"""Climb the ladder over a whole collection: which of its pictures are copies of each other."""

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from lookalike.images.orientations import ORIENTATIONS
from lookalike.neighbours.hamming import hamming_pairs
from lookalike.neighbours.join import pairs_above
from lookalike.nouns.card import ModelCard
from lookalike.nouns.embeddings import Bools, Bytes, Halves, Ints
from lookalike.nouns.entry import Entry
from lookalike.nouns.pairs import Pairs
from lookalike.nouns.verdict import Verdict
from lookalike.store.reader import IndexReader
from lookalike.verbs.evidence import best_turns
from lookalike.verbs.pixels import EqualPixels
from lookalike.verbs.place import Place
from lookalike.verdicts.calibrate import score_for
from lookalike.verdicts.decide import (
    HASH_BITS,
    HASH_CALIBRATION,
    HASH_QUALITY,
    PIXEL_BITS,
    Evidence,
    Priors,
    decide,
)

BLOCK = 16_384
"""Pairs whose hashes and vectors are in memory at a time: about 32 MB."""


@dataclass(frozen=True, slots=True, eq=False)
class Copies:
    """The pairs of different contents that are copies, and all that is known of them.

    Attributes:
        entries: the pictures that are in a pair, and those held by several files, by row.
        pairs: rows of the pictures; the score is the probability.
        verdicts: one for each pair.
    """

    entries: dict[int, Entry]
    pairs: Pairs
    verdicts: tuple[Verdict, ...]


def find_copies(
    place: Place, reader: IndexReader, card: ModelCard, *, least_probability: float
) -> Copies:
    """All pairs of pictures of a collection that are copies with at least this probability.

    A picture without detail is a copy only of one with equal pixels: a black frame is like every
    other black frame.
    """
    shelf = _Shelf.load(reader)
    priors = Priors.of_pair(len(shelf.rows))
    by_hash = shelf.hash_pairs(least_probability, priors)
    by_score = shelf.score_pairs(card, least_probability, priors)
    first, second = _union(by_hash, by_score, shelf.flat_pairs())
    entries = {entry.row: entry for entry in reader.exact_copies()}
    missing = sorted({*first.tolist(), *second.tolist()} - set(entries))
    entries |= {entry.row: entry for entry in reader.entries(np.array(missing, np.int64))}
    equal = EqualPixels(place)
    kept: list[tuple[int, int, Verdict]] = []
    for a, b, seen in shelf.look(first, second, entries, equal):
        verdict = decide(seen, card, priors)
        if verdict.is_copy and verdict.probability >= least_probability:
            kept.append((a, b, verdict))
    pairs = Pairs(
        np.array([a for a, _, _ in kept], np.int64),
        np.array([b for _, b, _ in kept], np.int64),
        np.array([verdict.probability for _, _, verdict in kept], np.float32),
    )
    return Copies(entries, pairs, tuple(verdict for _, _, verdict in kept))


def _union(*many: Pairs) -> tuple[Ints, Ints]:
    """Rows of all pairs in order, each once."""
    both = np.concatenate([np.stack([p.first, p.second], axis=1) for p in many])
    both = np.unique(both, axis=0)
    return both[:, 0], both[:, 1]


@dataclass(frozen=True, slots=True, eq=False)
class _Shelf:
    """The n pictures of a collection, ready to be compared.

    Attributes:
        rows: (n,) rising.
        hashes: (n, 8, 32).
        detailed: (n,) whether the picture has enough detail for hash and embedding to mean much.
        vectors: (rows of the file, d).
    """

    rows: Ints
    hashes: Bytes
    detailed: Bools
    vectors: Halves

    @classmethod
    def load(cls, reader: IndexReader) -> "_Shelf":
        rows, hashes, quality = reader.hashes(reader.live_rows())
        return cls(rows, hashes, quality >= HASH_QUALITY, reader.vectors())

    def hash_pairs(self, least_probability: float, priors: Priors) -> Pairs:
        """Pairs whose hashes alone make them copies, or that may have equal pixels."""
        share = score_for(least_probability, HASH_CALIBRATION, prior=priors.copy)
        distance = max(PIXEL_BITS, math.floor((1 - share) * HASH_BITS) if share <= 1 else 0)
        rows, hashes = self.rows[self.detailed], self.hashes[self.detailed]
        if len(rows) < 2:
            return _no_pairs()
        found = hamming_pairs(hashes[:, 0], max_distance=distance, variants=hashes)
        return Pairs(rows[found.first], rows[found.second], found.scores)

    def score_pairs(self, card: ModelCard, least_probability: float, priors: Priors) -> Pairs:
        """Pairs whose embeddings alone make them copies."""
        calibration = card.calibration("edited copy")
        if calibration is None:
            return _no_pairs()
        score = score_for(least_probability, calibration, prior=priors.copy)
        if score > 1:
            return _no_pairs()
        return pairs_above(self.vectors, score=score, rows=self.rows[self.detailed])

    def flat_pairs(self) -> Pairs:
        """Pairs of pictures without detail that look equal: only their pixels can tell."""
        rows, hashes = self.rows[~self.detailed], self.hashes[~self.detailed]
        found = hamming_pairs(hashes[:, 0], max_distance=0)
        return Pairs(rows[found.first], rows[found.second], found.scores)

    def look(
        self, first: Ints, second: Ints, entries: dict[int, Entry], equal: EqualPixels
    ) -> Iterator[tuple[int, int, Evidence]]:
        """What is seen of each pair of rows."""
        for start in range(0, len(first), BLOCK):
            a, b = first[start : start + BLOCK], second[start : start + BLOCK]
            at_a, at_b = np.searchsorted(self.rows, a), np.searchsorted(self.rows, b)
            bits, turn = best_turns(self.hashes[at_a], self.hashes[at_b, 0])
            vectors_a = np.asarray(self.vectors[a], np.float32)
            scores = np.einsum("pd,pd->p", vectors_a, np.asarray(self.vectors[b], np.float32))
            trusted = self.detailed[at_a] & self.detailed[at_b]
            for i in range(len(a)):
                pair = entries[int(a[i])], entries[int(b[i])]
                yield (
                    int(a[i]),
                    int(b[i]),
                    Evidence(
                        same_bytes=False,
                        same_pixels=equal(*pair, bits=int(bits[i]), turned=bool(turn[i])),
                        score=float(np.clip(scores[i], -1, 1)),
                        hash_bits=int(bits[i]) if trusted[i] else None,
                        turn=ORIENTATIONS[turn[i]] if turn[i] else "",
                    ),
                )


def _no_pairs() -> Pairs:
    none = np.zeros(0, np.int64)
    return Pairs(none, none, np.zeros(0, np.float32))
