"""A collection held open, so that many questions are answered quickly from one state of its index.

Every answer is that of the verb of its name, `as_is`.
"""

import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath

import numpy as np

from lookalike.encoders.choose import DEFAULT_MODEL, load_encoder
from lookalike.encoders.encoder import Encoder
from lookalike.images.budget import DecodeBudget
from lookalike.nouns.answers import Answer, TuneReport
from lookalike.nouns.duplicates_report import DuplicatesReport
from lookalike.nouns.embeddings import Ints
from lookalike.nouns.entry import Entry
from lookalike.nouns.errors import InputError, UnreadableImage
from lookalike.nouns.picture import Stamp
from lookalike.nouns.picture_list import ListedPicture, PictureList
from lookalike.nouns.search_report import Answer as Found
from lookalike.nouns.search_report import SearchReport
from lookalike.nouns.where import Where
from lookalike.store.reader import IndexReader
from lookalike.store.state import State, state_of
from lookalike.verbs.answered import heed_answers
from lookalike.verbs.copies import Copies, find_copies
from lookalike.verbs.describe import describe_chunk
from lookalike.verbs.duplicates import report_of
from lookalike.verbs.evidence import Sight
from lookalike.verbs.heeded import card_of
from lookalike.verbs.library import Library
from lookalike.verbs.place import Place
from lookalike.verbs.progress import Progress
from lookalike.verbs.ready import Source, model_for
from lookalike.verbs.tune import keep_answers
from lookalike.verdicts.calibrate import EVEN_PRIOR
from lookalike.verdicts.promise import Promise

_KEPT_LISTS = 8


