"""What is damaged or too new is refused with its mend, never with a crash."""

import random
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from made_pictures import batch, check_whole, open_writer

from lookalike.nouns.errors import InputError, LookalikeError, WrongIndex
from lookalike.nouns.where import Where
from lookalike.store.reader import IndexReader
from lookalike.store.schema import APPLICATION_ID
from lookalike.store.writer import IndexWriter


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    with open_writer(tmp_path / ".lookalike") as index:
        index.commit(batch(range(300)))
    return tmp_path / ".lookalike"


def ask_everything(folder: Path) -> None:
    with IndexReader.open(folder) as reader:
        list(reader.all_entries())
        reader.hashes()
        reader.entries(reader.live_rows())
        reader.counts()
        reader.exact_copies()
        reader.failures()
        reader.rows_where(Where.parse("taken > 2001 and size > 3"))


def write_everything(folder: Path) -> None:
    with open_writer(folder) as index:
        list(index.stamps())
        index.commit(batch(range(300, 400)))
        index.forget([f"album/{n}.jpg" for n in range(0, 300, 3)])


def refused(folder: Path, act: Callable[[Path], None]) -> LookalikeError:
    with pytest.raises(WrongIndex) as told:
        act(folder)
    return told.value


@pytest.mark.parametrize("act", [ask_everything, write_everything])
def test_garbage(folder: Path, act: Callable[[Path], None]) -> None:
    (folder / "index.sqlite").write_bytes(random.Random(1).randbytes(40_000))
    assert IndexReader.exists(folder)
    assert "--rebuild" in refused(folder, act).mend


@pytest.mark.parametrize("act", [ask_everything, write_everything])
@pytest.mark.parametrize("share", [0.02, 0.3, 0.6, 0.95])
def test_truncated(folder: Path, act: Callable[[Path], None], share: float) -> None:
    path = folder / "index.sqlite"
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * share)])
    assert "--rebuild" in refused(folder, act).mend


@pytest.mark.parametrize("act", [ask_everything, write_everything])
@pytest.mark.parametrize("size", [0, 100])
def test_vectors_shorter_than_committed(
    folder: Path, act: Callable[[Path], None], size: int
) -> None:
    with open(folder / "vectors-1.f16", "r+b") as file:
        file.truncate(size)
    error = refused(folder, act)
    assert "--rebuild" in error.mend and "shorter" in error.what


@pytest.mark.parametrize("act", [ask_everything, write_everything])
def test_vectors_missing(folder: Path, act: Callable[[Path], None]) -> None:
    (folder / "vectors-1.f16").unlink()
    error = refused(folder, act)
    assert "--rebuild" in error.mend and "missing" in error.what


def change(folder: Path, sql: str) -> None:
    db = sqlite3.connect(folder / "index.sqlite", isolation_level=None)
    db.execute(sql)
    db.close()


@pytest.mark.parametrize("act", [ask_everything, write_everything])
def test_newer(folder: Path, act: Callable[[Path], None]) -> None:
    change(folder, "PRAGMA user_version = 2")
    before = (folder / "index.sqlite").read_bytes()
    assert refused(folder, act).mend == "pip install --upgrade lookalike"
    assert (folder / "index.sqlite").read_bytes() == before


@pytest.mark.parametrize("act", [ask_everything, write_everything])
@pytest.mark.parametrize(
    "sql",
    [
        "PRAGMA user_version = 0",
        "DROP TABLE files",
        "DELETE FROM about",
    ],
)
def test_no_index_of_ours(folder: Path, act: Callable[[Path], None], sql: str) -> None:
    change(folder, sql)
    assert "--rebuild" in refused(folder, act).mend


@pytest.mark.parametrize(("length", "least"), [(3000, 10), (20, 1)])
def test_overwritten_bytes_never_crash(folder: Path, length: int, least: int) -> None:
    """Noise in the middle may go unseen, but what is raised is always one of ours."""
    data = (folder / "index.sqlite").read_bytes()
    rng, refusals = random.Random(3), 0
    for _ in range(20):
        noisy = bytearray(data)
        start = rng.randrange(100, len(data) - length)
        noisy[start : start + length] = rng.randbytes(length)
        (folder / "index.sqlite").write_bytes(bytes(noisy))
        try:
            ask_everything(folder)
        except LookalikeError:
            refusals += 1
    assert refusals >= least


def test_rebuilding_mends_it(folder: Path) -> None:
    (folder / "index.sqlite").write_bytes(b"garbage" * 1000)
    IndexWriter.remove(folder)
    with open_writer(folder) as index:
        index.commit(batch([1]))
    assert check_whole(folder) == {"album/1.jpg": 1}


def test_a_database_of_another_program_is_never_removed(folder: Path) -> None:
    change(folder, "PRAGMA application_id = 7")
    for act in (ask_everything, write_everything, IndexWriter.remove):
        assert "--index" in refused(folder, act).mend
    change(folder, f"PRAGMA application_id = {APPLICATION_ID}")
    IndexWriter.remove(folder)
    assert not IndexReader.exists(folder)


def test_an_index_is_not_strewn_among_other_files(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("dear reader")
    IndexWriter.remove(tmp_path)
    with pytest.raises(InputError, match="other things") as told:
        open_writer(tmp_path)
    assert str(tmp_path / ".lookalike") in told.value.mend
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]
