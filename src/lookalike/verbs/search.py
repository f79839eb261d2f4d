"""`search`: the pictures of a collection that are most like a query."""

import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from lookalike.encoders.encoder import Encoder
from lookalike.images.find import find_files
from lookalike.nouns.errors import InputError, UnreadableImage
from lookalike.nouns.picture import Failure, Stamp
from lookalike.nouns.search_report import Answer, SearchReport
from lookalike.nouns.where import Where
from lookalike.verbs.approximate import Graphed
from lookalike.verbs.describe import describe_all
from lookalike.verbs.evidence import Sight
from lookalike.verbs.heeded import card_of
from lookalike.verbs.in_memory import Query, as_files
from lookalike.verbs.library import Library
from lookalike.verbs.progress import Progress, silent
from lookalike.verbs.ready import Source, ready


def search(
    queries: Query | Sequence[Query],
    source: Source | str | Path,
    *,
    k: int = 10,
    where: Where | str | None = None,
    approximate: bool = False,
    preparing: Progress = silent,
) -> SearchReport:
    """Find the k pictures of a collection that are most like each query.

    Candidates come from the embeddings and from the hashes in all eight orientations; each is
    judged by the whole ladder, and the most alike comes first. A query that lies in the
    collection does not find itself, but finds its copies.

    Args:
        queries: picture files, or folders of them; or pictures from memory, as the bytes of a
            file, as Pillow has them, or as arrays of uint8 (h, w, 3).
        source: the collection, as a folder or with options.
        k: how many hits to give for each query, at least 1.
        where: which pictures of the collection to look at, as a filter or its text.
        approximate: take candidates by embedding from a graph, which is made on first use and
            misses some; `approximation` of the report says how many. Exact all the same for a
            filter, and for fewer than 5,000 pictures.
        preparing: called with pictures done and pictures to do while the graph is made.

    Raises:
        InputError: no query, k below 1, an unknown filter, no such file or folder.
        MissingExtra: `approximate` without USearch.
        WrongIndex: the index was made by another model than the one asked for.
    """
    if k < 1:
        raise InputError("k must be at least 1", where=str(k))
    wanted = Where.parse(where) if isinstance(where, str) else where
    asked = source if isinstance(source, Source) else Source(source)
    graphed = Graphed(preparing) if approximate else None
    with as_files(queries) as held:
        report = _search(_files_of(held.paths), asked, k, wanted, graphed)
        answers = (replace(answer, query=held.told(answer.query)) for answer in report.answers)
        failed = held.told_failures(report.failed)
        return replace(report, answers=tuple(answers), failed=failed)


def _search(
    stamps: Sequence[Stamp], source: Source, k: int, where: Where | None, graphed: Graphed | None
) -> SearchReport:
    with ready(source) as (place, reader, model):
        seen, failed = _look_at(stamps, model)
        library, approximation = Library.load(place, reader, where), None
        if graphed is not None:
            library, approximation = graphed(library, k, filtered=where is not None)
        card = card_of(model, reader)
        answers = [Answer(sight.path, library.hits(sight, card, k)) for sight in seen]
        n = reader.counts().pictures
        return SearchReport(place.folder, model.name, n, tuple(answers), failed, approximation)


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
