"""The pictures of a collection side by side: which pairs are worth a closer look."""

import math
from collections.abc import Iterator
from dataclasses import dataclass, fields
from functools import cache
from itertools import combinations

import numpy as np

from lookalike.neighbours.hamming import hamming_pairs
from lookalike.neighbours.join import pairs_above
from lookalike.neighbours.shortlist import best_partners
from lookalike.neighbours.votes import Shared, shared_within
from lookalike.nouns.card import Calibration, ModelCard
from lookalike.nouns.embeddings import Bools, Bytes, Floats, Halves, Ints
from lookalike.nouns.entry import Entry
from lookalike.nouns.pairs import Pairs
from lookalike.store.reader import IndexReader
from lookalike.verbs.evidence import best_turns
from lookalike.verbs.local_words import bags_of, least_votes
from lookalike.verbs.place import Place
from lookalike.verbs.progress import Progress
from lookalike.verbs.side import Side
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

SURER_LOOKS = 100
SURER_PROMISE = 0.5
"""More partners, if they promise so much: few pairs do by chance, and a picture may have that many
copies."""

TIERS = ((WORTH_A_LOOK, LOOKS), (SURER_PROMISE, SURER_LOOKS))
"""Of the doubtful pairs that promise at least so much, the so many most promising a picture."""

FEWEST_COPIES = 0.25
"""Of the highest scores, among as many near misses as copies: below that a model's scores put no
pairs forward."""

MANY_VOTES = 50.0
"""Of a cut copy; for ranking only."""

SHARING_WORDS = 0.99
"""P(copy) of two pictures that share words, for leaving out those whose embeddings are sure that
they are none. Of 1,421 copies by 46 kinds of edits that share words the built-in encoder leaves out
one, of 4,681 other pairs among them 3,548, and of 14,049 in a collection without copies 88 %."""

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
        votes: (p,) what the local words are worth that they share; 0 where these are too few.
        mirrored: (p,) whether one shares more of them with the mirror image of the other.
    """

    first: Ints
    second: Ints
    bits: Ints
    turn: Ints
    scores: Floats
    detailed: Bools
    votes: Floats
    mirrored: Bools

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
        shared: pairs of rows of detailed pictures that share local words.
        comparing: told how far each comparison is.
    """

    rows: Ints
    hashes: Bytes
    detailed: Bools
    vectors: Halves
    equal_flat: Pairs
    shared: Shared
    comparing: Progress

    @classmethod
    def load(cls, place: Place, reader: IndexReader, comparing: Progress) -> "Shelf":
        """All pictures of an index."""
        rows, hashes, quality = reader.hashes(reader.live_rows())
        detailed = quality >= HASH_QUALITY
        flat = reader.entries(rows[~detailed])
        some = rows[detailed]
        side = Side(lambda places: reader.entries(some[places]), place.absolute)
        bags = bags_of(len(some), side, place.index, comparing)
        found = shared_within(bags, least=least_votes(len(some)), progress=comparing)
        del bags
        shared = Shared(some[found.first], some[found.second], found.votes, found.mirrored)
        return cls(rows, hashes, detailed, reader.vectors(), _equal_pairs(flat), shared, comparing)

    def candidates(self, card: ModelCard, priors: Priors) -> Iterator[Sighting]:
        """All pairs that may be copies, BLOCK at a time, in order of rows."""
        many = (
            *(self._hash_pairs(priors), self._score_pairs(card, priors)),
            *(self.equal_flat, self.shared),
        )
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
        rows, hashes = self.rows, self.hashes
        if not self.detailed.all():  # else the copy is spared
            rows, hashes = rows[self.detailed], hashes[self.detailed]
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
        votes = votes_of(self.shared, first, second)
        return Sighting(first, second, bits, turn, scores, detailed, *votes)


@cache
def most_bits(priors: Priors) -> int:
    """Hashes that differ in more bits leave no chance, or are left to the embeddings."""
    share = score_for(WORTH_A_LOOK, without_near(HASH_CALIBRATION), prior=priors.copy)
    distance = math.floor((1 - min(share, 1.0)) * HASH_BITS)
    return min(max(distance, PIXEL_BITS), MOST_BITS)


