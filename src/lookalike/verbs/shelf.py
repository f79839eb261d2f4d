"""The pictures of a collection side by side: which pairs are worth a closer look."""

import math
from collections.abc import Iterator
from dataclasses import dataclass, fields
from itertools import combinations

import numpy as np

from lookalike.neighbours.hamming import hamming_pairs
from lookalike.neighbours.join import pairs_above
from lookalike.neighbours.shortlist import best_partners
from lookalike.nouns.card import ModelCard
from lookalike.nouns.embeddings import Bools, Bytes, Floats, Halves, Ints
from lookalike.nouns.entry import Entry
from lookalike.nouns.pairs import Pairs
from lookalike.store.reader import IndexReader
from lookalike.verbs.evidence import best_turns
from lookalike.verbs.progress import Progress
from lookalike.verdicts.calibrate import probabilities, score_for
from lookalike.verdicts.decide import (
    HASH_BITS,
    HASH_CALIBRATION,
    HASH_QUALITY,
    PIXEL_BITS,
    SURE,
    WORTH_A_LOOK,
    Priors,
    without_near,
)

BLOCK = 16_384
"""Pairs whose hashes and vectors are in memory at a time: about 32 MB."""

LOOKS = 24
"""Doubtful partners that each picture is laid over: the most promising ones."""

MOST_BITS = 31
"""Hashes that differ in more bits are left to the embeddings: PDQ's own bound for a match."""


@dataclass(frozen=True, slots=True, eq=False)
class Sighting:
    """What hashes and embeddings say of p pairs.

    Attributes:
        first: (p,) rows.
        second: (p,) rows.
        bits: (p,) hash bits that differ in the best orientation.
        turn: (p,) that orientation, a place in ORIENTATIONS.
        scores: (p,) cosines.
        detailed: (p,) whether both pictures have enough detail for these to mean much.
    """

    first: Ints
    second: Ints
    bits: Ints
    turn: Ints
    scores: Floats
    detailed: Bools

    def part(self, keep: Bools) -> "Sighting":
        """Only some of the pairs."""
        return Sighting(*(getattr(self, field.name)[keep] for field in fields(self)))


@dataclass(frozen=True, slots=True, eq=False)
class Shelf:
    """The n pictures of a collection, ready to be compared.

    Attributes:
        rows: (n,) rising.
        hashes: (n, 8, 32).
        detailed: (n,) whether the picture has enough detail for hash and embedding to mean much.
        vectors: (rows of the file, d).
        equal_flat: pairs of pictures without detail that were decoded to equal pixels.
        comparing: told how far each comparison is.
    """

    rows: Ints
    hashes: Bytes
    detailed: Bools
    vectors: Halves
    equal_flat: Pairs
    comparing: Progress

    @classmethod
    def load(cls, reader: IndexReader, comparing: Progress) -> "Shelf":
        """All pictures of an index."""
        rows, hashes, quality = reader.hashes(reader.live_rows())
        detailed = quality >= HASH_QUALITY
        flat = reader.entries(rows[~detailed])
        return cls(rows, hashes, detailed, reader.vectors(), _equal_pairs(flat), comparing)

    def candidates(self, card: ModelCard, priors: Priors) -> Iterator[Sighting]:
        """All pairs that may be copies, BLOCK at a time, in order of rows."""
        many = (self._hash_pairs(priors), self._score_pairs(card, priors), self.equal_flat)
        both = np.concatenate([np.stack([p.first, p.second], axis=1) for p in many])
        both = np.unique(both, axis=0)
        blocks = [both[start : start + BLOCK] for start in range(0, len(both), BLOCK)]
        seen = [self._sighting(block[:, 0], block[:, 1]) for block in blocks]
        if not seen:
            return
        keep = worth_it(both[:, 0], both[:, 1], seen, card, priors)
        stops = np.cumsum([len(block) for block in blocks])[:-1]
        for sighting, mask in zip(seen, np.split(keep, stops), strict=True):
            yield sighting.part(mask)

    def _hash_pairs(self, priors: Priors) -> Pairs:
        """Pairs whose hashes leave a chance."""
        rows, hashes = self.rows[self.detailed], self.hashes[self.detailed]
        found = hamming_pairs(
            hashes[:, 0],
            max_distance=most_bits(priors),
            variants=hashes,
            progress=self.comparing,
        )
        return Pairs(rows[found.first], rows[found.second], found.scores)

    def _score_pairs(self, card: ModelCard, priors: Priors) -> Pairs:
        """Pairs whose embeddings leave a chance."""
        if (score := least_score(card, priors)) > 1:
            none = np.zeros(0, np.int64)
            return Pairs(none, none, np.zeros(0, np.float32))
        rows = self.rows[self.detailed]
        return pairs_above(self.vectors, score=score, rows=rows, progress=self.comparing)

    def _sighting(self, first: Ints, second: Ints) -> Sighting:
        at_first = np.searchsorted(self.rows, first)
        at_second = np.searchsorted(self.rows, second)
        bits, turn = best_turns(self.hashes[at_first], self.hashes[at_second])
        a, b = (np.asarray(self.vectors[rows], np.float32) for rows in (first, second))
        scores = np.einsum("pd,pd->p", a, b).clip(-1, 1)
        detailed = self.detailed[at_first] & self.detailed[at_second]
        return Sighting(first, second, bits, turn, scores, detailed)


