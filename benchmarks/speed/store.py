"""Times the index on disk: commits, opening, asking, and what a picture costs in bytes.

    python benchmarks/speed/store.py [--pictures 100000 1000000] [--folder FOLDER]

The pictures are made up; every figure is for vectors of 256 dimensions and batches of 256 files.
"""

import argparse
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter

import numpy as np

from lookalike.nouns.entry import Described
from lookalike.nouns.picture import Facts
from lookalike.nouns.where import Where
from lookalike.store.reader import IndexReader
from lookalike.store.writer import Batch, IndexWriter

sys.path.insert(0, str(Path(__file__).parents[1]))
from results import write_csv

D, BATCH = 256, 256
REPEATS = 5
MODEL = {"model": "made", "fingerprint": "0" * 64}
RSS_OF_STAMPS = """
import sys
from pathlib import Path
import psutil
from lookalike.store.writer import IndexWriter
with IndexWriter.open(Path(sys.argv[1]), model="made", fingerprint="0" * 64, d=256) as index:
    before = psutil.Process().memory_info().rss
    stamps = index.stamps()
    after = psutil.Process().memory_info().rss
print(after - before)
"""
Row = dict[str, object]


def made_batch(rng: np.random.Generator, start: int, count: int) -> Batch:
    vectors = rng.standard_normal((count, D), dtype=np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    hashes = rng.integers(0, 256, (count, 8, 32), dtype=np.uint8)
    pictures, files = [], []
    for at, number in enumerate(range(start, start + count)):
        taken = f"{2000 + number % 25}-{1 + number % 12:02}-{1 + number % 28:02}T12:30:15"
        facts = Facts(4032, 3024, "JPEG", "RGB", 1, taken, "Maker Model 10")
        content, scaled = rng.bytes(32), rng.bytes(32)
        pictures.append(Described(content, facts, hashes[at], 90, vectors[at], scaled))
        path = f"photos/{2000 + number % 25}/album-{number // 500:05}/IMG_{number:07}.jpg"
        files.append((path, 3_000_000 + number, 1_500_000_000_000_000_000 + number, content))
    return Batch(pictures=pictures, files=files)


def fill(folder: Path, n: int) -> tuple[float, float]:
    """Pictures a second over the whole run and over its last tenth, making them left out."""
    rng = np.random.default_rng(1)
    spent: list[float] = []
    with IndexWriter.open(folder, d=D, **MODEL) as index:
        for start in range(0, n, BATCH):
            batch = made_batch(rng, start, min(BATCH, n - start))
            began = perf_counter()
            index.commit(batch)
            spent.append(perf_counter() - began)
    last = spent[-max(1, len(spent) // 10) :]
    return n / sum(spent), len(last) * BATCH / sum(last)


def times(ask: Callable[[], object]) -> tuple[float, str]:
    """Median in ms, and lowest to highest."""
    spent = []
    for _ in range(REPEATS):
        began = perf_counter()
        ask()
        spent.append(1000 * (perf_counter() - began))
    return float(np.median(spent)), f"{min(spent):.3f}-{max(spent):.3f}"


def open_close(folder: Path) -> None:
    IndexReader.open(folder).close()


def asking(folder: Path, n: int) -> Iterator[Row]:
    some = np.random.default_rng(2).choice(n, 1000, replace=False)
    with IndexReader.open(folder) as reader:
        entry = reader.entries([n // 2])[0]
        questions: dict[str, Callable[[], object]] = {
            "open and close": lambda: open_close(folder),
            "find one path": lambda: reader.find_path(entry.path),
            "find one digest": lambda: reader.find_digest(bytes.fromhex(entry.digest)),
            "1,000 entries at random": lambda: reader.entries(some),
            "live rows": reader.live_rows,
            "counts": reader.counts,
            "exact copies": reader.exact_copies,
            "where taken = 2019-07": lambda: reader.rows_where(Where.parse("taken = 2019-07")),
            "where size and width": lambda: reader.rows_where(
                Where.parse("size > 3100000 and width > 4000")
            ),
            "where path like": lambda: reader.rows_where(Where.parse("path like '*album-00017*'")),
            "all hashes": reader.hashes,
            "all entries": lambda: sum(1 for _ in reader.all_entries()),
        }
        for name, ask in questions.items():
            value, spread = times(ask)
            yield {"name": f"{name}, {n}", "value": round(value, 3), "unit": "ms", "spread": spread}


def stamps(folder: Path, n: int) -> Iterator[Row]:
    with IndexWriter.open(folder, d=D, **MODEL) as index:
        began = perf_counter()
        found = index.stamps()
        loaded = perf_counter() - began
        paths = list(found)[: min(n, 100_000)]
        began = perf_counter()
        for path in paths:
            found.pop(path)
        each = (perf_counter() - began) / len(paths)
    yield {"name": f"stamps, {n}", "value": round(loaded, 2), "unit": "s"}
    yield {"name": f"one stamp of {n}", "value": round(1e6 * each, 2), "unit": "us"}
    command = [sys.executable, "-c", RSS_OF_STAMPS, folder]
    told = subprocess.run(command, check=True, capture_output=True, text=True)
    grown = int(told.stdout) / 1e6
    yield {"name": f"memory of stamps, {n}", "value": round(grown, 1), "unit": "MB"}


def measure(folder: Path, n: int) -> Iterator[Row]:
    whole, last = fill(folder, n)
    with IndexReader.open(folder) as reader:
        counts = reader.counts()
    yield {"name": f"commit, {n}", "value": round(whole), "unit": "1/s"}
    yield {"name": f"commit, last tenth of {n}", "value": round(last), "unit": "1/s"}
    each = counts.index_bytes / n
    yield {"name": f"size of one of {n}", "value": round(each), "unit": "bytes"}
    beside = (counts.index_bytes - counts.vector_bytes) / n
    yield {"name": f"size without vector, {n}", "value": round(beside), "unit": "bytes"}
    yield from asking(folder, n)
    yield from stamps(folder, n)


@contextmanager
def scratch(base: Path | None) -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(dir=base))
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pictures", type=int, nargs="+", default=[100_000, 1_000_000])
    parser.add_argument(
        "--folder", type=Path, help="where to make the index; else the temporary one"
    )
    options = parser.parse_args()
    rows: list[Row] = []
    for n in options.pictures:
        with scratch(options.folder) as folder:
            for row in measure(folder, n):
                rows.append(row)
                print(*row.values(), flush=True)
    print(write_csv("store", rows))


if __name__ == "__main__":
    main()