def votes_of(shared: Shared, first: Ints, second: Ints) -> tuple[Floats, Bools]:
    """Votes and mirrored of pairs; 0 and False where a pair is not among those that share words.

    Args:
        shared: pairs of ids below 2 ** 31.
        first: (p,) ids.
        second: (p,) ids.
    """
    votes, mirrored = np.zeros(len(first), np.float32), np.zeros(len(first), bool)
    if not len(shared.first):
        return votes, mirrored
    keys, asked = (shared.first << 32) + shared.second, (first << 32) + second
    order = np.argsort(keys)
    at = order[np.searchsorted(keys, asked, sorter=order).clip(max=len(keys) - 1)]
    there = keys[at] == asked
    votes[there], mirrored[there] = shared.votes[at[there]], shared.mirrored[at[there]]
    return votes, mirrored


def least_score(card: ModelCard, priors: Priors) -> float:
    """Embeddings that score less leave no chance; infinity where none leaves one.

    A model whose high scores are near misses far more often than copies, such as classic, puts no
    pair forward: local words do that better.
    """
    calibration = card.calibration("edited copy")
    if calibration is None or not knows_copies(calibration):
        return math.inf
    return score_for(WORTH_A_LOOK, without_near(calibration), prior=priors.copy)


def knows_copies(calibration: Calibration) -> bool:
    """Whether enough of the highest scores are copies, among as many near misses as copies."""
    if calibration.near is None:
        return True
    return 1 / (1 + math.exp(-sum(calibration.near))) >= FEWEST_COPIES


def worth_it(
    first: Ints, second: Ints, seen: list[Sighting], card: ModelCard, priors: Priors
) -> Bools:
    """Pairs that need no closer look, and of those worth one the LOOKS most promising a picture.

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
    settled, promise = (
        np.concatenate(column)
        for column in zip(*(promise_of(s, card, priors) for s in seen), strict=True)
    )
    kept = settled.copy()
    for least, k in TIERS:
        among = ~settled & (promise >= least)
        kept[among] |= best_partners(first[among], second[among], promise[among], k=k)
    return kept


def promise_of(seen: Sighting, card: ModelCard, priors: Priors) -> tuple[Bools, Floats]:
    """Which pairs need no closer look, and how promising one is for the others.

    Args:
        seen: what hashes, embeddings and words say of p pairs.
        card: of the model.
        priors: what is believed before looking.

    Returns:
        (p,) mask, and (p,) chances, for ranking only; below WORTH_A_LOOK a pair is worth none.
    """
    shares = (1 - seen.bits / HASH_BITS).astype(np.float32)
    by_hash = probabilities(shares, HASH_CALIBRATION, prior=priors.copy)
    settled = ~seen.detailed | (by_hash >= SURE)
    promise = probabilities(shares, without_near(HASH_CALIBRATION), prior=priors.copy)
    by_words = seen.votes / (seen.votes + MANY_VOTES)
    if (calibration := card.calibration("edited copy")) is not None:
        scores = seen.scores.astype(np.float32)
        by_score = probabilities(scores, without_near(calibration), prior=priors.copy)
        promise = np.maximum(promise, by_score)
        if knows_copies(calibration):
            by_words[scores < least_of_words(calibration)] = 0
    return settled, np.maximum(promise, by_words)


def least_of_words(calibration: Calibration) -> float:
    """Embeddings that score less are sure that pictures with common words are no copies."""
    return score_for(WORTH_A_LOOK, without_near(calibration), prior=SHARING_WORDS)


def _equal_pairs(entries: list[Entry]) -> Pairs:
    """All pairs with an equal digest of their scaled pixels, and with it perhaps equal pixels."""
    alike: dict[bytes, list[int]] = {}
    for entry in entries:
        alike.setdefault(entry.scaled_digest, []).append(entry.row)
    pairs = [pair for rows in alike.values() for pair in combinations(rows, 2)]
    both = np.array(pairs, np.int64).reshape(-1, 2)
    return Pairs.of(both[:, 0], both[:, 1], np.ones(len(both), np.float32))
