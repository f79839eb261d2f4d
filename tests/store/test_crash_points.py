"""A crash between any two steps of a commit or a compacting leaves a good index."""

import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from made_pictures import D, batch, check_whole, digest, open_writer

from lookalike.nouns.embeddings import Halves
from lookalike.store import compaction, disk
from lookalike.store.apply import apply_batch
from lookalike.store.reader import IndexReader
from lookalike.store.vectors import VectorFile
from lookalike.store.writer import Batch, IndexWriter

ROW_BYTES = 2 * D


class Crash(BaseException):
    """The power is cut here."""


class Events:
    """Counts the steps of an operation; at the chosen one it keeps the disk as it is and crashes.

    The copy holds of each vector file only what was synced, as after a power cut.
    """

    def __init__(self, folder: Path, at: int) -> None:
        self.folder, self.at, self.count = folder, at, 0
        self.copy = folder.with_name("copy")
        self.synced: dict[str, int] = {}

    def step(self) -> None:
        self.count += 1
        if self.count == self.at:
            shutil.copytree(self.folder, self.copy)
            for path in self.copy.glob("vectors-*.f16"):
                with open(path, "r+b") as file:
                    file.truncate(min(self.synced.get(path.name, 0), path.stat().st_size))
            raise Crash

    def note_synced(self) -> None:
        for path in self.folder.glob("vectors-*.f16"):
            self.synced[path.name] = path.stat().st_size

    def around(self, call: Callable[..., object]) -> Callable[..., object]:
        def stepped(*args: object, **options: object) -> object:
            self.step()
            result = call(*args, **options)
            if call is disk_sync:
                self.note_synced()
            self.step()
            return result

        return stepped


class SteppedConnection:
    """A database connection whose every statement is a step."""

    def __init__(self, db: object, events: Events) -> None:
        self._db, self._events = db, events

    def __getattr__(self, name: str) -> object:
        found = getattr(self._db, name)
        return self._events.around(found) if name.startswith("execute") else found


disk_sync = disk.sync
disk_sync_folder = disk.sync_folder
whole_put = VectorFile.put


def put_by_halves(events: Events) -> Callable[..., None]:
    def put(self: VectorFile, first_row: int, vectors: Halves) -> None:
        events.step()
        whole_put(self, first_row, vectors[:1])
        events.step()
        whole_put(self, first_row, vectors)
        events.step()

    return put


def arm(open_index: IndexWriter, events: Events, patch: pytest.MonkeyPatch) -> None:
    events.note_synced()
    patch.setattr(disk, "sync", events.around(disk_sync))
    patch.setattr(disk, "sync_folder", events.around(disk_sync_folder))
    patch.setattr(VectorFile, "put", put_by_halves(events))
    patch.setattr(open_index, "_db", SteppedConnection(open_index._db, events))


def crash_everywhere(
    tmp_path: Path,
    prepare: Callable[[IndexWriter], None],
    act: Callable[[IndexWriter], object],
    allowed: list[dict[str, int]],
) -> int:
    """Crash at each step in turn; what is on disk, and the writer that lived on, must be good."""
    at, finished = 0, False
    while not finished:
        at += 1
        folder = tmp_path / str(at) / "index"
        with open_writer(folder) as index:
            prepare(index)
            events = Events(folder, at)
            with pytest.MonkeyPatch.context() as patch:
                arm(index, events, patch)
                try:
                    act(index)
                    finished = True
                except Crash:
                    with open_writer(events.copy):
                        assert len(list(events.copy.glob("vectors-*.f16"))) == 1
                    assert check_whole(events.copy) in allowed
            act(index)  # the same process may try again
        assert check_whole(folder) == allowed[-1]
        with open_writer(folder):
            assert len(list(folder.glob("vectors-*.f16"))) == 1
    return at


def test_commit(tmp_path: Path) -> None:
    before = {f"album/{n}.jpg": n for n in range(2)}
    after = before | {"album/2.jpg": 2, "album/0.jpg": 2}

    def change(index: IndexWriter) -> None:
        new = batch([2])
        changed = ("album/0.jpg", 1, 1, digest(2))
        index.commit(Batch(pictures=new.pictures, files=[*new.files, changed]))

    steps = crash_everywhere(
        tmp_path, lambda index: index.commit(batch(range(2))), change, [before, after]
    )
    assert steps > 30


def test_compact(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compaction, "MIN_DEAD", 0)
    after = {f"album/{n}.jpg": n for n in (1, 3, 4)}

    def prepare(index: IndexWriter) -> None:
        index.commit(batch(range(6)))
        index.forget(["album/0.jpg", "album/2.jpg", "album/5.jpg"])

    steps = crash_everywhere(tmp_path, prepare, IndexWriter.compact, [after])
    assert steps > 20


def test_forget(tmp_path: Path) -> None:
    before = {f"album/{n}.jpg": n for n in range(3)}

    def forget(index: IndexWriter) -> None:
        index.forget(["album/0.jpg", "album/1.jpg"])

    crash_everywhere(
        tmp_path,
        lambda index: index.commit(batch(range(3))),
        forget,
        [before, {"album/2.jpg": 2}],
    )


def test_a_torn_tail_is_cut_off(tmp_path: Path) -> None:
    with open_writer(tmp_path) as index:
        index.commit(batch(range(3)))
    with open(tmp_path / "vectors-1.f16", "ab") as file:
        file.write(b"torn")
    with IndexReader.open(tmp_path) as reader:
        assert len(reader.vectors()) == 3
    with open_writer(tmp_path) as index:
        assert (tmp_path / "vectors-1.f16").stat().st_size == 3 * ROW_BYTES
        index.commit(batch([7]))
    assert set(check_whole(tmp_path).values()) == {0, 1, 2, 7}


@pytest.mark.parametrize("begun", ["", "PRAGMA journal_mode = WAL"])
def test_a_crash_before_the_first_table(tmp_path: Path, begun: str) -> None:
    db = sqlite3.connect(tmp_path / "index.sqlite")
    db.execute(begun or "SELECT 1")
    db.close()
    assert not IndexReader.exists(tmp_path)
    with open_writer(tmp_path) as index:
        index.commit(batch([1]))
    assert IndexReader.exists(tmp_path)
    assert check_whole(tmp_path) == {"album/1.jpg": 1}


def test_the_writer_module_syncs_vectors_before_it_counts_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    order: list[str] = []

    def synced(descriptor: int) -> None:
        order.append("sync")
        disk_sync(descriptor)

    def applied(*args: object) -> None:
        order.append("apply")
        apply_batch(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(disk, "sync", synced)
    monkeypatch.setattr("lookalike.store.writer.apply_batch", applied)
    with open_writer(tmp_path) as index:
        index.commit(batch([1]))
    assert order == ["sync", "apply"]
