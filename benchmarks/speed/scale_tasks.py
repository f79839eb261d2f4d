"""What `scale.py` measures of joins and searches: each task in a process of its own."""

import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from time import perf_counter, process_time

import numpy as np
from joins import BITS, DISTANCE, SCORE, VARIANTS, D, codes, random, sampled
from made_library import batch_vectors
from memory import held_mb, peak_mb
from store import MODEL, made_batch

from lookalike.metrics.retrieval import retrieve
from lookalike.neighbours.graph import Graph, GraphSearcher, shares_found
from lookalike.neighbours.hamming import hamming_pairs
from lookalike.neighbours.join import pairs_above
from lookalike.neighbours.search import Searcher, top_k
from lookalike.nouns.embeddings import Floats, Halves
from lookalike.nouns.pairs import Pairs
from lookalike.store.writer import IndexWriter

ADDED, ASKED, K, QUERIES = 1_000, 50, 10, 1_000
Row = dict[str, float]
Planted = set[tuple[int, int]]


def planted(n: int, kind: str) -> Planted:
    """The pairs that the generators of `joins` plant."""
    rng = np.random.default_rng(1 if kind == "vectors" else 2)
    if kind == "vectors":
        for low in range(0, n, 50_000):  # the generator moves on as if they were made at once
            rng.standard_normal((min(50_000, n - low), D), dtype=np.float32)
        ends = rng.permutation(n)[: n // 200 * 2].reshape(2, -1)
    else:
        rng.integers(0, 256, (n, BITS // 8), dtype=np.uint8)
        ends = rng.permutation(n)[: n // 100 * 2].reshape(2, -1)
    low, high = ends.min(axis=0), ends.max(axis=0)
    return set(zip(low.tolist(), high.tolist(), strict=True))


class Watch:
    """Seconds, and seconds of processor, since it was made."""

    def __init__(self) -> None:
        self.began, self.busy = perf_counter(), process_time()

    def read(self) -> Row:
        """Both so far."""
        return {"value": perf_counter() - self.began, "busy_s": process_time() - self.busy}


def timed(call: Callable[[], object], times: int = 1) -> Row:
    """The median of as many calls."""
    rows = []
    for _ in range(times):
        watch = Watch()
        call()
        rows.append(watch.read())
    return {key: float(np.median([row[key] for row in rows])) for key in rows[0]}


def matrix_limit(n: int) -> Row:
    """What half of an (n, D) x (D, n) product costs at the speed of one large product."""
    side = 4096
    a, b, out = random(side), random(side)[::-1].copy(), np.empty((side, side), np.float32)
    rows = [timed(lambda: np.matmul(a, b.T, out=out)) for _ in range(5)]
    scale = (n / side) ** 2 / 2
    return {
        "limit_s": min(row["value"] for row in rows) * scale,
        "limit_busy_s": min(row["busy_s"] for row in rows) * scale,
    }


def reading_limit(n_bytes: int) -> Row:
    """What reading so many bytes costs at the speed at which a large array is summed."""
    block = np.ones(2**26, np.float32)
    rows = [timed(block.sum) for _ in range(5)]
    scale = n_bytes / block.nbytes
    return {
        "limit_s": min(row["value"] for row in rows) * scale,
        "limit_busy_s": min(row["busy_s"] for row in rows) * scale,
    }


def told(n: int, kind: str, pairs: Pairs) -> Row:
    """How many pairs, and the share of the planted ones among them."""
    found = set(zip(pairs.first.tolist(), pairs.second.tolist(), strict=True))
    truth = planted(n, kind)
    return {"pairs": len(pairs), "recall": len(truth & found) / max(len(truth), 1)}


def join(n: int) -> Row:
    """All pairs by their vectors."""
    vectors = random(n).astype(np.float16)
    limit, before, watch = matrix_limit(n), held_mb(), Watch()
    pairs = pairs_above(vectors, score=SCORE)
    row = {**watch.read(), **limit, "made_with_mb": before, "peak_mb": peak_mb()}
    return {**row, **told(n, "vectors", pairs)}


def hamming(n: int, variants: bool = False) -> Row:
    """All pairs by their hashes."""
    hashes = codes(n)
    turned = None
    if variants:
        turned = np.random.default_rng(3).integers(0, 256, (n, VARIANTS, BITS // 8), np.uint8)
        turned[:, 0] = hashes
    before, watch = held_mb(), Watch()
    pairs = hamming_pairs(hashes, max_distance=DISTANCE, variants=turned)
    row = {**watch.read(), "made_with_mb": before, "peak_mb": peak_mb()}
    return {**row, **told(n, "hashes", pairs)}


def hamming_turned(n: int) -> Row:
    """All pairs by their hashes in eight orientations."""
    return hamming(n, variants=True)


def clustered(n: int) -> Halves:
    """(n, D), some at a time."""
    rng, vectors = np.random.default_rng(1), np.empty((n, D), np.float16)
    for low in range(0, n, 5_000):
        vectors[low : low + 5_000] = batch_vectors(rng, n, min(5_000, n - low))
    return vectors


def queries_of(vectors: Halves) -> Iterator[Floats]:
    """The same picture is not asked for twice."""
    chosen = np.random.default_rng(2).permutation(len(vectors))[: 2 * ASKED]
    return iter([vectors[row : row + 1].astype(np.float32) for row in chosen])


def search(n: int) -> Row:
    """One query against all, nothing prepared."""
    vectors = clustered(n)
    limit, before, queries = reading_limit(vectors.nbytes), held_mb(), queries_of(vectors)
    row = timed(lambda: top_k(next(queries), vectors, k=K), ASKED)
    return {**row, **limit, "made_with_mb": before}


def prepared(n: int) -> Row:
    """One query against all, of many."""
    vectors = clustered(n)
    before, queries, searcher = held_mb(), queries_of(vectors), Searcher(vectors)
    return {**timed(lambda: searcher.top_k(next(queries), k=K), ASKED), "made_with_mb": before}


def graph(n: int) -> Row:
    """USearch: one query by the graph; what making, keeping and trusting it costs."""
    vectors, rows = clustered(n), np.arange(n)
    made, before = Graph.empty(D), held_mb()
    built = timed(lambda: made.extend(vectors, lambda done, all_: None))
    peak = peak_mb()
    with tempfile.TemporaryDirectory() as folder:
        made.save(Path(folder) / "graph")
        size = (Path(folder) / "graph").stat().st_size
    searcher, queries = GraphSearcher(made, vectors, rows), queries_of(vectors)
    recall = shares_found(searcher, vectors, rows, k=K, tried=200).mean()
    return {
        **timed(lambda: searcher.top_k(next(queries), k=K), ASKED),
        "built_s": built["value"],
        "built_busy_s": built["busy_s"],
        "file_mb": size / 2**20,
        "recall": float(recall),
        "made_with_mb": before,
        "peak_mb": peak,
    }


def add(n: int) -> Row:
    """A thousand pictures into an index that holds n."""
    rng = np.random.default_rng(0)
    with tempfile.TemporaryDirectory() as folder:
        index = Path(folder) / "index"
        with IndexWriter.open(index, d=D, **MODEL) as writer:
            for start in range(0, n, 10_000):
                writer.commit(made_batch(rng, start, min(10_000, n - start)))
        fresh = made_batch(rng, n, ADDED)
        before, watch = held_mb(), Watch()
        with IndexWriter.open(index, d=D, **MODEL) as writer:
            opened = watch.read()["value"]
            writer.commit(fresh)
        whole = watch.read()
    return {**whole, "opening_s": opened, "added": ADDED, "made_with_mb": before}


def retrieval(n: int) -> Row:
    """What `evaluate` ranks: a thousand queries against all, of classes of a hundred."""
    vectors = clustered(n).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    labels = np.random.default_rng(4).integers(0, n // 100, n)
    rows = np.arange(QUERIES)
    before, watch = held_mb(), Watch()
    retrieve(vectors[rows], labels[rows], gallery=vectors, gallery_labels=labels)
    return {**watch.read(), "made_with_mb": before, "peak_mb": peak_mb()}


def faiss_join(n: int) -> Row:
    """FAISS's exact range search, by a sample of the queries."""
    import faiss

    vectors = random(n)
    index = faiss.IndexFlatIP(D)
    index.add(vectors)
    queries = vectors[sampled(n)].copy()
    row = timed(lambda: index.range_search(queries, SCORE))
    return {**{key: each * n / len(queries) for key, each in row.items()}, **matrix_limit(n)}


def faiss_hamming(n: int) -> Row:
    """FAISS's exact range search over hashes, by a sample of the queries."""
    import faiss

    hashes = codes(n)
    index = faiss.IndexBinaryFlat(BITS)
    index.add(hashes)
    queries = hashes[sampled(n)].copy()
    row = timed(lambda: index.range_search(queries, DISTANCE + 1))
    return {key: each * n / len(queries) for key, each in row.items()}


def faiss_search(n: int) -> Row:
    """FAISS's exact search for one query."""
    import faiss

    vectors = clustered(n).astype(np.float32)
    index = faiss.IndexFlatIP(D)
    index.add(vectors)
    queries = queries_of(clustered(n))
    return timed(lambda: index.search(next(queries), K), ASKED)
