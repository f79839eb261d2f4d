"""Levels: the mean of the highest scores; hubs lose what they have with everything."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from lookalike.neighbours.normalise import level, normalised
from lookalike.nouns.errors import InputError

tables = st.tuples(st.integers(1, 5), st.integers(2, 9)).flatmap(
    lambda shape: arrays(np.float32, shape, elements=st.floats(-1, 1, width=16))
)


@settings(deadline=None)
@given(tables, st.integers(1, 12), st.integers(0, 1))
def test_a_level_is_the_mean_of_the_highest_without_the_first_few(scores, k, skip):
    found = level(scores, k=k, skip=skip)
    wanted = np.sort(scores, axis=1)[:, ::-1][:, skip : skip + k].mean(axis=1)
    np.testing.assert_allclose(found, wanted, atol=1e-5)


@settings(deadline=None)
@given(tables, st.floats(-1, 1, width=16))
def test_what_all_scores_have_in_common_vanishes(scores, more):
    def alone(values):
        return normalised(values, level(values), level(values.T))

    np.testing.assert_allclose(alone(scores), alone(scores + np.float32(more)), atol=1e-3)


def test_a_picture_that_is_like_everything_no_longer_comes_first():
    scores = np.array([[0.8, 0.7, 0.1], [0.8, 0.1, 0.7]], np.float32)
    assert scores.argmax(axis=1).tolist() == [0, 0]
    hubs = np.array([0.8, 0.2, 0.2], np.float32)
    found = normalised(scores, level(scores, skip=1), hubs)
    assert found.argmax(axis=1).tolist() == [1, 2]


def test_a_level_needs_a_background_and_levels_need_to_fit():
    with pytest.raises(InputError, match="background"):
        level(np.zeros((2, 1), np.float32), skip=1)
    with pytest.raises(InputError, match="one number a row"):
        normalised(np.zeros((2, 3), np.float32), np.zeros(3, np.float32), np.zeros(3, np.float32))
