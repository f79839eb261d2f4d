"""One writer at a time, one model an index, and what is refused."""

import errno
import re
import sqlite3
import subprocess
import sys
import threading
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from made_pictures import MODEL, D, batch, check_whole, described, digest, open_writer, vector

from lookalike.nouns.errors import BusyIndex, InputError, WrongIndex
from lookalike.store.reader import IndexReader
from lookalike.store.vectors import VectorFile
from lookalike.store.writer import Batch, IndexWriter

HOLD = """
import sys
from pathlib import Path
from made_pictures import open_writer
with open_writer(Path(sys.argv[1])):
    print("open", flush=True)
    sys.stdin.read()
"""


def test_the_second_writer_is_told_who_holds_the_lock(tmp_path: Path) -> None:
    here = Path(__file__).parent
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, tmp_path],
        cwd=here,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "open\n"
        with pytest.raises(BusyIndex) as told:
            open_writer(tmp_path)
        assert re.search(rf"by process {child.pid} since \d\d:\d\d", str(told.value))
        with pytest.raises(BusyIndex):
            IndexWriter.remove(tmp_path)
        child.kill()
    with open_writer(tmp_path) as index:  # the lock died with its holder
        index.commit(batch([1]))
    assert not (tmp_path / "writer.json").exists()


def test_the_second_writer_can_wait(tmp_path: Path) -> None:
    first = open_writer(tmp_path)
    opened = threading.Event()

    def second() -> None:
        with open_writer(tmp_path, wait_s=60) as index:
            index.commit(batch([2]))
            opened.set()

    thread = threading.Thread(target=second)
    thread.start()
    first.commit(batch([1]))
    assert not opened.is_set()
    first.close()
    thread.join()
    assert set(check_whole(tmp_path).values()) == {1, 2}


@pytest.mark.parametrize("told", ["", "{", "[]", '{"pid": 1}'])
def test_a_lock_whose_holder_cannot_be_read(tmp_path: Path, told: str) -> None:
    with open_writer(tmp_path):
        (tmp_path / "writer.json").write_text(told)
        with pytest.raises(BusyIndex, match="by another process"):
            open_writer(tmp_path)


def test_closing_twice_is_harmless(tmp_path: Path) -> None:
    index = open_writer(tmp_path)
    index.close()
    index.close()


@pytest.mark.parametrize("other", [{"fingerprint": "0" * 64, "model": "rival"}, {"d": D + 1}])
def test_vectors_of_two_models_never_meet(tmp_path: Path, other: dict[str, object]) -> None:
    folder = tmp_path / ".lookalike"
    open_writer(folder).close()
    with pytest.raises(WrongIndex) as told:
        IndexWriter.open(folder, **({**MODEL, "d": D} | other))  # type: ignore[arg-type]
    assert "'made'" in told.value.what and str(other.get("model", "made")) in told.value.what
    assert told.value.mend == (
        f"lookalike index {tmp_path} --rebuild, or keep the old one: --model made"
    )


def test_remove_takes_only_what_lookalike_made(tmp_path: Path) -> None:
    folder = tmp_path / "index"
    IndexWriter.remove(folder)
    with open_writer(folder) as index:
        index.commit(batch([1]))
    (folder / "journal.txt").write_text("mine")
    (folder / "vectors-x.f16").write_text("mine too")
    IndexWriter.remove(folder)
    assert not IndexReader.exists(folder)
    left = {path.name for path in folder.iterdir()}
    assert left == {"journal.txt", "vectors-x.f16", ".gitignore", "lock"}
    with IndexWriter.open(folder, model="new", fingerprint="1" * 64, d=3):
        assert IndexReader.exists(folder)


def test_a_folder_of_the_user_is_not_hidden_from_version_control(tmp_path: Path) -> None:
    open_writer(tmp_path).close()
    assert not (tmp_path / ".gitignore").exists()
    open_writer(tmp_path / "own").close()
    assert (tmp_path / "own" / ".gitignore").read_text() == "*\n"