def most_bits(priors: Priors) -> int:
    """Hashes that differ in more bits leave no chance, or are left to the embeddings."""
    share = score_for(WORTH_A_LOOK, without_near(HASH_CALIBRATION), prior=priors.copy)
    distance = math.floor((1 - min(share, 1.0)) * HASH_BITS)
    return min(max(distance, PIXEL_BITS), MOST_BITS)


def least_score(card: ModelCard, priors: Priors) -> float:
    """Embeddings that score less leave no chance; infinity where none leaves one."""
    calibration = card.calibration("edited copy")
    if calibration is None:
        return math.inf
    return score_for(WORTH_A_LOOK, without_near(calibration), prior=priors.copy)


def worth_it(
    first: Ints, second: Ints, seen: list[Sighting], card: ModelCard, priors: Priors
) -> Bools:
    """Pairs that need no closer look, and of the others the LOOKS most promising of each picture.

    Pictures that all look much alike, such as goods before one wall, would else be laid over each
    other n * n times.

    Args:
        first: (p,) ids.
        second: (p,) ids; no id means a picture here and another there.
        seen: what hashes and embeddings say of the p pairs, in blocks.
        card: of the model.
        priors: what is believed before looking.

    Returns:
        (p,) mask.
    """
    shares = np.concatenate([1 - s.bits / HASH_BITS for s in seen]).astype(np.float32)
    detailed = np.concatenate([s.detailed for s in seen])
    by_hash = probabilities(shares, HASH_CALIBRATION, prior=priors.copy)
    settled = ~detailed | (by_hash >= SURE)
    promise = probabilities(shares, without_near(HASH_CALIBRATION), prior=priors.copy)
    if (calibration := card.calibration("edited copy")) is not None:
        scores = np.concatenate([s.scores for s in seen]).astype(np.float32)
        by_score = probabilities(scores, without_near(calibration), prior=priors.copy)
        promise = np.maximum(promise, by_score)
    settled[~settled] = best_partners(first[~settled], second[~settled], promise[~settled], k=LOOKS)
    return settled


def _equal_pairs(entries: list[Entry]) -> Pairs:
    """All pairs with an equal digest of their scaled pixels, and with it perhaps equal pixels."""
    alike: dict[bytes, list[int]] = {}
    for entry in entries:
        alike.setdefault(entry.scaled_digest, []).append(entry.row)
    pairs = [pair for rows in alike.values() for pair in combinations(rows, 2)]
    both = np.array(pairs, np.int64).reshape(-1, 2)
    return Pairs.of(both[:, 0], both[:, 1], np.ones(len(both), np.float32))
