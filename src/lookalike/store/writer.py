"""Write an index: one writer at a time, one batch at a time, safe at every instant."""

import sqlite3
import threading
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np

from lookalike.nouns.answers import Answer
from lookalike.nouns.card import Calibration
from lookalike.nouns.errors import InputError
from lookalike.store import compaction, disk, layout
from lookalike.store.answers import drop_answers, put_answers
from lookalike.store.apply import apply_batch, drop_paths, row_of, unknown_pictures
from lookalike.store.batch import Batch
from lookalike.store.curves import drop_curves, put_curves
from lookalike.store.database import (
    About,
    connect_writer,
    read_about,
    refuse_foreign,
    transaction,
)
from lookalike.store.faults import clear_errors, damaged, sound_values
from lookalike.store.lock import WriterLock
from lookalike.store.merging import take_in
from lookalike.store.shard_mark import ShardMark, put_mark
from lookalike.store.stamps import Stamps
from lookalike.store.vectors import VectorFile, to_halves

__all__ = ["Batch", "IndexWriter"]


class IndexWriter:
    """The one writer of an index. Its methods may be called from any thread.

    Vectors are appended and synced before the transaction that counts them, so that a crash loses
    at most the batch in hand. Rows are numbered in the order of commits.
    """

    def __init__(self, folder: Path, lock: WriterLock, db: sqlite3.Connection) -> None:
        """Use `open`."""
        self.folder, self._lock, self._db = folder, lock, db
        self._guard = threading.RLock()
        about = self._about()
        self._vectors = _open_vectors(folder, about)
        self._vectors.cut(about.n_rows)
        compaction.remove_leftovers(folder, about.generation)

    @classmethod
    def open(
        cls, folder: str | Path, *, model: str, fingerprint: str, d: int, wait_s: float = 0.0
    ) -> Self:
        """Open an index for writing; make it if there is none.

        Args:
            folder: of the index itself, such as `album/.lookalike`.
            model: name of the model that makes the vectors.
            fingerprint: of that model.
            d: dimensions of its vectors.
            wait_s: how long to wait for another writer; below 0 for ever.

        Raises:
            BusyIndex: another process is writing it.
            InputError: it cannot be written here.
            WrongIndex: it is newer, damaged, or made by another model.
        """
        if d < 1:
            raise InputError("Vectors need at least one dimension")
        place = Path(folder)
        with clear_errors(place):
            layout.prepare(place)
            lock = WriterLock(place, wait_s=wait_s)
            try:
                db = connect_writer(place, model=model, fingerprint=fingerprint, d=d)
                try:
                    return cls(place, lock, db)
                except BaseException:
                    db.close()
                    raise
            except BaseException:
                lock.release()
                raise

    @staticmethod
    def remove(folder: str | Path, *, wait_s: float = 0.0) -> None:
        """Throw an index away: only files that lookalike made; nothing happens if there is none.

        Raises:
            BusyIndex: another process is writing it.
            InputError: a file cannot be removed.
            WrongIndex: the database was made by another program.
        """
        place = Path(folder)
        if not any(path.exists() for path in layout.database_files(place)):
            return
        with clear_errors(place):
            refuse_foreign(place)
            lock = WriterLock(place, wait_s=wait_s)
            try:
                made = *layout.vector_files(place).values(), *layout.graph_files(place)
                for path in (*layout.database_files(place), *made):
                    path.unlink(missing_ok=True)
            finally:
                lock.release()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let the next writer in. What was committed stays; harmless when done twice."""
        with self._guard:
            self._vectors.close()
            self._db.close()
            self._lock.release()

    def stamps(self, *, failed: bool = True) -> Stamps:
        """Size and time of every file looked at, so that unchanged ones are not read again.

        Args:
            failed: False gives files that could not be read a stamp that never fits.
        """
        with self._guard, clear_errors(self.folder), sound_values(self.folder):
            return Stamps(self._db, failed=failed)

    def has(self, digest: bytes) -> bool:
        """Whether a content needs no describing, since the index has it or had it lately."""
        with self._guard, clear_errors(self.folder):
            return row_of(self._db, digest) is not None

    def commit(self, batch: Batch) -> None:
        """Store a batch, wholly or not at all; once this returns it survives a power cut.

        Raises:
            InputError: a vector is not valid, a file's content is unknown, or the disk is full.
        """
        with self._guard, clear_errors(self.folder):
            about = self._about()
            fresh = unknown_pictures(self._db, batch.pictures)
            if fresh:
                rows = [to_halves(picture.vector[None], about.d) for picture in fresh]
                vectors = self._vectors_of(about)
                vectors.put(about.n_rows, np.concatenate(rows))
                vectors.sync()
            with transaction(self._db):
                apply_batch(self._db, batch, fresh, about.n_rows)

    def forget(self, paths: Iterable[str]) -> None:
        """Files that vanished leave every answer at once.

        A picture without a file is kept aside until the next compacting, so that a file that comes
        back, or turns up under another name, is not described again.
        """
        with self._guard, clear_errors(self.folder), transaction(self._db):
            drop_paths(self._db, paths)

    def answer(self, answers: Iterable[Answer]) -> None:
        """Keep what the user said; a later answer takes the place of an earlier one."""
        with self._guard, clear_errors(self.folder), transaction(self._db):
            put_answers(self._db, answers)

    def take_back(self, pairs: Iterable[tuple[str, str]]) -> None:
        """Forget what the user said of pairs of digests."""
        with self._guard, clear_errors(self.folder), transaction(self._db):
            drop_answers(self._db, pairs)

    def learn(self, curves: Iterable[Calibration]) -> None:
        """Keep what was learned from these pictures, in place of what was learned before."""
        with self._guard, clear_errors(self.folder), transaction(self._db):
            put_curves(self._db, curves)

    def unlearn(self) -> None:
        """Forget what was learned from these pictures."""
        with self._guard, clear_errors(self.folder), transaction(self._db):
            drop_curves(self._db)

    def mark_done(self, mark: ShardMark) -> None:
        """Say that this is the whole index of a share."""
        with self._guard, clear_errors(self.folder), transaction(self._db):
            put_mark(self._db, mark)

    def merge(self, shares: Sequence[Path], progress: Callable[[int, int], None]) -> None:
        """Take in the finished indexes of all shares, wholly or not at all; see `take_in`.

        Raises:
            InputError: this index holds something already.
            WrongIndex: an index is damaged, or no finished share.
        """
        with self._guard, clear_errors(self.folder):
            if self._db.execute("SELECT EXISTS (SELECT 1 FROM files)").fetchone()[0]:
                raise InputError("Shares are merged into an empty index", where=str(self.folder))
            with transaction(self._db):
                take_in(self._db, self._vectors, shares, progress)

    def compact(self) -> bool:
        """Drop pictures without files if they have become many; call it last.

        Rows are numbered anew, in the same order. Readers keep the state they opened.

        Returns:
            Whether there was enough to drop.
        """
        with self._guard, clear_errors(self.folder):
            about = self._about()
            n_dead = self._db.execute("SELECT count(*) FROM dead").fetchone()[0]
            if not compaction.is_due(about.n_rows, n_dead):
                return False
            try:
                vectors = self._vectors_of(about)
                compaction.compact(self._db, self.folder, about, vectors)
            finally:
                about = self._about()
                self._vectors_of(about)
                compaction.remove_leftovers(self.folder, about.generation)
            return True

    def _about(self) -> About:
        return read_about(self._db, self.folder)

    def _vectors_of(self, about: About) -> VectorFile:
        """The file of the generation that the database says counts, even after a failed compact."""
        if self._vectors.path != layout.vector_path(self.folder, about.generation):
            self._vectors.close()
            self._vectors = _open_vectors(self.folder, about)
        return self._vectors


def _open_vectors(folder: Path, about: About) -> VectorFile:
    path = layout.vector_path(folder, about.generation)
    if about.n_rows == 0:
        vectors = VectorFile(path, about.d, new=True)
        disk.sync_folder(folder)
        return vectors
    if not path.is_file():
        raise damaged(folder, f"{path.name} is missing")
    vectors = VectorFile(path, about.d)
    if len(vectors) < about.n_rows:
        vectors.close()
        raise damaged(folder, f"{path.name} is shorter than the database says")
    return vectors
