"""Local words: what a cut, a frame and a mirror leave of them."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from real_photos import photographs

from lookalike.geometry.words import MOST_WORDS, local_words
from lookalike.images.edits import EDITS

PHOTOGRAPHS = photographs()
UPRIGHT = [set(local_words(pixels)[0].tolist()) for pixels in PHOTOGRAPHS]


@settings(max_examples=20, deadline=None)
@given(st.integers(1, 700), st.integers(1, 700), st.integers(0, 3))
def test_a_picture_of_any_shape_has_words_that_rise(height, width, seed):
    pixels = np.random.default_rng(seed).integers(0, 256, (height, width, 3), np.uint8)
    for side in local_words(pixels):
        assert side.dtype == np.uint16
        assert len(side) <= MOST_WORDS
        assert (np.diff(side.astype(int)) > 0).all()


def test_a_flat_picture_has_none():
    assert [len(side) for side in local_words(np.full((90, 120, 3), 77, np.uint8))] == [0, 0]


def test_the_words_of_a_mirror_image_are_foretold():
    for pixels in PHOTOGRAPHS:
        foretold = set(local_words(pixels)[1].tolist())
        found = set(local_words(np.ascontiguousarray(pixels[:, ::-1]))[0].tolist())
        upright = set(local_words(pixels)[0].tolist())
        assert len(found & foretold) > 0.5 * len(found)
        assert len(found & foretold) > 2 * len(found & upright)


@pytest.mark.parametrize("edit", ["crop_40", "tilt", "letterbox", "border"])
def test_an_edited_copy_shares_more_with_its_original_than_with_all_others(edit):
    for at, pixels in enumerate(PHOTOGRAPHS):
        edited = set(local_words(EDITS[edit](pixels, at))[0].tolist())
        shared = [len(edited & words) for words in UPRIGHT]
        assert shared[at] >= 2 * sorted(shared)[-2]


def test_words_are_the_same_each_time_and_for_any_memory_layout():
    pixels = PHOTOGRAPHS[0]
    for other in (pixels.copy(), np.asfortranarray(pixels), np.asarray(Image.fromarray(pixels))):
        for one, again in zip(local_words(pixels), local_words(other), strict=True):
            assert one.tolist() == again.tolist()
