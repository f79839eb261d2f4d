"""What is left alone, and why: nothing goes on the word of an old plan."""

import errno
import os
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from clean_trees import FILES, LINES, digest, plan_of, removal, small_tree, snapshot, write_tree

from lookalike.nouns.clean_plan import CleanPlan
from lookalike.nouns.errors import BusyIndex, InputError
from lookalike.quarantine import disk
from lookalike.quarantine.apply import apply
from lookalike.quarantine.layout import Home
from lookalike.quarantine.lock import one_at_a_time
from lookalike.quarantine.undo import operations, undo

needs_links = pytest.mark.skipif(sys.platform == "win32", reason="links need special rights there")


@pytest.fixture
def folder(tmp_path) -> Path:
    write_tree(tmp_path / "album", {"a/x.jpg": b"same", "y.jpg": b"same", "a/x.xmp": b"edits"})
    return tmp_path / "album"


@pytest.fixture
def plan(folder) -> CleanPlan:
    return plan_of(folder, ("a/x.jpg", "y.jpg", "a/x.xmp"))


def refusal(plan: CleanPlan, **options: object) -> str:
    """The reason why the only removal was left alone; nothing has changed, nothing to be undone."""
    before = snapshot(plan.folder)
    report = apply(plan, digest=digest, **options)
    assert report.moved == report.operations == ()
    assert report.undo == ""
    assert [skipped.path for skipped in report.skipped] == ["a/x.jpg"]
    assert snapshot(plan.folder) == before
    assert all(operation.state == "undone" for operation in operations(plan.folder))
    return report.skipped[0].reason


def make_changed(folder: Path, path: str) -> None:
    status = (folder / path).stat()
    (folder / path).write_bytes((folder / path).read_bytes().swapcase())
    os.utime(folder / path, ns=(status.st_atime_ns, status.st_mtime_ns))


def make_folder_of(folder: Path, path: str) -> None:
    (folder / path).unlink()
    (folder / path).mkdir()


def make_link_of(folder: Path, path: str) -> None:
    (folder / path).rename(folder / "moved")
    (folder / path).symlink_to(folder / "moved")


CHANGES = [
    ("a/x.jpg", lambda f, p: (f / p).unlink(), "it is gone"),
    ("y.jpg", lambda f, p: (f / p).unlink(), "the copy that stays, y.jpg, is gone"),
    ("a/x.xmp", lambda f, p: (f / p).unlink(), "companion a/x.xmp is gone"),
    ("a/x.jpg", make_changed, "it has changed since"),
    ("y.jpg", make_changed, "y.jpg, has changed since"),
    ("a/x.jpg", make_folder_of, "it is no file"),
    ("y.jpg", make_folder_of, "y.jpg, is no file"),
    ("a/x.jpg", lambda f, p: (f / p).chmod(0o440), "it is read-only"),
    ("a/x.xmp", lambda f, p: (f / p).chmod(0o440), "companion a/x.xmp is read-only"),
    pytest.param("a/x.jpg", make_link_of, "it is a link", marks=needs_links),
    pytest.param("y.jpg", make_link_of, "y.jpg, is a link", marks=needs_links),
    pytest.param("a/x.xmp", make_link_of, "companion a/x.xmp is a link", marks=needs_links),
]


@pytest.mark.parametrize(("path", "change", "why"), CHANGES)
def test_changes_since_the_plan(folder, plan, path, change, why):
    change(folder, path)
    assert why in refusal(plan)


def test_a_second_name_of_the_copy_that_stays(folder, plan):
    (folder / "a/x.jpg").unlink()
    os.link(folder / "y.jpg", folder / "a/x.jpg")
    assert "second name" in refusal(plan)
    assert "second name" in refusal(replace(plan), replace_with="hardlink")


@needs_links
def test_a_second_way_to_the_copy_that_stays(folder):
    (folder / "to a").symlink_to("a")
    made = removal(folder, "a/x.jpg", "y.jpg")
    plan = CleanPlan(folder, (replace(made, keeper="to a/x.jpg"),))
    assert "second name" in refusal(plan)


@needs_links
@pytest.mark.parametrize("line", [("a/x.jpg", "out/z.jpg"), ("out/z.jpg", "a/x.jpg")])
def test_files_behind_a_link_that_leads_out(folder, line):
    write_tree(folder.parent / "elsewhere", {"z.jpg": b"same"})
    (folder / "out").symlink_to(folder.parent / "elsewhere")
    report = apply(plan_of(folder, line), digest=digest)
    assert "leads out" in report.skipped[0].reason
    assert (folder.parent / "elsewhere/z.jpg").exists()


def test_a_second_name_of_an_earlier_keeper(folder):
    os.link(folder / "y.jpg", folder / "y2.jpg")
    (folder / "z.jpg").write_bytes(b"same")
    report = apply(plan_of(folder, ("a/x.jpg", "y.jpg"), ("y2.jpg", "z.jpg")), digest=digest)
    assert [moved.path for moved in report.moved] == ["a/x.jpg"]
    assert "second name of a copy" in report.skipped[0].reason


@pytest.mark.parametrize("protected", ["a", "A", "a/x.jpg", "a/x.xmp"])
def test_protected_places(folder, plan, protected):
    assert "protected" in refusal(replace(plan, protected=(protected,)))


def test_a_protected_place_is_a_whole_name(folder, plan):
    assert len(apply(replace(plan, protected=("a/x.jp",)), digest=digest).moved) == 2


