"""Cleaning and undoing is as if nothing had happened, whatever the tree looks like."""

import os
import shutil
import sys
import tempfile
from pathlib import Path

import pytest
from clean_trees import (
    another_disk,
    contents,
    digest,
    left_in_quarantine,
    plan_of,
    snapshot,
    write_tree,
)
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lookalike.nouns.clean_plan import CleanPlan
from lookalike.quarantine import disk
from lookalike.quarantine.apply import apply
from lookalike.quarantine.undo import undo

NAMES = st.sampled_from(
    ["a", "A", "b.jpg", "B.JPG", "\xe9.png", "e\u0301.png", " x .tif", "n" * 250]
)
PATHS = st.lists(NAMES, min_size=1, max_size=4).map("/".join)
BYTES = st.binary(max_size=6)


@st.composite
def trees(draw: st.DrawFn) -> tuple[dict[str, bytes], list[tuple[str, ...]]]:
    """Files, of which no path is the folder of another, and lines of a plan over them."""
    drawn = draw(st.dictionaries(PATHS, BYTES, min_size=2, max_size=8))
    folders = {parent for path in drawn for parent in map(str, Path(path).parents)}
    files = {path: content for path, content in drawn.items() if path not in folders}
    names = draw(st.permutations(sorted(files)))
    n_kept = draw(st.integers(1, len(names)))
    kept, going = names[:n_kept], names[n_kept:]
    return files, [(path, draw(st.sampled_from(kept))) for path in going]


@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="names that differ only in case")
@given(trees(), st.booleans(), st.sampled_from([None, "hardlink"]))
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
def test_apply_then_undo_changes_nothing(quick_path, tree, two_disks, replace_with):
    files, lines = tree
    folder = Path(tempfile.mkdtemp(dir=quick_path))
    write_tree(folder, files)
    plan = CleanPlan.from_dict(plan_of(folder, *lines).to_dict())
    before, everything = snapshot(folder), contents(folder)
    with pytest.MonkeyPatch.context() as patch:
        for name, act in another_disk(folder).items() if two_disks else ():
            patch.setattr(disk, name, act)
        report = apply(plan, digest=digest, replace_with=replace_with)
        assert everything <= contents(folder)
        gone = {moved.path for moved in report.moved}
        assert gone | {skipped.path for skipped in report.skipped} == {line[0] for line in lines}
        if replace_with is None:
            assert gone == {line[0] for line in lines}
            kept = {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()}
            assert {p for p in kept if not p.startswith(".lookalike")} == files.keys() - gone
        if lines and gone:
            again = undo(folder)
            assert {moved.path for moved in again.moved} == gone
            assert all(moved.to == moved.path for moved in again.moved)
    assert snapshot(folder) == before
    assert left_in_quarantine(folder) == []
    shutil.rmtree(folder)


@given(st.lists(st.sampled_from(["first", "second", "third"]), max_size=6))
@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
def test_several_operations_are_undone_in_turn(quick_path, order):
    """Any plans one after the other: the pictures stay reachable, and n undoings bring all back."""
    folder = Path(tempfile.mkdtemp(dir=quick_path))
    write_tree(folder, {name: b"same" for name in ("x", "y", "z")})
    lines = {"first": ("x", "y"), "second": ("y", "z"), "third": ("z", "x")}
    plans = {name: plan_of(folder, line) for name, line in lines.items()}
    before, made = snapshot(folder), 0
    for name in order:
        report = apply(plans[name], digest=digest)
        assert len(report.moved) + len(report.skipped) == 1
        made += bool(report.operation)
        assert any((folder / name).exists() for name in "xyz")
    for _ in range(made):
        assert len(undo(folder).moved) == 1
    assert snapshot(folder) == before
    shutil.rmtree(folder)


def test_names_that_are_no_text(tmp_path):
    name = os.fsdecode(b"caf\xe9.jpg")
    try:
        write_tree(tmp_path, {name: b"1", "keeper.jpg": b"1"})
    except (OSError, UnicodeError):
        pytest.skip("this system has no such names")
    before = snapshot(tmp_path)
    plan = CleanPlan.from_dict(plan_of(tmp_path, (name, "keeper.jpg")).to_dict())
    assert [moved.path for moved in apply(plan, digest=digest).moved] == [name]
    assert not (tmp_path / name).exists()
    undo(tmp_path)
    assert snapshot(tmp_path) == before


def test_a_path_that_is_too_long_for_the_quarantine(tmp_path):
    n_folders, rest = divmod(3980 - len(str(tmp_path)), 201)
    deep = "d" * 200 + "/" + ("d" * 200 + "/") * (n_folders - 1) + "x" * rest + ".jpg"
    try:
        write_tree(tmp_path, {deep: b"1", "keeper.jpg": b"1"})
    except OSError:
        pytest.skip("this system has no such long paths")
    before = snapshot(tmp_path)
    report = apply(plan_of(tmp_path, (deep, "keeper.jpg")), digest=digest)
    assert Path(report.moved[0].to).parent.name == "renamed"
    undo(tmp_path)
    assert snapshot(tmp_path) == before


def test_a_collection_that_never_had_an_index(tmp_path):
    write_tree(tmp_path, {"a": b"1", "b": b"1"})
    for folder in (tmp_path / ".lookalike/quarantine", tmp_path / ".lookalike"):
        folder.rmdir()
    os.utime(tmp_path, ns=(5, 5))
    before = snapshot(tmp_path)
    apply(plan_of(tmp_path, ("a", "b")), digest=digest)
    assert (tmp_path / ".lookalike/.gitignore").read_text() == "*\n"
    undo(tmp_path)
    assert snapshot(tmp_path) == before
