"""Recall@k, precision@k, MAP@R, R-precision and MRR, each beside what chance reaches exactly."""

from collections.abc import Callable

import numpy as np

from lookalike.metrics.arrays import Doubles
from lookalike.metrics.intervals import bootstrap, measured, wilson
from lookalike.metrics.retrieval import Ranked
from lookalike.nouns.embeddings import Ints
from lookalike.nouns.errors import InputError
from lookalike.nouns.measure import Measure


def recall_at_k(found: Ranked, *, k: int) -> float:
    """Share of the queries with at least one relevant picture among their first k.

    Args:
        found: the ranks.
        k: one of `found.ks`.

    Returns:
        In [0, 1], higher is better; never falls with k.

    Raises:
        InputError: k was not looked at.

    Source:
        Oh Song et al. 2016, arXiv:1511.06452 (their Recall@K).
    """
    return float(np.mean(_hits(found, k) > 0))


def precision_at_k(found: Ranked, *, k: int) -> float:
    """Mean share of relevant pictures among the first k.

    Args:
        found: the ranks.
        k: one of `found.ks`.

    Returns:
        In [0, 1], higher is better; below 1 where fewer than k are relevant.

    Raises:
        InputError: k was not looked at.

    Source:
        Manning et al. 2008, Introduction to Information Retrieval, chapter 8.
    """
    return float(np.mean(_hits(found, k) / k))


def map_at_r(found: Ranked) -> float:
    """Mean over queries of MAP@R: precision up to each relevant picture, among the first R.

    Args:
        found: the ranks; R is how many pictures are relevant to a query.

    Returns:
        In [0, 1], higher is better; 1 only if all relevant ones come first.

    Source:
        Musgrave et al. 2020, arXiv:2003.08505.
    """
    return float(found.precision_at_r.mean())


def r_precision(found: Ranked) -> float:
    """Mean share of relevant pictures among the first R, R being how many are relevant.

    Args:
        found: the ranks.

    Returns:
        In [0, 1], higher is better.

    Source:
        Manning et al. 2008, Introduction to Information Retrieval, chapter 8.
    """
    return float(np.mean(found.hits_at_r / found.relevant))


def mean_reciprocal_rank(found: Ranked) -> float:
    """Mean of one over the rank of the first relevant picture.

    Args:
        found: the ranks.

    Returns:
        In (0, 1], higher is better.

    Source:
        Voorhees 1999, TREC-8.
    """
    return float(np.mean(1 / found.first))


def judge_retrieval(
    found: Ranked, *, resamples: int | None = None, seed: int = 0
) -> tuple[Measure, ...]:
    """All figures of retrieval, beside what a random order reaches in expectation.

    Args:
        found: the ranks.
        resamples: draws of queries for the intervals; see `bootstrap`.
        seed: of these draws.

    Returns:
        R@k for each k (Wilson's interval), precision@k for each k above 1, MAP@R, R-precision
        and MRR.
    """
    columns: list[tuple[str, Doubles, float]] = []
    for place, k in enumerate(found.ks):
        hits = found.hits[:, place]
        columns.append((f"R@{k}", (hits > 0).astype(np.float64), chance_of_recall(found, k=k)))
    for place, k in enumerate(found.ks):
        if k > 1:
            chance = chance_of_r_precision(found)
            columns.append((f"precision@{k}", found.hits[:, place] / k, chance))
    columns += [
        ("MAP@R", found.precision_at_r, chance_of_map_at_r(found)),
        ("R-precision", found.hits_at_r / found.relevant, chance_of_r_precision(found)),
        ("MRR", 1 / found.first, chance_of_reciprocal_rank(found)),
    ]
    table = np.array([values for _, values, _ in columns])  # (figures, q)
    n = len(found)
    low, high = bootstrap(lambda w: table @ w / w.sum(), n, resamples=resamples, seed=seed)
    measures = []
    for (name, values, chance), a, b in zip(columns, low.tolist(), high.tolist(), strict=True):
        value = float(values.mean())
        interval = wilson(value * n, n) if name.startswith("R@") else (a, b)
        measures.append(measured(name, value, interval, (chance, "random order"), n, fewest=n))
    return tuple(measures)


def chance_of_recall(found: Ranked, *, k: int) -> float:
    """Recall@k of a random order, in expectation."""
    return _mean(found, lambda r, n: 1 - _none_of_first(r, n, k))


def chance_of_r_precision(found: Ranked) -> float:
    """R-precision, and precision@k for any k, of a random order, in expectation."""
    return _mean(found, lambda r, n: r / n)


def chance_of_map_at_r(found: Ranked) -> float:
    """MAP@R of a random order, in expectation."""

    def chance(r: int, n: int) -> float:
        # P(rank i is relevant), and then the expected share of relevant ones up to it.
        ranks = np.arange(1, r + 1)
        others = (ranks - 1) * ((r - 1) / (n - 1) if n > 1 else 0.0)
        return float(((1 + others) / ranks).sum()) / n

    return _mean(found, chance)


def chance_of_reciprocal_rank(found: Ranked) -> float:
    """MRR of a random order, in expectation."""

    def chance(r: int, n: int) -> float:
        ranks = np.arange(1, n - r + 2)
        # P(none of the first i is relevant), i = 0 .. n - r.
        still = np.concatenate([[1.0], np.cumprod((n - r - ranks[:-1] + 1) / (n - ranks[:-1] + 1))])
        return float((still * r / (n - ranks + 1) / ranks).sum())

    return _mean(found, chance)


def _none_of_first(r: int, n: int, k: int) -> float:
    taken = np.arange(min(k, n))
    return float(np.prod(np.maximum(n - r - taken, 0) / (n - taken)))


def _mean(found: Ranked, chance: Callable[[int, int], float]) -> float:
    """The mean of a chance that depends on how many are relevant and how many candidates."""
    kinds, counts = np.unique(
        np.stack([found.relevant, found.candidates], axis=1), axis=0, return_counts=True
    )
    chances = [chance(int(r), int(n)) for r, n in kinds]
    return float(np.average(chances, weights=counts))


def _hits(found: Ranked, k: int) -> Ints:
    if k not in found.ks:
        raise InputError(
            "This depth was not looked at", where=f"k={k}", mend=f"pass it in ks (now {found.ks})"
        )
    return found.hits[:, found.ks.index(k)]
