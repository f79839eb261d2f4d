"""Kept words: they come back, and nothing that is wrong with the file stops anybody."""

import sqlite3

import numpy as np

from lookalike.store.word_cache import NAME, WordCache

WORDS = {
    "00ff": (np.array([1, 65_535], np.uint16), np.array([2], np.uint16)),
    "0102": (np.zeros(0, np.uint16), np.zeros(0, np.uint16)),
}


def read(folder, version=1):
    with WordCache(folder, version) as cache:
        found = cache.read([*WORDS, "dead"])
    return {digest: [side.tolist() for side in pair] for digest, pair in found.items()}


def keep(folder, version=1):
    with WordCache(folder, version) as cache:
        cache.keep(WORDS)


KEPT = {"00ff": [[1, 65_535], [2]], "0102": [[], []]}


def test_what_is_kept_comes_back(tmp_path):
    keep(tmp_path)
    assert read(tmp_path) == KEPT


def test_words_of_another_version_are_forgotten(tmp_path):
    keep(tmp_path)
    assert read(tmp_path, version=2) == {}
    assert read(tmp_path, version=1) == {}


def test_a_damaged_file_is_made_anew(tmp_path):
    (tmp_path / NAME).write_bytes(b"no database at all" * 400)
    assert read(tmp_path) == {}
    keep(tmp_path)
    assert read(tmp_path) == KEPT


def test_without_a_folder_nothing_is_kept_and_nothing_fails(tmp_path):
    for folder in (None, tmp_path / "missing"):
        keep(folder)
        assert read(folder) == {}


def test_a_table_of_another_shape_is_no_reason_to_fail(tmp_path):
    with sqlite3.connect(tmp_path / NAME) as db:
        db.execute("CREATE TABLE words (digest BLOB)")
        db.execute("PRAGMA user_version = 1")
    db.close()
    keep(tmp_path)
    assert read(tmp_path) == {}
