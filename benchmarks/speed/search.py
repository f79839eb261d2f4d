"""Times exact search beside FAISS, over the same vectors, with the answers compared.

    python benchmarks/speed/search.py [--rows 1000000] [--repeats 7]

Clustered vectors of 256 dimensions; the k nearest 10. Calls take turns; ratios are of medians.
"""

import argparse
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from statistics import median
from time import perf_counter

import faiss
import numpy as np

from lookalike.neighbours.hamming import hamming_top_k
from lookalike.neighbours.search import Searcher, top_k
from lookalike.nouns.embeddings import Floats, Ints

sys.path.insert(0, str(Path(__file__).parents[1]))
from results import write_csv

D, K, MANY = 256, 10, 64
Row = dict[str, object]
Call = Callable[[], Ints]


def clustered(n: int, seed: int = 0) -> Floats:
    """Clusters of about a hundred in 80 dimensions, with noise in all."""
    rng = np.random.default_rng(seed)
    axes = rng.standard_normal((80, D), dtype=np.float32) / np.float32(80**0.5)
    centres = rng.standard_normal((n // 100, 80), dtype=np.float32)
    vectors = np.empty((n, D), np.float32)
    for low in range(0, n, 50_000):
        count = min(50_000, n - low)
        inner = centres[rng.integers(0, len(centres), count)]
        inner += 0.6 * rng.standard_normal(inner.shape, dtype=np.float32)
        noise = rng.standard_normal((count, D), dtype=np.float32)
        vectors[low : low + count] = inner @ axes + np.float32(0.1) * noise
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return vectors


def in_turns(
    calls: dict[str, Call], repeats: int
) -> tuple[dict[str, list[float]], dict[str, Ints]]:
    """Seconds of each repeat and the last answer, by name; one warming round is left out."""
    seconds: dict[str, list[float]] = {name: [] for name in calls}
    answers: dict[str, Ints] = {}
    for turn in range(repeats + 1):
        for name, call in calls.items():
            began = perf_counter()
            answers[name] = call()
            if turn:
                seconds[name].append(perf_counter() - began)
    return seconds, answers


def rows_of(task: str, calls: dict[str, Call], peer: str, repeats: int) -> list[Row]:
    """One row a call, with its ratio to the peer and its recall of the peer's answer."""
    seconds, answers = in_turns(calls, repeats)
    truth = answers[peer]
    rows: list[Row] = []
    for name, times in seconds.items():
        shared = [np.isin(a, b).mean() for a, b in zip(answers[name], truth, strict=True)]
        rows.append(
            {
                "name": f"{task}: {name}",
                "value": round(median(times) * 1000, 2),
                "unit": "ms",
                "ratio": round(median(seconds[peer]) / median(times), 2),
                "spread": f"{min(times) * 1000:.1f}-{max(times) * 1000:.1f}",
                "recall": round(float(np.mean(shared)), 4),
            }
        )
        print(rows[-1], flush=True)
    return rows


def vectors_rows(n: int, repeats: int, folder: Path) -> list[Row]:
    vectors = clustered(n)
    halves = np.memmap(folder / "vectors", np.float16, "w+", shape=vectors.shape)
    halves[:] = vectors
    index = faiss.IndexFlatIP(D)
    index.add(vectors)
    began = perf_counter()
    searcher = Searcher(vectors)
    prepared: Row = {"name": "prepare Searcher", "value": perf_counter() - began, "unit": "s"}
    one = clustered(n, seed=0)[5:6] + np.float32(0.01)
    one /= np.linalg.norm(one)
    many = vectors[:: n // MANY][:MANY].copy()
    result = [prepared]
    for task, queries in (("one query", one), (f"{MANY} queries", many)):
        calls: dict[str, Call] = {
            "faiss IndexFlatIP": lambda q=queries: index.search(q, K)[1],
            "top_k float32": lambda q=queries: top_k(q, vectors, k=K).ids,
            "top_k float16 memory map": lambda q=queries: top_k(q, halves, k=K).ids,
            "Searcher float32": lambda q=queries: searcher.top_k(q, k=K).ids,
        }
        if task == "one query":
            calls["one plain product"] = lambda q=queries: _plain(q, vectors)
        result += rows_of(f"{task}, {n} x {D}", calls, "faiss IndexFlatIP", repeats)
    return result


def _plain(queries: Floats, vectors: Floats) -> Ints:
    """What reading every vector once costs: one product with each row, nothing clever."""
    return np.argpartition(-(vectors @ queries[0]), K)[None, :K].astype(np.int64)


def hashes_rows(n: int, repeats: int) -> list[Row]:
    hashes = np.random.default_rng(0).integers(0, 256, (n, 32), dtype=np.uint8)
    index = faiss.IndexBinaryFlat(256)
    index.add(hashes)
    query = hashes[9:10].copy()
    calls: dict[str, Call] = {
        "faiss IndexBinaryFlat": lambda: index.search(query, 1)[1],
        "hamming_top_k": lambda: hamming_top_k(query, hashes, k=1).ids,
    }
    return rows_of(f"one query, {n} x 256 bits", calls, "faiss IndexBinaryFlat", repeats)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--repeats", type=int, default=7)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        rows = vectors_rows(options.rows, options.repeats, Path(folder))
    rows += hashes_rows(options.rows, options.repeats)
    print(write_csv("search", rows))


if __name__ == "__main__":
    main()
