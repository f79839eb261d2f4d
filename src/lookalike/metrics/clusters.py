"""Do the classes form clusters? k-means, and how well any clusters agree with the classes."""

import numpy as np

from lookalike.metrics.arrays import Doubles, checked_rows, unit_rows
from lookalike.metrics.intervals import bootstrap, measured
from lookalike.nouns.embeddings import Floats, Ints
from lookalike.nouns.errors import InputError
from lookalike.nouns.measure import Measure

_BLOCK = 2**24
"""Distances held at a time."""
_ROUNDING = 1e-5
"""Squared distances of vectors of length 1 below this are none."""


def k_means(
    embeddings: Floats, k: int, *, seed: int = 0, starts: int = 3, rounds: int = 100
) -> Ints:
    """Clusters of pictures by Lloyd's rounds from k-means++ starts, the best of several.

    Args:
        embeddings: (n, d), scaled to length 1 here.
        k: clusters, 1 to n.
        seed: of the starts; the same seed gives the same clusters.
        starts: how many, at least 1.
        rounds: at most, for each start.

    Returns:
        (n,) cluster of each picture, 0 to k - 1.

    Raises:
        InputError: k, starts or rounds out of range, or embeddings that are not finite.

    Source:
        Lloyd 1982, IEEE Trans. Inf. Theory 28; Arthur and Vassilvitskii 2007, SODA.
    """
    vectors = unit_rows(embeddings)
    if not 1 <= k <= len(vectors) or starts < 1 or rounds < 1:
        raise InputError(
            "k-means needs 1 to n clusters, a start and a round",
            where=f"k={k} of n={len(vectors)}, starts={starts}, rounds={rounds}",
        )
    best: tuple[float, Ints] | None = None
    for start in range(starts):
        clusters, spread = _lloyd(vectors, k, np.random.default_rng((seed, start)), rounds)
        if best is None or spread < best[0]:
            best = spread, clusters
    return best[1] if best is not None else np.zeros(len(vectors), np.int64)


def _lloyd(vectors: Floats, k: int, random: np.random.Generator, rounds: int) -> tuple[Ints, float]:
    centres = _spread_out(vectors, k, random)
    clusters = np.full(len(vectors), -1, np.int64)
    for _ in range(rounds):
        before = clusters
        clusters, gaps = _nearest(vectors, centres)
        if (clusters == before).all():
            break
        centres = _centres(vectors, clusters, gaps, k)
    return clusters, float(gaps.sum())


def _spread_out(vectors: Floats, k: int, random: np.random.Generator) -> Floats:
    """k-means++: each further centre is drawn by its squared distance to those before."""
    chosen = [int(random.integers(len(vectors)))]
    squares = np.einsum("nd,nd->n", vectors, vectors)
    gaps = np.full(len(vectors), np.inf)
    for _ in range(k - 1):
        last = chosen[-1]
        apart = squares + squares[last] - 2 * (vectors @ vectors[last])
        # Rounding leaves a picture a little away from its own copy.
        gaps = np.minimum(gaps, np.where(apart > _ROUNDING, apart, 0.0))
        total = gaps.sum()
        chances = gaps / total if total > 0 else None
        chosen.append(int(random.choice(len(vectors), p=chances)))
    return vectors[chosen]