@dataclass(frozen=True, slots=True, eq=False)
class Opened:
    """One state of an index in memory. Several threads may ask at once.

    Attributes:
        place: the collection.
        reader: its index.
        model: that made it.
        library: its hashes and vectors.
        budget: memory for decoding, shared by all questions.
        mark: equal for two states only if they hold the same pictures.
    """

    place: Place
    reader: IndexReader
    model: Encoder
    library: Library
    budget: DecodeBudget
    mark: bytes
    _lists: OrderedDict[tuple[str, str], Ints] = field(default_factory=OrderedDict)
    _guard: threading.Lock = field(default_factory=threading.Lock)

    @classmethod
    def open(cls, source: Source, budget: DecodeBudget, before: "Opened | None" = None) -> "Opened":
        """Open an index as it is.

        Args:
            source: the collection.
            budget: memory for decoding.
            before: an earlier state, of which is kept in memory what is still right.

        Raises:
            InputError: there is no such folder or no index.
            WrongIndex: it was made by another model than the one asked for, or is damaged.
        """
        place = Place.of(source.folder, source.index)
        reader = IndexReader.open(place.index)
        try:
            encoder = model_for(source, reader, place, before.model if before else None)
            mark = reader.content_mark()
            if before is not None and before.mark == mark:
                library = replace(before.library, reader=reader)
            else:
                library = Library.prepared(place, reader)
            return cls(place, reader, encoder, library, budget, mark)
        except BaseException:
            reader.close()
            raise

    def close(self) -> None:
        """Let go of the index."""
        self.reader.close()

    def pictures(self, where: str, order: str, *, offset: int, limit: int) -> PictureList:
        """Some of the pictures that meet a filter.

        Args:
            where: the filter's text; empty for all.
            order: one of `store.selection.ORDERS`.
            offset: how many to pass over.
            limit: how many to give.

        Raises:
            InputError: the filter is not known.
        """
        rows = self.rows(where, order)
        entries = self.reader.entries(rows[offset : offset + limit])
        listed = tuple(ListedPicture(entry) for entry in entries)
        return PictureList(self.place.folder, len(rows), offset, listed)

    def rows(self, where: str, order: str) -> Ints:
        """(n,) all rows that meet a filter, in an order; the last few are remembered."""
        with self._guard:
            known = self._lists.get((where, order))
        if known is not None:
            return known
        rows = self.reader.rows_in_order(order)
        if (wanted := Where.parse(where)).conditions:
            rows = rows[np.isin(rows, self.reader.rows_where(wanted))]
        with self._guard:
            self._lists[where, order] = rows
            while len(self._lists) > _KEPT_LISTS:
                self._lists.popitem(last=False)
        return rows

    def sizes(self, where: str, order: str) -> Ints:
        """(n, 2) width and height of all pictures that meet a filter, in an order."""
        return self.reader.sizes()[self.rows(where, order)]

    def folders(self) -> list[str]:
        """Relative paths of all folders with pictures in them or below; "" is the whole."""
        found = {""}
        for entry in self.reader.all_entries():
            for file in entry.files:
                found.update(parent.as_posix() for parent in PurePosixPath(file.path).parents)
        return sorted(found - {"."})

    def files_in(self, folder: str, *, follow_links: bool) -> dict[Path, str]:
        """Files of pictures in a folder and below, with their digests.

        Args:
            folder: relative, as `folders` names it.
            follow_links: whether a link may lead out of the collection.
        """
        begin = f"{folder}/" if folder else ""
        found = {
            self.place.absolute(file.path): entry.digest
            for entry in self.reader.all_entries()
            for file in entry.files
            if file.path.startswith(begin)
        }
        root = self.place.folder
        return {
            path: digest
            for path, digest in found.items()
            if path.is_file() and (follow_links or path.resolve().is_relative_to(root))
        }

    def more_like(
        self, entry: Entry, *, k: int, where: str = "", look: bool = True
    ) -> SearchReport:
        """What is most like a picture of the collection; see `search`.

        Args:
            entry: the picture.
            k: how many hits.
            where: the filter's text.
            look: whether doubtful hits are laid over it; without, the answer comes at once and
                says which hits are doubtful.

        Raises:
            InputError: its files are gone, or the filter is not known.
        """
        present = [f.path for f in entry.files if self.place.absolute(f.path).exists()]
        if not present:
            raise InputError("The file of this picture is gone", where=entry.path)
        sight = self.library.sight(entry, self.place.absolute(present[0]))
        return self._hits(sight, Path(present[0]), k, where, look=look)

    def like(
        self, sight: Sight, name: str, *, k: int, where: str = "", look: bool = True
    ) -> SearchReport:
        """What is most like a picture that was seen with this model; see `search`.

        Args:
            sight: of `sight_of`; its file is read again for the look.
            name: what it is called in the report.
            k: how many hits.
            where: the filter's text.
            look: as for `more_like`.

        Raises:
            InputError: the filter is not known.
        """
        return self._hits(sight, Path(name), k, where, look=look)

    def _hits(self, sight: Sight, name: Path, k: int, where: str, *, look: bool) -> SearchReport:
        wanted = Where.parse(where)
        library = self.library.narrowed(wanted) if wanted.conditions else self.library
        card = card_of(self.model, self.reader)
        if look:
            answer = Found(name, library.hits(sight, card, k))
        else:
            answer = library.glance(sight, name, card, k)
        n = len(self.library.rows)
        return SearchReport(self.place.folder, self.model.name, n, (answer,))

    def all_copies(self, comparing: Progress) -> Copies:
        """Every pair that is rather a copy than not, from which `duplicates` narrows down."""
        promise = Promise(least_probability=EVEN_PRIOR)
        card = card_of(self.model, self.reader)
        return find_copies(self.place, self.reader, card, promise=promise, comparing=comparing)

    def answer(self, given: Sequence[Answer], taken_back: Sequence[tuple[str, str]]) -> TuneReport:
        """Keep what the user says of pairs of pictures; see `tune`.

        Raises:
            BusyIndex: another process is writing the index.
        """
        return keep_answers(self.place, self.reader, given, taken_back)

    def duplicates(self, copies: Copies, promise: Promise, *, fresh: bool) -> DuplicatesReport:
        """What `duplicates` would answer, from pairs that were found before.

        Args:
            copies: of `all_copies`, of this state or of an earlier one.
            promise: what is asked of the listed pairs.
            fresh: whether the copies are of this very state; else only those pictures count that
                are in them.
        """
        known = {entry.digest: entry for entry in copies.entries.values()}
        find = self.reader.entry_of if fresh else known.get
        heeded = heed_answers(copies.at(promise), self.reader.answers(), find)
        return report_of(self.place, self.reader, self.model, heeded, promise)


def sight_of(path: Path, model: Encoder, budget: DecodeBudget, name: str) -> Sight:
    """A file as the ladder sees it.

    Args:
        path: of the file.
        model: for its vector.
        budget: memory for decoding.
        name: what it is called in an error.

    Raises:
        UnreadableImage: it is no picture that can be decoded.
    """
    facts = path.stat()
    stamp = Stamp(path, facts.st_size, facts.st_mtime_ns)
    (outcome,) = describe_chunk([stamp], model, known=lambda _: False, budget=budget)
    if outcome.described is None:
        reason = outcome.failure.reason if outcome.failure else "This is no picture"
        raise UnreadableImage(reason, where=name, mend="take another picture")
    return Sight.of(outcome.described, path)


def model_of(source: Source) -> Encoder:
    """The model that a new index of a collection would be made with."""
    return load_encoder(source.model or DEFAULT_MODEL, provider=source.provider)


def index_state(place: Place) -> State | None:
    """Equal twice only if the index has not changed in between; None where there is none yet."""
    state = state_of(place.index)
    return state if state and IndexReader.exists(place.index) else None
