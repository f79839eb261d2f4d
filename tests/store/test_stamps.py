"""Stamps are a dict of paths that is small; names of files are whatever the system allows."""

import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_pictures import batch, check_whole, described, digest, open_writer

from lookalike.store.layout import path_from_bytes, path_to_bytes
from lookalike.store.reader import IndexReader
from lookalike.store.writer import Batch

NASTY = [
    "a b.jpg",
    "line\nbreak.jpg",
    "tab\t.jpg",
    "é.jpg",
    "e\u0301.jpg",
    "日本/画.png",
    "'\";--.gif",
]
NASTY += ["-rf", "~", "%41", "\\x.jpg"] if os.sep == "/" else []


@settings(max_examples=30, deadline=None)
@given(data=st.data())
def test_stamps_are_a_dict(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    folder = tmp_path_factory.mktemp("index")
    names = st.text("ab/", min_size=1, max_size=4).filter(lambda name: name[0] != "/")
    number = st.integers(0, 2**62)
    truth = data.draw(st.dictionaries(names, st.tuples(number, number), max_size=30))
    asked = data.draw(st.lists(names, max_size=30))
    with open_writer(folder) as index:
        index.commit(Batch(others=[(path, *stamp) for path, stamp in truth.items()]))
        stamps = index.stamps()
        assert {path: stamps[path] for path in stamps} == truth
        for path in asked:
            assert (path in stamps) == (path in truth)
            assert stamps.get(path) == truth.get(path)
            assert stamps.pop(path, (0, 0)) == truth.pop(path, (0, 0))
            assert len(stamps) == len(truth)
            with pytest.raises(KeyError):
                stamps[path]
        assert sorted(stamps) == sorted(truth)


def test_stamps_know_all_kinds_of_files(tmp_path: Path) -> None:
    with open_writer(tmp_path) as index:
        index.commit(batch([1]))
        index.commit(Batch(failures=[("bad.jpg", 5, 6, "cut off")], others=[("a.txt", 7, 8)]))
        stamps = {path: index.stamps()[path] for path in index.stamps()}
        assert stamps == {"album/1.jpg": (1, 1), "bad.jpg": (5, 6), "a.txt": (7, 8)}
        again = index.stamps(failed=False)
        assert again.get("bad.jpg") not in (None, (5, 6))  # known, and to be read again
        assert again.get("a.txt") == (7, 8)


def test_what_is_left_can_be_forgotten(tmp_path: Path) -> None:
    with open_writer(tmp_path) as index:
        index.commit(batch(range(50)))
        stamps = index.stamps()
        for number in range(0, 50, 2):
            stamps.pop(f"album/{number}.jpg")
        index.forget(stamps)
    assert set(check_whole(tmp_path).values()) == set(range(0, 50, 2))


def test_any_name_survives(tmp_path: Path) -> None:
    names = list(NASTY)
    if os.name == "posix":
        names += [os.fsdecode(b"latin-\xe9.jpg"), os.fsdecode(bytes(range(128, 256)))]
    with open_writer(tmp_path) as index:
        for number, name in enumerate(names):
            index.commit(Batch([described(number)], [(name, number, number, digest(number))]))
        assert sorted(index.stamps()) == sorted(names)
    assert check_whole(tmp_path) == {name: number for number, name in enumerate(names)}
    with IndexReader.open(tmp_path) as reader:
        for number, name in enumerate(names):
            row = reader.find_path(name)
            assert row is not None
            assert reader.entries([row])[0].path == name
            assert number == row


@pytest.mark.skipif(os.name != "posix", reason="names are text on Windows")
@given(name=st.binary(min_size=1).filter(lambda b: b[:1] != b"/" and b"\0" not in b))
def test_bytes_of_a_name_come_back(name: bytes) -> None:
    assert path_to_bytes(path_from_bytes(name)) == name


def test_windows_names_are_stored_with_slashes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "sep", "\\")
    assert path_to_bytes("a\\b\\c.jpg") == b"a/b/c.jpg"