def test_a_file_that_is_written_while_it_is_read(folder, plan):
    def writing(file):
        made = digest(file)
        with open(folder / "a/x.jpg", "ab") as other:
            other.write(b"more")
        return made

    report = apply(plan, digest=writing)
    assert "being changed" in report.skipped[0].reason


def test_a_file_that_cannot_be_read(folder, plan):
    def unreadable(file):
        raise PermissionError(errno.EACCES, "Permission denied")

    assert apply(plan, digest=unreadable).skipped[0].reason == (
        "it cannot be read: Permission denied"
    )


@pytest.mark.parametrize("denied", ["x.jpg", "x.xmp"])
def test_all_or_none_where_one_cannot_be_moved(folder, plan, denied, monkeypatch):
    real = disk.rename

    def rename(source: Path, target: Path) -> None:
        if source.name == denied and ".lookalike" not in source.parts:
            raise PermissionError(errno.EACCES, "Permission denied", str(source))
        real(source, target)

    monkeypatch.setattr(disk, "rename", rename)
    assert refusal(plan) == "it cannot be moved: Permission denied"
    assert undo(folder).moved == ()


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may do all")
def test_a_folder_that_is_read_only(folder, plan):
    (folder / "a").chmod(0o555)
    assert "cannot be moved" in refusal(plan)
    (folder / "a").chmod(0o755)


def test_the_same_plan_twice(folder, plan):
    assert len(apply(plan, digest=digest).moved) == 2
    report = apply(plan, digest=digest)
    assert [skipped.reason for skipped in report.skipped] == ["it is gone"]


def test_two_plans_that_want_each_others_copy(folder):
    first, second = (plan_of(folder, line) for line in (("a/x.jpg", "y.jpg"), ("y.jpg", "a/x.jpg")))
    assert len(apply(first, digest=digest).moved) == 1
    assert "is gone" in apply(second, digest=digest).skipped[0].reason
    assert (folder / "y.jpg").read_bytes() == b"same"


def test_only_equal_bytes_become_a_link(folder):
    (folder / "z.jpg").write_bytes(b"like it")
    report = apply(plan_of(folder, ("z.jpg", "y.jpg")), digest=digest, replace_with="hardlink")
    assert "bytes differ" in report.skipped[0].reason


def test_a_hard_link_takes_the_place_and_companions_stay(folder, plan):
    report = apply(plan, digest=digest, replace_with="hardlink")
    assert [moved.path for moved in report.moved] == ["a/x.jpg"]
    assert (folder / "a/x.jpg").samefile(folder / "y.jpg")
    assert (folder / "a/x.xmp").exists()


def test_a_disk_without_hard_links(folder, plan, monkeypatch):
    def link(source: Path, target: Path) -> None:
        raise OSError(errno.EPERM, "Operation not permitted", str(source))

    monkeypatch.setattr(disk, "link", link)
    assert "cannot be moved" in refusal(plan, replace_with="hardlink")
    apply(plan, digest=digest)
    assert len(undo(folder).moved) == 2


def test_the_report_says_where_and_how_to_undo(folder, plan):
    seen = []
    report = apply(plan, digest=digest, now=86_400.0, progress=lambda *at: seen.append(at))
    assert seen == [(0, 1), (1, 1)]
    assert report.operation == "0001-1970-01-02"
    assert report.undo == f"lookalike undo {folder} --operation 0001-1970-01-02"
    assert report.size_bytes == 9
    assert Path(report.moved[0].to).read_bytes() == b"same"
    assert report.moved[0].to == str(report.quarantine / "files/a/x.jpg")
    (operation,) = operations(folder)
    assert (operation.n_files, operation.size_bytes) == (2, 9)
    assert operation.to_dict()["when"] == "1970-01-02T00:00:00+00:00"


def test_one_at_a_time(folder, plan):
    with one_at_a_time(Home.of(folder)):
        for act in (lambda: apply(plan, digest=digest), lambda: undo(folder)):
            with pytest.raises((BusyIndex, InputError)) as caught:
                act()
            assert caught.value.mend or "nothing to undo" in str(caught.value)
    report = apply(plan, digest=digest)
    with one_at_a_time(Home.of(folder)), pytest.raises(BusyIndex):
        undo(folder)
    assert len(undo(folder).moved) == len(report.moved)


def test_an_empty_plan_leaves_no_operation(folder):
    report = apply(CleanPlan(folder, ()), digest=digest)
    assert report.operation == ""
    assert operations(folder) == []


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (lambda f: {"plan": CleanPlan(f / "none", ())}, "does not exist"),
        (lambda f: {"plan": CleanPlan(f / "y.jpg", ())}, "is a file"),
        (lambda f: {"quarantine": f / "inside"}, "inside the collection"),
        (lambda f: {"quarantine": f}, "inside the collection"),
        (lambda f: {"replace_with": "symlink"}, "hardlink only"),
    ],
)
def test_what_cannot_be_done_as_asked(folder, plan, change, why):
    options = {"plan": plan, **change(folder)}
    with pytest.raises(InputError, match=why) as caught:
        apply(options.pop("plan"), digest=digest, **options)
    assert caught.value.where


def test_the_trees_of_these_tests_are_what_they_say(tmp_path):
    plan = small_tree(tmp_path)
    assert plan.n_files == 5
    assert {line[0] for line in LINES} < FILES.keys()
