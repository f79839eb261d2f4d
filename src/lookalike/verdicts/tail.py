"""How high pictures score that have nothing to do with each other: the far end of their scores."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lookalike.nouns.embeddings import Floats
from lookalike.nouns.errors import InputError

LEAST = 30
"""So many scores tell where a tail begins and how fast it falls."""

FAR = 1e-8
"""The curve agrees with the tail down to this share of all pairs."""

CELLS = 20
STEPS = 200
SLOPES = np.geomspace(1, 1000, 600)

_Wide = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Tail:
    """The highest scores of pairs drawn at random: an exponential, copies among them left out.

    Attributes:
        start: where it begins.
        share: P(a pair of different pictures scores `start` or more).
        rate: how fast it falls; the share of pairs halves with each log(2) / rate.
        copies: how many of the pairs beyond `start` seem to be copies.
    """

    start: float
    share: float
    rate: float
    copies: float

    def score_at(self, share: float) -> float:
        """The score that this share of different pairs reaches; no more than `self.share`."""
        return self.start + math.log(self.share / share) / self.rate

    def share_beyond(self, score: float) -> float:
        """P(a pair of different pictures scores this much or more); no less than `start`."""
        return self.share * math.exp(-self.rate * (score - self.start))


def fit_tail(top: Floats, n_pairs: int, copies: Floats) -> Tail:
    """The tail of different pairs, from the highest scores of a collection's own random pairs.

    Some of these pairs are copies, since people keep copies, and nobody says which. So the scores
    are taken as a mixture of an exponential and of what known copies score, and both parts are
    estimated together. Scores that no exponential explains count as copies.

    Args:
        top: (t,) the t highest scores among all pairs, in any order.
        n_pairs: how many pairs there are.
        copies: (c,) scores of known copies with their originals.

    Raises:
        InputError: fewer than LEAST scores, or fewer pairs than scores.

    Source:
        Dempster, Laird and Rubin 1977, "Maximum likelihood from incomplete data via the EM
        algorithm"; an exponential beyond a high bound is the tail of most distributions: Pickands
        1975, doi 10.1214/aos/1176343003, with shape 0.
    """
    if len(top) < LEAST or n_pairs < len(top):
        raise InputError("A tail needs more pairs of pictures", where=f"{len(top)} of {n_pairs}")
    scores = np.sort(top.astype(np.float64))
    # Scores that come in steps, such as bits of a hash, stand for half a step to either side.
    steps = np.diff(np.unique(scores))
    start = float(scores[0]) - (float(np.median(steps)) / 2 if len(steps) else 0.0)
    beyond = np.maximum(scores - start, 1e-9)
    of_copies = _density(scores, copies.astype(np.float64), start)
    share, rate = 0.05, 1 / float(np.median(beyond) / math.log(2))
    chance = np.zeros(len(scores))
    for _ in range(STEPS):
        different = (1 - share) * rate * np.exp(-rate * beyond)
        chance = share * of_copies / (share * of_copies + different)
        share = min(float(chance.mean()), 0.95)
        rate = float((1 - chance).sum() / ((1 - chance) * beyond).sum())
    hidden = float(chance.sum())
    return Tail(start, (len(scores) - hidden) / n_pairs, rate, hidden)


def fit_against_tail(copies: Floats, tail: Tail) -> tuple[float, float] | None:
    """The curve by which copies foretell how many different pairs reach each score.

    A ratio of likelihoods is right when, at every score s,

        P(score >= s | different) = mean over copies of [score >= s] / ratio(score)

    Slope and intercept of log(ratio) make both sides agree, in logarithms, along the tail.

    Args:
        copies: (c,) scores of known copies with their originals.
        tail: of different pairs.

    Returns:
        Slope and intercept of P(copy | score) at even odds; None where too few copies score
        higher than the tail.
    """
    known = np.sort(copies.astype(np.float64))
    highest = float(known[-5]) if len(known) >= LEAST else -math.inf
    shares = np.geomspace(tail.share, FAR, 25)
    places = np.array([tail.score_at(share) for share in shares.tolist()])
    inside = places <= highest
    if inside.sum() < 3:
        return None
    there, wanted = places[inside], np.log(shares[inside])
    # exp(-slope * (score - highest)), so that no slope overflows.
    falling = np.exp(-np.outer(SLOPES, known - highest).clip(-600, 600))  # (slopes, c)
    sums = falling[:, ::-1].cumsum(axis=1)[:, ::-1]
    sums = np.concatenate([sums, np.zeros((len(SLOPES), 1))], axis=1)
    foretold = sums[:, np.searchsorted(known, there)] / len(known)
    gaps = np.log(foretold) - wanted  # (slopes, places)
    best = int(gaps.var(axis=1).argmin())
    slope = float(SLOPES[best])
    return slope, float(gaps[best].mean()) - slope * highest


def _density(scores: _Wide, copies: _Wide, start: float) -> _Wide:
    """How often copies score about as much as each of some scores, beyond `start`."""
    end = max(float(scores[-1]), float(copies.max(initial=start)), start + 1e-6)
    counts, edges = np.histogram(copies[copies >= start], CELLS, (start, end))
    cells = np.clip(np.searchsorted(edges, scores, side="right") - 1, 0, CELLS - 1)
    smoothed = (counts + 1) / (counts.sum() + CELLS) * CELLS / (end - start)
    return np.asarray(smoothed[cells], np.float64)
