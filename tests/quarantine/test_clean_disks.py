"""A quarantine on another disk: in a folder the user names, and on a real other file system."""

import os
import sys
import tempfile
from pathlib import Path

import pytest
from clean_trees import (
    MEMORY,
    another_disk,
    contents,
    digest,
    plan_of,
    small_tree,
    snapshot,
    write_tree,
)

from lookalike.nouns.errors import InputError
from lookalike.quarantine import disk
from lookalike.quarantine.apply import apply
from lookalike.quarantine.purge import purge
from lookalike.quarantine.undo import operations, undo


@pytest.fixture
def memory(tmp_path):
    """A folder on another file system than tmp_path's."""
    if not MEMORY.is_dir() or MEMORY.stat().st_dev == tmp_path.stat().st_dev:
        pytest.skip("there is no second file system here")
    with tempfile.TemporaryDirectory(dir=MEMORY) as folder:
        yield Path(folder)


def test_a_real_other_file_system(tmp_path, memory):
    plan = small_tree(tmp_path / "album")
    if hasattr(os, "setxattr"):
        os.setxattr(plan.folder / "b/two small.png", "user.note", b"mine")
    before = snapshot(plan.folder)
    report = apply(plan, digest=digest, quarantine=memory / "aside")
    assert report.quarantine == memory / "aside" / f"album-{report.operation}"
    for moved in report.moved:
        place = Path(moved.to)
        assert place.stat().st_dev == memory.stat().st_dev
        facts = before[moved.path]
        assert (place.stat().st_mode & 0o7777, place.stat().st_mtime_ns) == facts[1:3]
    assert len(undo(plan.folder).moved) == 5
    assert snapshot(plan.folder) == before
    assert contents(memory) == set()
    if hasattr(os, "getxattr"):
        assert os.getxattr(plan.folder / "b/two small.png", "user.note") == b"mine"


def test_links_with_the_quarantine_on_another_file_system(tmp_path, memory):
    write_tree(tmp_path / "album", {"x": b"1", "y": b"1"})
    before = snapshot(tmp_path / "album")
    plan = plan_of(tmp_path / "album", ("x", "y"))
    apply(plan, digest=digest, quarantine=memory, replace_with="hardlink")
    assert (tmp_path / "album/x").samefile(tmp_path / "album/y")
    undo(tmp_path / "album")
    assert snapshot(tmp_path / "album") == before


def test_a_copy_that_differs_is_never_trusted(tmp_path, memory, monkeypatch):
    plan = small_tree(tmp_path / "album")
    before = snapshot(plan.folder)
    monkeypatch.setattr(disk, "same_bytes", lambda first, second: False)
    report = apply(plan, digest=digest, quarantine=memory)
    assert report.moved == ()
    assert {skipped.reason for skipped in report.skipped} == {
        "it cannot be moved: the copy differs from the file"
    }
    assert snapshot(plan.folder) == before
    assert contents(memory) == set()


def test_a_quarantine_that_keeps_no_rights_and_times(tmp_path, monkeypatch):
    plan = small_tree(tmp_path)
    before = snapshot(tmp_path)
    for name, act in another_disk(tmp_path).items():
        monkeypatch.setattr(disk, name, act)
    monkeypatch.setattr(disk, "copy_facts", lambda source, target: None)
    assert len(apply(plan, digest=digest).moved) == 5
    undo(tmp_path)
    assert snapshot(tmp_path) == before


@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="names that differ only in case")
def test_names_that_some_disks_cannot_tell_apart(tmp_path):
    write_tree(tmp_path, {"x.jpg": b"1", "X.JPG": b"1", "y": b"1"})
    before = snapshot(tmp_path)
    report = apply(plan_of(tmp_path, ("x.jpg", "y"), ("X.JPG", "y")), digest=digest)
    places = {Path(moved.to).relative_to(report.quarantine).as_posix() for moved in report.moved}
    assert places == {"files/x.jpg", "renamed/000001-0.JPG"}
    undo(tmp_path)
    assert snapshot(tmp_path) == before


@pytest.mark.skipif(sys.platform == "win32", reason="such names are not possible there")
def test_a_named_quarantine_serves_several_collections(tmp_path):
    aside = tmp_path / "deep" / "aside"
    folders = [tmp_path / name / "album" for name in ("one", "two")]
    for folder in folders:
        write_tree(folder, {"x:1?.jpg": b"1", "y": b"1"})
        before = snapshot(folder)
        report = apply(plan_of(folder, ("x:1?.jpg", "y")), digest=digest, quarantine=aside)
        assert Path(report.moved[0].to).parts[-2:] == ("renamed", "000000-0.jpg")
    assert len(list(aside.iterdir())) == 2
    for folder in folders:
        undo(folder)
        assert snapshot(folder) == before
    apply(plan_of(folders[0], ("x:1?.jpg", "y")), digest=digest, quarantine=aside)
    assert len(purge(folders[0], older_than_days=0).moved) == 1
    assert contents(aside) == set()


def test_a_quarantine_that_is_not_there_now(tmp_path):
    aside, folder = tmp_path / "stick", tmp_path / "album"
    write_tree(folder, {"x": b"1", "y": b"1"})
    before = snapshot(folder)
    apply(plan_of(folder, ("x", "y")), digest=digest, quarantine=aside)
    aside.rename(tmp_path / "unplugged")
    with pytest.raises(InputError, match="is not there") as caught:
        undo(folder)
    assert "again" in caught.value.mend
    assert purge(folder, older_than_days=0).moved == ()
    assert operations(folder)[0].state == "complete"
    (tmp_path / "unplugged").rename(aside)
    assert len(undo(folder).moved) == 1
    assert snapshot(folder) == before
