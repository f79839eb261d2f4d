"""What `scale.py` measures of verbs on a whole library: each task in a process of its own."""

import os
import random
import tempfile
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from made_library import make_library
from memory import held_mb, peak_mb
from PIL import Image
from scale_tasks import Row, Watch, timed

import lookalike
from lookalike.nouns.alignment import Alignment
from lookalike.store.reader import IndexReader
from lookalike.verbs import copies as copies_module
from lookalike.verbs.doubtful import Doubt, Overlay
from lookalike.verbs.duplicates import duplicates

PICTURES, LOOKED_AT = 10_000, 200
PHOTOS = ("clothing", "flowers", "groceries", "imagenet-sample", "weather")


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


def mapping(folder: Path, n: int) -> Row:
    """`map`, without its page."""
    return timed(lambda: lookalike.map_pictures(lookalike.Source(folder, as_is=True)))


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


def _photographs() -> list[Path]:
    """Photographs of many kinds, in an order that mixes them."""
    data = Path(os.environ["LOOKALIKE_DATA"])
    found = sorted(path for name in PHOTOS for path in (data / name).rglob("*.jpg"))
    random.Random(0).shuffle(found)
    return found


def _save(where: tuple[str, int, Path]) -> None:
    """A photograph of 320 pixels, and a smaller copy of it."""
    folder, number, photograph = where
    with Image.open(photograph) as opened:
        picture = opened.convert("RGB")
    picture.thumbnail((320, 320))
    picture.save(Path(folder, f"{number:05}-0.jpg"), quality=90)
    small = picture.resize((picture.width * 3 // 4, picture.height * 3 // 4))
    small.save(Path(folder, f"{number:05}-1.jpg"), quality=60)


def pictures(folder: Path, n: int) -> Row:
    """End to end: index a folder of photographs and find their copies, all looks included."""
    photographs = _photographs()[: n // 2]
    if len(photographs) < n // 2:
        raise SystemExit(f"LOOKALIKE_DATA holds {len(photographs)} photographs, not {n // 2}")
    with tempfile.TemporaryDirectory() as made:
        with ProcessPoolExecutor() as pool:
            several = ((made, *each) for each in enumerate(photographs))
            list(pool.map(_save, several, chunksize=100))
        before, watch = held_mb(), Watch()
        lookalike.index(made)
        indexed = watch.read()["value"]
        report = duplicates(lookalike.Source(made, as_is=True))
        row = watch.read()
    groups = [{member.path for member in group.members} for group in report.groups]
    copies = {f"{number:05}" for number in range(n // 2)}
    found = {path[:5] for paths in groups for path in paths if path[:5] + "-1.jpg" in paths}
    return {
        **row,
        "index_s": indexed,
        "groups": len(groups),
        "recall": len(found & copies) / len(copies),
        "made_with_mb": before,
        "peak_mb": peak_mb(),
    }
