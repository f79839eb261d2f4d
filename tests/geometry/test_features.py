"""Points of a picture: how many, in which size, and that OpenCV's own threads are put back."""

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scenes import scene

from lookalike.geometry.align import align
from lookalike.geometry.features import (
    LONG_SIDE_PX,
    MOST_POINTS,
    SHORT_SIDE_PX,
    local_features,
    mirrored_features,
    one_thread_each,
)
from lookalike.nouns.alignment import LocalFeatures
from lookalike.nouns.errors import InputError


@settings(max_examples=25, deadline=None)
@given(st.integers(1, 900), st.integers(1, 900), st.integers(0, 3))
def test_a_picture_of_any_shape_is_described(height, width, seed):
    numbers = np.random.default_rng(seed)
    coarse = numbers.integers(0, 256, (1 + height // 8, 1 + width // 8, 3), np.uint8)
    pixels = coarse.repeat(8, axis=0).repeat(8, axis=1)[:height, :width]
    found = local_features(pixels)
    tall, wide = found.grey.shape
    assert found.grey.dtype == np.uint8
    assert max(tall, wide) <= LONG_SIDE_PX
    assert min(tall, wide) <= max(SHORT_SIDE_PX, 1)
    assert tall <= 2 * height
    assert wide <= 2 * width
    assert len(found) <= MOST_POINTS
    assert (found.points >= 0).all()
    assert (found.points <= [wide, tall]).all()
    assert found.descriptors.dtype == np.uint8
    assert (found.descriptors.max(axis=1) > 0).all()


def test_a_pattern_that_repeats_has_no_more_points_than_others():
    dots = np.zeros((SHORT_SIDE_PX, 384), np.uint8)
    for row in range(8, SHORT_SIDE_PX, 16):
        for column in range(8, 384, 16):
            cv2.circle(dots, (column, row), 4, 255, -1)
    assert len(local_features(np.stack([dots] * 3, axis=2))) == MOST_POINTS


def test_one_colour_has_no_points():
    found = local_features(np.full((300, 400, 3), 128, np.uint8))
    assert found.points.shape == (0, 2)
    assert found.descriptors.shape == (0, 128)


def test_a_view_that_is_not_contiguous_is_read_right():
    pixels = np.asarray(scene(2))
    flipped = pixels[:, ::-1]
    as_view, as_copy = local_features(flipped), local_features(np.ascontiguousarray(flipped))
    assert np.array_equal(as_view.grey, as_copy.grey)
    assert np.array_equal(as_view.descriptors, as_copy.descriptors)


def test_features_cannot_be_written_to():
    found = local_features(np.asarray(scene(0)))
    for kept in (found.grey, found.points, found.descriptors):
        with pytest.raises(ValueError, match="read-only"):
            kept[:1] = 0


def test_points_without_descriptors_are_refused():
    grey = np.zeros((8, 8), np.uint8)
    with pytest.raises(InputError, match="one point for each descriptor"):
        LocalFeatures(grey, np.zeros((3, 2), np.float32), np.zeros((2, 128), np.float32))


@pytest.fixture
def three_threads():
    before = cv2.getNumThreads()
    cv2.setNumThreads(3)
    yield cv2.getNumThreads()
    cv2.setNumThreads(before)


def test_open_cv_gets_its_threads_back(three_threads):
    with one_thread_each():
        assert cv2.getNumThreads() == 1
    assert cv2.getNumThreads() == three_threads


def test_open_cv_gets_its_threads_back_after_an_error(three_threads):
    with pytest.raises(ZeroDivisionError), one_thread_each():
        _ = 1 // 0
    assert cv2.getNumThreads() == three_threads


def test_a_mirror_image_is_known_without_looking_again():
    pixels = np.asarray(scene(4, (480, 360)))
    turned = local_features(np.ascontiguousarray(pixels[:, ::-1]))
    found = align(turned, mirrored_features(local_features(pixels)))
    assert found.agreement > 0.95
    assert np.allclose(found.transform, [[1, 0, 0], [0, 1, 0]], atol=0.5)


def test_the_mirror_image_of_a_mirror_image_is_the_picture():
    seen = local_features(np.asarray(scene(5)))
    back = mirrored_features(mirrored_features(seen))
    assert np.array_equal(back.descriptors, seen.descriptors)
    assert np.array_equal(back.grey, seen.grey)
    assert np.allclose(back.points, seen.points, atol=1e-3)
