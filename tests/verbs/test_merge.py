"""Shares of a folder: what several processes made is what one would have made."""

import os
import shutil
import sqlite3
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scenes import album_of_copies, scene

import lookalike
from lookalike.nouns.shard import Shard, share_of
from lookalike.store.layout import path_to_bytes
from lookalike.store.merging import walk_order
from lookalike.store.reader import IndexReader

TABLES = ("about", "pictures", "hashes", "dead", "answers")
SPLIT = "import sys, lookalike; lookalike.index(sys.argv[1], shard=sys.argv[2], threads=1)"


def tables(index):
    """The vector file and every row of every table; files by path, for their numbers differ.

    A run numbers files in the order of its commits, which follow the clock.
    """
    db = sqlite3.connect(index / "index.sqlite")
    found = db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
    names = {name for (name,) in found}
    held = {
        name: db.execute(f"SELECT * FROM {name}").fetchall() for name in TABLES if name in names
    }
    held["files"] = db.execute(
        "SELECT path, size, mtime_ns, row, reason FROM files ORDER BY path"
    ).fetchall()
    assert db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    db.close()
    return held, (index / "vectors-1.f16").read_bytes()


@pytest.fixture
def album(tmp_path):
    """Names that sort otherwise than their paths do, and copies in folders apart."""
    folder = album_of_copies(tmp_path / "album")
    for number, name in enumerate(("a b", "a", "a-b", "ä"), start=40):
        (folder / name).mkdir()
        scene(number, (160, 120)).save(folder / name / "one.jpg")
        shutil.copyfile(folder / "f.jpg", folder / name / "copy of f.jpg")
    scene(50, (160, 120)).save(folder / "a.png")
    return folder


@pytest.mark.parametrize("total", [1, 3, 12])
def test_merged_shares_are_what_one_run_makes(album, tmp_path, total):
    lookalike.index(album, index=tmp_path / "single")
    place = tmp_path / "many"
    for number in range(total, 0, -1):
        lookalike.index(album, index=place, shard=f"{number}/{total}", threads=1)
    report = lookalike.merge(album, index=place)
    assert tables(place) == tables(tmp_path / "single")
    single = lookalike.info(album, index=tmp_path / "single")
    assert (report.n_files, report.n_pictures) == (single.n_files, single.n_pictures)
    assert report.failed == single.failed
    assert lookalike.index(album, index=place).unchanged == 27


def test_shares_made_by_processes_at_the_same_time(album, tmp_path):
    words = [sys.executable, "-c", SPLIT, str(album)]
    children = [subprocess.Popen([*words, f"{number}/3"]) for number in (1, 2, 3)]
    assert [child.wait() for child in children] == [0, 0, 0]
    lookalike.merge(album)
    lookalike.index(album, index=tmp_path / "single")
    assert tables(album / ".lookalike") == tables(tmp_path / "single")
    assert (album / ".lookalike" / ".gitignore").read_text() == "*\n"


def test_a_share_goes_on_where_it_was_stopped(album, tmp_path):
    def stop(done, total):
        if done >= 4:
            raise KeyboardInterrupt

    place = tmp_path / "many"
    with pytest.raises(KeyboardInterrupt):
        lookalike.index(album, index=place, shard="1/2", progress=stop)
    lookalike.index(album, index=place, shard="2/2")
    with pytest.raises(lookalike.InputError, match="not done") as caught:
        lookalike.merge(album, index=place)
    assert "--shard 1/2" in caught.value.mend
    assert not IndexReader.exists(place)
    assert lookalike.index(album, index=place, shard="1/2").unchanged >= 4
    lookalike.merge(album, index=place)
    lookalike.index(album, index=tmp_path / "single")
    assert tables(place) == tables(tmp_path / "single")


def test_a_merge_that_is_stopped_counts_not_at_all(album, tmp_path):
    for number in (1, 2):
        lookalike.index(album, shard=f"{number}/2")

    def stop(done, total):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        lookalike.merge(album, progress=stop)
    with IndexReader.open(album / ".lookalike") as reader:
        assert (reader.n_files, reader.n_pictures, len(reader.vectors())) == (0, 0, 0)
    lookalike.merge(album)
    lookalike.index(album, index=tmp_path / "single")
    assert tables(album / ".lookalike") == tables(tmp_path / "single")


