"""The verdicts on candidates: the ladder of `verbs.copies`, a batch of pairs at a time."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import pyarrow as pa
from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from lookalike.geometry.align import align
from lookalike.geometry.features import one_thread_each
from lookalike.images.orientations import ORIENTATIONS
from lookalike.nouns.alignment import Alignment
from lookalike.nouns.card import ModelCard
from lookalike.nouns.entry import Entry
from lookalike.nouns.picture import Facts
from lookalike.spark.blocks import CANDIDATES
from lookalike.spark.frames import batches_of, ddl, map_arrow, records
from lookalike.spark.looks import look_at, needs_of, unpacked
from lookalike.spark.sources import Source
from lookalike.verbs.doubtful import best_overlay, hashes_say_mirrored
from lookalike.verbs.pixels import worth_reading
from lookalike.verdicts.decide import Evidence, Priors, decide, is_doubtful

_FACTS = ("width", "height", "format", "mode", "orientation", "scaled_digest")
_ASKED = pa.schema(
    [
        *CANDIDATES,
        ("ask_pixels", pa.bool_()),
        ("doubtful", pa.bool_()),
        ("ask_mirrored", pa.bool_()),
    ]
)
_JUDGED = pa.schema(
    [
        ("first", pa.int64()),
        ("second", pa.int64()),
        ("verdict", pa.string()),
        ("probability", pa.float64()),
        ("rung", pa.string()),
        ("reason", pa.string()),
        ("score", pa.float64()),
        ("hash_bits", pa.int64()),
    ]
)
PAIR_BATCH = 64
"""Pairs in memory at a time; the local features of each take up to 0.4 MB."""

_Row = dict[str, object]


def judge(
    candidates: DataFrame,
    pictures: DataFrame,
    files: Source,
    card: ModelCard,
    priors: Priors,
    *,
    least_probability: float,
    scratch: str,
) -> DataFrame:
    """The candidates that are copies: ids, verdict, probability, rung, reason, score, hash_bits.

    Args:
        candidates: that are worth a look.
        pictures: id, path and facts of all.
        files: where the bytes of the doubtful ones are.
        card: of the model.
        priors: what is believed before looking.
        least_probability: of a copy that is listed.
        scratch: a folder that may be written.
    """
    session = candidates.sparkSession
    named = pictures.select("id", *_FACTS)
    both = candidates
    for side, prefix in (("first", "a_"), ("second", "b_")):
        facts = named.select(
            F.col("id").alias(side), *(F.col(name).alias(prefix + name) for name in _FACTS)
        )
        both = both.join(facts, side)
    map_arrow(both, _asking(card, priors), ddl(_ASKED)).write.mode("overwrite").parquet(
        f"{scratch}/asked"
    )
    asked = session.read.parquet(f"{scratch}/asked")
    needs = needs_of(asked).join(pictures.select("id", "path"), "id")
    with batches_of(session, 8):
        looks = look_at(needs, files, scratch)
    for side, prefix in (("first", "a_"), ("second", "b_")):
        seen = looks.select(
            F.col("id").alias(side),
            *(F.col(name).alias(prefix + name) for name in ("pixels", "plain", "mirror")),
        )
        asked = asked.join(seen, side, "left")
    with batches_of(session, PAIR_BATCH):
        decided = map_arrow(asked, _deciding(card, priors, least_probability), ddl(_JUDGED))
        decided.write.mode("overwrite").parquet(f"{scratch}/judged")
    return session.read.parquet(f"{scratch}/judged")


def _asking(
    card: ModelCard, priors: Priors
) -> Callable[[Iterator[pa.RecordBatch]], Iterator[pa.RecordBatch]]:
    def ask(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for batch in batches:
            rows = []
            for row in batch.to_pylist():
                turned, bits = row["turn"], row["bits"]
                a, b = _entry(row, "a_"), _entry(row, "b_")
                rows.append(
                    {
                        **{name: row[name] for name in CANDIDATES.names},
                        "ask_pixels": worth_reading(a, b, bits=bits, turned=bool(turned)),
                        "doubtful": is_doubtful(_evidence(row), card, priors),
                        "ask_mirrored": hashes_say_mirrored(bits, turned) or row["mirrored"],
                    }
                )
            yield records(rows, _ASKED)

    return ask


def _entry(row: _Row, prefix: str) -> Entry:
    width, height, format_, mode, orientation, scaled = (row[prefix + name] for name in _FACTS)
    facts = Facts(width, height, format_, mode, orientation)  # type: ignore[arg-type]
    return Entry(0, "", facts, (), scaled)  # type: ignore[arg-type]


def _evidence(row: _Row) -> Evidence:
    """Without pixels and geometry."""
    turn = int(row["turn"])  # type: ignore[call-overload]
    return Evidence(
        same_bytes=False,
        same_pixels=False,
        score=float(row["score"]),  # type: ignore[arg-type]
        hash_bits=int(row["bits"]) if row["detailed"] else None,  # type: ignore[call-overload]
        turn=ORIENTATIONS[turn] if turn else "",
        shares_words=row["votes"] > 0,  # type: ignore[operator]
    )


def _deciding(
    card: ModelCard, priors: Priors, least_probability: float
) -> Callable[[Iterator[pa.RecordBatch]], Iterator[pa.RecordBatch]]:
    def settle(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        with one_thread_each():
            for batch in batches:
                rows = [_verdict(row, card, priors) for row in batch.to_pylist()]
                kept = [row for row in rows if row and row["probability"] >= least_probability]  # type: ignore[operator]
                yield records(kept, _JUDGED)

    return settle


def _verdict(row: _Row, card: ModelCard, priors: Priors) -> _Row | None:
    """None for a pair that is no copy."""
    pixels = bool(row["ask_pixels"]) and row["a_pixels"] is not None
    seen = replace(_evidence(row), same_pixels=pixels and row["a_pixels"] == row["b_pixels"])
    if row["doubtful"] and not seen.same_pixels:
        seen = replace(seen, alignment=_alignment(row))
    verdict = decide(seen, card, priors)
    if not verdict.is_copy:
        return None
    told = {
        "verdict": str(verdict.level),
        "probability": verdict.probability,
        "rung": str(verdict.rung),
        "reason": verdict.reason,
        "score": verdict.score,
        "hash_bits": verdict.hash_bits,
    }
    return {"first": row["first"], "second": row["second"], **told}


def _alignment(row: _Row) -> Alignment | None:
    first = unpacked(row["a_plain"])  # type: ignore[arg-type]

    def lay(mirrored: bool) -> Alignment | None:
        second = unpacked(row["b_mirror" if mirrored else "b_plain"])  # type: ignore[arg-type]
        if first is None or second is None:
            return None
        return align(first, second, mirrored=mirrored)

    return best_overlay(lay, mirrored=bool(row["ask_mirrored"]))
