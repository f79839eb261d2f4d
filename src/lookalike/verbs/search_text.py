"""`search` by words: the pictures of a collection that are nearest to a text."""

from collections.abc import Sequence
from pathlib import Path

from lookalike.encoders.choose import DEFAULT_MODEL, load_encoder
from lookalike.encoders.text_encoder import words_of
from lookalike.images.sniff import PICTURE_SUFFIXES
from lookalike.neighbours.search import top_k
from lookalike.nouns.entry import Entry
from lookalike.nouns.errors import InputError
from lookalike.nouns.text_report import TextAnswer, TextHit, TextSearchReport
from lookalike.nouns.where import Where
from lookalike.store.reader import IndexReader
from lookalike.verbs.place import Place
from lookalike.verbs.ready import Source, ready

AHEAD = 2
"""So many times as many pictures as asked for are looked at: files of some may have vanished."""


def search_text(
    texts: str | Sequence[str],
    source: Source | str | Path,
    *,
    k: int = 10,
    where: Where | str | None = None,
) -> TextSearchReport:
    """Find the k pictures of a collection that are nearest to each text.

    The index has to be made by a model of pictures and words, see `add_model`. What is nearest
    need not show what the text says: there is no verdict, only an order.

    Args:
        texts: one or several, in the language that the model was taught.
        source: the collection, as a folder or with options.
        k: how many hits to give for each text, at least 1.
        where: which pictures of the collection to look at, as a filter or its text.

    Raises:
        InputError: no words, k below 1, an unknown filter, no such folder, or the model of the
            index knows no words.
        WrongIndex: the index was made by another model than the one asked for.
        WrongModel: the words' file is no good.
        MissingExtra: the library tokenizers is not installed.
    """
    asked = [texts] if isinstance(texts, str) else list(texts)
    if not asked or not all(text.strip() for text in asked):
        raise InputError("There are no words to search for", mend="--text 'a red bicycle'")
    if k < 1:
        raise InputError("k must be at least 1", where=str(k))
    wanted = Where.parse(where) if isinstance(where, str) else where
    collection = source if isinstance(source, Source) else Source(source)
    _check_at_once(collection)
    with ready(collection) as (place, reader, model):
        vectors = words_of(model).encode(asked)
        rows = reader.live_rows() if wanted is None else reader.rows_where(wanted)
        found = top_k(vectors, reader.vectors(), k=AHEAD * k, rows=rows)
        answers = []
        for text, ids, scores in zip(asked, found.ids, found.scores, strict=True):
            near = ids[ids >= 0]
            entries = zip(reader.entries(near), scores.tolist(), strict=False)
            hits = [hit for entry, score in entries if (hit := _hit(entry, score, place))]
            answers.append(TextAnswer(text, tuple(hits[:k])))
        n = reader.counts().pictures
        return TextSearchReport(place.folder, model.name, n, tuple(answers))


def are_words(queries: Sequence[str | Path]) -> bool:
    """Whether what is asked for is meant as words: none is there, or looks like a file's path."""
    return bool(queries) and not any(
        Path(query).expanduser().exists()
        or any(sign in str(query) for sign in "/\\")
        or Path(query).suffix.lower() in PICTURE_SUFFIXES
        for query in queries
    )


def _check_at_once(source: Source) -> None:
    """Refuses a model without words before a whole collection is read for it."""
    if not IndexReader.exists(Place.of(source.folder, source.index).index):
        words_of(load_encoder(source.model or DEFAULT_MODEL, provider=source.provider))


def _hit(entry: Entry, score: float, place: Place) -> TextHit | None:
    """A picture with those of its files that are still there; None where none is."""
    files = [file for file in entry.files if place.absolute(file.path).exists()]
    if not files:
        return None
    first, *others = files
    also_at = tuple(file.path for file in others)
    return TextHit(first.path, score, entry.facts, first.size_bytes, also_at, entry.digest)
