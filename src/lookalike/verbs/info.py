"""`info`: what an index holds. `models`: which models there are."""

from collections import Counter
from pathlib import Path

from lookalike.nouns.index_report import InfoReport
from lookalike.store.reader import IndexReader
from lookalike.verbs.place import Place


def info(folder: str | Path, *, index: str | Path | None = None) -> InfoReport:
    """Tell what the index of a folder holds, as it is.

    Args:
        folder: the collection.
        index: where its index lies; inside the collection unless named.

    Raises:
        InputError: there is no such folder, or it has no index yet.
    """
    place = Place.of(folder, index)
    with IndexReader.open(place.index) as reader:
        counts = reader.counts()
        formats = Counter(entry.facts.format for entry in reader.all_entries())
        return InfoReport(
            folder=place.folder,
            index=place.index,
            model=reader.model,
            fingerprint=reader.fingerprint,
            d=reader.d,
            made_with=reader.made_with,
            n_pictures=counts.pictures,
            n_files=counts.files,
            others=counts.others,
            index_bytes=counts.index_bytes,
            formats=tuple(formats.most_common()),
            failed=tuple(reader.failures()),
            n_answers=len(reader.answers()),
            learned=tuple(curve.relation for curve in reader.curves()),
        )
