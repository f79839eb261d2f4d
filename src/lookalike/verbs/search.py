"""`search`: the pictures of a collection that are most like a query."""

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from lookalike.encoders.encoder import Encoder
from lookalike.images.find import find_files
from lookalike.neighbours.hamming import hamming_top_k
from lookalike.neighbours.search import top_k
from lookalike.nouns.card import ModelCard
from lookalike.nouns.embeddings import Bytes, Halves, Ints
from lookalike.nouns.entry import Entry, StoredFile
from lookalike.nouns.errors import InputError, UnreadableImage
from lookalike.nouns.picture import Failure, Stamp
from lookalike.nouns.search_report import Answer, Hit, SearchReport
from lookalike.nouns.where import Where
from lookalike.store.reader import IndexReader
from lookalike.verbs.describe import describe_all
from lookalike.verbs.evidence import Sight, judge
from lookalike.verbs.place import Place
from lookalike.verbs.ready import Source, ready
from lookalike.verdicts.decide import Priors


def search(
    queries: Sequence[str | Path],
    source: Source | str | Path,
    *,
    k: int = 10,
    where: Where | str | None = None,
) -> SearchReport:
    """Find the k pictures of a collection that are most like each query.

    Candidates come from the embeddings and from the hashes in all eight orientations; each is
    judged by the whole ladder, and the most alike comes first. A query that lies in the
    collection does not find itself, but finds its copies.

    Args:
        queries: picture files, or folders of them.
        source: the collection, as a folder or with options.
        k: how many hits to give for each query, at least 1.
        where: which pictures of the collection to look at, as a filter or its text.

    Raises:
        InputError: no query, k below 1, an unknown filter, no such file or folder.
        WrongIndex: the index was made by another model than the one asked for.
    """
    if k < 1:
        raise InputError("k must be at least 1", where=str(k))
    wanted = Where.parse(where) if isinstance(where, str) else where
    stamps = _files_of([Path(query).expanduser() for query in queries])
    with ready(source if isinstance(source, Source) else Source(source)) as (place, reader, model):
        seen, failed = _look_at(stamps, model)
        library = _Library.load(place, reader, wanted)
        answers = [Answer(sight.path, library.hits(sight, model.card, k)) for sight in seen]
        n = reader.counts().pictures
        return SearchReport(place.folder, model.name, n, tuple(answers), failed)


def _files_of(queries: Sequence[Path]) -> list[Stamp]:
    """The files to search for, looked up before a collection is read for them."""
    for query in queries:
        if not query.exists():
            raise InputError(
                "There is no such picture", where=str(query), mend="check how it is spelt"
            )
    stamps = [stamp for query in queries for stamp in find_files(query)]
    if not stamps:
        raise InputError(
            "There is nothing to search for", mend="name a picture or a folder of them"
        )
    return stamps


def _look_at(stamps: Sequence[Stamp], encoder: Encoder) -> tuple[list[Sight], tuple[Failure, ...]]:
    """Describe every query; those that cannot be read come back as failures.

    Raises:
        UnreadableImage: none of them can be read.
    """
    seen: list[Sight] = []
    failed: list[Failure] = []
    threads = min(os.cpu_count() or 1, len(stamps))
    for chunk in describe_all(stamps, encoder, known=lambda _: False, threads=threads):
        for outcome in chunk:
            path = outcome.stamp.path
            if outcome.described is not None:
                seen.append(Sight.of(outcome.described, path))
            elif outcome.failure is not None:
                failed.append(outcome.failure)
            else:
                failed.append(Failure(path, "This is no picture"))
    if not seen:
        raise UnreadableImage(
            failed[0].reason, where=str(failed[0].path), mend="search for another picture"
        )
    return seen, tuple(failed)


@dataclass(frozen=True, slots=True, eq=False)
class _Library:
    """What is searched: hashes and vectors of the rows that the filter leaves."""

    place: Place
    reader: IndexReader
    rows: Ints
    vectors: Halves
    hashes: Bytes
    quality: Bytes

    @classmethod
    def load(cls, place: Place, reader: IndexReader, where: Where | None) -> "_Library":
        rows = reader.live_rows() if where is None else reader.rows_where(where)
        rows, hashes, quality = reader.hashes(rows)
        return cls(place, reader, rows, reader.vectors(), hashes, quality)

    def hits(self, query: Sight, card: ModelCard, k: int) -> tuple[Hit, ...]:
        """The k best, judged by the whole ladder."""
        found = list(self._candidates(query, k))
        priors = Priors.of_hit(len(self.rows))
        verdicts = judge(query, [sight for _, _, sight in found], card, priors)
        hits = [
            Hit(files[0].path, verdict, entry.facts, files[0].size_bytes, _paths(files[1:]))
            for (entry, files, _), verdict in zip(found, verdicts, strict=True)
        ]
        hits.sort(key=lambda hit: hit.verdict.closeness, reverse=True)
        return tuple(hits[:k])

    def _candidates(self, query: Sight, k: int) -> Iterator[tuple[Entry, list[StoredFile], Sight]]:
        """Pictures near by embedding or by hash, with those of their files that are still there.

        More than asked for, since files may have vanished or be the query itself.
        """
        near = top_k(query.vector[None], self.vectors, k=2 * k, rows=self.rows).ids[0]
        spots = np.searchsorted(self.rows, near[near >= 0])
        turned = hamming_top_k(query.hashes, self.hashes[:, 0], k=2 * k).ids
        spots = np.union1d(spots, turned[turned >= 0])
        for spot, entry in zip(spots, self.reader.entries(self.rows[spots]), strict=True):
            files = [file for file in entry.files if self._is_another(file.path, query)]
            if files:
                path = self.place.absolute(files[0].path)
                vector = self.vectors[entry.row]
                quality = int(self.quality[spot])
                yield entry, files, Sight.stored(entry, path, self.hashes[spot], quality, vector)

    def _is_another(self, stored: str, query: Sight) -> bool:
        """Whether a stored file is still there and is not the query itself."""
        path = self.place.absolute(stored)
        return path.exists() and not path.samefile(query.path)


def _paths(files: list[StoredFile]) -> tuple[str, ...]:
    return tuple(file.path for file in files)
