"""A writer that is killed at any moment loses at most its last batch."""

import random
import subprocess
import sys
from pathlib import Path

import numpy as np
from commit_until_done import main as commit_until_done
from made_pictures import D, check_whole

from lookalike.store.reader import IndexReader

COUNT, STEP, KILLS = 360, 8, 10
ROW_BYTES = 2 * D


def written(folder: Path) -> int:
    vectors = folder / "vectors-1.f16"
    return vectors.stat().st_size if vectors.is_file() else 0


def start_and_kill(folder: Path, at_bytes: int) -> bool:
    """Kill a child as soon as it has written so much; whether it was still at work."""
    script = Path(__file__).with_name("commit_until_done.py")
    child = subprocess.Popen([sys.executable, script, folder, str(COUNT), str(STEP)])
    try:
        while child.poll() is None and written(folder) < at_bytes:
            pass
    finally:
        child.kill()
    return child.wait() != 0


def test_killed_ten_times(tmp_path: Path) -> None:
    folder, rng = tmp_path / "killed", random.Random(7)
    kills = 0
    while kills < KILLS:
        kills += start_and_kill(folder, written(folder) + rng.randrange(1, 3 * STEP) * ROW_BYTES)
        with IndexReader.open(folder) as reader:
            assert reader.n_pictures == reader.n_files == len(reader.vectors())
            assert reader.n_pictures % STEP == 0  # whole batches only
        check_whole(folder)
    commit_until_done(folder, COUNT, STEP)
    commit_until_done(tmp_path / "undisturbed", COUNT, STEP)
    assert len(check_whole(folder)) == COUNT
    with IndexReader.open(folder) as one, IndexReader.open(tmp_path / "undisturbed") as other:
        assert list(one.all_entries()) == list(other.all_entries())
        assert np.array_equal(one.vectors(), other.vectors())


def test_the_killed_writers_lock_is_no_obstacle(tmp_path: Path) -> None:
    assert start_and_kill(tmp_path / "index", ROW_BYTES)
    commit_until_done(tmp_path / "index", COUNT, COUNT)
