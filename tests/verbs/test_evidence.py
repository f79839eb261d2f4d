"""What is seen of two pictures does not depend on which is named first."""

from itertools import combinations

import numpy as np
import pytest
from scenes import scene

import lookalike
from lookalike.images.hashes import describe_hashes
from lookalike.images.orientations import INVERSE, ORIENTATIONS, turn
from lookalike.verbs.evidence import best_turns


@pytest.mark.parametrize("g", range(len(ORIENTATIONS)))
def test_each_orientation_is_undone_by_its_inverse(g):
    pixels = np.asarray(scene(1))
    assert np.array_equal(turn(turn(pixels, g), INVERSE[g]), pixels)


@pytest.mark.parametrize("g", range(len(ORIENTATIONS)))
def test_a_turned_picture_is_recognised_from_either_side(g):
    pixels = np.asarray(scene(2))
    plain, turned = (
        describe_hashes(np.ascontiguousarray(p))[0][None] for p in (pixels, turn(pixels, g))
    )
    bits, how = best_turns(plain, turned)
    assert (int(bits[0]) <= 4, int(how[0])) == (True, g)
    bits_back, back = best_turns(turned, plain)
    assert (bits_back[0], int(back[0])) == (bits[0], INVERSE[g])


def test_strangers_are_as_far_apart_from_either_side():
    hashes = [describe_hashes(np.asarray(scene(seed)))[0][None] for seed in range(12)]
    for a, b in combinations(hashes, 2):
        assert best_turns(a, b)[0] == best_turns(b, a)[0]


def test_the_verdict_is_the_same_from_either_side(album):
    for a, b in combinations(["a.jpg", "c.jpg", "c-mirrored.jpg", "c-small.jpg", "d.jpg"], 2):
        there, back = (
            lookalike.compare(album / a, album / b),
            lookalike.compare(album / b, album / a),
        )
        one, other = there.pairs[0].verdict, back.pairs[0].verdict
        assert (one.level, one.rung, one.hash_bits) == (other.level, other.rung, other.hash_bits)
        assert one.probability == pytest.approx(other.probability, abs=1e-6)