def _nearest(vectors: Floats, centres: Floats) -> tuple[Ints, Doubles]:
    """The nearest centre of each vector, and the squared distance to it."""
    clusters = np.empty(len(vectors), np.int64)
    gaps = np.empty(len(vectors))
    half = np.einsum("kd,kd->k", centres, centres) / 2
    step = max(1, _BLOCK // len(centres))
    for low in range(0, len(vectors), step):
        part = slice(low, low + step)
        closeness = vectors[part] @ centres.T - half
        clusters[part] = np.argmax(closeness, axis=1)
        squares = np.einsum("nd,nd->n", vectors[part], vectors[part])
        gaps[part] = np.maximum(squares - 2 * closeness.max(axis=1), 0.0)
    return clusters, gaps


def _centres(vectors: Floats, clusters: Ints, gaps: Doubles, k: int) -> Floats:
    """Means of the clusters; an empty one moves to the picture farthest from its centre."""
    order = np.argsort(clusters, kind="stable")
    used, starts = np.unique(clusters[order], return_index=True)
    sums = np.add.reduceat(vectors[order], starts, axis=0, dtype=np.float64)
    centres = np.empty((k, vectors.shape[1]), np.float32)
    centres[used] = sums / np.diff(np.append(starts, len(order)))[:, None]
    empty = np.setdiff1d(np.arange(k), used)
    centres[empty] = vectors[np.argsort(-gaps, kind="stable")[: len(empty)]]
    return centres


def normalised_mutual_information(found: Ints, truth: Ints) -> float:
    """Agreement of clusters with classes: 2 I / (H(found) + H(truth)).

    Args:
        found: (n,) cluster of each picture, from 0 on.
        truth: (n,) class of each picture, from 0 on.

    Returns:
        In [0, 1], higher is better; 1 also where both are one single set.

    Raises:
        InputError: no pictures, or shapes that do not fit.

    Source:
        Manning et al. 2008, Introduction to Information Retrieval, chapter 16.
    """
    cells, shape = _cells(found, truth)
    return _nmi(np.bincount(cells, minlength=shape[0] * shape[1]).reshape(shape))


def chance_of_nmi(found: Ints, truth: Ints) -> float:
    """The same with the classes dealt out at random: expected information, exactly.

    Args:
        found: (n,) cluster of each picture, from 0 on.
        truth: (n,) class of each picture, from 0 on.

    Returns:
        In [0, 1].

    Raises:
        InputError: as `normalised_mutual_information`.

    Source:
        Vinh et al. 2010, JMLR 11 (their expected mutual information).
    """
    cells, shape = _cells(found, truth)
    table = np.bincount(cells, minlength=shape[0] * shape[1]).reshape(shape)
    rows, columns = table.sum(axis=1), table.sum(axis=0)
    entropy = _entropy(rows) + _entropy(columns)
    if entropy == 0:
        return 1.0
    n = int(table.sum())
    log_factorials = np.concatenate([[0.0], np.cumsum(np.log(np.arange(1, n + 1)))])
    information = 0.0
    for a, times_a in zip(*np.unique(rows, return_counts=True), strict=True):
        for b, times_b in zip(*np.unique(columns, return_counts=True), strict=True):
            shared = _expected(int(a), int(b), n, log_factorials)
            information += float(times_a * times_b) * shared
    return min(1.0, max(0.0, 2 * information / entropy))


def _expected(a: int, b: int, n: int, log_factorials: Doubles) -> float:
    """Expected part of the information of a cluster of a and a class of b pictures."""
    both = np.arange(max(1, a + b - n), min(a, b) + 1)
    if not len(both):
        return 0.0
    f = log_factorials
    ways = f[a] + f[b] + f[n - a] + f[n - b] - f[n]
    chances = np.exp(ways - f[both] - f[a - both] - f[b - both] - f[n - a - b + both])
    return float((chances * both / n * np.log(n * both / (a * b))).sum())


def judge_clusters(
    found: Ints, truth: Ints, *, resamples: int | None = None, seed: int = 0
) -> Measure:
    """The agreement of clusters with classes beside classes dealt out at random.

    Args:
        found: (n,) cluster of each picture, from 0 on; see `k_means`.
        truth: (n,) class of each picture, from 0 on.
        resamples: draws of pictures for the interval; see `bootstrap`.
        seed: of these draws.

    Returns:
        The measure "NMI". Drawing anew raises it, so the interval is moved back by as much.

    Raises:
        InputError: as `normalised_mutual_information`.
    """
    cells, shape = _cells(found, truth)
    size = shape[0] * shape[1]

    def figures(weights: Doubles) -> Doubles:
        return np.array([_nmi(np.bincount(cells, weights, size).reshape(shape))])

    n = len(cells)
    value = figures(np.ones(n))
    low, high = bootstrap(figures, n, centre=value, resamples=resamples, seed=seed)
    interval = max(0.0, float(low[0])), min(1.0, float(high[0]))
    baseline = chance_of_nmi(found, truth), "classes dealt out at random"
    return measured("NMI", float(value[0]), interval, baseline, n, fewest=n)


def _cells(found: Ints, truth: Ints) -> tuple[Ints, tuple[int, int]]:
    """The cell of each picture in a table of clusters and classes that occur, and its shape."""
    if found.shape != truth.shape:
        raise InputError("Each picture needs a cluster and a class", where=f"{found.shape}")
    # Any whole number names a set; only the shape and kind need a check.
    checked_rows(np.abs(found), np.iinfo(np.int64).max, "clusters", (None,))
    checked_rows(np.abs(truth), np.iinfo(np.int64).max, "classes", (None,))
    rows, columns = (np.unique(part, return_inverse=True)[1] for part in (found, truth))
    shape = int(rows.max()) + 1, int(columns.max()) + 1
    return rows * shape[1] + columns, shape


def _nmi(table: Ints | Doubles) -> float:
    rows, columns = table.sum(axis=1), table.sum(axis=0)
    alone = _entropy(rows), _entropy(columns)
    if sum(alone) == 0:
        return 1.0
    information = sum(alone) - _entropy(table.ravel())
    return min(1.0, max(0.0, 2 * information / sum(alone)))


def _entropy(counts: Ints | Doubles) -> float:
    shares = counts[counts > 0] / counts.sum()
    return max(0.0, -float((shares * np.log(shares)).sum()))
