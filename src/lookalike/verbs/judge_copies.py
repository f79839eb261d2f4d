"""Copies: which pictures show the same capture, told from true groups or from edits made here."""

import math
from dataclasses import replace
from functools import partial

import numpy as np

from lookalike.metrics.copies import background_shift, judge_copies
from lookalike.metrics.group_figures import judge_groups
from lookalike.neighbours.grouping import complete_link
from lookalike.nouns.embeddings import Bools, Floats, Ints
from lookalike.nouns.evaluation_report import Judged
from lookalike.nouns.labelled import UNKNOWN
from lookalike.nouns.measure import Measure
from lookalike.nouns.pairs import Pairs
from lookalike.verbs.judge_bench import Bench, Part, Protocol
from lookalike.verbs.judge_edits import edited_copies
from lookalike.verbs.judge_matching import beside, hash_scores
from lookalike.verbs.judge_pairs import worst_pairs
from lookalike.verdicts.calibrate import prior_of_pair, score_for

REPORTED = 20
"""So many of the most alike others are reported for each picture, as a program would."""

MOST = 4000
"""Pictures of known groups that are held against each other at most."""

SURE = 0.9
BACKGROUND = 3
"""Fewer background pictures than this tell nothing about a query's scores."""


def copies(bench: Bench) -> Judged:
    """True groups where the data have them, else edited copies of the judged pictures."""
    return _of_groups(bench) if _has_groups(bench.judged) else _of_edits(bench)


def _of_groups(bench: Bench) -> Judged:
    part = bench.judged
    if len(part) > MOST:
        chance = np.random.default_rng(bench.judge.seed)
        part = part.take(np.sort(chance.choice(len(part), MOST, replace=False)))
    truth = part.data.groups
    alike = (truth[:, None] == truth) & (truth != UNKNOWN)
    n_true = (int(alike.sum()) - int((truth != UNKNOWN).sum())) // 2
    scores = part.vectors @ part.vectors.T
    rows, same = _reported(scores, alike)
    judge = partial(judge_copies, n_true=n_true, seed=bench.judge.seed)
    measures = judge(scores[tuple(rows.T)], same, pictures=rows)
    hashed = hash_scores(part.hashes, part.hashes)
    hashed = np.maximum(hashed, hashed.T)
    hash_rows, hash_same = _reported(hashed, alike)
    by_hash = judge(hashed[tuple(hash_rows.T)], hash_same, pictures=hash_rows)
    notes = [f"{min(REPORTED, len(part) - 1)} partners are reported for each picture."]
    shift = _shift(part.vectors, bench, notes)
    if shift is not None:
        shifted: Floats = scores + np.float32(0.5) * (shift[:, None] + shift)
        both = _reported(shifted, alike)
        more = judge(shifted[tuple(both[0].T)], both[1], pictures=both[0])
        measures += _normalised(more)
    return Judged(
        "copies",
        f"{n_true:,} pairs of copies among {len(part):,} pictures.",
        (*measures, *_beside(measures, by_hash), *_groups(part, scores, bench, notes)),
        mistakes=worst_pairs(part, rows, scores[tuple(rows.T)], same),
        notes=tuple(notes),
    )


def _of_edits(bench: Bench) -> Judged:
    part = bench.judged
    edits = edited_copies(part, bench.encoder, seed=bench.judge.seed, progress=bench.progress)
    scores = edits.vectors @ part.vectors.T
    same = edits.origins[:, None] == np.arange(len(part))
    judge = partial(judge_copies, n_true=len(edits), seed=bench.judge.seed)
    notes = [
        "Each query is a copy made here by one edit of one judged picture; the library is all "
        f"judged pictures, and {min(REPORTED, len(part))} of them are reported for each query.",
        "Pictures of the library that show the same as the original count as wrong.",
    ]
    measures = judge(*_best(scores, same))
    hashed = hash_scores(edits.hashes, part.hashes)
    by_hash = judge(*_best(hashed, same))
    shift = _shift(edits.vectors, bench, notes)
    if shift is not None:
        measures += _normalised(judge(*_best(scores + shift[:, None], same)))
    return Judged(
        "copies",
        f"{len(edits):,} edited copies against {len(part):,} pictures.",
        (*measures, *_beside(measures, by_hash)),
        (edits.by_edit(scores),),
        notes=tuple(notes),
    )


def _shift(queries: Floats, bench: Bench, notes: list[str]) -> Floats | None:
    """The score normalisation of each query, where there are pictures to learn it from."""
    background = bench.validation.vectors
    if len(background) < BACKGROUND:
        notes.append("Without score normalisation: no pictures are kept apart as a background.")
        return None
    return background_shift(queries, background)


def _normalised(measures: tuple[Measure, ...]) -> tuple[Measure, ...]:
    return tuple(replace(m, name=f"{m.name}, normalised") for m in measures)


def _beside(model: tuple[Measure, ...], by_hash: tuple[Measure, ...]) -> tuple[Measure, ...]:
    return tuple(beside(m, h) for m, h in zip(model, by_hash, strict=False))


def _reported(scores: Floats, alike: Bools) -> tuple[Ints, Bools]:
    """The most alike others of each picture, each unordered pair once: (p, 2) rows, and truth."""
    n = len(scores)
    k = min(REPORTED, n - 1)
    others = np.where(np.eye(n, dtype=bool), -np.inf, scores)
    near = np.argpartition(-others, k - 1, axis=1)[:, :k]
    rows = np.stack([np.repeat(np.arange(n), k), near.ravel()], axis=1)
    rows = np.unique(np.sort(rows, axis=1), axis=0)
    return rows, alike[tuple(rows.T)]


def _best(scores: Floats, same: Bools) -> tuple[Floats, Bools]:
    """(q * k,) scores and truth of what is reported for each query."""
    k = min(REPORTED, scores.shape[1])
    near = np.argpartition(-scores, k - 1, axis=1)[:, :k]
    return (
        np.take_along_axis(scores, near, axis=1).ravel(),
        np.take_along_axis(same, near, axis=1).ravel(),
    )


def _groups(part: Part, scores: Floats, bench: Bench, notes: list[str]) -> tuple[Measure, ...]:
    """Groups at the score where the card's curve for edited copies is sure enough."""
    curve = bench.encoder.card.calibration("edited copy")
    least = score_for(SURE, curve, prior=prior_of_pair(len(part))) if curve else math.inf
    if math.isinf(least):
        notes.append("No groups: the model has no curve for 'edited copy' that gets sure enough.")
        return ()
    first, second = np.nonzero(np.triu(scores >= least, 1))
    pairs = Pairs.of(first, second, scores[first, second].astype(np.float32))
    found = np.full(len(part), UNKNOWN, np.int64)
    for number, group in enumerate(complete_link(pairs).members):
        found[list(group)] = number
    notes.append(f"Groups are made where the card's curve is {SURE:.0%} sure, at {least:.3f}.")
    return judge_groups(found, part.data.groups, seed=bench.judge.seed)


def _has_groups(part: Part) -> bool:
    """Whether groups mean copies: they do where no classes are known and nothing is matched."""
    groups = part.data.groups
    repeated = len(np.unique(groups[groups != UNKNOWN])) < int((groups != UNKNOWN).sum())
    return repeated and not len(part.known) and not part.matched and not len(part.data.pairs)


def _lacks(bench: Bench) -> str:
    return "" if len(bench.judged) > 1 else "two pictures"


COPIES = Protocol("copies", _lacks, copies)
