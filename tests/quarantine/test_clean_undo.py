"""Undoing where the world has gone on in the meantime."""

import os
import shutil
from pathlib import Path

import pytest
from clean_steps import Crash
from clean_trees import (
    another_disk,
    digest,
    left_in_quarantine,
    plan_of,
    small_tree,
    small_tree_of_links,
    snapshot,
    write_tree,
)

from lookalike.nouns.clean_report import State
from lookalike.nouns.errors import InputError
from lookalike.quarantine import disk
from lookalike.quarantine.apply import apply
from lookalike.quarantine.put_back import beside
from lookalike.quarantine.record import File, Unit
from lookalike.quarantine.undo import operations, undo


@pytest.fixture(params=["one disk", "two disks"])
def folder(request, tmp_path, monkeypatch) -> Path:
    plan = small_tree(tmp_path / "album")
    if request.param == "two disks":
        for name, act in another_disk(plan.folder).items():
            monkeypatch.setattr(disk, name, act)
    apply(plan, digest=digest)
    return plan.folder


def test_what_stands_there_now_is_never_overwritten(folder):
    (folder / "a/IMG_1.JPG").write_bytes(b"new")
    report = undo(folder)
    assert (folder / "a/IMG_1.JPG").read_bytes() == b"new"
    assert {moved.path: moved.to for moved in report.beside} == {
        "a/IMG_1.JPG": "a/IMG_1 (restored).JPG",
        "a/IMG_1.CR2": "a/IMG_1 (restored).CR2",
        "a/IMG_1.xmp": "a/IMG_1 (restored).xmp",
    }
    assert (folder / "a/IMG_1 (restored).JPG").read_bytes() == b"one" * 500
    assert left_in_quarantine(folder) == []
    now = snapshot(folder)
    assert undo(folder).moved == ()
    assert snapshot(folder) == now


def test_what_only_looks_the_same_is_no_copy(folder):
    (place,) = (folder / ".lookalike").rglob("two small.png")
    (folder / "b/two small.png").write_bytes(place.read_bytes().swapcase())
    shutil.copystat(place, folder / "b/two small.png")
    assert [moved.to for moved in undo(folder).beside] == ["b/two small (restored).png"]
    assert (folder / "b/two small.png").read_bytes() == b"TWO, ANOTHER SIZE"


def test_companions_stay_together_when_an_undoing_beside_others_is_broken_off(folder, monkeypatch):
    (folder / "a/IMG_1.JPG").write_bytes(b"new")
    real = disk.remove

    def remove_once(path: Path) -> None:
        if path.name == "IMG_1.CR2":
            raise Crash
        real(path)

    with monkeypatch.context() as patch, pytest.raises(Crash):
        patch.setattr(disk, "remove", remove_once)
        undo(folder)
    (folder / "a/IMG_1.JPG").unlink()
    undo(folder)
    names = {path.name for path in (folder / "a").iterdir() if path.is_file()}
    assert names == {f"IMG_1 (restored).{suffix}" for suffix in ("JPG", "CR2", "xmp")}


def test_the_next_free_name_is_found(folder):
    for name in ("two.png", "two (restored).png", "two (restored 2).png"):
        (folder / "a/deep/er" / name).write_bytes(b"new")
    report = undo(folder)
    assert [moved.to for moved in report.beside] == ["a/deep/er/two (restored 3).png"]


def test_folders_that_were_removed_come_back_as_they_were(folder, tmp_path):
    small_tree(tmp_path / "twin")
    shutil.rmtree(folder / "a")
    report = undo(folder)
    assert report.skipped == ()
    assert snapshot(folder) == snapshot(tmp_path / "twin")


def test_the_time_of_a_folder_that_others_changed_is_left(folder):
    (folder / "b/new").write_bytes(b"new")
    os.utime(folder / "b", ns=(7, 7))
    undo(folder)
    assert (folder / "b").stat().st_mtime_ns == 7


def test_a_file_that_was_put_back_by_hand(folder, tmp_path):
    small_tree(tmp_path / "twin")
    (place,) = (folder / ".lookalike").rglob("two small.png")
    shutil.copy2(place, folder / "b/two small.png")
    report = undo(folder)
    assert report.skipped == report.beside == ()
    assert snapshot(folder)["b/two small.png"] == snapshot(tmp_path / "twin")["b/two small.png"]
    assert left_in_quarantine(folder) == []


