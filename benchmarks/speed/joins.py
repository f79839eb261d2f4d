"""Times all-pairs joins beside FAISS range search and the processor's matrix limit.

    python benchmarks/speed/joins.py [--rows 100000] [--repeats 3]

FAISS answers a sample of the queries, spread over all; its time for all is that, multiplied.
Recall is the share of FAISS's pairs of those queries that our join found. Calls take turns.
"""

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from statistics import median
from time import perf_counter

import faiss
import numpy as np

from lookalike.neighbours.grouping import complete_link
from lookalike.neighbours.hamming import hamming_pairs
from lookalike.neighbours.join import pairs_above
from lookalike.nouns.embeddings import Bytes, Floats
from lookalike.nouns.pairs import Pairs

sys.path.insert(0, str(Path(__file__).parents[1]))
from results import write_csv

D, SCORE, BITS, DISTANCE, VARIANTS = 256, 0.9, 256, 31, 8
SAMPLE = 1000
Row = dict[str, object]


def unit(vectors: Floats) -> Floats:
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def clusters(n: int, rank: int) -> Floats:
    """Clusters of about a hundred in `rank` dimensions and some noise; one in 200 has a copy."""
    rng = np.random.default_rng(rank)
    axes = rng.standard_normal((rank, D), dtype=np.float32) / np.float32(rank**0.5)
    centres = rng.standard_normal((max(1, n // 100), rank), dtype=np.float32)
    inner = centres[rng.integers(0, len(centres), n)]
    inner += 0.6 * rng.standard_normal(inner.shape, dtype=np.float32)
    noise = 0.1 * rng.standard_normal((n, D), dtype=np.float32)
    return with_copies(unit(inner @ axes + noise), rng)


def with_copies(vectors: Floats, rng: np.random.Generator) -> Floats:
    copies, of = rng.permutation(len(vectors))[: len(vectors) // 200 * 2].reshape(2, -1)
    noise = rng.standard_normal((len(of), D), dtype=np.float32)
    vectors[copies] = vectors[of] + np.float32(0.015) * noise
    return unit(vectors)


def heavy(n: int) -> Floats:
    """As clusters, with one row in twenty near-identical to all others of them."""
    rng = np.random.default_rng(5)
    vectors = clusters(n, 80)
    alike = rng.permutation(n)[: n // 20]
    noise = rng.standard_normal((len(alike), D), dtype=np.float32)
    vectors[alike] = unit(vectors[:1] + np.float32(0.01) * noise)
    return vectors


def random(n: int) -> Floats:
    """No structure but the planted copies of one in 200."""
    rng = np.random.default_rng(1)
    return with_copies(unit(rng.standard_normal((n, D), dtype=np.float32)), rng)


def codes(n: int) -> Bytes:
    """Even random codes; one in a hundred is a copy with about fifteen bits changed."""
    rng = np.random.default_rng(2)
    hashes = rng.integers(0, 256, (n, BITS // 8), dtype=np.uint8)
    copies, of = rng.permutation(n)[: n // 100 * 2].reshape(2, -1)
    hashes[copies] = hashes[of]
    for _ in range(15):
        column = rng.integers(0, BITS // 8, len(copies))
        hashes[copies, column] ^= np.uint8(1) << rng.integers(0, 8, len(copies), np.uint8)
    return hashes


def matrix_seconds(n: int) -> float:
    """Seconds for half of an (n, d) x (d, n) product at the speed of one large product."""
    side = 4096
    a, b = random(side), random(side)[::-1].copy()
    out = np.empty((side, side), np.float32)
    times = []
    for _ in range(5):
        began = perf_counter()
        np.matmul(a, b.T, out=out)
        times.append(perf_counter() - began)
    return min(times) * (n / side) ** 2 / 2


def sampled(n: int) -> slice:
    return slice(0, n, max(1, n // SAMPLE))


def by_faiss(index: faiss.Index, queries: np.ndarray, radius: float) -> set[tuple[int, int]]:
    limits, _, found = index.range_search(queries, radius)
    step = max(1, index.ntotal // SAMPLE)
    asked = np.repeat(np.arange(len(queries)), np.diff(limits.astype(np.int64))) * step
    keep = asked != found
    low, high = np.minimum(asked, found)[keep], np.maximum(asked, found)[keep]
    return set(zip(low.tolist(), high.tolist(), strict=True))


def compared(
    task: str,
    ours: Callable[[], Pairs],
    peer: Callable[[], set[tuple[int, int]]],
    share: float,
    repeats: int,
    limit: Callable[[], float] | None = None,
) -> list[Row]:
    """Our join and the peer's sample in turns: seconds, ratio and recall."""
    mine, theirs, limits = [], [], []
    for _ in range(repeats):
        began = perf_counter()
        truth = peer()
        theirs.append((perf_counter() - began) * share)
        began = perf_counter()
        pairs = ours()
        mine.append(perf_counter() - began)
        limits += [limit()] if limit else []
    found = set(zip(pairs.first.tolist(), pairs.second.tolist(), strict=True))
    row: Row = {
        "name": task,
        "value": round(median(mine), 2),
        "unit": "s",
        "ratio": round(median(theirs) / median(mine), 1),
        "spread": f"{min(mine):.2f}-{max(mine):.2f}",
        "faiss_s": round(median(theirs), 1),
        "faiss_spread": f"{min(theirs):.1f}-{max(theirs):.1f}",
        "pairs": len(pairs),
        "recall": round(len(truth & found) / len(truth), 6) if truth else "",
        "sampled_pairs": len(truth),
    }
    if limits:
        row["matrix_limit_s"] = round(median(limits), 2)
    print(row, flush=True)
    return [row]


def vector_rows(n: int, repeats: int) -> list[Row]:
    rows: list[Row] = []
    made = {
        "random": random,
        "clustered": lambda n: clusters(n, 80),
        "low-dimensional": lambda n: clusters(n, 16),
        "heavy": heavy,
    }
    for name, make in made.items():
        vectors = make(n)
        index = faiss.IndexFlatIP(D)
        index.add(vectors)
        queries = vectors[sampled(n)].copy()
        rows += compared(
            f"{name}, {n} x {D}, cosine >= {SCORE}",
            lambda vectors=vectors: pairs_above(vectors, score=SCORE),
            # A little above, so that rounding at the boundary is not counted as a miss.
            lambda index=index, queries=queries: by_faiss(index, queries, SCORE + 1e-6),
            n / len(queries),
            repeats,
            lambda: matrix_seconds(n),
        )
    return rows


def hash_rows(n: int, repeats: int) -> list[Row]:
    hashes = codes(n)
    index = faiss.IndexBinaryFlat(BITS)
    index.add(hashes)
    queries = hashes[sampled(n)].copy()
    share = n / len(queries)
    # FAISS finds what is below the radius.
    peer = lambda: by_faiss(index, queries, DISTANCE + 1)  # noqa: E731
    ours = lambda: hamming_pairs(hashes, max_distance=DISTANCE)  # noqa: E731
    rows = compared(f"{n} hashes, distance <= {DISTANCE}", ours, peer, share, repeats)
    rng = np.random.default_rng(3)
    variants = rng.integers(0, 256, (n, VARIANTS, BITS // 8), dtype=np.uint8)
    variants[:, 0] = hashes

    def turned() -> Pairs:
        return hamming_pairs(hashes, max_distance=DISTANCE, variants=variants)

    def faiss_turned() -> set[tuple[int, int]]:
        parts = (variants[sampled(n), v].copy() for v in range(VARIANTS))
        return set().union(*(by_faiss(index, part, DISTANCE + 1) for part in parts))

    task = f"{n} hashes in {VARIANTS} variants, distance <= {DISTANCE}"
    return rows + compared(task, turned, faiss_turned, share, min(repeats, 2))


def group_rows() -> list[Row]:
    """Complete-link groups of a clique of 2000 and of 20 000 loosely joined ids."""
    rng = np.random.default_rng(4)
    first, second = np.triu_indices(2000, 1)
    clique = Pairs(first, second, rng.random(len(first), np.float32))
    ends = rng.integers(0, 20_000, (2, 100_000))
    loose = Pairs.of(ends[0], ends[1], rng.random(100_000, np.float32))
    rows: list[Row] = []
    for name, pairs in (("clique of 2000", clique), ("20000 loosely joined", loose)):
        began = perf_counter()
        groups = complete_link(pairs)
        rows.append(
            {
                "name": f"groups, {name}",
                "value": round(perf_counter() - began, 2),
                "unit": "s",
                "pairs": len(pairs),
                "groups": len(groups),
            }
        )
        print(rows[-1], flush=True)
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--repeats", type=int, default=3)
    options = parser.parse_args()
    rows = vector_rows(options.rows, options.repeats) + hash_rows(options.rows, options.repeats)
    print(write_csv("joins", rows + group_rows()))


if __name__ == "__main__":
    main()
