"""Candidates: every block of pictures against every other, a task for each two blocks.

Within a task hashes are looked up in bands (multi-index hashing: two hashes that differ in few bits
agree nearly in at least one band, by the pigeonhole principle), embeddings are compared by blocked
products, words by their votes. Every two blocks meet, so no pair is missed: recall is exact for
every rung, and the candidates are those of one machine.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from lookalike.neighbours.bags import Bags
from lookalike.neighbours.hamming import hamming_between, hamming_pairs
from lookalike.neighbours.join import pairs_above, pairs_between
from lookalike.neighbours.votes import Shared, shared_between, shared_within
from lookalike.nouns.embeddings import Bytes, Floats, Ints
from lookalike.spark.columns import groups_of, hashes, ints, vectors
from lookalike.spark.frames import OnBatches, ddl, map_arrow
from lookalike.spark.words import bags
from lookalike.verbs.evidence import best_turns
from lookalike.verbs.shelf import Sighting, votes_of

BLOCK = 100_000
"""Pictures in a block at most: two blocks of 256 dimensions take 350 MB in a task."""

CANDIDATES = pa.schema(
    [
        ("first", pa.int64()),
        ("second", pa.int64()),
        ("bits", pa.int64()),
        ("turn", pa.int64()),
        ("score", pa.float64()),
        ("detailed", pa.bool_()),
        ("votes", pa.float64()),
        ("mirrored", pa.bool_()),
    ]
)


@dataclass(frozen=True, slots=True, eq=False)
class Search:
    """What makes two pictures candidates.

    Attributes:
        d: dimensions of the vectors.
        most_bits: hashes may differ in so many.
        least_score: embeddings must score so much; infinity where none leaves a chance.
        least_votes: shared words must be worth so much.
        worth: (65536,) of each word in the whole collection.
    """

    d: int
    most_bits: int
    least_score: float
    least_votes: float
    worth: Floats

    def within(self, one: "_Block") -> Ints:
        """(p, 2) places of candidates in one block, the lower first."""
        near = hamming_pairs(
            one.hashes[:, 0], max_distance=self.most_bits, variants=one.hashes, threads=1
        )
        found = [np.stack([near.first, near.second], axis=1)]
        if math.isfinite(self.least_score):
            alike = pairs_above(one.vectors, score=self.least_score, threads=1)
            found.append(np.stack([alike.first, alike.second], axis=1))
        return np.concatenate(found)

    def between(self, one: "_Block", other: "_Block") -> Ints:
        """(p, 2) places of candidates, one in each block."""
        n = len(one.ids)
        near = hamming_between(one.hashes, other.hashes, max_distance=self.most_bits, threads=1)
        found = [np.stack([near.first, near.second - n], axis=1)]
        if math.isfinite(self.least_score):
            alike = pairs_between(one.vectors, other.vectors, score=self.least_score, threads=1)
            found.append(np.stack([alike.first, alike.second - n], axis=1))
        return np.concatenate(found)

    def shared(self, one: "_Block", other: "_Block") -> Shared:
        """The pairs that share words."""
        if one is other:
            return shared_within(one.bags, least=self.least_votes, votes_of=self.worth, threads=1)
        return shared_between(
            one.bags, other.bags, least=self.least_votes, votes_of=self.worth, threads=1
        )

    def look(self, one: "_Block", other: "_Block") -> pa.RecordBatch:
        """CANDIDATES of two blocks, or of one with itself."""
        found = self.within(one) if one is other else self.between(one, other)
        shared = self.shared(one, other)
        found = np.concatenate([found, np.stack([shared.first, shared.second], axis=1)])
        a, b = np.unique(found, axis=0).T
        votes, mirrored = votes_of(shared, a, b)
        bits, turn = best_turns(one.hashes[a], other.hashes[b])
        scores = np.einsum("pd,pd->p", one.vectors[a], other.vectors[b]).clip(-1, 1)
        detailed = np.ones(len(a), bool)
        return as_batch(
            Sighting(one.ids[a], other.ids[b], bits, turn, scores, detailed, votes, mirrored)
        )


def as_batch(seen: Sighting) -> pa.RecordBatch:
    """A sighting as CANDIDATES."""
    columns: list[NDArray[Any]] = [seen.first, seen.second, seen.bits, seen.turn]
    columns += [seen.scores.astype(np.float64), seen.detailed]
    columns += [seen.votes.astype(np.float64), seen.mirrored]
    return pa.RecordBatch.from_arrays([pa.array(column) for column in columns], schema=CANDIDATES)


def as_sighting(batch: pa.RecordBatch) -> Sighting:
    """CANDIDATES as a sighting."""
    arrays = [batch.column(name).to_numpy(zero_copy_only=False) for name in CANDIDATES.names]
    first, second, bits, turn, scores, detailed, votes, mirrored = arrays
    narrow = scores.astype(np.float32), votes.astype(np.float32)
    return Sighting(first, second, bits, turn, narrow[0], detailed, narrow[1], mirrored)


@dataclass(frozen=True, slots=True, eq=False)
class _Block:
    ids: Ints
    hashes: Bytes
    vectors: Floats
    bags: Bags

    @classmethod
    def of(cls, table: pa.Table, d: int) -> "_Block":
        return cls(ints(table, "id"), hashes(table), vectors(table, d), bags(table))


def candidates(detailed: DataFrame, search: Search, *, n: int) -> DataFrame:
    """CANDIDATES among pictures with enough detail: each pair once, the lower id first.

    Args:
        detailed: id, hashes, vector, words and mirrored_words.
        search: what makes candidates.
        n: how many pictures there are in all.
    """
    parallel = detailed.sparkSession.sparkContext.defaultParallelism
    blocks = max(math.ceil(n / BLOCK), min(math.ceil(math.sqrt(2 * parallel)), math.ceil(n / 16)))
    own = F.pmod(F.floor(F.col("id") * blocks / n), F.lit(blocks))
    tasks = F.transform(
        F.sequence(F.lit(0), F.lit(blocks - 1)),
        lambda other: F.least(own, other) * blocks + F.greatest(own, other),
    )
    spread = detailed.withColumn("task", F.explode(tasks))
    count = blocks * (blocks + 1) // 2
    ordered = spread.repartition(count, "task").sortWithinPartitions("task", "id")
    return map_arrow(ordered, comparing(search, blocks, n), ddl(CANDIDATES))


def comparing(search: Search, blocks: int, n: int) -> OnBatches:
    """From pictures in order of task and id to CANDIDATES; see `candidates`.

    Args:
        search: what makes candidates.
        blocks: how many blocks there are; task `i * blocks + j` holds the blocks i and j.
        n: how many pictures there are in all.
    """

    def compare(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for task, table in groups_of(batches, "task"):
            low, high = divmod(task, blocks)
            if low == high:
                one = _Block.of(table, search.d)
                yield search.look(one, one)
                continue
            # In order of ids, so the lower block comes first.
            cut = int(np.searchsorted(ints(table, "id") * blocks // n, high))
            parts = table.slice(0, cut), table.slice(cut)
            if all(len(part) for part in parts):
                one, other = (_Block.of(part, search.d) for part in parts)
                yield search.look(one, other)

    return compare
