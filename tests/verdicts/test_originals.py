"""What a score of matching means: learned from copies, monotone, and moved by the prior."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from lookalike.nouns.errors import InputError
from lookalike.verdicts.calibrate import DOUBT
from lookalike.verdicts.originals import fit_originals, original_chances, standings


def alone(scores):
    """No source is a copy of another."""
    return np.arange(scores.shape[1])


tables = st.tuples(st.integers(1, 6), st.integers(2, 6)).flatmap(
    lambda shape: arrays(np.float32, shape, elements=st.integers(-20, 20).map(lambda n: n / 10))
)


@settings(deadline=None)
@given(tables)
def test_a_standing_is_the_score_and_its_lead(scores):
    found = standings(scores, alone(scores))
    for t, row in enumerate(scores):
        for s, score in enumerate(row):
            best_other = max(np.delete(row, s))
            assert found[t, s] == pytest.approx(2 * score - best_other, abs=1e-5)
    assert (found.argmax(axis=1) == scores.argmax(axis=1)).all()


def test_what_another_target_has_does_not_count():
    scores = np.array([[0.9, 0.8, 0.1]], np.float32)
    taken = np.array([[True, False, False]])
    assert standings(scores, alone(scores))[0, 1] == pytest.approx(0.7)
    assert standings(scores, alone(scores), taken)[0, 1] == pytest.approx(1.5)


def test_copies_of_a_source_do_not_make_it_less_sure():
    scores = np.array([[0.9, 0.3, 0.2]], np.float32)
    doubled = np.array([[0.9, 0.9, 0.3, 0.2]], np.float32)
    wanted = standings(scores, alone(scores))
    found = standings(doubled, np.array([0, 0, 2, 3]))
    assert (found[0, [0, 2, 3]] == wanted[0]).all() and found[0, 0] == found[0, 1]


def made(n: int, sources: int, gap: float, seed: int):
    """Copies that score `gap` higher with their own source than with others."""
    random = np.random.default_rng(seed)
    own = random.integers(0, sources, n)
    scores = random.normal(0, 1, (n, sources)).astype(np.float32)
    scores[np.arange(n), own] += np.float32(gap)
    return scores, alone(scores), own.astype(np.int64)


@pytest.mark.parametrize("gap", [2.0, 4.0, 6.0])
def test_promises_hold_on_new_targets_half_of_which_have_no_original(gap):
    curve = fit_originals(*made(300, 40, gap, 1))
    scores, twins, own = made(4000, 40, gap, 2)
    rows = np.arange(len(own))
    without = rows % 2 == 0
    scores[rows[without], own[without]] = -3
    best = scores.argmax(axis=1)
    right = (best == own) & ~without
    told = original_chances(standings(scores, twins), curve, prior=0.5)[rows, best]
    assert told.mean() == pytest.approx(right.mean(), abs=0.03)
    for low in np.arange(0, 1, 0.25):
        part = (told >= low) & (told < low + 0.25)
        if part.sum() > 200:
            assert told[part].mean() == pytest.approx(right[part].mean(), abs=0.1)


@given(tables, st.floats(0.01, 0.98))
@settings(deadline=None)
def test_a_higher_prior_and_a_higher_standing_are_never_less_probable(scores, prior):
    curve = fit_originals(*made(100, 20, 3.0, 0))
    standing = standings(scores, alone(scores))
    low = original_chances(standing, curve, prior=prior)
    high = original_chances(standing, curve, prior=prior + 0.01)
    assert (high >= low).all()
    order = np.argsort(standing, axis=None)
    assert (np.diff(low.ravel()[order]) >= 0).all()
    assert (low >= DOUBT / 2).all() and (low <= 1).all()


def test_copies_that_find_nothing_leave_little_hope():
    scores = np.tile(np.array([[0.0, 1.0, 0.5]], np.float32), (20, 1))
    curve = fit_originals(scores, alone(scores), np.zeros(20, np.int64))
    assert original_chances(standings(scores, alone(scores)), curve, prior=0.5).max() < 0.1


def test_one_source_is_too_few():
    with pytest.raises(InputError, match="two sources"):
        standings(np.zeros((3, 1), np.float32), np.zeros(1, np.int64))
