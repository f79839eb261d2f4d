"""The quarantine is emptied only when told, and never of what may be the last copy."""

import errno
from pathlib import Path

import pytest
from clean_steps import Crash, Steps, arm
from clean_trees import digest, left_in_quarantine, plan_of, snapshot, write_tree

from lookalike.nouns.errors import InputError
from lookalike.quarantine import disk
from lookalike.quarantine.apply import apply
from lookalike.quarantine.purge import purge
from lookalike.quarantine.undo import operations, undo

DAY = 86_400.0
DAYS = 30 * DAY


@pytest.fixture
def folder(tmp_path) -> Path:
    """Two operations, ten days apart, of a picture with a sidecar and of another."""
    write_tree(tmp_path, {"a/x.jpg": b"1", "a/x.xmp": b"edits", "y.jpg": b"1", "z.jpg": b"1"})
    apply(plan_of(tmp_path, ("a/x.jpg", "z.jpg", "a/x.xmp")), digest=digest, now=DAYS)
    apply(plan_of(tmp_path, ("y.jpg", "z.jpg")), digest=digest, now=DAYS + 10 * DAY)
    return tmp_path


def states(folder: Path) -> list[str]:
    return [str(operation.state) for operation in operations(folder)]


def test_only_what_is_older_goes(folder):
    before = snapshot(folder)
    assert purge(folder, older_than_days=11, now=DAYS + 10 * DAY).operations == ()
    report = purge(folder, older_than_days=5, now=DAYS + 10 * DAY)
    assert {moved.path for moved in report.moved} == {"a/x.jpg", "a/x.xmp"}
    assert report.size_bytes == 6
    assert states(folder) == ["purged", "complete"]
    assert left_in_quarantine(folder) == ["y.jpg"]
    assert snapshot(folder) == before
    assert purge(folder, older_than_days=5, now=DAYS + 10 * DAY).moved == ()


def test_what_was_purged_cannot_be_undone_and_the_rest_can(folder):
    first = operations(folder)[0].id
    purge(folder, older_than_days=5, now=DAYS + 10 * DAY)
    with pytest.raises(InputError, match="purged"):
        undo(folder, first)
    assert [moved.path for moved in undo(folder).moved] == ["y.jpg"]
    assert undo(folder).moved == ()


def test_a_copy_that_may_be_the_last_is_kept(folder):
    (folder / "z.jpg").unlink()
    report = purge(folder, older_than_days=0, now=DAYS + 99 * DAY)
    assert report.moved == ()
    assert {skipped.path for skipped in report.skipped} == {"a/x.jpg", "y.jpg"}
    assert "last one" in report.skipped[0].reason
    assert len(undo(folder).moved) == 1


def test_a_keeper_that_went_into_a_quarantine_later_still_counts_where_its_bytes_are_the_same(
    tmp_path,
):
    write_tree(tmp_path, {"x": b"1", "w": b"like 1", "y": b"1", "z": b"1"})
    apply(plan_of(tmp_path, ("x", "y"), ("w", "y")), digest=digest, now=DAYS)
    apply(plan_of(tmp_path, ("y", "z")), digest=digest, now=DAYS + DAY)
    report = purge(tmp_path, older_than_days=0, now=DAYS)
    assert [moved.path for moved in report.moved] == ["x"]
    assert [skipped.path for skipped in report.skipped] == ["w"]
    assert states(tmp_path) == ["complete", "complete"]
    report = undo(tmp_path, operations(tmp_path)[0].id)
    assert [moved.path for moved in report.moved] == ["w"]
    assert [skipped.reason for skipped in report.skipped] == ["it was purged"]


def test_interrupted_and_undone_operations_are_never_purged(folder):
    undo(folder)
    with pytest.MonkeyPatch.context() as patch, pytest.raises(Crash):
        patch.setattr(disk, "remove", lambda path: Steps(1).step())
        patch.setattr(disk, "rename", lambda source, target: Steps(1).step())
        undo(folder)
    assert states(folder) == ["interrupted", "undone"]
    assert purge(folder, older_than_days=0, now=DAYS + 99 * DAY).moved == ()
    undo(folder)
    assert len(snapshot(folder)) == 6


def test_a_purge_that_was_broken_off_is_finished_by_the_next(folder):
    at, finished = 0, False
    while not finished:
        at += 1
        with pytest.MonkeyPatch.context() as patch:
            arm(patch, folder, Steps(at), two_disks=False)
            try:
                purge(folder, older_than_days=0, now=DAYS + 99 * DAY)
                finished = True
            except Crash:
                assert (folder / "z.jpg").exists()
    assert at > 10
    assert states(folder) == ["purged", "purged"]
    assert left_in_quarantine(folder) == []


def test_a_file_that_cannot_be_deleted(folder, monkeypatch):
    def remove(path: Path) -> None:
        raise PermissionError(errno.EACCES, "Permission denied", str(path))

    with monkeypatch.context() as patch:
        patch.setattr(disk, "remove", remove)
        with pytest.raises(InputError, match="Permission denied") as caught:
            purge(folder, older_than_days=0, now=DAYS + 99 * DAY)
    assert "purge again" in caught.value.mend
    assert len(purge(folder, older_than_days=0, now=DAYS + 99 * DAY).moved) == 3


@pytest.mark.parametrize("days", [-1, float("nan"), float("inf")])
def test_days_that_make_no_sense(folder, days):
    with pytest.raises(InputError, match="0 or more"):
        purge(folder, older_than_days=days)


def test_nothing_to_purge(tmp_path):
    assert purge(tmp_path, older_than_days=0).moved == ()
    assert list(tmp_path.iterdir()) == []
