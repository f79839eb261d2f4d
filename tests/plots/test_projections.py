"""From many dimensions to two: what a projection has to keep."""

import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lookalike.nouns.errors import InputError, MissingExtra
from lookalike.plots import canvas
from lookalike.plots.maps import COLUMNS, ROWS, shown_rows
from lookalike.plots.projections import FEWEST, neighbour_map, principal_axes


def unit_vectors(n, d, seed=0):
    vectors = np.random.default_rng(seed).normal(0, 1, (n, d)).astype(np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


@settings(max_examples=30, deadline=None)
@given(st.integers(1, 30), st.integers(1, 12), st.integers(0, 99))
def test_principal_axes_hold_the_most_variance(n, d, seed):
    vectors = unit_vectors(n, d, seed)
    points, share = principal_axes(vectors)
    centred = vectors.astype(np.float64) - vectors.mean(axis=0, dtype=np.float64)
    wanted = np.sort(np.linalg.eigvalsh(centred.T @ centred))[::-1][:2]
    assert np.allclose(np.square(points).sum(axis=0)[: len(wanted)], wanted, atol=1e-9)
    assert np.allclose(points.mean(axis=0), 0, atol=1e-9)
    assert 0 <= share <= 1 + 1e-12


def test_what_lies_in_a_plane_keeps_its_distances():
    plane = np.random.default_rng(1).normal(0, 1, (20, 2))
    turn = np.linalg.qr(np.random.default_rng(2).normal(0, 1, (8, 8)))[0][:2]
    points, share = principal_axes((plane @ turn).astype(np.float32))
    assert share == pytest.approx(1)

    def gaps(x):
        return np.linalg.norm(x[:, None] - x[None], axis=2)

    assert np.allclose(gaps(points), gaps(plane), atol=1e-5)


def test_equal_pictures_make_one_point():
    points, share = principal_axes(np.ones((4, 3), np.float32))
    assert not points.any() and share == 1
    with pytest.raises(InputError, match="at least one"):
        principal_axes(np.empty((0, 3), np.float32))


def test_neighbours_stay_neighbours_and_chance_is_seeded():
    centres = unit_vectors(3, 16, 5)
    labels = np.repeat(np.arange(3), 12)
    vectors = centres[labels] + 0.05 * unit_vectors(36, 16, 6)
    points = neighbour_map(vectors, seed=0)
    assert points.shape == (36, 2)
    gaps = np.linalg.norm(points[:, None] - points[None], axis=2)
    np.fill_diagonal(gaps, np.inf)
    assert (labels[gaps.argmin(axis=1)] == labels).mean() > 0.9
    assert np.array_equal(points, neighbour_map(vectors, seed=0))


def test_few_pictures_make_a_map_or_an_error():
    assert neighbour_map(unit_vectors(FEWEST, 4), seed=0).shape == (FEWEST, 2)
    with pytest.raises(InputError, match="5 pictures"):
        neighbour_map(unit_vectors(FEWEST - 1, 4), seed=0)


@pytest.mark.parametrize("package", ["sklearn.manifold", "matplotlib.figure"])
def test_without_the_extra_the_mend_is_told(monkeypatch, package):
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(MissingExtra, match="plots") as caught:
        if package.startswith("sklearn"):
            neighbour_map(unit_vectors(9, 4), seed=0)
        else:
            canvas.sheet()
    assert "pip install" in caught.value.mend


@settings(max_examples=30, deadline=None)
@given(st.integers(1, 400), st.integers(0, 99))
def test_of_each_cell_of_a_map_one_picture_is_shown(n, seed):
    points = np.random.default_rng(seed).uniform(-3, 5, (n, 2))
    rows = shown_rows(points)
    assert list(rows) == sorted(set(rows.tolist())) and len(rows) >= 1
    low, high = points.min(axis=0), points.max(axis=0)
    span = np.where(high > low, high - low, 1)
    cells = ((points - low) / span * [COLUMNS, ROWS]).astype(int).clip(0, [COLUMNS - 1, ROWS - 1])
    numbers = cells[:, 1] * COLUMNS + cells[:, 0]
    assert len(set(numbers[rows].tolist())) == len(rows) == len(set(numbers.tolist()))


def test_a_map_of_one_point_shows_it():
    assert shown_rows(np.zeros((5, 2))).tolist() == [0]
