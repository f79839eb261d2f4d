"""Clusters of many points, and how many of them there are."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lookalike.neighbours.threads import one_blas_thread
from lookalike.nouns.embeddings import Floats, Halves, Ints
from lookalike.nouns.errors import InputError

ROUNDS = 30
TRIED = (4, 6, 8, 12, 16, 24, 32)
"""Numbers of clusters among which the best is chosen."""

BLOCK = 16_384


@dataclass(frozen=True, slots=True, eq=False)
class Clusters:
    """A partition of n points.

    Attributes:
        of: (n,) the cluster of each, 0 for the largest; none is empty.
        centres: (k, d) float32.
        silhouette: mean over the points of (b - a) / max(a, b), where a and b are the distances to
            the nearest and to the second nearest centre; higher is clearer.
    """

    of: Ints
    centres: Floats
    silhouette: float


def k_means(points: Floats, k: int, *, seed: int) -> Clusters:
    """At most k clusters, each point in that of the nearest centre.

    Args:
        points: (n, d).
        k: how many at most; fewer where points coincide.
        seed: of the first centres.

    Raises:
        InputError: no points, or k below 1.

    Source:
        First centres by k-means++: Arthur and Vassilvitskii 2007. The silhouette with centres:
        Hruschka et al. 2004, "Evolutionary algorithms for clustering gene-expression data".
    """
    if not len(points) or k < 1:
        raise InputError("Clusters need a point, and one cluster or more")
    with one_blas_thread():
        centres = _first(points, min(k, len(points)), np.random.default_rng(seed))
        of = np.full(len(points), -1, np.int64)
        for _ in range(ROUNDS):
            now, _, _ = _nearest(points, centres)
            if (now == of).all():
                break
            of = now
            centres = _means(points, of, centres)
        of, near, next_near = _nearest(points, centres)
    kept, of = np.unique(of, return_inverse=True)
    order = np.argsort(-np.bincount(of), kind="stable")
    rank = np.empty_like(order)
    rank[order] = np.arange(len(order))
    widest = np.maximum(next_near, 1e-12)
    clear = float(((next_near - near) / widest).mean()) if len(centres) > 1 else 0.0
    return Clusters(rank[of].astype(np.int64), centres[kept][order], clear)


def best_k_means(points: Floats, *, seed: int) -> Clusters:
    """As `k_means`, with the number of TRIED whose silhouette is best; 1 for few points."""
    tried = [k for k in TRIED if 4 * k <= len(points)]
    if not tried:
        return k_means(points, 1, seed=seed)
    return max((k_means(points, k, seed=seed) for k in tried), key=lambda c: c.silhouette)


def medoids(vectors: Floats | Halves, of: Ints) -> Ints:
    """Of each cluster the vector with the highest mean inner product with all of it.

    Args:
        vectors: (n, d); memory maps are read in blocks.
        of: (n,) clusters, 0 to k - 1, none empty.

    Returns:
        (k,) rows; the first of equals.
    """
    k = int(of.max()) + 1
    means = _means(vectors, of, np.zeros((k, vectors.shape[1]), np.float32))
    best, found = np.full(k, -np.inf, np.float32), np.zeros(k, np.int64)
    for low in range(0, len(of), BLOCK):
        own = of[low : low + BLOCK]
        scores = np.einsum("nd,nd->n", vectors[low : low + BLOCK].astype(np.float32), means[own])
        order = np.lexsort((-scores, own))  # the best of each cluster first
        clusters, firsts = np.unique(own[order], return_index=True)
        tops = order[firsts]
        higher = scores[tops] > best[clusters]
        best[clusters[higher]] = scores[tops[higher]]
        found[clusters[higher]] = low + tops[higher]
    return found


def _first(points: Floats, k: int, chance: np.random.Generator) -> Floats:
    """Centres far from each other: each is drawn with the square of its distance as its weight."""
    rows = [int(chance.integers(len(points)))]
    gaps = _squares(points, points[rows[-1]])
    while len(rows) < k and (total := float(gaps.sum())) > 0:
        at = int(np.searchsorted(np.cumsum(gaps), chance.random() * total))
        rows.append(min(at, len(points) - 1))
        gaps = np.minimum(gaps, _squares(points, points[rows[-1]]))
    return points[rows].astype(np.float32)


def _squares(points: Floats, centre: Floats) -> NDArray[np.float64]:
    squares = np.empty(len(points))
    for low in range(0, len(points), BLOCK):
        off = (points[low : low + BLOCK] - centre).astype(np.float64)
        squares[low : low + BLOCK] = np.einsum("nd,nd->n", off, off)
    return squares


def _nearest(points: Floats, centres: Floats) -> tuple[Ints, Floats, Floats]:
    """The nearest centre of each point, its distance, and that of the second nearest."""
    n = len(points)
    of, near, next_near = np.empty(n, np.int64), np.empty(n, np.float32), np.empty(n, np.float32)
    lengths = (centres * centres).sum(axis=1)
    for low in range(0, n, BLOCK):
        part = points[low : low + BLOCK]
        squares = lengths - 2 * part @ centres.T + (part * part).sum(axis=1)[:, None]
        squares = np.maximum(squares, 0)
        rows, cut = np.arange(len(part)), slice(low, low + len(part))
        of[cut] = squares.argmin(axis=1)
        near[cut] = np.sqrt(squares[rows, of[cut]])
        squares[rows, of[cut]] = np.inf
        next_near[cut] = np.sqrt(squares.min(axis=1)) if len(centres) > 1 else near[cut]
    return of, near, next_near


def _means(points: Floats | Halves, of: Ints, before: Floats) -> Floats:
    """The mean of each cluster; a cluster without points keeps its centre."""
    counts = np.bincount(of, minlength=len(before))
    sums = np.zeros(before.shape, np.float64)
    for low in range(0, len(points), BLOCK):
        part, own = points[low : low + BLOCK], of[low : low + BLOCK]
        order = np.argsort(own, kind="stable")
        clusters, starts = np.unique(own[order], return_index=True)
        sums[clusters] += np.add.reduceat(part[order].astype(np.float64), starts, axis=0)
    filled = np.flatnonzero(counts)
    centres = before.copy()
    centres[filled] = sums[filled] / counts[filled, None]
    return centres
