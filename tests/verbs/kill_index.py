"""Kill `index` at random moments and see what is left of it.

    python tests/verbs/kill_index.py --kills 200

An album is indexed by a child process that is killed, and started again, and killed, until one run
ends by itself; then files are moved, changed, added and deleted, and it begins anew on the index
that is there. After every kill the index must open and be sound; after every run that ended it must
hold what an index that nobody disturbed holds: rows, digests, facts, paths, hashes, vectors.
"""

import argparse
import os
import random
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1]))

from scenes import scene

import lookalike.store.compaction as compaction
import lookalike.verbs.describe as describe_module
import lookalike.verbs.index as index_module
from lookalike.store.reader import IndexReader

COUNT = 120
TORN, COPY, TEXT = range(3)
"""Every tenth file is one of these instead of a picture of its own."""


@dataclass(slots=True)
class Outcome:
    """How it went: kills while indexing, and how many of them found no index yet; runs compared."""

    kills: int = 0
    before_the_first_commit: int = 0
    part_way: int = 0
    compared: int = 0


def make_album(folder: Path) -> None:
    """120 small files: pictures, torn pictures, exact copies, texts; in three folders."""
    for number in range(COUNT):
        _put(folder / f"{number % 3}" / f"{number:03}.jpg", number, number)


def change_album(folder: Path, rng: random.Random, state: int) -> None:
    """Move a third of the files to a new folder, then delete, change and add some."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    (folder / f"moved-{state}").mkdir()
    for path in rng.sample(files, len(files) // 3):
        path.rename(folder / f"moved-{state}" / f"{path.parent.name}-{path.name}")
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    for number, path in enumerate(rng.sample(files, 40)):
        path.unlink()
        if number % 2:
            _put(path, number, 1000 * state + number)
    for number in range(20):
        _put(folder / f"moved-{state}" / f"new-{number}.jpg", number, 1000 * state + 500 + number)


def _put(path: Path, number: int, seed: int) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    scene(seed - 1 if number % 10 == COPY else seed, (80, 60)).save(path)
    if number % 10 == TEXT:
        path.write_text("no picture")
    elif number % 10 == TORN:
        os.truncate(path, path.stat().st_size // 2)


def index(folder: Path, place: Path, *, chunk: int) -> None:
    """`lookalike.index` with many small commits, and compacting at every chance."""
    describe_module.CHUNK = chunk
    index_module.COMMIT_FILES = chunk
    compaction.MIN_DEAD, compaction.MIN_SHARE = 3, 0.02
    index_module.index(folder, index=place, model="classic")  # ready in no time


def run_and_kill(folder: Path, place: Path, *, chunk: int, after_s: float) -> bool:
    """Index in a child and kill it `after_s` after it began; whether it was still at work."""
    child = subprocess.Popen(
        [sys.executable, __file__, "--child", folder, place, str(chunk)], stdout=subprocess.PIPE
    )
    with child:
        child.stdout.readline()
        try:
            child.wait(timeout=after_s)
        except subprocess.TimeoutExpired:
            child.kill()
    if child.returncode > 0 and os.name != "nt":
        raise SystemExit(f"the child failed by itself with exit code {child.returncode}")
    return child.returncode != 0


def check_sound(place: Path) -> int:
    """The index opens and everything in it fits together; how many files it knows."""
    with IndexReader.open(place) as reader:
        rows, hashes, _ = reader.hashes()
        entries = list(reader.all_entries())
        assert [entry.row for entry in entries] == rows.tolist()
        assert len(hashes) == reader.n_pictures <= len(reader.vectors())
        assert np.isfinite(reader.vectors()[rows]).all()
        known = reader.n_files + len(reader.failures()) + reader.counts().others
    db = sqlite3.connect(place / "index.sqlite")
    assert db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    db.close()
    return known


def assert_same(place: Path, undisturbed: Path) -> None:
    """Two indexes hold the same, row for row."""
    with IndexReader.open(place) as one, IndexReader.open(undisturbed) as other:
        assert list(one.all_entries()) == list(other.all_entries())
        assert one.failures() == other.failures()
        assert one.counts().others == other.counts().others
        for mine, theirs in zip(one.hashes(), other.hashes(), strict=True):
            assert np.array_equal(mine, theirs)
        rows = one.live_rows()
        assert np.array_equal(one.vectors()[rows], other.vectors()[rows])


def torture(folder: Path, *, kills: int, seed: int) -> Outcome:
    """Kill `kills` runs in an empty folder."""
    album, place, undisturbed = (folder / name for name in ("album", "index", "undisturbed"))
    rng, outcome = random.Random(seed), Outcome()
    make_album(album)
    while outcome.kills < kills:
        began = time.monotonic()
        index(album, undisturbed, chunk=8)
        whole_s = time.monotonic() - began
        while True:
            more = outcome.kills < kills
            after_s = rng.uniform(0, 1.2 * whole_s) if more else 60.0
            if not run_and_kill(album, place, chunk=rng.choice((2, 4, 8)), after_s=after_s):
                break
            outcome.kills += 1
            if not IndexReader.exists(place):
                outcome.before_the_first_commit += 1
                continue
            outcome.part_way += check_sound(place) > 0
        check_sound(place)
        assert_same(place, undisturbed)
        outcome.compared += 1
        if outcome.compared % 4 == 0:  # now and then from nothing
            shutil.rmtree(place)
            shutil.rmtree(undisturbed)
        else:
            change_album(album, rng, outcome.compared)
    return outcome


def main() -> None:
    """By hand."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        sys.stdout.write(f"{torture(Path(folder), kills=options.kills, seed=options.seed)}\n")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--child"]:
        sys.stdout.write("begin\n")
        sys.stdout.flush()
        index(Path(sys.argv[2]), Path(sys.argv[3]), chunk=int(sys.argv[4]))
    else:
        main()
