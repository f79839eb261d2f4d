"""`index`: read a folder of pictures once, so that everything else can answer at once."""

import logging
import os
import time
from dataclasses import dataclass, field, replace
from pathlib import Path

from lookalike.encoders.choose import DEFAULT_MODEL, load_encoder
from lookalike.encoders.encoder import Encoder
from lookalike.images.find import find_files
from lookalike.nouns.answers import Answer
from lookalike.nouns.errors import InputError, WrongIndex
from lookalike.nouns.index_report import IndexReport
from lookalike.nouns.picture import Failure, Stamp
from lookalike.nouns.shard import Shard
from lookalike.store.layout import path_to_bytes, shard_folder
from lookalike.store.reader import IndexReader
from lookalike.store.shard_mark import FileSum, ShardMark
from lookalike.store.writer import Batch, IndexWriter
from lookalike.verbs.describe import Outcome, describe_all
from lookalike.verbs.place import Place
from lookalike.verbs.progress import Progress, silent

COMMIT_FILES = 256
COMMIT_SECONDS = 5.0
"""What is not committed is lost when the machine stops: at most this many files, or seconds."""

log = logging.getLogger(__name__)


@dataclass(slots=True)
class _Tally:
    added: int = 0
    linked: int = 0
    unchanged: int = 0
    vanished: int = 0
    unlisted: list[Failure] = field(default_factory=list)


def index(
    folder: str | Path,
    *,
    index: str | Path | None = None,
    model: str | Path | None = None,
    provider: str = "auto",
    threads: int | None = None,
    rebuild: bool = False,
    retry: bool = False,
    shard: Shard | str | None = None,
    progress: Progress = silent,
) -> IndexReport:
    """Bring the index of a folder up to date, or make it.

    A file whose size and time have not changed is not read; a moved or copied file is read but
    not decoded; a vanished file leaves the index. What is done is kept when the run is broken
    off, at most COMMIT_FILES files or COMMIT_SECONDS of work are lost.

    Args:
        folder: the collection, searched with all folders in it.
        index: where the index lies; inside the collection unless named.
        model: name or file of the model; the one that the index has, else the default.
        provider: what runs the model, see `load_encoder`.
        threads: how many pictures are worked on at a time; one a core unless given.
        rebuild: throw the old index away first, all but your answers.
        retry: read the files again that could not be read.
        shard: read only this share of the files, such as "2/4", into an index of its own; other
            processes or machines read the others, and `merge` joins them.
        progress: called with files done and files to do.

    Raises:
        InputError: no such folder, or it cannot be written.
        WrongIndex: the index was made by another model.
        BusyIndex: another process is writing it.
        KeyboardInterrupt: broken off; what was done is kept.
    """
    started = time.monotonic()
    whole = Place.of(folder, index)
    share, place = _share_of(whole, shard)
    threads = threads or os.cpu_count() or 1
    known = None if rebuild else _model_of(place) or _model_of(whole)
    kept: list[Answer] = []
    encoder = load_encoder(model or known or DEFAULT_MODEL, provider=provider)
    if rebuild:  # only now that the model is known to be there
        kept = _answers_of(place)
        IndexWriter.remove(place.index)
    tally = _Tally()
    with _writer(place, encoder) as writer:
        if kept:
            writer.answer(kept)
        survey = _Survey(place, whole.index, share)
        todo, gone = survey.compare(writer, tally, retry=retry)
        _refuse_a_missing_disk(place, tally, todo, gone)
        _describe_into(writer, place, encoder, todo, tally, threads=threads, progress=progress)
        writer.forget(gone)
        tally.vanished = len(gone)
        writer.compact()
        if share is not None:
            writer.mark_done(ShardMark(share, survey.files.digest()))
    return _report(place, tally, share, seconds=time.monotonic() - started)


def _share_of(whole: Place, shard: Shard | str | None) -> tuple[Shard | None, Place]:
    """The share that was asked for, and where its index lies."""
    share = Shard.parse(shard) if isinstance(shard, str) else shard
    if share is None:
        return None, whole
    return share, replace(whole, index=shard_folder(whole.index, share))


def _model_of(place: Place) -> str | None:
    """The model of the index that is there, so that nobody need name it twice."""
    if not IndexReader.exists(place.index):
        return None
    with IndexReader.open(place.index) as reader:
        return reader.model