def test_a_file_that_was_taken_out_of_the_quarantine_is_told(folder):
    (place,) = (folder / ".lookalike").rglob("two small.png")
    place.unlink()
    report = undo(folder)
    assert [skipped.path for skipped in report.skipped] == ["b/two small.png"]
    assert "no longer in the quarantine" in report.skipped[0].reason
    assert len(report.moved) == 4
    assert operations(folder)[0].state is State.UNDONE


def test_what_cannot_be_put_back_now_can_be_later(folder, tmp_path):
    small_tree(tmp_path / "twin")
    shutil.rmtree(folder / "b")
    (folder / "b").write_bytes(b"a file where a folder was")
    report = undo(folder)
    assert [skipped.path for skipped in report.skipped] == ["b/two small.png"]
    assert report.undo
    assert operations(folder)[0].state is State.INTERRUPTED
    (folder / "b").unlink()
    assert [moved.path for moved in undo(folder).moved] == ["b/two small.png"]
    assert operations(folder)[0].state is State.UNDONE


def test_operations_by_name(tmp_path):
    write_tree(tmp_path, {"x": b"1", "y": b"1", "z": b"1"})
    before = snapshot(tmp_path)
    ids = [apply(plan_of(tmp_path, (n, "z")), digest=digest).operation for n in ("x", "y")]
    assert ids == sorted(ids)
    assert [moved.path for moved in undo(tmp_path, ids[0]).moved] == ["x"]
    assert undo(tmp_path, ids[0]).moved == ()
    assert [operation.state for operation in operations(tmp_path)] == ["undone", "complete"]
    assert [moved.path for moved in undo(tmp_path).moved] == ["y"]
    assert snapshot(tmp_path).keys() == before.keys()
    with pytest.raises(InputError, match="no such operation") as caught:
        undo(tmp_path, "0009-2020-01-01")
    assert ids[1] in caught.value.mend


def test_nothing_to_undo(tmp_path):
    write_tree(tmp_path, {"x": b"1"})
    with pytest.raises(InputError, match="nothing to undo"):
        undo(tmp_path)


class TestLinks:
    @pytest.fixture
    def folder(self, tmp_path) -> Path:
        plan = small_tree_of_links(tmp_path / "album")
        apply(plan, digest=digest, replace_with="hardlink")
        return plan.folder

    def test_a_link_that_was_edited_in_place_keeps_its_bytes_with_the_keeper(self, folder):
        (folder / "two.png").write_bytes(b"edited")
        report = undo(folder)
        assert report.beside == ()
        assert (folder / "two.png").read_bytes() == b"edited"
        assert (folder / "a/deep/er/two.png").read_bytes() == b"two" * 700

    def test_a_link_that_was_replaced_is_left(self, folder):
        (folder / "a/deep/er/two.png").unlink()
        (folder / "a/deep/er/two.png").write_bytes(b"new")
        report = undo(folder)
        assert [moved.to for moved in report.beside] == ["a/deep/er/two (restored).png"]
        assert (folder / "a/deep/er/two.png").read_bytes() == b"new"

    def test_a_link_whose_keeper_is_gone_is_left(self, folder):
        (folder / "two.png").unlink()
        os.utime(folder / "a/deep/er/two.png", ns=(9, 9))
        report = undo(folder)
        assert [moved.to for moved in report.beside] == ["a/deep/er/two (restored).png"]
        assert (folder / "a/deep/er/two.png").read_bytes() == b"two" * 700


@pytest.mark.parametrize(
    ("picture", "name", "suffix", "expected"),
    [
        ("a/x.jpg", "a/x.jpg", 0, "a/x.jpg"),
        ("a/x.jpg", "a/x.jpg", 1, "a/x (restored).jpg"),
        ("a/x.jpg", "a/X.jpg.xmp", 2, "a/X (restored 2).jpg.xmp"),
        ("x.tar.jpg", "x.tar.jpg", 1, "x.tar (restored).jpg"),
        ("x", "x", 1, "x (restored)"),
        ("n" * 251 + ".jpg", "n" * 251 + ".jpg", 1, "n" * 240 + " (restored).jpg"),
        ("\xe9" * 125 + ".jpg", "\xe9" * 125 + ".jpg", 1, "\xe9" * 120 + " (restored).jpg"),
    ],
)
def test_names_beside(picture, name, suffix, expected):
    unit = Unit(0, (File(picture, "files/x", 1, 1, 1),), "k", True, False)
    assert beside(name, unit, suffix) == expected
