"""Calibrates a model on validation pictures, read and embedded as they will be in use."""

import numpy as np

from lookalike.encoders.encoder import Encoder
from lookalike.metrics.pair_scores import pair_scores
from lookalike.nouns.card import Calibration
from lookalike.nouns.embeddings import Bools, Ints
from lookalike.nouns.labelled import UNKNOWN, Labelled
from lookalike.nouns.recipe import JudgePart
from lookalike.verbs.judge_bench import Part
from lookalike.verbs.judge_edits import edited_copies
from lookalike.verbs.judge_look import look_at
from lookalike.verbs.progress import Progress
from lookalike.verbs.validation import drawn_pairs
from lookalike.verdicts.fit import fit_even_odds

LEAST_PAIRS = 20
"""Of each kind: fewer tell nothing about a curve."""


def calibrations_of(
    encoder: Encoder, data: Labelled, judge: JudgePart, *, progress: Progress
) -> tuple[Calibration, ...]:
    """Curves from scores to probabilities at even odds, fitted on the validation part.

    With classes or listed pairs: "same class". With listed triplets, which say what is nearer but
    not what is the same: "similar". Without any: "edited copy", on copies made here and on
    pictures that have nothing to do with each other.

    Args:
        encoder: the model.
        data: with a validation part.
        judge: how many pairs, and the seed.
        progress: told of pictures read.

    Returns:
        None where validation has too few pairs, or its scores tell nothing.
    """
    part, _ = look_at(data.take(data.rows("validation", seen=True)), encoder, progress=progress)
    pairs, same = _pairs(part, judge)
    if min(int(same.sum()), int((~same).sum())) >= LEAST_PAIRS:
        line = fit_even_odds(pair_scores(part.vectors, pairs), same)
        told = f"{len(pairs):,} pairs of {len(part)} validation pictures of {data.name}"
        relation = "similar" if len(part.data.triplets) and not _compared(part) else "same class"
        return (Calibration(relation, *line, told),) if line else ()
    if (part.data.labels != UNKNOWN).any() or len(part) < LEAST_PAIRS:
        return ()
    return _of_copies(part, encoder, judge, progress)


def _pairs(part: Part, judge: JudgePart) -> tuple[Ints, Bools]:
    """Listed pairs, those of listed triplets, or pairs drawn by class."""
    data = part.data
    if _compared(part):
        return data.pairs, data.same
    if len(data.triplets):
        pairs = np.concatenate([data.triplets[:, [0, 1]], data.triplets[:, [0, 2]]])
        return pairs, np.arange(len(pairs)) < len(data.triplets)
    counts = np.bincount(data.labels[part.known], minlength=1)
    if int((counts > 0).sum()) > 1 and int(counts.max()) > 1:
        return drawn_pairs(data.labels, judge.pairs, judge.seed)
    return np.empty((0, 2), np.int64), np.empty(0, bool)


def _compared(part: Part) -> bool:
    """Whether there are pairs of both kinds that somebody compared."""
    return bool(part.data.same.any() and not part.data.same.all())


def _of_copies(
    part: Part, encoder: Encoder, judge: JudgePart, progress: Progress
) -> tuple[Calibration, ...]:
    copies = edited_copies(part, encoder, seed=judge.seed, progress=progress)
    if len(copies) < LEAST_PAIRS:
        return ()
    scores = copies.vectors @ part.vectors.T  # (q, n)
    own = np.zeros(scores.shape, bool)
    own[np.arange(len(copies)), copies.origins] = True
    line = fit_even_odds(np.concatenate([scores[own], scores[~own]]), np.sort(own.ravel())[::-1])
    told = f"{len(copies):,} edited copies of {len(part)} validation pictures of {part.data.name}"
    return (Calibration("edited copy", *line, told),) if line else ()
