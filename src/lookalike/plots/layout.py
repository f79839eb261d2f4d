"""Ways to lay a collection out in the plane, for any number of pictures."""

import warnings
from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Literal

import numpy as np
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from lookalike.nouns.embeddings import Floats, Ints
from lookalike.nouns.errors import InputError, MissingExtra
from lookalike.nouns.neighbours import Neighbours
from lookalike.plots.projections import FEWEST, Points, neighbour_map

Method = Literal["pca", "t-sne", "umap"]
NAMES: dict[Method, str] = {"pca": "PCA", "t-sne": "t-SNE", "umap": "UMAP"}

BESIDE = 4
"""A picture that is not laid out itself is put beside so many of those that are."""

CLOSENESS = 0.03
"""Scores that differ by this much differ by a factor of e in their pull."""

UMAP_NEIGHBOURS = 15

Nearest = Callable[[Ints, Ints, int], Neighbours]
"""Rows asked for, rows that answer, and how many: the nearest by the model."""


@dataclass(frozen=True, slots=True, eq=False)
class Layout:
    """n points, and which of them the method itself placed.

    Attributes:
        points: (n, 2).
        landmarks: (m,) rows that the method placed, rising; all of them where m = n.
    """

    points: Points
    landmarks: Ints


def lay_out(
    components: Floats, method: Method, nearest: Nearest, *, landmarks: int, seed: int
) -> Layout:
    """Places each picture so that like ones lie together.

    t-SNE and UMAP take long for many pictures: beyond `landmarks` a sample is laid out, and each
    of the others is put between the BESIDE pictures of the sample that it is most like.

    Args:
        components: (n, c) principal components of the vectors, most important first.
        method: how.
        nearest: finds neighbours by the model's own scores.
        landmarks: how many pictures the method lays out itself at most; 0 for all of them.
        seed: of all chance; the same seed gives the same points.

    Raises:
        InputError: fewer pictures than FEWEST for another method than "pca".
        MissingExtra: the package of the method is not installed.
    """
    n = len(components)
    rows = np.arange(n)
    if method == "pca":
        wide = np.pad(components[:, :2], ((0, 0), (0, max(0, 2 - components.shape[1]))))
        return Layout(wide.astype(np.float64), rows)
    if landmarks and n > landmarks:
        chance = np.random.default_rng(seed)
        rows = np.sort(chance.choice(n, max(landmarks, FEWEST), replace=False))
    place = _umap if method == "umap" else neighbour_map
    placed = place(components[rows], seed=seed)
    if len(rows) == n:
        return Layout(placed, rows)
    points = np.empty((n, 2))
    points[rows] = placed
    others = np.setdiff1d(np.arange(n), rows)
    points[others] = _beside(placed, rows, nearest(others, rows, BESIDE))
    return Layout(points, rows)


def _beside(placed: Points, rows: Ints, found: Neighbours) -> Points:
    """Means of the places of the nearest landmarks, the nearest weighing most."""
    pull = np.exp((found.scores - found.scores[:, :1]) / CLOSENESS)
    pull /= pull.sum(axis=1, keepdims=True)
    at = np.searchsorted(rows, found.ids)  # (q, k)
    return np.asarray(np.einsum("qk,qkc->qc", pull.astype(np.float64), placed[at]))


def _umap(components: Floats, *, seed: int) -> Points:
    """Uniform manifold approximation and projection.

    Source:
        McInnes et al. 2018, arXiv:1802.03426.
    """
    if len(components) < FEWEST:
        raise InputError(f"A map of neighbours needs {FEWEST} pictures or more")
    if find_spec("umap") is None:
        raise MissingExtra("map", what="The UMAP map needs umap-learn, which is not installed")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of its own imports, and that a seed means one thread
        from umap import UMAP

        model = UMAP(
            n_neighbors=min(UMAP_NEIGHBOURS, len(components) - 1), init="pca", random_state=seed
        )
        with threadpool_limits(1):
            return np.asarray(model.fit_transform(components), np.float64)
