"""Climb the ladder over a whole collection: which of its pictures are copies of each other."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from lookalike.images.orientations import ORIENTATIONS
from lookalike.nouns.card import ModelCard
from lookalike.nouns.entry import Entry
from lookalike.nouns.pairs import Pairs
from lookalike.nouns.verdict import Verdict
from lookalike.store.reader import IndexReader
from lookalike.verbs.doubtful import Doubt, Overlay, hashes_say_mirrored
from lookalike.verbs.pixels import EqualPixels
from lookalike.verbs.place import Place
from lookalike.verbs.progress import Progress
from lookalike.verbs.shelf import Shelf, Sighting
from lookalike.verdicts.decide import Evidence, Priors, copy_chance, decide, is_doubtful
from lookalike.verdicts.promise import Promise


@dataclass(frozen=True, slots=True, eq=False)
class Copies:
    """The pairs of different contents that are copies, and all that is known of them.

    Attributes:
        entries: the pictures that are in a pair, and those held by several files, by row.
        pairs: rows of the pictures; the score is the probability.
        verdicts: one for each pair.
        bound: the least probability of a pair.
        missed: how many copies are expected among the pairs that were looked at and left out;
            None where nobody asked.
    """

    entries: dict[int, Entry]
    pairs: Pairs
    verdicts: tuple[Verdict, ...]
    bound: float
    missed: float | None


@dataclass(frozen=True, slots=True, eq=False)
class _Looked:
    """Two pictures, whether their hashes say mirrored, and what was seen of them."""

    first: Entry
    second: Entry
    mirrored: bool
    seen: Evidence


def find_copies(
    place: Place,
    reader: IndexReader,
    card: ModelCard,
    *,
    promise: Promise,
    comparing: Progress,
) -> Copies:
    """All pairs of pictures of a collection that are copies and needed to keep a promise.

    What is certain (equal pixels) is always listed, and neither helps nor hinders a promise.

    A picture without detail is a copy only of one with equal pixels: a black frame is like every
    other black frame.
    """
    shelf = Shelf.load(reader, comparing)
    priors = Priors.of_pair(len(shelf.rows))
    equal, overlay = EqualPixels(place), Overlay(comparing)
    kept: list[tuple[_Looked, Verdict]] = []
    others: list[float] = []
    for sighting in shelf.candidates(card, priors):
        looked = list(_look(sighting, reader, equal))
        for one in _look_closer(looked, place, overlay, card, priors):
            verdict = decide(one.seen, card, priors)
            if verdict.is_copy:
                kept.append((one, verdict))
            elif promise.miss_at_most is not None:
                others.append(copy_chance(one.seen, card, priors))
    bound, missed = _keep_promise(promise, [verdict.probability for _, verdict in kept], others)
    kept = [(one, verdict) for one, verdict in kept if verdict.probability >= bound]
    entries = {entry.row: entry for entry in reader.exact_copies()}
    entries |= {e.row: e for one, _ in kept for e in (one.first, one.second)}
    pairs = Pairs(
        np.array([one.first.row for one, _ in kept], np.int64),
        np.array([one.second.row for one, _ in kept], np.int64),
        np.array([verdict.probability for _, verdict in kept], np.float32),
    )
    return Copies(entries, pairs, tuple(verdict for _, verdict in kept), bound, missed)


def _keep_promise(
    promise: Promise, copies: list[float], others: list[float]
) -> tuple[float, float | None]:
    """The bound, and how many copies are expected below it."""
    chances = np.array([chance for chance in (*copies, *others) if chance < 1], np.float64)
    bound = promise.bound(chances)
    if promise.miss_at_most is None:
        return bound, None
    return bound, float(chances[chances < bound].sum())


def _look(sighting: Sighting, reader: IndexReader, equal: EqualPixels) -> Iterator[_Looked]:
    """What is seen of each pair without its geometry."""
    rows = np.union1d(sighting.first, sighting.second)
    entries = {entry.row: entry for entry in reader.entries(rows)}
    for i, (a, b) in enumerate(zip(sighting.first.tolist(), sighting.second.tolist(), strict=True)):
        first, second = entries[a], entries[b]
        bits, turn = int(sighting.bits[i]), int(sighting.turn[i])
        seen = Evidence(
            same_bytes=False,
            same_pixels=equal(first, second, bits=bits, turned=bool(turn)),
            score=float(sighting.scores[i]),
            hash_bits=bits if sighting.detailed[i] else None,
            turn=ORIENTATIONS[turn] if turn else "",
        )
        yield _Looked(first, second, hashes_say_mirrored(bits, turn), seen)


def _look_closer(
    looked: list[_Looked], place: Place, overlay: Overlay, card: ModelCard, priors: Priors
) -> list[_Looked]:
    """The same pairs, the doubtful ones laid over each other."""
    doubtful = [i for i, one in enumerate(looked) if is_doubtful(one.seen, card, priors)]
    doubts = [
        Doubt(
            place.absolute(looked[i].first.path),
            place.absolute(looked[i].second.path),
            looked[i].mirrored,
        )
        for i in doubtful
    ]
    for i, alignment in zip(doubtful, overlay.look(doubts), strict=True):
        looked[i] = replace(looked[i], seen=replace(looked[i].seen, alignment=alignment))
    return looked
