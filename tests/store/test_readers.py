"""Readers see one committed state, wait for nobody and write nothing."""

import os
import shutil
import sqlite3
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
from made_pictures import D, batch, check_whole, described, digest, open_writer, vector

from lookalike.nouns.errors import InputError
from lookalike.store import compaction
from lookalike.store.database import read_about
from lookalike.store.reader import IndexReader
from lookalike.store.writer import Batch


def test_no_index(tmp_path: Path) -> None:
    folder = tmp_path / "my album" / ".lookalike"
    assert not IndexReader.exists(folder)
    with pytest.raises(InputError) as told:
        IndexReader.open(folder)
    assert told.value.mend == f"lookalike index '{tmp_path / 'my album'}'"
    with pytest.raises(InputError) as told:
        IndexReader.open(tmp_path / "elsewhere")
    assert told.value.mend == f"lookalike index FOLDER --index {tmp_path / 'elsewhere'}"
    assert not folder.exists()


def test_an_index_of_nothing(tmp_path: Path) -> None:
    open_writer(tmp_path).close()
    with IndexReader.open(tmp_path) as reader:
        assert (reader.model, reader.d, reader.fingerprint) == ("made", D, "f" * 64)
        assert reader.vectors().shape == (0, D)
        assert reader.n_pictures == reader.n_files == len(reader.live_rows()) == 0
        assert reader.entries([]) == list(reader.all_entries()) == reader.exact_copies() == []
        rows, hashes, quality = reader.hashes()
        assert (rows.shape, hashes.shape, quality.shape) == ((0,), (0, 8, 32), (0,))
        assert reader.failures() == []
        assert reader.find_path("x.jpg") is None
        assert reader.find_digest(digest(1)) is None
        assert reader.counts().vector_bytes == 0


def test_one_state_from_opening_to_closing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compaction, "MIN_DEAD", 0)
    with open_writer(tmp_path) as index:
        index.commit(batch(range(10)))
        with IndexReader.open(tmp_path) as reader:
            before = list(reader.all_entries())
            index.commit(batch(range(10, 30)))
            index.forget([f"album/{n}.jpg" for n in range(20)])
            assert index.compact()
            index.commit(batch(range(40, 50)))
            assert list(reader.all_entries()) == before == reader.entries(range(10))
            assert reader.n_files == len(reader.live_rows()) == 10
            for row in range(10):
                assert (reader.vectors()[row] == vector(row)).all()
        kept = reader.vectors()
    assert (kept[3] == vector(3)).all()  # also after closing
    assert set(check_whole(tmp_path).values()) == {*range(20, 30), *range(40, 50)}


def test_readers_beside_a_busy_writer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every state that is seen is one that was committed: whole batches of ten."""
    monkeypatch.setattr(compaction, "MIN_DEAD", 5)
    stop, seen, wrong = threading.Event(), [0], []

    def read() -> None:
        while not stop.is_set():
            with IndexReader.open(tmp_path) as reader:
                live = reader.live_rows()
                entries = reader.entries(live)
                right = all(
                    (reader.vectors()[entry.row] == vector(int(entry.facts.camera))).all()
                    for entry in entries
                )
                if not right or len(live) % 10 or reader.n_pictures != len(live):
                    wrong.append(len(live))
            seen[0] += 1

    with open_writer(tmp_path) as index:
        index.commit(batch(range(10)))
        threads = [threading.Thread(target=read) for _ in range(2)]
        for thread in threads:
            thread.start()
        start = 0
        while (start < 200 or seen[0] < 10) and not wrong:
            start += 10
            index.commit(batch(range(start, start + 10)))
            index.forget([f"album/{n}.jpg" for n in range(start - 10, start)])
            index.compact()
        stop.set()
        for thread in threads:
            thread.join()
    assert not wrong


def test_one_reader_in_many_threads(tmp_path: Path) -> None:
    with open_writer(tmp_path) as index:
        index.commit(batch(range(40)))
    wrong: list[int] = []
    with IndexReader.open(tmp_path) as reader:

        def read() -> None:
            found = {row: reader.entries([row])[0].facts.camera for row in range(40)}
            wrong.extend(row for row, camera in found.items() if camera != str(row))

        threads = [threading.Thread(target=read) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert not wrong


def test_a_reader_retries_when_a_compacting_passes_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The vector file goes away between the look at the database and the look at the file."""
    monkeypatch.setattr(compaction, "MIN_DEAD", 0)
    with open_writer(tmp_path) as index:
        index.commit(batch(range(4)))
        index.forget(["album/0.jpg", "album/1.jpg"])

        def slow(*args: object) -> object:
            about = read_about(*args)  # type: ignore[arg-type]
            index.compact()
            return about

        monkeypatch.setattr("lookalike.store.reader.read_about", slow)
        with IndexReader.open(tmp_path) as reader:
            assert len(reader.vectors()) == 2


