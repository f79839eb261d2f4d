"""What tasks do with their batches, without a Spark: any cut into blocks gives the same pairs."""

from itertools import pairwise

import numpy as np
import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from lookalike.neighbours.bags import Bags, worth
from lookalike.neighbours.grouping import connected
from lookalike.spark.blocks import CANDIDATES, Search, as_sighting, comparing
from lookalike.spark.columns import groups_of
from lookalike.spark.embed import Known
from lookalike.spark.grouping import forest

D = 16


def pictures(n, seed):
    """Hashes, vectors and words of which some are near others."""
    rng = np.random.default_rng(seed)
    hashes = rng.integers(0, 256, (n, 8, 32), dtype=np.uint8)
    vectors = rng.standard_normal((n, D), dtype=np.float32)
    words = [np.unique(rng.integers(0, 60, 12)).astype(np.uint16) for _ in range(n)]
    for copy in range(0, n - 1, 3):
        of, turn = int(rng.integers(0, n)), int(rng.integers(0, 8))
        hashes[copy, turn] = hashes[of, 0]
        hashes[copy, turn, 0] ^= np.uint8(rng.integers(0, 256))
        vectors[copy] = vectors[of] + 0.05 * rng.standard_normal(D, dtype=np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    columns = {
        "id": np.arange(n),
        "hashes": [row.tobytes() for row in hashes],
        "vector": vectors.astype(np.float16).astype(np.float32).tolist(),
        "words": [bag.tobytes() for bag in words],
        "mirrored_words": [bag[::2].tobytes() for bag in words],
    }
    table = pa.table({**columns, "vector": pa.array(columns["vector"], pa.list_(pa.float32()))})
    return table, worth([Bags.of([(bag, bag) for bag in words])])


def found_in(table, votes_of, blocks, rows_a_batch):
    """All CANDIDATES of a cut, as Spark would hand the rows to one task."""
    n = len(table)
    own = np.arange(n) * blocks // n
    parts = []
    for i in range(blocks):
        for j in range(i, blocks):
            part = table.take(np.flatnonzero((own == i) | (own == j)))
            task = pa.array(np.full(len(part), i * blocks + j))
            parts.append(part.append_column("task", task))
    whole = pa.concat_tables(parts)
    search = Search(D, 31, 0.9, 14.0, votes_of)
    batches = whole.combine_chunks().to_batches(max_chunksize=rows_a_batch)
    answers = list(comparing(search, blocks, n)(iter(batches)))
    rows = [tuple(row[name] for name in CANDIDATES.names) for b in answers for row in b.to_pylist()]
    assert len({row[:2] for row in rows}) == len(rows), "each pair once"
    return set(rows)


@settings(max_examples=12, deadline=None)
@given(st.integers(2, 30), st.integers(0, 99), st.integers(2, 6), st.integers(1, 40))
def test_any_cut_into_blocks_gives_the_same_candidates(n, seed, blocks, rows_a_batch):
    table, votes_of = pictures(n, seed)
    whole = found_in(table, votes_of, 1, 1_000)
    assert found_in(table, votes_of, min(blocks, n), rows_a_batch) == whole
    assert all(first < second for first, second, *_ in whole)


def test_planted_pairs_are_among_the_candidates():
    table, votes_of = pictures(60, 7)
    by_hash = {row[:2] for row in found_in(table, votes_of, 3, 7) if row[2] <= 8}
    assert len(by_hash) >= 15


def test_a_sighting_survives_the_way_through_arrow():
    table, votes_of = pictures(20, 3)
    task = table.append_column("task", pa.array(np.zeros(20, np.int64)))
    search = Search(D, 31, 0.9, 14.0, votes_of)
    for batch in comparing(search, 1, 20)(iter(task.combine_chunks().to_batches())):
        seen = as_sighting(batch)
        assert len(seen.first) == batch.num_rows and seen.scores.dtype == np.float32
        assert seen.detailed.all() and seen.mirrored.dtype == bool


@given(st.lists(st.lists(st.integers(0, 3), max_size=6), max_size=6))
def test_rows_of_a_key_come_together_whatever_the_batches(parts):
    keys = np.sort(np.array([key for part in parts for key in part], np.int64))
    cuts = np.cumsum([0, *(len(part) for part in parts)])
    rows = np.arange(len(keys))
    batches = [
        pa.RecordBatch.from_pydict({"key": keys[low:high], "row": rows[low:high]})
        for low, high in pairwise(cuts)
    ]
    found = [(key, part.column("row").to_pylist()) for key, part in groups_of(iter(batches), "key")]
    assert [key for key, _ in found] == np.unique(keys).tolist()
    assert [row for _, some in found for row in some] == rows.tolist()


@given(st.lists(st.tuples(st.integers(0, 20), st.integers(0, 20)), min_size=1), st.integers(1, 4))
def test_a_tree_of_unions_finds_the_components(pairs, tasks):
    first, second = (np.array(side, np.int64) for side in zip(*pairs, strict=True))
    batches = [
        pa.RecordBatch.from_pydict({"first": first[i::tasks], "second": second[i::tasks]})
        for i in range(tasks)
    ]
    below = [part for batch in batches for part in forest(iter([batch]))]
    (links,) = forest(iter(below))
    ids, roots = connected(first, second)
    assert (links.column("second").to_pylist(), links.column("first").to_pylist()) == (
        ids.tolist(),
        roots.tolist(),
    )


@given(st.lists(st.binary(min_size=32, max_size=32), unique=True))
def test_known_digests_are_those_given(digests):
    known = Known.of(digests[::2])
    assert [known(digest) for digest in digests] == [i % 2 == 0 for i in range(len(digests))]


def test_no_digest_is_known_of_none():
    assert not Known.of([])(bytes(32))
