"""The hashes and vectors of a collection in memory, and what in it is most like a picture."""

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from lookalike.neighbours.near_hashes import NearHashes
from lookalike.neighbours.search import Searcher, top_k
from lookalike.nouns.card import ModelCard
from lookalike.nouns.embeddings import Bytes, Floats, Halves, Ints
from lookalike.nouns.entry import Entry, StoredFile
from lookalike.nouns.search_report import Answer, Hit
from lookalike.nouns.verdict import Verdict
from lookalike.nouns.where import Where
from lookalike.store.reader import IndexReader
from lookalike.verbs.evidence import Sight, judge, judge_at_a_glance
from lookalike.verbs.heeded import Heeded
from lookalike.verbs.place import Place
from lookalike.verbs.shelf import most_bits
from lookalike.verdicts.decide import Priors

WIDE_BYTES = 512 << 20
"""Up to this, vectors that are asked often are held in single precision."""

Nearest = Callable[[Floats, int], Ints]
"""From a vector (d,) and k to the rows of its nearest, best first, padded with -1."""


@dataclass(frozen=True, slots=True, eq=False)
class Library:
    """What is searched.

    Attributes:
        place: the collection.
        reader: its index.
        rows: (n,) those that are searched, rising.
        vectors: of all rows of the index.
        hashes: (n, 8, 32) of the rows that are searched.
        upright: the first of each, prepared for many questions.
        quality: (n,) of the hashes.
        nearest: by vector.
    """

    place: Place
    reader: IndexReader
    rows: Ints
    vectors: Halves
    hashes: Bytes
    upright: NearHashes
    quality: Bytes
    nearest: Nearest

    @classmethod
    def load(cls, place: Place, reader: IndexReader, where: Where | None) -> "Library":
        """Those pictures of an index that a filter leaves, for a few questions."""
        rows = reader.live_rows() if where is None else reader.rows_where(where)
        rows, hashes, quality = reader.hashes(rows)
        vectors = np.asarray(reader.vectors())  # each piece of a memory map costs far more
        upright = NearHashes(hashes[:, 0])
        nearest = _plain(vectors, rows)
        return cls(place, reader, rows, vectors, hashes, upright, quality, nearest)

    @classmethod
    def prepared(cls, place: Place, reader: IndexReader) -> "Library":
        """All pictures of an index, for many questions: the same answers, sooner."""
        library = cls.load(place, reader, None)
        rows = library.rows
        if not len(rows):
            return library
        is_wide = 4 * len(rows) * reader.d <= WIDE_BYTES
        # Where nothing can be sieved out, widening each number for each question costs the most.
        wide = library.vectors[rows].astype(np.float32) if is_wide else library.vectors
        searcher = Searcher(wide, rows=None if is_wide else rows)

        def nearest(vector: Floats, k: int) -> Ints:
            found: Ints = searcher.top_k(vector[None], k=k).ids[0]
            return np.where(found < 0, found, rows[found]) if is_wide else found

        return replace(library, nearest=nearest)

    def narrowed(self, where: Where) -> "Library":
        """Those of these pictures that a filter leaves."""
        rows = self.reader.rows_where(where)
        spots = np.searchsorted(self.rows, rows)
        return replace(
            self,
            rows=rows,
            hashes=self.hashes[spots],
            upright=self.upright.narrowed(spots),
            quality=self.quality[spots],
            nearest=_plain(self.vectors, rows),
        )

    def sight(self, entry: Entry, path: Path) -> Sight:
        """One of these pictures as the ladder sees it; `path` is where its pixels are read."""
        spot = int(np.searchsorted(self.rows, entry.row))
        vector = self.vectors[entry.row]
        return Sight.stored(entry, path, self.hashes[spot], int(self.quality[spot]), vector)

    def hits(self, query: Sight, card: ModelCard, k: int) -> tuple[Hit, ...]:
        """The k best, judged by the whole ladder; never the query's own file."""
        found = self._candidates(query, k)
        heeded = Heeded.of(self.reader)
        sights = [one.sight for one in found]
        judged = judge(query, sights, card, self._priors, heeded.tuned)
        verdicts = [
            heeded.verdict(query.digest, sight.digest, verdict)
            for sight, verdict in zip(sights, judged, strict=True)
        ]
        return tuple(found[i].hit(verdicts[i]) for i in _best(verdicts, k))

    def glance(self, query: Sight, name: Path, card: ModelCard, k: int) -> Answer:
        """What `hits` is likely to find, at once: no picture is read, and doubt is told.

        Args:
            query: what is asked.
            name: what it is called.
            card: of the model.
            k: how many hits.
        """
        found = self._candidates(query, k)
        heeded = Heeded.of(self.reader)
        sights = [one.sight for one in found]
        glanced = judge_at_a_glance(query, sights, card, self._priors, heeded.tuned)
        judged = [
            (heeded.verdict(query.digest, sight.digest, verdict), doubtful)
            for sight, (verdict, doubtful) in zip(sights, glanced, strict=True)
        ]
        best = _best([verdict for verdict, _ in judged], k)
        hits = tuple(found[i].hit(*judged[i]) for i in best)
        return Answer(name, hits, sum(doubtful for _, doubtful in judged))

    @property
    def _priors(self) -> Priors:
        return Priors.of_hit(len(self.rows))

    def _candidates(self, query: Sight, k: int) -> list["_Candidate"]:
        """Pictures near by embedding or by hash, with those of their files that are still there.

        More than asked for, since files may have vanished or be the query itself. A hash that is
        too far off to say anything puts no picture forward.
        """
        near = self.nearest(query.vector, 2 * k)
        spots = np.searchsorted(self.rows, near[near >= 0])
        most = most_bits(self._priors)
        spots = np.union1d(spots, self.upright.near(query.hashes, max_distance=most, k=2 * k))
        entries = self.reader.entries(self.rows[spots])
        vectors = self.vectors[self.rows[spots]].astype(np.float32)
        own = os.stat(query.path)
        found = []
        for entry, spot, vector in zip(entries, spots.tolist(), vectors, strict=True):
            files = [file for file in entry.files if self._is_another(file.path, own)]
            if files:
                path = self.place.absolute(files[0].path)
                hashes, quality = self.hashes[spot], int(self.quality[spot])
                sight = Sight(entry.digest, entry.facts, path, hashes, quality, vector)
                found.append(_Candidate(entry, files, sight))
        return found

    def _is_another(self, stored: str, own: os.stat_result) -> bool:
        """Whether a stored file is still there and is not the query itself."""
        try:
            there = os.stat(f"{self.place.folder}/{stored}")
        except OSError:
            return False
        return not os.path.samestat(there, own)


@dataclass(frozen=True, slots=True, eq=False)
class _Candidate:
    """A picture that may be a hit.

    Attributes:
        entry: what is known of it.
        files: those of its files that may be named.
        sight: as the ladder sees it.
    """

    entry: Entry
    files: Sequence[StoredFile]
    sight: Sight

    def hit(self, verdict: Verdict, doubtful: bool | None = None) -> Hit:
        first, *others = self.files
        also_at = tuple(file.path for file in others)
        facts, digest = self.entry.facts, self.entry.digest
        return Hit(first.path, verdict, facts, first.size_bytes, also_at, digest, doubtful)


def _best(verdicts: Sequence[Verdict], k: int) -> list[int]:
    """Places of the k most alike, best first; of equals the first."""
    closeness = [verdict.closeness for verdict in verdicts]
    return sorted(range(len(closeness)), key=closeness.__getitem__, reverse=True)[:k]


def _plain(vectors: Halves, rows: Ints) -> Nearest:
    """Nothing prepared."""

    def nearest(vector: Floats, k: int) -> Ints:
        found: Ints = top_k(vector[None], vectors, k=k, rows=rows).ids[0]
        return found

    return nearest
