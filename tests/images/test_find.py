"""Every file is found once, in one order, whatever lies in the way."""

import inspect
import os
import socket
import stat
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lookalike.images import find
from lookalike.images.find import find_files
from lookalike.nouns.errors import InputError

POSIX = pytest.mark.skipif(os.name == "nt", reason="Windows allows no such names and files")


def grow(root, *names):
    for name in names:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)
    return root


def found(root, **options):
    return [stamp.path.relative_to(root).as_posix() for stamp in find_files(root, **options)]


def link(path, target):
    try:
        path.symlink_to(target, target_is_directory=target.is_dir())
    except OSError:
        pytest.skip("this system refuses links")


def test_the_order_is_that_of_name_bytes_folder_by_folder(tmp_path):
    grow(tmp_path, "b/2", "b/10", "a.jpg", "B.jpg", "b.jpg", "c/d/e/f", "é", "zz")
    assert found(tmp_path) == ["B.jpg", "a.jpg", "b/10", "b/2", "b.jpg", "c/d/e/f", "zz", "é"]


NAMES = st.text("ab.é ", min_size=1, max_size=4).filter(lambda name: name.strip(". ") == name)
TREES = st.recursive(
    st.just(None), lambda inner: st.dictionaries(NAMES, inner, max_size=4), max_leaves=15
)


def plant(folder, tree):
    for name, inner in tree.items():
        if inner is None:
            (folder / name).write_bytes(b"x")
        else:
            (folder / name).mkdir()
            plant(folder / name, inner)


@settings(max_examples=40, deadline=None)
@given(TREES)
def test_all_files_of_any_tree_are_found_once(tmp_path_factory, tree):
    root = tmp_path_factory.mktemp("tree")
    plant(root, tree or {})
    walked = [Path(f, name) for f, _, names in os.walk(root) for name in names]
    stamps = list(find_files(root))
    assert sorted(stamp.path for stamp in stamps) == sorted(walked)
    assert [s.path for s in stamps] == [s.path for s in find_files(root)]


def test_stamps_tell_size_and_time(tmp_path):
    grow(tmp_path, "abc")
    os.utime(tmp_path / "abc", ns=(1, 1_500_000_000_123_456_700))
    (stamp,) = find_files(tmp_path)
    assert stamp.path == tmp_path / "abc"
    assert stamp.size_bytes == 3
    assert stamp.mtime_ns == (tmp_path / "abc").stat().st_mtime_ns


def test_hidden_files_and_the_own_folder_are_left_out(tmp_path):
    grow(tmp_path, ".hidden.jpg", ".git/a", ".lookalike/index", "sub/.lookalike/x", "sub/a", "a")
    assert found(tmp_path) == ["a", "sub/a"]


def test_the_hidden_mark_of_the_file_system_counts():
    class Marked:
        st_file_attributes = stat.FILE_ATTRIBUTE_HIDDEN

    class Plain:
        st_flags = 0

    assert find._is_marked_hidden(Marked())
    assert not find._is_marked_hidden(Plain())


def test_what_is_skipped_is_left_out(tmp_path, monkeypatch):
    grow(tmp_path, "a/1", "b/2", "b/3", "c")
    monkeypatch.chdir(tmp_path)
    skip = [Path("a"), tmp_path / "b" / ".." / "b" / "2", tmp_path / "does not exist"]
    assert found(tmp_path, skip=skip) == ["b/3", "c"]


def test_a_single_file_is_found_even_if_hidden(tmp_path):
    grow(tmp_path, ".a")
    assert [stamp.path for stamp in find_files(tmp_path / ".a")] == [tmp_path / ".a"]


def test_a_root_that_is_hidden_is_walked(tmp_path):
    grow(tmp_path, ".album/a")
    assert found(tmp_path / ".album") == ["a"]


def test_a_relative_root_gives_relative_paths(tmp_path, monkeypatch):
    grow(tmp_path, "x/a")
    monkeypatch.chdir(tmp_path)
    assert [stamp.path for stamp in find_files(Path("x"))] == [Path("x/a")]


@pytest.mark.parametrize("name", ["missing", "nul\0byte"])
def test_a_missing_root(tmp_path, name):
    with pytest.raises(InputError) as caught:
        find_files(tmp_path / name)
    assert caught.value.where == str(tmp_path / name)
    assert caught.value.mend


def test_loops_of_links_end(tmp_path):
    grow(tmp_path, "a/b/1")
    link(tmp_path / "a" / "b" / "up", tmp_path)
    link(tmp_path / "a" / "here", tmp_path / "a")
    assert found(tmp_path) == ["a/b/1"]


def test_a_folder_outside_is_entered_once(tmp_path):
    root, outside = tmp_path / "root", tmp_path / "outside"
    grow(root, "a")
    grow(outside, "1", "in/2")
    link(outside / "in" / "back", outside)
    link(root / "first", outside)
    link(root / "second", outside)
    link(root / "third", outside / "in")
    assert found(root) == ["a", "first/1", "first/in/2"]