def test_a_second_round_reads_what_is_new_and_keeps_answers(album, tmp_path, decodes):
    for number in (1, 2):
        lookalike.index(album, shard=f"{number}/2")
    lookalike.merge(album)
    lookalike.tune(album, not_same=[("c.jpg", "c-small.jpg")])
    scene(60, (160, 120)).save(album / "new.jpg")
    (album / "h.jpg").unlink()
    decodes.clear()
    reports = [lookalike.index(album, shard=f"{number}/2") for number in (1, 2)]
    assert (sum(r.added for r in reports), sum(r.vanished for r in reports)) == (1, 1)
    assert len(decodes) == 1
    with pytest.raises(lookalike.InputError, match="already") as caught:
        lookalike.merge(album)
    assert "--rebuild" in caught.value.mend
    lookalike.merge(album, rebuild=True)
    lookalike.index(album, index=tmp_path / "single")
    merged, vectors = tables(album / ".lookalike")
    kept = merged.pop("answers", [])
    assert (merged, vectors) == tables(tmp_path / "single")
    assert len(kept) == 1


def shards(album, place, *cuts):
    for cut in cuts:
        lookalike.index(album, index=place, shard=cut)
    return [place / "shards" / cut.replace("/", "-of-") for cut in cuts]


@pytest.mark.parametrize(
    ("cuts", "named", "what", "mend"),
    [
        ((), (), "no shares", "--shard 1/2"),
        (("1/3", "3/3"), (), "1 of 3 shares are missing, the first of them 2/3", "--shard 2/3"),
        (("1/2", "2/2"), (0, 1, 1), "2/2 comes twice", "leave it out"),
        (("1/2", "2/2", "1/3"), (), "Shares of 2 and of 3", "one cut"),
    ],
)
def test_shares_that_do_not_fit_are_refused(album, tmp_path, cuts, named, what, mend):
    made = shards(album, tmp_path / "many", *cuts)
    with pytest.raises(lookalike.InputError, match=what) as caught:
        lookalike.merge(album, [made[i] for i in named], index=tmp_path / "many")
    assert mend in caught.value.mend


def test_shares_of_another_folder_or_of_an_older_state_are_refused(album, tmp_path):
    shards(album, tmp_path / "many", "1/2", "2/2")
    other = album_of_copies(tmp_path / "other")
    with pytest.raises(lookalike.InputError, match="1/2 is of another folder"):
        lookalike.merge(other, index=tmp_path / "many")
    changed = next(
        path for path in sorted(album.glob("*.jpg")) if share_of(path_to_bytes(path.name), 2) == 2
    )
    os.utime(changed, ns=(1, 1))
    with pytest.raises(lookalike.InputError, match=r"2/2 .* files have changed") as caught:
        lookalike.merge(album, index=tmp_path / "many")
    assert "--shard 2/2" in caught.value.mend
    lookalike.index(album, index=tmp_path / "many", shard="2/2")
    lookalike.merge(album, index=tmp_path / "many")


def test_shares_of_two_models_are_refused(album, tmp_path, tiny_model):
    lookalike.index(album, index=tmp_path / "many", shard="1/2")
    lookalike.index(album, index=tmp_path / "many", shard="2/2", model=tiny_model)
    with pytest.raises(lookalike.WrongIndex, match="2/2 was made by the model 'tiny'") as caught:
        lookalike.merge(album, index=tmp_path / "many")
    assert "--model built-in --rebuild" in caught.value.mend


def test_an_index_that_is_no_share_is_refused(album, tmp_path):
    lookalike.index(album, index=tmp_path / "plain")
    with pytest.raises(lookalike.InputError, match="it is no share"):
        lookalike.merge(album, [tmp_path / "plain"], index=tmp_path / "many")


def test_shares_lie_where_the_index_would(album, tmp_path):
    place = album / "visible"
    shards(album, place, "1/2", "2/2")
    assert lookalike.merge(album, index=place).index == place
    assert lookalike.index(album, index=place).unchanged == 27


@pytest.mark.parametrize("text", ["0/2", "3/2", "1", "a/b", "1/0", "-1/2", "1/99999", ""])
def test_what_is_no_share_is_refused(album, text):
    with pytest.raises(lookalike.InputError, match="2/4"):
        lookalike.index(album, shard=text)


names = st.text(st.characters(codec="utf-8", exclude_characters="/\0"), min_size=1, max_size=3)
paths = st.lists(names, min_size=1, max_size=3)


@given(st.lists(paths, max_size=12))
def test_the_order_of_a_walk_is_that_of_names_folder_by_folder(found):
    stored = ["/".join(parts) for parts in found]
    by_parts = sorted(stored, key=lambda path: [part.encode() for part in path.split("/")])
    assert sorted(stored, key=lambda path: walk_order(path.encode())) == by_parts


@given(st.integers(1, 50), st.binary(min_size=1))
def test_a_file_belongs_to_exactly_one_share(total, stored):
    assert sum(Shard(number, total).holds(stored) for number in range(1, total + 1)) == 1


def test_shares_are_of_nearly_one_size():
    counts = [0] * 8
    for number in range(8_000):
        counts[share_of(f"2024/{number // 100}/IMG_{number:05}.jpg".encode(), 8) - 1] += 1
    assert max(counts) < 1.15 * min(counts) + 50
