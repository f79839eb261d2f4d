"""How well edited copies of held-out pictures find their originals, before and after."""

import numpy as np

from lookalike.metrics.intervals import wilson
from lookalike.nouns.embeddings import Floats, Ints
from lookalike.nouns.measure import Measure

RESAMPLED = 2000


def places_of(vectors: Floats, queries: Floats, rows: Ints) -> Ints:
    """(views, n) at which place among all pictures each copy finds its original; ties count."""
    found = []
    for view in queries:
        scores = view @ vectors.T  # (n, all)
        own = scores[np.arange(len(rows)), rows]
        found.append(np.count_nonzero(scores >= own[:, None], axis=1))
    return np.array(found, np.int64)


def figures_of(places: Ints, n: int) -> tuple[Measure, Measure]:
    """How many are first, and the mean of 1 / place."""
    hits, q = int((places == 1).sum()), places.size
    first = Measure("original first", hits / q, *wilson(hits, q), 1 / n, "at random", q)
    each = (1 / places).mean(axis=0)
    mean, half = float(each.mean()), 1.96 * float(each.std()) / float(np.sqrt(len(each)))
    bounds = max(0.0, float(mean - half)), min(1.0, float(mean + half))
    random = float(np.mean(1 / np.arange(1, n + 1)))
    rank = Measure("1 / place", mean, *bounds, random, "at random", q)
    return first, rank


def gain_of(before: Ints, after: Ints, seed: int) -> Measure:
    """The mean rise of 1 / place, with an interval over pictures drawn again and again."""
    each = (1 / after - 1 / before).mean(axis=0)  # (n,), so that a picture's copies stay together
    chance = np.random.default_rng(seed)
    means = each[chance.integers(0, len(each), (RESAMPLED, len(each)))].mean(axis=1)
    low, high = np.quantile(means, (0.025, 0.975)).tolist()
    mean = float(each.mean())
    return Measure("1 / place", mean, min(low, mean), max(high, mean), 0.0, "no change", len(each))
