"""Copy detection: one confidence for all pairs of a library, judged as in the ISC2021 challenge."""

import numpy as np

from lookalike.metrics.arrays import Doubles, Scores, checked_scores, share, unit_rows
from lookalike.metrics.intervals import bootstrap, measured
from lookalike.metrics.tallies import Scored, Tally
from lookalike.metrics.verification import recall_at_precision_of
from lookalike.nouns.embeddings import Bools, Floats, Ints
from lookalike.nouns.errors import InputError
from lookalike.nouns.measure import Measure

PRECISIONS = (0.9, 0.99)
_BLOCK = 2**24


def micro_average_precision(scores: Scores, same: Bools, *, n_true: int | None = None) -> float:
    """Average precision over all pairs of all queries, under one confidence for all.

    Of equal scores the wrong pairs come first, as in the challenge, so ties never help.

    Args:
        scores: (p,) confidence of each pair reported, higher is more alike.
        same: (p,) bool, whether it is a copy.
        n_true: all copies there are; default: those reported. Copies never reported count as
            missed.

    Returns:
        In [0, 1], higher is better.

    Raises:
        InputError: no pairs, pairs of one kind only, shapes that do not fit, a score that is not
            finite, or fewer copies in all than reported.

    Source:
        Douze et al. 2021, arXiv:2106.09672.
    """
    order, found = _worst_order(scores, same)
    return _micro_ap(found, np.ones(len(order)), _reported(same, n_true))


def chance_of_micro_ap(scores: Scores, same: Bools, *, n_true: int | None = None) -> float:
    """The same for a random order of the pairs reported, in expectation.

    Args:
        scores: (p,), of which only the number matters.
        same: (p,) bool, whether each is a copy.
        n_true: all copies there are; default: those reported.

    Returns:
        In [0, 1].

    Raises:
        InputError: as `micro_average_precision`.
    """
    checked_scores(scores, same)
    p, copies = len(same), int(same.sum())
    ranks = np.arange(1, p + 1)
    expected = float(((1 + (ranks - 1) * ((copies - 1) / (p - 1))) / ranks).sum()) / p
    return expected * _reported(same, n_true)


def recall_at_precision(
    scores: Scores, same: Bools, *, precision: float, n_true: int | None = None
) -> float:
    """The highest recall at a threshold with at least this precision; 0 where there is none.

    Args:
        scores: (p,) confidence of each pair reported, higher is more alike.
        same: (p,) bool, whether it is a copy.
        precision: in (0, 1).
        n_true: all copies there are; default: those reported.

    Returns:
        In [0, 1], higher is better.

    Raises:
        InputError: as `micro_average_precision`, or a precision outside (0, 1).

    Source:
        Douze et al. 2021, arXiv:2106.09672.
    """
    share(precision, "precision")
    part = _reported(same, n_true)
    return recall_at_precision_of(Scored(scores, same).tally(), precision) * part


def judge_copies(
    scores: Scores,
    same: Bools,
    *,
    n_true: int | None = None,
    pictures: Ints | None = None,
    resamples: int | None = None,
    seed: int = 0,
) -> tuple[Measure, ...]:
    """Micro-AP and the recalls at 90 % and 99 % precision.

    Args:
        scores: (p,) confidence of each pair reported, higher is more alike.
        same: (p,) bool, whether it is a copy.
        n_true: all copies there are; default: those reported.
        pictures: (p, 2) the two pictures of each pair; see `bootstrap`.
        resamples: draws for the intervals; see `bootstrap`.
        seed: of these draws.

    Returns:
        Three measures.

    Raises:
        InputError: as `micro_average_precision`.
    """
    scored = Scored(scores, same)
    order, found = _worst_order(scores, same)
    part = _reported(same, n_true)

    def figures(weights: Doubles) -> Doubles:
        tally: Tally = scored.tally(weights)
        recalls = [recall_at_precision_of(tally, precision) * part for precision in PRECISIONS]
        return np.array([_micro_ap(found, weights[order], part), *recalls])

    values = figures(np.ones(scored.n)).tolist()
    low, high = bootstrap(figures, scored.n, pictures=pictures, resamples=resamples, seed=seed)
    everything = float(same.mean())
    names = ["micro-AP", *(f"recall at {100 * p:.4g} % precision" for p in PRECISIONS)]
    baselines = [(chance_of_micro_ap(scores, same, n_true=n_true), "random order")]
    baselines += [(part * (everything >= p), "all pairs called copies") for p in PRECISIONS]
    return tuple(
        measured(name, value, (a, b), baseline, scored.n, fewest=scored.fewest)
        for name, value, a, b, baseline in zip(
            names, values, low.tolist(), high.tolist(), baselines, strict=True
        )
    )


def background_shift(
    queries: Floats, background: Floats, *, first: int = 0, last: int = 2, weight: float = 1.0
) -> Floats:
    """What to add to every score of a query so that scores of different queries compare.

    A query that looks like many pictures has high scores with all; its mean score with its
    nearest pictures of a background set, which holds no copies, is taken off.

    Args:
        queries: (q, d), scaled to length 1 here.
        background: (m, d) pictures that match nothing, usually of the training part.
        first: the nearest background picture that counts, from 0 on.
        last: the last that counts, included; below m.
        weight: how much of the mean is taken off.

    Returns:
        (q,) float32, to be added to all scores of the query.

    Raises:
        InputError: ranks out of range, dimensions that differ, or values that are not finite.

    Source:
        Pizzi et al. 2022, arXiv:2202.10261 (SSCD, their score normalisation).
    """
    left, right = unit_rows(queries, "queries"), unit_rows(background, "background")
    if not 0 <= first <= last < len(right):
        raise InputError(
            "The ranks in the background are out of range",
            where=f"{first} to {last} of {len(right)}",
            mend="pass more background pictures",
        )
    if left.shape[1] != right.shape[1]:
        raise InputError("Queries and background have different dimensions", mend="use one model")
    shift = np.empty(len(left), np.float32)
    step = max(1, _BLOCK // len(right))
    for low in range(0, len(left), step):
        scores = left[low : low + step] @ right.T
        nearest = -np.sort(np.partition(-scores, last, axis=1)[:, : last + 1], axis=1)
        shift[low : low + step] = -weight * nearest[:, first:].mean(axis=1)
    return shift


def _reported(same: Bools, n_true: int | None) -> float:
    """Share of all copies that were reported at all."""
    copies = int(same.sum())
    if n_true is None:
        return 1.0
    if n_true < copies:
        raise InputError(
            "There are more copies reported than copies in all",
            where=f"{copies} of {n_true}",
            mend="report each pair once",
        )
    return copies / n_true


def _worst_order(scores: Scores, same: Bools) -> tuple[Ints, Bools]:
    """Highest score first, wrong before right within a score; and what is right in this order."""
    order = np.lexsort((same, -checked_scores(scores, same)))
    return order, same[order]


def _micro_ap(found: Bools, weights: Doubles, part: float) -> float:
    right = np.where(found, weights, 0.0)
    total = right.sum()
    if not total:
        return np.nan
    called = np.cumsum(weights)
    precision = np.divide(np.cumsum(right), called, out=np.zeros_like(called), where=called > 0)
    return float(min(1.0, (precision * right).sum() / total) * part)