def test_a_file_is_found_at_its_own_place_and_not_at_links_to_it(tmp_path):
    root, outside = tmp_path / "root", tmp_path / "outside"
    grow(root, "z/photo", ".store/kept")
    grow(outside, "far")
    link(root / "a", root / "z" / "photo")
    link(root / "b", outside / "far")
    link(root / "c", outside / "far")
    link(root / "d", root / ".store" / "kept")
    link(root / "e", root / "z")
    assert found(root) == ["b", "d", "z/photo"]


def test_a_root_reached_by_a_link_is_walked(tmp_path):
    grow(tmp_path / "real", "a", "b/c")
    link(tmp_path / "real" / "b" / "again", tmp_path / "real" / "a")
    link(tmp_path / "root", tmp_path / "real")
    assert found(tmp_path / "root") == ["a", "b/c"]


def test_broken_links_are_left_out_without_a_word(tmp_path):
    failures = []
    grow(tmp_path, "a")
    link(tmp_path / "nowhere", tmp_path / "gone")
    link(tmp_path / "ring", tmp_path / "ring")
    assert found(tmp_path, on_failure=failures.append) == ["a"]
    assert failures == []


@POSIX
def test_pipes_sockets_and_devices_are_left_out_unopened(tmp_path, monkeypatch):
    grow(tmp_path, "a")
    os.mkfifo(tmp_path / "pipe")
    link(tmp_path / "device", Path("/dev/zero"))
    monkeypatch.chdir(tmp_path)  # the address of a socket must be short
    with socket.socket(socket.AF_UNIX) as plug:
        plug.bind("plug")
        assert found(tmp_path) == ["a"]
    with pytest.raises(InputError, match="neither a folder nor a file"):
        find_files(tmp_path / "pipe")


@POSIX
def test_any_name_is_found(tmp_path):
    names = [
        b"sp ace",
        b"new\nline",
        b"tab\t",
        b"\xff\xfe.jpg",
        b"\x80",
        b"\xc3\xa9",
        b"\xc3\x28",
        b"-rf",
        b"*?",
    ]
    kept = []
    for name in names:
        try:
            Path(os.fsdecode(os.path.join(os.fsencode(tmp_path), name))).write_bytes(b"x")
            kept.append(name)
        except OSError:
            assert sys.platform == "darwin"  # where names must be UTF-8
    stamps = list(find_files(tmp_path))
    assert [os.fsencode(stamp.path.name) for stamp in stamps] == sorted(kept)
    assert all(stamp.path.read_bytes() == b"x" for stamp in stamps)


def test_a_folder_that_may_not_be_listed_is_reported(tmp_path, monkeypatch):
    grow(tmp_path, "a/1", "locked/2", "z")
    real = os.scandir

    def scandir(path):
        if os.path.basename(path) == "locked":
            raise PermissionError(13, "Permission denied", path)
        return real(path)

    monkeypatch.setattr(find.os, "scandir", scandir)
    failures = []
    assert found(tmp_path, on_failure=failures.append) == ["a/1", "z"]
    assert [failure.path for failure in failures] == [tmp_path / "locked"]
    assert "Permission denied" in failures[0].reason
    assert found(tmp_path) == ["a/1", "z"]
    with pytest.raises(InputError):
        find_files(tmp_path / "locked")


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root may list all")
def test_a_folder_that_truly_may_not_be_listed(tmp_path):
    grow(tmp_path, "locked/1", "z")
    (tmp_path / "locked").chmod(0)
    try:
        assert found(tmp_path) == ["z"]
    finally:
        (tmp_path / "locked").chmod(0o700)


def test_files_that_vanish_during_the_walk_are_left_out(tmp_path):
    grow(tmp_path, "a", "b", "c/1")
    walk = find_files(tmp_path)
    assert next(walk).path.name == "a"
    (tmp_path / "b").unlink()
    (tmp_path / "c" / "1").unlink()
    (tmp_path / "c").rmdir()
    assert list(walk) == []


def test_the_walk_streams(tmp_path, monkeypatch):
    grow(tmp_path, "a/1", "b/2", "c/3")
    listed = []
    real = os.scandir
    monkeypatch.setattr(find.os, "scandir", lambda path: listed.append(path) or real(path))
    next(find_files(tmp_path))
    assert len(listed) == 2


@POSIX
def test_a_deep_tree_needs_no_recursion(tmp_path):
    depth = 300
    grow(tmp_path, "/".join(["d"] * depth) + "/leaf")
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(200 + len(inspect.stack()))
    try:
        assert len(list(find_files(tmp_path))) == 1
    finally:
        sys.setrecursionlimit(limit)
