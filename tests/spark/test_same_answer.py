"""One process, four shares and Spark answer alike, also when an executor is killed midway."""

import os
import shutil
import sys

import pytest
from killing import KillingSource
from same_answer import (
    contents,
    copies,
    neighbours,
    spark_contents,
    spark_copies,
    spark_neighbours,
)

from lookalike.spark import copies as copies_module
from lookalike.spark import duplicates, index, indexing
from lookalike.spark.sources import source_of


@pytest.fixture(scope="module")
def found(work):
    return copies(work / "album", work / "one")


def test_the_indexes_hold_the_same(spark, work):
    one = contents(work / "one")
    assert contents(work / "four") == one
    assert spark_contents(spark, str(work / "table")) == one


def test_every_picture_has_the_same_neighbours(spark, work, tmp_path):
    one = neighbours(work / "one")
    assert neighbours(work / "four") == one
    assert spark_neighbours(spark, str(work / "table"), str(tmp_path / "out")) == one


def test_pairs_verdicts_and_groups_are_the_same(spark, work, found, tmp_path):
    assert copies(work / "album", work / "four") == found
    pairs, groups = found
    rungs = {pair[4] for pair in pairs}
    assert rungs >= {"bytes", "pixels", "hash", "geometry"} and len(groups) >= 5
    out = str(tmp_path / "out")
    report = duplicates(spark, str(work / "table"), out, least_probability=0.5)
    assert spark_copies(spark, out) == found
    assert (report.n_groups, report.n_pairs, report.n_unreadable) == (len(groups), len(pairs), 1)
    failed = spark.read.parquet(f"{out}/failures").collect()
    assert [row.path for row in failed] == ["torn [1].jpg"]
    assert sorted(os.listdir(out)) == ["failures", "groups", "pairs"]


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="finds the executor in /proc")
def test_an_executor_killed_midway_changes_nothing(spark, work, found, tmp_path, monkeypatch):
    marks = [tmp_path / "first", tmp_path / "second"]
    # The second is laid over its original, so its file is read again for that.
    for module, victim, mark in (
        (indexing, "0/_00000.jpg", marks[0]),
        (copies_module, "1/_00019.jpg", marks[1]),
    ):
        monkeypatch.setattr(
            module,
            "source_of",
            lambda session, source, victim=victim, mark=mark: KillingSource(
                source_of(session, source), victim, mark
            ),
        )
    table, out = str(tmp_path / "table"), str(tmp_path / "out")
    index(spark, str(work / "album"), table)
    assert spark_contents(spark, table) == contents(work / "one")
    duplicates(spark, table, out, least_probability=0.5)
    assert spark_copies(spark, out) == found
    killed = {mark.read_text() for mark in marks}
    assert len(killed) == 2 and not any(os.path.exists(f"/proc/{pid}") for pid in killed)


def test_what_is_done_is_not_done_again(spark, work, tmp_path):
    album, table = tmp_path / "album", str(tmp_path / "table")
    shutil.copytree(work / "album", album)
    shutil.copytree(work / "table", table)
    report = index(spark, str(album), table)
    assert (report.added, report.linked, report.vanished) == (0, 0, 0)
    (album / "1" / "_00001.jpg").unlink()
    shutil.copyfile(album / "again.jpg", album / "2" / "more.jpg")
    report = index(spark, str(album), table)
    assert (report.added, report.linked, report.vanished) == (0, 1, 1)
    held, failed = spark_contents(spark, table)
    paths = {path for paths, *_ in held.values() for path in paths}
    assert "1/_00001.jpg" not in paths and {"2/more.jpg", "again.jpg"} <= paths
    assert len(failed) == 1