def _answers_of(place: Place) -> list[Answer]:
    """What the user said, which no other file tells; nothing where the index is damaged."""
    try:
        with IndexReader.open(place.index) as reader:
            return reader.answers()
    except (InputError, WrongIndex):
        return []


def _writer(place: Place, encoder: Encoder) -> IndexWriter:
    return IndexWriter.open(
        place.index, model=encoder.name, fingerprint=encoder.fingerprint, d=encoder.d
    )


@dataclass(frozen=True, slots=True)
class _Survey:
    """Looks through the folder, or at one share of its files.

    Attributes:
        place: the collection.
        skip: folder of the whole index, which is not searched.
        share: which files count; None for all.
        files: digest of those that were found.
    """

    place: Place
    skip: Path
    share: Shard | None
    files: FileSum = field(default_factory=FileSum)

    def compare(
        self, writer: IndexWriter, tally: _Tally, *, retry: bool
    ) -> tuple[list[Stamp], list[str]]:
        """Which files must be read, and which stored paths are gone."""
        before = writer.stamps(failed=not retry)
        todo: list[Stamp] = []
        for stamp in find_files(
            self.place.folder, skip=[self.skip], on_failure=tally.unlisted.append
        ):
            path = self.place.relative(stamp.path)
            if self.share is not None:
                if not self.share.holds(path_to_bytes(path)):
                    continue
                self.files.add(path, stamp.size_bytes, stamp.mtime_ns)
            if before.pop(path) == (stamp.size_bytes, stamp.mtime_ns):
                tally.unchanged += 1
            else:
                todo.append(stamp)
        return todo, list(before)


def _refuse_a_missing_disk(place: Place, tally: _Tally, todo: list[Stamp], gone: list[str]) -> None:
    """A collection of which nothing is left is more likely a disk that is not there."""
    if len(gone) > 1 and not tally.unchanged and not todo:
        raise InputError(
            f"None of the {len(gone):,} files that the index knows is here",
            where=str(place.folder),
            mend=f"is the disk there? if it is: lookalike index {place.folder} --rebuild",
        )


def _describe_into(
    writer: IndexWriter,
    place: Place,
    encoder: Encoder,
    todo: list[Stamp],
    tally: _Tally,
    *,
    threads: int,
    progress: Progress,
) -> None:
    """Describe the files and commit them in batches, also when broken off."""
    progress(0, len(todo))
    ready: list[Outcome] = []
    done, since = 0, time.monotonic()
    outcomes = describe_all(todo, encoder, known=writer.has, threads=threads)
    try:
        for chunk in outcomes:
            ready += chunk
            done += len(chunk)
            if len(ready) >= COMMIT_FILES or time.monotonic() - since > COMMIT_SECONDS:
                _commit(writer, place, ready, tally)
                ready, since = [], time.monotonic()
            progress(done, len(todo))
    finally:
        if ready:
            _commit(writer, place, ready, tally)


def _commit(writer: IndexWriter, place: Place, ready: list[Outcome], tally: _Tally) -> None:
    described = {o.digest: o.described for o in ready if o.described is not None}
    tally.added += len(described)
    tally.linked += sum(1 for o in ready if o.is_picture) - len(described)
    writer.commit(_batch(place, ready))


def _batch(place: Place, ready: list[Outcome]) -> Batch:
    def key(outcome: Outcome) -> tuple[str, int, int]:
        stamp = outcome.stamp
        return place.relative(stamp.path), stamp.size_bytes, stamp.mtime_ns

    return Batch(
        pictures=[o.described for o in ready if o.described is not None],
        files=[(*key(o), o.digest) for o in ready if o.is_picture],
        failures=[(*key(o), o.failure.reason) for o in ready if o.failure is not None],
        others=[key(o) for o in ready if o.failure is None and not o.is_picture],
    )


def _report(place: Place, tally: _Tally, share: Shard | None, *, seconds: float) -> IndexReport:
    with IndexReader.open(place.index) as reader:
        counts = reader.counts()
        return IndexReport(
            folder=place.folder,
            index=place.index,
            model=reader.model,
            n_pictures=counts.pictures,
            n_files=counts.files,
            added=tally.added,
            linked=tally.linked,
            unchanged=tally.unchanged,
            vanished=tally.vanished,
            others=counts.others,
            failed=(*reader.failures(), *tally.unlisted),
            seconds=seconds,
            shard=share,
        )
