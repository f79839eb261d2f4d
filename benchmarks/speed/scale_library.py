"""What `scale.py` measures of verbs on a whole library: each task in a process of its own."""

import tempfile
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from made_library import make_library, scene
from memory import peak_mb
from scale_tasks import Row, Watch, timed

import lookalike
from lookalike.nouns.alignment import Alignment
from lookalike.store.reader import IndexReader
from lookalike.verbs import copies as copies_module
from lookalike.verbs.doubtful import Doubt, Overlay
from lookalike.verbs.duplicates import duplicates

PICTURES, COPIES, LOOKED_AT = 10_000, 10, 200


def make(folder: Path, n: int) -> Row:
    """The library that the other tasks read."""
    return timed(lambda: make_library(folder, n))


def opening(folder: Path, n: int) -> Row:
    """Opening the index."""
    return timed(lambda: IndexReader.open(folder / ".lookalike").close())


def info(folder: Path, n: int) -> Row:
    return timed(lambda: lookalike.info(folder))


def searching(folder: Path, n: int) -> Row:
    """`search` for one picture, from nothing in memory to the hits."""
    source = lookalike.Source(folder, as_is=True)
    return timed(lambda: lookalike.search([folder / "0000" / "123.jpg"], source))


class Counting(Overlay):
    """Lays only the first doubtful pairs over each other, and counts them all."""

    n = 0
    seconds = 0.0
    busy_s = 0.0

    def look(self, doubts: Sequence[Doubt]) -> list[Alignment | None]:
        """Those that are not laid over each other have no alignment."""
        some = list(doubts)[: max(0, LOOKED_AT - Counting.n)]
        watch = Watch()
        found = list(super().look(some))
        Counting.seconds += watch.read()["value"]
        Counting.busy_s += watch.read()["busy_s"]
        Counting.n += len(doubts)
        return found + [None] * (len(doubts) - len(some))


def finding(folder: Path, n: int) -> Row:
    """`duplicates`, but most doubtful pairs are only counted; `look_ms` is what each would cost."""
    copies_module.Overlay = Counting  # type: ignore[misc]
    watch = Watch()
    report = duplicates(lookalike.Source(folder, as_is=True))
    row, looked = watch.read(), max(min(Counting.n, LOOKED_AT), 1)
    return {
        "value": row["value"] - Counting.seconds,
        "busy_s": row["busy_s"] - Counting.busy_s,
        "doubtful": Counting.n,
        "look_ms": Counting.seconds / looked * 1000,
        "look_busy_ms": Counting.busy_s / looked * 1000,
        "groups": len(report.groups),
    }


def _save(where: tuple[str, int]) -> None:
    folder, number = where
    of = number - 1 if number % COPIES == 1 else number
    scene(of).save(Path(folder, f"{number:05}.jpg"), quality=90 if of == number else 60)


def pictures(folder: Path, n: int) -> Row:
    """End to end: index a folder of made pictures and find its copies, all looks included."""
    with tempfile.TemporaryDirectory() as made:
        with ProcessPoolExecutor() as pool:
            list(pool.map(_save, ((made, number) for number in range(n)), chunksize=100))
        watch = Watch()
        lookalike.index(made)
        indexed = watch.read()["value"]
        report = duplicates(lookalike.Source(made, as_is=True))
        row = watch.read()
    true = {f"{number:05}.jpg" for number in range(1, n, COPIES)}
    right = [g for g in report.groups if _is_right({m.path for m in g.members})]
    return {
        **row,
        "index_s": indexed,
        "groups": len(report.groups),
        "recall": len(right) / len(true),
        "peak_mb": peak_mb(),
    }


def _is_right(paths: set[str]) -> bool:
    """Whether a group is a picture and its one copy."""
    first, *others = sorted(int(path[:-4]) for path in paths)
    return first % COPIES == 0 and others == [first + 1]
