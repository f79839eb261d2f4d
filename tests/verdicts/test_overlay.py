"""What an alignment means: surer with every sign that speaks for a copy, and never certain."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lookalike.nouns.alignment import Alignment
from lookalike.nouns.errors import InputError
from lookalike.verdicts.calibrate import DOUBT
from lookalike.verdicts.overlay import copy_probability, scene_probability

shares = st.floats(0, 1)
counts = st.integers(0, 600)


def found(n_matches: int, n_inliers: int, changed: float, contained: float) -> Alignment:
    some = np.eye(2, 3, dtype=np.float32)
    return Alignment(some, n_matches, n_inliers, changed, contained)


@st.composite
def alignments(draw) -> Alignment:
    matches = draw(counts)
    return found(matches, draw(st.integers(0, matches)), draw(shares), draw(shares))


PERFECT = found(500, 500, 0.0, 1.0)
NOTHING = found(0, 0, 1.0, 0.0)


@given(alignments())
def test_probabilities_are_never_certain_and_a_copy_shows_one_scene(one):
    copy, scene = copy_probability(one), scene_probability(one)
    assert DOUBT <= copy <= scene <= 1 - DOUBT


@given(alignments())
def test_nothing_beats_a_perfect_fit_and_nothing_is_below_none(one):
    assert copy_probability(NOTHING) <= copy_probability(one) <= copy_probability(PERFECT)
    assert scene_probability(NOTHING) <= scene_probability(one) <= scene_probability(PERFECT)


@given(alignments(), counts)
def test_more_points_in_place_are_never_less(one, more):
    better = replace(one, n_matches=one.n_matches + more, n_inliers=one.n_inliers + more)
    assert copy_probability(one) <= copy_probability(better)
    assert scene_probability(one) <= scene_probability(better)


@given(alignments(), counts)
def test_more_points_out_of_place_are_never_more(one, more):
    worse = replace(one, n_matches=one.n_matches + more)
    assert copy_probability(worse) <= copy_probability(one)
    assert scene_probability(worse) == scene_probability(one)


@given(alignments(), shares)
def test_more_change_is_never_more(one, changed):
    less, more = sorted((one.changed, changed))
    assert copy_probability(replace(one, changed=more)) <= copy_probability(
        replace(one, changed=less)
    )


@given(alignments(), shares)
def test_more_of_it_inside_is_never_less(one, contained):
    less, more = sorted((one.contained, contained))
    assert copy_probability(replace(one, contained=less)) <= copy_probability(
        replace(one, contained=more)
    )


def test_what_a_copy_and_what_a_near_miss_look_like():
    assert copy_probability(PERFECT) > 0.99
    assert copy_probability(found(150, 145, 0.02, 0.999)) > 0.9
    assert copy_probability(found(150, 145, 0.02, 0.85)) < 0.5
    assert copy_probability(found(300, 200, 0.3, 0.95)) < 0.1
    assert scene_probability(found(300, 200, 0.3, 0.95)) > 0.99
    assert scene_probability(found(20, 4, 0.9, 0.5)) < 0.05
    assert copy_probability(NOTHING) == scene_probability(NOTHING) == DOUBT


@pytest.mark.parametrize(("matches", "inliers"), [(3, 4), (3, -1)])
def test_more_inliers_than_matches_are_refused(matches, inliers):
    with pytest.raises(InputError, match="inliers"):
        found(matches, inliers, 0.0, 1.0)


def test_a_map_of_another_shape_is_refused():
    with pytest.raises(InputError, match=r"\(2, 3\)"):
        Alignment(np.eye(3, dtype=np.float32), 0, 0, 1.0, 0.0)


def test_points_that_lie_further_off_are_never_more_of_a_copy():
    exact = found(75, 43, 0.028, 0.998)
    chances = [copy_probability(replace(exact, off_px=px)) for px in (0.0, 0.4, 0.75, 1.2, 1.8)]
    assert chances == sorted(chances, reverse=True)
    assert chances[0] == chances[2] > 0.9
    assert chances[-1] < 0.5