def test_entries_come_in_the_order_asked(tmp_path: Path) -> None:
    with open_writer(tmp_path) as index:
        index.commit(batch(range(1200)))
        index.forget(["album/7.jpg"])
    asked = np.random.default_rng(1).permutation(np.delete(np.arange(1200), 7))
    with IndexReader.open(tmp_path) as reader:
        assert [entry.row for entry in reader.entries(asked)] == asked.tolist()
        assert [entry.row for entry in reader.entries([3, 1, 3])] == [3, 1, 3]
        for wrong in (7, 1200, -1):
            with pytest.raises(InputError, match="no picture in row"):
                reader.entries([3, wrong])
            with pytest.raises(InputError, match="no picture in a row"):
                reader.hashes(np.array([wrong]))
        with pytest.raises(InputError, match="rising"):
            reader.hashes(np.array([3, 2]))
        some = np.array([0, 5, 900])
        rows, hashes, quality = reader.hashes(some)
        assert rows.tolist() == some.tolist()
        for at, row in enumerate(some):
            assert (hashes[at] == described(int(row)).hashes).all()
            assert quality[at] == row % 101


def test_vectors_cannot_be_written(tmp_path: Path) -> None:
    with open_writer(tmp_path) as index:
        index.commit(batch([1]))
    with IndexReader.open(tmp_path) as reader, pytest.raises(ValueError, match="read-only"):
        reader.vectors()[0, 0] = 1


def test_counts(tmp_path: Path) -> None:
    with open_writer(tmp_path) as index:
        index.commit(batch([1, 2, 3]))
        index.commit(Batch(failures=[("bad.jpg", 9, 9, "cut off")], others=[("a.txt", 1, 1)]))
        index.commit(Batch(files=[("copy.jpg", 1, 1, digest(1))], others=[("b.txt", 1, 1)]))
        index.forget(["album/2.jpg", "b.txt", "never was"])
    with IndexReader.open(tmp_path) as reader:
        counts = reader.counts()
        assert (counts.pictures, counts.files, counts.failures, counts.others) == (2, 3, 1, 1)
        assert (counts.dead_rows, counts.vector_bytes) == (1, 3 * 2 * D)
        assert counts.index_bytes > counts.vector_bytes
        (failure,) = reader.failures()
        assert (failure.path, failure.reason) == (Path("bad.jpg"), "cut off")


def test_a_file_that_becomes_readable_is_no_failure_any_more(tmp_path: Path) -> None:
    with open_writer(tmp_path) as index:
        index.commit(Batch(failures=[("album/1.jpg", 9, 9, "cut off")]))
        index.commit(batch([1]))
    with IndexReader.open(tmp_path) as reader:
        assert reader.failures() == []
        assert reader.counts().files == 1


@contextmanager
def unprivileged() -> Iterator[None]:
    """Rights of folders do not bind the superuser, so be somebody else for a while."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.mark.skipif(not hasattr(os, "seteuid"), reason="Windows keeps rights elsewhere")
@pytest.mark.parametrize("log", ["none", "empty", "full"])
def test_a_folder_that_cannot_be_written(log: str) -> None:
    base = Path(tempfile.mkdtemp())
    folder = base / "index"
    try:
        index = open_writer(base / "first")
        index.commit(batch(range(5)))
        if log != "full":
            index.close()
        shutil.copytree(base / "first", folder)
        if log == "full":
            assert (folder / "index.sqlite-wal").stat().st_size
            index.close()
        if log == "empty":
            (folder / "index.sqlite-wal").touch()
        for path in folder.iterdir():
            path.chmod(0o444)
        base.chmod(0o755)
        folder.chmod(0o555)
        names = sorted(os.listdir(folder))
        with unprivileged():
            with IndexReader.open(folder) as reader:
                assert reader.n_pictures == 5
                assert reader.entries([4])[0].path == "album/4.jpg"
                assert (reader.vectors()[4] == vector(4)).all()
            with pytest.raises(InputError, match="cannot be") as told:
                open_writer(folder)
            assert "--index" in told.value.mend
        assert sorted(os.listdir(folder)) == names
    finally:
        folder.chmod(0o755)
        shutil.rmtree(base)


def test_opening_reads_no_table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Opening a big index is as quick as opening a small one."""
    with open_writer(tmp_path) as index:
        index.commit(batch(range(300)))
    asked: list[str] = []
    real = sqlite3.connect

    def traced(*args: object, **options: object) -> sqlite3.Connection:
        db: sqlite3.Connection = real(*args, **options)  # type: ignore[call-overload]
        db.set_trace_callback(asked.append)
        return db

    monkeypatch.setattr(sqlite3, "connect", traced)
    IndexReader.open(tmp_path).close()
    assert asked
    assert not any(name in sql for sql in asked for name in ("pictures", "files", "hashes", "dead"))


def test_an_index_moves_with_its_album(tmp_path: Path) -> None:
    with open_writer(tmp_path / "old" / ".lookalike") as index:
        index.commit(batch([1]))
    shutil.move(tmp_path / "old", tmp_path / "new")
    assert check_whole(tmp_path / "new" / ".lookalike") == {"album/1.jpg": 1}
