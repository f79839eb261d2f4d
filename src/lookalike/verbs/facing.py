"""Two sets of pictures face to face: which of one may be copies of which of the other."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from lookalike.neighbours.bags import Bags
from lookalike.neighbours.hamming import hamming_between
from lookalike.neighbours.join import pairs_between
from lookalike.neighbours.votes import Shared, shared_between
from lookalike.nouns.card import ModelCard
from lookalike.nouns.embeddings import Bools, Bytes, Halves, Ints
from lookalike.nouns.entry import Described, Entry, StoredFile
from lookalike.nouns.picture import Stamp
from lookalike.store.reader import IndexReader
from lookalike.verbs.evidence import best_turns
from lookalike.verbs.local_words import bags_of, least_votes
from lookalike.verbs.place import Place
from lookalike.verbs.progress import Progress
from lookalike.verbs.shelf import BLOCK, Sighting, least_score, most_bits, votes_of, worth_it
from lookalike.verbs.side import Side
from lookalike.verdicts.decide import HASH_QUALITY, Priors


@dataclass(frozen=True, slots=True, eq=False)
class Pictures:
    """The n pictures of one side.

    Attributes:
        side: what is known of them, by place, 0 to n - 1.
        hashes: (n, 8, 32).
        detailed: (n,) whether the picture has enough detail for hash and embedding to mean much.
        vectors: (n, d).
        index: folder of the index that holds them; None where none does.
    """

    side: Side
    hashes: Bytes
    detailed: Bools
    vectors: Halves
    index: Path | None = None

    @classmethod
    def stored(cls, place: Place, reader: IndexReader) -> "Pictures":
        """All pictures of an index."""
        rows, hashes, quality = reader.hashes(reader.live_rows())
        side = Side(lambda places: reader.entries(rows[places]), place.absolute)
        vectors = np.asarray(reader.vectors()[rows])
        return cls(side, hashes, quality >= HASH_QUALITY, vectors, place.index)

    @classmethod
    def fresh(cls, described: Sequence[tuple[Stamp, Described]], d: int) -> "Pictures":
        """Pictures that are in no index, one for each file.

        Args:
            described: files, and what was found in them.
            d: dimensions of the vectors.
        """
        entries = [_entry(i, stamp, found) for i, (stamp, found) in enumerate(described)]
        side = Side(lambda places: [entries[i] for i in places.tolist()], Path)
        hashes = np.array([f.hashes for _, f in described], np.uint8).reshape(-1, 8, 32)
        quality = np.array([f.hash_quality for _, f in described], np.uint8)
        # As an index keeps them, so that both ways give one answer.
        vectors = np.array([f.vector for _, f in described], np.float16).reshape(-1, d)
        return cls(side, hashes, quality >= HASH_QUALITY, vectors)

    def __len__(self) -> int:
        return len(self.hashes)

    def bags(self, comparing: Progress) -> Bags:
        """The local words of the detailed pictures."""
        some = np.flatnonzero(self.detailed)
        side = Side(lambda places: self.side.entries(some[places]), self.side.locate)
        return bags_of(len(some), side, self.index, comparing)

    def flat(self) -> dict[int, Entry]:
        """The pictures without detail, by place."""
        return self.side.known(np.flatnonzero(~self.detailed))


def _entry(row: int, stamp: Stamp, found: Described) -> Entry:
    file = StoredFile(str(stamp.path), stamp.size_bytes, stamp.mtime_ns)
    return Entry(row, found.digest.hex(), found.facts, (file,), found.scaled_digest)


@dataclass(frozen=True, slots=True, eq=False)
class Facing:
    """Pictures of one side against those of another; none is compared with its own side.

    Attributes:
        mine: the pictures asked about.
        theirs: the pictures among which copies are looked for.
        comparing: told how far each comparison is.
    """

    mine: Pictures
    theirs: Pictures
    comparing: Progress

    def candidates(self, card: ModelCard, priors: Priors) -> Iterator[Sighting]:
        """All pairs that may be copies; `first` and `second` are places on either side."""
        shared = self._by_words()
        found = (
            *(self._by_hash(priors), self._by_score(card, priors), self._by_equal_flat()),
            np.stack([shared.first, shared.second], axis=1),
        )
        both = np.unique(np.concatenate(found), axis=0)
        blocks = [both[start : start + BLOCK] for start in range(0, len(both), BLOCK)]
        seen = [self._sighting(block[:, 0], block[:, 1], shared) for block in blocks]
        if not seen:
            return
        keep = worth_it(both[:, 0], both[:, 1] + len(self.mine), seen, card, priors)
        stops = np.cumsum([len(block) for block in blocks])[:-1]
        for sighting, mask in zip(seen, np.split(keep, stops), strict=True):
            yield sighting.part(mask)

    def _by_hash(self, priors: Priors) -> Ints:
        """(p, 2) places whose hashes leave a chance."""
        a, b = self._detailed()
        found = hamming_between(
            self.mine.hashes[a],
            self.theirs.hashes[b],
            max_distance=most_bits(priors),
            progress=self.comparing,
        )
        return np.stack([a[found.first], b[found.second - len(a)]], axis=1)

    def _by_score(self, card: ModelCard, priors: Priors) -> Ints:
        """(p, 2) places whose embeddings leave a chance."""
        a, b = self._detailed()
        score = least_score(card, priors)
        if score > 1 or not len(a) or not len(b):
            return np.zeros((0, 2), np.int64)
        found = pairs_between(
            self.mine.vectors[a], self.theirs.vectors[b], score=score, progress=self.comparing
        )
        return np.stack([a[found.first], b[found.second - len(a)]], axis=1)

    def _by_words(self) -> Shared:
        """Pairs of places that share local words."""
        a, b = self._detailed()
        bags = self.mine.bags(self.comparing), self.theirs.bags(self.comparing)
        found = shared_between(*bags, least=least_votes(len(self.mine) + len(self.theirs)))
        return Shared(a[found.first], b[found.second], found.votes, found.mirrored)

    def _by_equal_flat(self) -> Ints:
        """(p, 2) places of pictures without detail that were decoded to equal pixels."""
        theirs: dict[bytes, list[int]] = {}
        for j, entry in self.theirs.flat().items():
            theirs.setdefault(entry.scaled_digest, []).append(j)
        pairs = [
            (i, j)
            for i, entry in self.mine.flat().items()
            for j in theirs.get(entry.scaled_digest, ())
        ]
        return np.array(pairs, np.int64).reshape(-1, 2)

    def _detailed(self) -> tuple[Ints, Ints]:
        return np.flatnonzero(self.mine.detailed), np.flatnonzero(self.theirs.detailed)

    def _sighting(self, first: Ints, second: Ints, shared: Shared) -> Sighting:
        bits, turn = best_turns(self.mine.hashes[first], self.theirs.hashes[second])
        a, b = self.mine.vectors[first], self.theirs.vectors[second]
        scores = np.einsum("pd,pd->p", a.astype(np.float32), b.astype(np.float32)).clip(-1, 1)
        detailed = self.mine.detailed[first] & self.theirs.detailed[second]
        votes = votes_of(shared, first, second)
        return Sighting(first, second, bits, turn, scores, detailed, *votes)
