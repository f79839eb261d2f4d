"""Layouts for any number of pictures, principal components and clusters: what they have to keep."""

import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lookalike.neighbours.kmeans import TRIED, best_k_means, k_means, medoids
from lookalike.neighbours.search import top_k
from lookalike.nouns.errors import InputError, MissingExtra
from lookalike.plots import components
from lookalike.plots.components import principal_components
from lookalike.plots.layout import lay_out
from lookalike.plots.projections import principal_axes


def heaps(n=120, k=3, d=12, seed=0):
    """Unit vectors in k clear heaps, and which heap each is of."""
    chance = np.random.default_rng(seed)
    of = chance.integers(0, k, n)
    vectors = (np.eye(k, d)[of] + chance.normal(0, 0.08, (n, d))).astype(np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True), of


def nearest_in(vectors):
    def nearest(asked, among, k):
        return top_k(vectors[asked], vectors, k=k, rows=among)

    return nearest


@settings(max_examples=30, deadline=None)
@given(st.integers(1, 40), st.integers(1, 12), st.integers(1, 14), st.integers(0, 99))
def test_components_are_those_of_the_covariance(n, d, wanted, seed):
    vectors = np.random.default_rng(seed).normal(0, 1, (n, d)).astype(np.float32)
    found = principal_components(vectors, wanted)
    keep = min(n, d, wanted)
    assert found.axes.shape == (keep, d)
    assert np.allclose(found.axes @ found.axes.T, np.eye(keep), atol=1e-9)
    centred = vectors.astype(np.float64) - vectors.mean(axis=0, dtype=np.float64)
    sizes = np.sort(np.linalg.eigvalsh(centred.T @ centred))[::-1][:keep]
    placed = found.of(vectors)
    assert np.allclose(np.square(placed).sum(axis=0), sizes, atol=1e-3, rtol=1e-4)
    assert (np.diff(found.shares) <= 1e-12).all() and found.shares.sum() <= 1 + 1e-9


def test_components_do_not_depend_on_the_blocks(monkeypatch):
    vectors, _ = heaps()
    whole = principal_components(vectors, 4).of(vectors)
    monkeypatch.setattr(components, "BLOCK", 7)
    assert np.allclose(principal_components(vectors, 4).of(vectors), whole, atol=1e-5)
    plane, _ = principal_axes(vectors)
    assert np.allclose(whole[:, :2], plane, atol=1e-4)


def test_clusters_are_the_heaps_whatever_the_order():
    vectors, of = heaps()
    found = k_means(vectors, 3, seed=1)
    pairs = {(a, b) for a, b in zip(found.of.tolist(), of.tolist(), strict=True)}
    assert len(pairs) == 3
    sizes = np.bincount(found.of)
    assert (np.diff(sizes) <= 0).all()
    again = k_means(vectors, 3, seed=1)
    assert (again.of == found.of).all()


def test_the_number_of_clusters_is_the_clearest():
    vectors, _ = heaps(200, k=6)
    assert len(best_k_means(vectors, seed=0).centres) == 6 and 6 in TRIED
    few = best_k_means(vectors[:5], seed=0)
    assert len(few.centres) == 1 and (few.of == 0).all()


@pytest.mark.parametrize("k", [1, 3, 50])
def test_points_that_coincide_make_no_empty_cluster(k):
    found = k_means(np.repeat(np.eye(2, 4, dtype=np.float32), 10, axis=0), k, seed=0)
    assert set(found.of.tolist()) == set(range(len(found.centres)))
    assert len(found.centres) == min(k, 2)


def test_the_medoid_is_the_most_central():
    vectors, of = heaps(60)
    for cluster, row in enumerate(medoids(vectors, of)):
        own = np.flatnonzero(of == cluster)
        mean = (vectors[own] @ vectors[own].T).mean(axis=1)
        assert row in own and mean[own == row] >= mean.max() - 1e-6


def test_no_points_and_no_clusters_are_refused():
    with pytest.raises(InputError):
        k_means(np.zeros((0, 3), np.float32), 2, seed=0)
    with pytest.raises(InputError):
        principal_components(np.zeros((0, 3), np.float32), 2)


def test_a_sample_is_laid_out_and_the_others_lie_in_their_own_heap():
    pytest.importorskip("sklearn")
    vectors, of = heaps(150)
    parts = principal_components(vectors, 8).of(vectors)
    layout = lay_out(parts, "t-sne", nearest_in(vectors), landmarks=60, seed=3)
    assert len(layout.landmarks) == 60
    assert (np.diff(layout.landmarks) > 0).all()
    middles = np.stack([layout.points[layout.landmarks][of[layout.landmarks] == h].mean(axis=0)
                        for h in range(3)])  # fmt: skip
    others = np.setdiff1d(np.arange(150), layout.landmarks)
    gaps = np.linalg.norm(layout.points[others, None] - middles, axis=2)
    assert (gaps.argmin(axis=1) == of[others]).all()
    again = lay_out(parts, "t-sne", nearest_in(vectors), landmarks=60, seed=3)
    assert (again.points == layout.points).all()


def test_the_plane_of_principal_axes_holds_all():
    vectors, _ = heaps(40)
    parts = principal_components(vectors, 5).of(vectors)
    layout = lay_out(parts, "pca", nearest_in(vectors), landmarks=10, seed=0)
    assert (layout.points == parts[:, :2]).all() and len(layout.landmarks) == 40
    flat = lay_out(parts[:, :1], "pca", nearest_in(vectors), landmarks=0, seed=0)
    assert (flat.points[:, 1] == 0).all()


def test_umap_is_an_extra(monkeypatch):
    vectors, _ = heaps(20)
    monkeypatch.setitem(sys.modules, "umap", None)
    monkeypatch.setattr("lookalike.plots.layout.find_spec", lambda name: None)
    with pytest.raises(MissingExtra, match="umap-learn") as caught:
        lay_out(vectors, "umap", nearest_in(vectors), landmarks=0, seed=0)
    assert "lookalike[map]" in caught.value.mend
    with pytest.raises(InputError, match="5 pictures"):
        lay_out(vectors[:3], "umap", nearest_in(vectors), landmarks=0, seed=0)


def test_umap_is_called_with_the_seed(monkeypatch):
    """A stand-in takes its place: the real one compiles itself for minutes."""
    asked = {}

    class Stand:
        def __init__(self, **options):
            asked.update(options)

        def fit_transform(self, rows):
            return rows[:, :2]

    module = type(sys)("umap")
    module.UMAP = Stand
    monkeypatch.setitem(sys.modules, "umap", module)
    monkeypatch.setattr("lookalike.plots.layout.find_spec", lambda name: module)
    vectors, _ = heaps(9)
    layout = lay_out(vectors, "umap", nearest_in(vectors), landmarks=0, seed=5)
    assert asked["random_state"] == 5 and asked["n_neighbors"] == 8
    assert (layout.points == vectors[:, :2]).all()