def test_the_index_cannot_lie_in_a_file(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("text")
    with pytest.raises(InputError):
        open_writer(tmp_path / "file")
    with pytest.raises(InputError):
        IndexReader.open(tmp_path / "file")


def test_a_picture_twice_in_a_batch_is_stored_once(tmp_path: Path) -> None:
    files = [("one.jpg", 1, 1, digest(5)), ("two.jpg", 1, 1, digest(5))]
    with open_writer(tmp_path) as index:
        index.commit(Batch(pictures=[described(5), described(5)], files=files))
        index.commit(Batch(pictures=[described(5)], files=[("three.jpg", 1, 1, digest(5))]))
    with IndexReader.open(tmp_path) as reader:
        assert reader.vectors().shape == (1, D)
        (entry,) = reader.exact_copies()
        assert [file.path for file in entry.files] == ["one.jpg", "three.jpg", "two.jpg"]
        assert entry.path == "one.jpg"


def test_rows_follow_the_order_of_commits(tmp_path: Path) -> None:
    with open_writer(tmp_path) as index:
        index.commit(batch([9, 3]))
        index.commit(batch([7, 1]))
    with IndexReader.open(tmp_path) as reader:
        assert [entry.facts.camera for entry in reader.all_entries()] == ["9", "3", "7", "1"]


@pytest.mark.parametrize("value", [np.nan, np.inf, 1e6])
def test_a_vector_that_is_not_finite_is_refused_whole(tmp_path: Path, value: float) -> None:
    bad = vector(2).astype(np.float32)
    bad[3] = value
    with open_writer(tmp_path) as index:
        good = batch([1, 2])
        pictures = [good.pictures[0], replace(good.pictures[1], vector=bad)]
        with pytest.raises(InputError, match="not finite"):
            index.commit(replace(good, pictures=pictures))
        assert not index.has(digest(1))
        index.commit(batch([3]))
    assert check_whole(tmp_path) == {"album/3.jpg": 3}


def test_what_does_not_fit_is_refused(tmp_path: Path) -> None:
    one = described(1)
    files = [("1.jpg", 1, 1, digest(1))]
    with pytest.raises(InputError, match="needs a file"):
        Batch(pictures=[one])
    with pytest.raises(InputError, match="32 bytes"):
        Batch(pictures=[replace(one, digest=b"short")], files=files)
    with pytest.raises(InputError, match="Hashes"):
        Batch(pictures=[replace(one, hashes=one.hashes[:4])], files=files)
    with open_writer(tmp_path) as index:
        with pytest.raises(InputError, match="dimensions"):
            index.commit(Batch(pictures=[replace(one, vector=one.vector[:3])], files=files))
        with pytest.raises(InputError, match="never described"):
            index.commit(Batch(files=files))
        for path in ("", "/etc/passwd"):
            with pytest.raises(InputError, match="relative"):
                index.commit(Batch(others=[(path, 1, 1)]))
    with pytest.raises(InputError, match="dimension"):
        IndexWriter.open(tmp_path / "none", model="m", fingerprint="f", d=0)
    assert check_whole(tmp_path) == {}


def test_a_full_disk_loses_only_the_batch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with open_writer(tmp_path) as index:
        index.commit(batch([1]))
        with monkeypatch.context() as patch:

            def full(*_: object) -> None:
                raise OSError(errno.ENOSPC, "No space left on device")

            patch.setattr(VectorFile, "put", full)
            with pytest.raises(InputError, match="disk is full") as told:
                index.commit(batch([2]))
            assert "free some space" in told.value.mend
        index.commit(batch([3]))
    assert set(check_whole(tmp_path).values()) == {1, 3}


def test_a_database_that_cannot_grow(tmp_path: Path) -> None:
    with open_writer(tmp_path) as index:
        index.commit(batch([1]))
        pages = index._db.execute("PRAGMA page_count").fetchone()[0]
        index._db.execute(f"PRAGMA max_page_count = {pages}")
        with pytest.raises(InputError, match="disk is full"):
            index.commit(batch(range(2, 200)))
        index._db.execute("PRAGMA max_page_count = 100000")
        index.commit(batch([500]))
    assert set(check_whole(tmp_path).values()) == {1, 500}


def test_vectors_are_written_whole_by_short_writes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with open_writer(tmp_path) as index:
        file = index._vectors._file

        class Grudging:
            def write(self, data: memoryview) -> int:
                return file.write(data[:5])

            def __getattr__(self, name: str) -> object:
                return getattr(file, name)

        monkeypatch.setattr(index._vectors, "_file", Grudging())
        index.commit(batch(range(4)))
    assert len(check_whole(tmp_path)) == 4


def test_has_is_asked_from_many_threads_during_commits(tmp_path: Path) -> None:
    wrong: list[int] = []
    with open_writer(tmp_path) as index:
        index.commit(batch(range(50)))
        stop = threading.Event()

        def ask() -> None:
            while not stop.is_set():
                wrong.extend(n for n in range(50) if not index.has(digest(n)))
                wrong.extend(n for n in range(900, 910) if index.has(digest(n)))

        threads = [threading.Thread(target=ask) for _ in range(4)]
        for thread in threads:
            thread.start()
        for start in range(50, 250, 20):
            index.commit(batch(range(start, start + 20)))
        stop.set()
        for thread in threads:
            thread.join()
    assert not wrong
    assert len(check_whole(tmp_path)) == 250


def test_commits_are_as_safe_as_sqlite_can(tmp_path: Path) -> None:
    with open_writer(tmp_path) as index:
        assert index._db.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert index._db.execute("PRAGMA synchronous").fetchone() == (2,)
        with pytest.raises(sqlite3.ProgrammingError):
            index._db.execute("SELECT ?")  # a mistake of ours is not blamed on the index
