"""Climb the ladder over a whole collection: which of its pictures are copies of each other."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

import numpy as np

from lookalike.images.orientations import ORIENTATIONS
from lookalike.nouns.card import ModelCard
from lookalike.nouns.entry import Entry
from lookalike.nouns.pairs import Pairs
from lookalike.nouns.verdict import Verdict
from lookalike.store.reader import IndexReader
from lookalike.verbs.doubtful import Doubt, Overlay, hashes_say_mirrored
from lookalike.verbs.heeded import tuning_of
from lookalike.verbs.pixels import EqualPixels
from lookalike.verbs.place import Place
from lookalike.verbs.progress import Progress
from lookalike.verbs.shelf import Shelf, Sighting
from lookalike.verbs.side import Side
from lookalike.verdicts.calibrate import EVEN_PRIOR
from lookalike.verdicts.decide import Evidence, Priors, copy_chance, decide, is_doubtful
from lookalike.verdicts.promise import Promise
from lookalike.verdicts.settle import retold
from lookalike.verdicts.tuned import UNTUNED, Tuned


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

    def at(self, promise: Promise) -> "Copies":
        """Those of these pairs that a promise lists, as if they had been looked for with it.

        Args:
            promise: a least probability that is no lower than this bound, or a share of wrong
                pairs where this bound is EVEN_PRIOR; a share of missed copies needs a new look.
        """
        bound, _ = _keep_promise(promise, [verdict.probability for verdict in self.verdicts], [])
        kept = np.array([verdict.probability >= bound for verdict in self.verdicts], bool)
        pairs = Pairs(self.pairs.first[kept], self.pairs.second[kept], self.pairs.scores[kept])
        verdicts = tuple(v for v, keep in zip(self.verdicts, kept, strict=True) if keep)
        return Copies(self.entries, pairs, verdicts, bound, None)


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
    shelf = Shelf.load(place, reader, comparing)
    priors = Priors.of_pair(len(shelf.rows))
    others: list[float] = []

    def left_out(_: Entry, __: Entry, chance: float) -> None:
        others.append(chance)

    wanted = None if promise.miss_at_most is None else left_out
    judge = Judge(card, priors, EVEN_PRIOR, comparing, wanted, tuning_of(reader))
    side = Side(reader.entries, place.absolute)
    kept = list(judge.copies(shelf.candidates(card, priors), side, side))
    bound, missed = _keep_promise(promise, [verdict.probability for *_, verdict in kept], others)
    kept = [found for found in kept if found[2].probability >= bound]
    entries = {entry.row: entry for entry in reader.exact_copies()}
    entries |= {e.row: e for first, second, _ in kept for e in (first, second)}
    pairs = Pairs(
        np.array([first.row for first, _, _ in kept], np.int64),
        np.array([second.row for _, second, _ in kept], np.int64),
        np.array([verdict.probability for _, _, verdict in kept], np.float32),
    )
    return Copies(entries, pairs, tuple(verdict for *_, verdict in kept), bound, missed)


def _keep_promise(
    promise: Promise, copies: list[float], others: list[float]
) -> tuple[float, float | None]:
    """The bound, and how many copies are expected below it."""
    chances = np.array([chance for chance in (*copies, *others) if chance < 1], np.float64)
    bound = promise.bound(chances)
    if promise.miss_at_most is None:
        return bound, None
    return bound, float(chances[chances < bound].sum())


@dataclass(frozen=True, slots=True)
class Judge:
    """Climbs the ladder from what hashes and embeddings saw to the pairs that are copies.

    Attributes:
        card: of the model that made the embeddings.
        priors: what is believed before looking.
        least_probability: pairs that are less probable copies are left out.
        comparing: told how far the geometry is.
        left_out: told each pair that is rather no copy and its chance; None where nobody asks.
        tuned: how the user's answers change the chances of uncertain pairs.
    """

    card: ModelCard
    priors: Priors
    least_probability: float
    comparing: Progress
    left_out: Callable[[Entry, Entry, float], None] | None = None
    tuned: Tuned = UNTUNED

    def copies(
        self, sightings: Iterable[Sighting], first: Side, second: Side
    ) -> Iterator[tuple[Entry, Entry, Verdict]]:
        """The pairs that are copies, in order."""
        equal, overlay = EqualPixels(first.locate, second.locate), Overlay(self.comparing)
        for sighting in sightings:
            looked = list(_look(sighting, first, second, equal))
            sides = first, second
            for one in _look_closer(looked, sides, overlay, self.card, self.priors):
                verdict = decide(one.seen, self.card, self.priors)
                chance = self.tuned(copy_chance(one.seen, self.card, self.priors))
                if self.tuned.n and 0 < chance < 1:
                    verdict = retold(verdict, chance)
                if verdict.is_copy and verdict.probability >= self.least_probability:
                    yield one.first, one.second, verdict
                elif not verdict.is_copy and self.left_out is not None:
                    self.left_out(one.first, one.second, chance)


def _look(
    sighting: Sighting, first_side: Side, second_side: Side, equal: EqualPixels
) -> Iterator[_Looked]:
    """What is seen of each pair without its geometry."""
    if first_side is second_side:
        ones = others = first_side.known(np.union1d(sighting.first, sighting.second))
    else:
        ones, others = first_side.known(sighting.first), second_side.known(sighting.second)
    for i, (a, b) in enumerate(zip(sighting.first.tolist(), sighting.second.tolist(), strict=True)):
        first, second = ones[a], others[b]
        bits, turn = int(sighting.bits[i]), int(sighting.turn[i])
        seen = Evidence(
            same_bytes=first.digest == second.digest,
            same_pixels=equal(first, second, bits=bits, turned=bool(turn)),
            score=float(sighting.scores[i]),
            hash_bits=bits if sighting.detailed[i] else None,
            turn=ORIENTATIONS[turn] if turn else "",
            shares_words=bool(sighting.votes[i] > 0),
        )
        mirrored = hashes_say_mirrored(bits, turn) or bool(sighting.mirrored[i])
        yield _Looked(first, second, mirrored, seen)


def _look_closer(
    looked: list[_Looked],
    sides: tuple[Side, Side],
    overlay: Overlay,
    card: ModelCard,
    priors: Priors,
) -> list[_Looked]:
    """The same pairs, the doubtful ones laid over each other."""
    doubtful = [i for i, one in enumerate(looked) if is_doubtful(one.seen, card, priors)]
    doubts = [
        Doubt(
            sides[0].locate(looked[i].first.path),
            sides[1].locate(looked[i].second.path),
            looked[i].mirrored,
        )
        for i in doubtful
    ]
    for i, alignment in zip(doubtful, overlay.look(doubts), strict=True):
        looked[i] = replace(looked[i], seen=replace(looked[i].seen, alignment=alignment))
    return looked
