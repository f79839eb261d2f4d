"""Curves through histograms of scores, and tables that judge them."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from lookalike.nouns.embeddings import Floats

BINS = 20_000
"""Of the scores -1 to 1: fine enough that a bin is one score."""
SIMILAR_STEP = 500
"""Bins that are taken together where odds are measured."""
SIMILAR_ODDS = (0.2, 0.995)
"""Between these probabilities the curve of "similar" has to be right, at even odds."""
Counts = NDArray[np.float64]


def histogram(scores: Floats) -> Counts:
    places = ((scores + 1) * (BINS / 2)).astype(np.int64).clip(0, BINS - 1)
    return np.bincount(places, minlength=BINS).astype(float)


CENTRES = (np.arange(BINS) + 0.5) * (2 / BINS) - 1


def above(counts: Counts) -> Counts:
    """For each bin, how many are in it or above it."""
    return counts[::-1].cumsum()[::-1]


def foretold(alike: Counts, slope: float, intercept: float) -> Counts:
    """Rate of different pairs at or above each bin, as the curve tells from the alike ones."""
    return above(alike / alike.sum() * np.exp(-(slope * CENTRES + intercept)))


def fit(alike: Counts, different: Counts, rates: Sequence[float]) -> tuple[float, float]:
    """Slope and intercept, at even odds, whose foretold false rates agree best at `rates`."""
    actual = above(different) / different.sum()
    bins = [int(np.argmax(actual <= rate)) for rate in np.geomspace(rates[0], rates[-1], 17)]
    best = (np.inf, 0.0, 0.0)
    for slope in np.arange(0.5, 60, 0.25).tolist():
        gap = np.log(foretold(alike, slope, 0.0)[bins]) - np.log(actual[bins])
        best = min(best, (float(gap.var()), slope, float(gap.mean())))
    return best[1], best[2]


def odds_of(alike: Counts, different: Counts) -> tuple[Counts, Counts, Counts]:
    """Score, probability at even odds and alike share of bins taken together; sparse ones not."""
    parts = [counts.reshape(-1, SIMILAR_STEP).sum(axis=1) for counts in (alike, different)]
    some = (parts[0] > 0) & (parts[1] >= 10)
    shares = [part[some] / part.sum() for part in parts]
    score = CENTRES.reshape(-1, SIMILAR_STEP).mean(axis=1)[some]
    return score, shares[0] / (shares[0] + shares[1]), shares[0]


def fit_even(alike: Counts, different: Counts) -> tuple[float, float]:
    """Slope and intercept through the measured log odds of SIMILAR_ODDS, the bulk weighing most."""
    score, probability, share = odds_of(alike, different)
    used = (probability >= SIMILAR_ODDS[0]) & (probability <= SIMILAR_ODDS[1]) & (score > 0)
    odds = np.log(probability[used] / (1 - probability[used]))
    slope, shift = np.polyfit(score[used], odds, 1, w=np.sqrt(share[used]))
    return float(slope), float(shift)


def judge_even(
    line: tuple[float, float], alike: Counts, different: Counts
) -> list[dict[str, object]]:
    """Promised and achieved share of pairs of one class among as many of two."""
    return [
        {
            "name": f"similar at score {score:.3f}, even odds",
            "value": round(achieved, 3),
            "unit": "share of one class",
            "promised": round(float(1 / (1 + np.exp(-(line[0] * score + line[1])))), 3),
            "share_of_alike": round(share, 4),
        }
        for score, achieved, share in zip(
            *(part.tolist() for part in odds_of(alike, different)), strict=True
        )
        if score > 0
    ]


def judge(
    name: str, line: tuple[float, float], alike: Counts, different: Counts, rates: Sequence[float]
) -> list[dict[str, object]]:
    """Foretold and actual false pairs, and the share of alike pairs found, at each rate."""
    actual, told = above(different), foretold(alike, *line) * different.sum()
    rows: list[dict[str, object]] = []
    for rate in rates:
        place = int(np.argmax(actual <= rate * different.sum()))
        found = above(alike)[place] / alike.sum()
        rows.append(
            {
                "name": f"{name}, false rate {rate:.0e}",
                "value": round(float(found), 4),
                "unit": "share found",
                "score": round(float(CENTRES[place]), 3),
                "false_foretold": round(float(told[place])),
                "false_actual": int(actual[place]),
            }
        )
    return rows
