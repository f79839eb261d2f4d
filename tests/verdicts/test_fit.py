"""A curve fitted to scores gives back the curve that they were drawn from."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.linear_model import LogisticRegression

from lookalike.nouns.errors import InputError
from lookalike.verdicts.fit import fit_even_odds


def drawn(slope, intercept, *, n=200_000, alike=0.5, seed=0):
    """Scores whose truth follows the curve at even odds, then thinned to the share `alike`."""
    chance = np.random.default_rng(seed)
    scores = chance.uniform(-1, 1, n).astype(np.float32)
    same = chance.random(n) < 1 / (1 + np.exp(-(slope * scores + intercept)))
    # Even odds: as many of each kind before the thinning.
    rows = {kind: np.flatnonzero(same == kind) for kind in (True, False)}
    most = min(map(len, rows.values()))
    keep = [rows[kind][: int(most * share)] for kind, share in ((True, alike), (False, 1 - alike))]
    keep = np.concatenate(keep)
    return scores[keep], same[keep]


@pytest.mark.parametrize("alike", [0.5, 0.9, 0.02])
def test_finds_the_curve_whatever_the_share_of_same_pairs(alike):
    # Symmetric about 0, so that drawing as many of each kind does not move the curve.
    slope, intercept = fit_even_odds(*drawn(4.0, 0.0, alike=alike))
    assert slope == pytest.approx(4.0, rel=0.06)
    assert intercept == pytest.approx(0.0, abs=0.12)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000), st.floats(0.5, 30), st.floats(-0.5, 0.5))
def test_agrees_with_another_implementation(seed, steep, centre):
    chance = np.random.default_rng(seed)
    same = chance.random(400) < 0.5
    same[:2] = True, False
    scores = (centre + same * 0.2 + chance.normal(0, 1 / steep, 400)).astype(np.float32)
    line = fit_even_odds(scores, same)
    smooth = np.where(same, (same.sum() + 1) / (same.sum() + 2), 1 / ((~same).sum() + 2))
    half = np.where(same, 0.5 / same.sum(), 0.5 / (~same).sum())
    model = LogisticRegression(C=1e12, tol=1e-10, max_iter=10_000)
    column = np.concatenate([scores, scores])[:, None].astype(float)
    truth = np.repeat([True, False], 400)
    model.fit(column, truth, np.concatenate([half * smooth, half * (1 - smooth)]) * 400)
    slope, intercept = float(model.coef_[0, 0]), float(model.intercept_[0])
    if line is None:
        assert slope < 1e-3
    else:
        assert line == pytest.approx((slope, intercept), rel=2e-3, abs=2e-3)


def test_no_mistake_still_gives_a_finite_curve_and_more_pairs_a_steeper_one():
    few, many = (
        fit_even_odds(np.repeat(np.float32([-0.2, 0.6]), n), np.repeat([False, True], n))
        for n in (10, 1000)
    )
    assert 0 < few[0] < many[0] < 100
    for (slope, intercept), n in ((few, 10), (many, 1000)):
        told = 1 / (1 + np.exp(-(slope * 0.6 + intercept)))
        assert told == pytest.approx((n + 1) / (n + 2), abs=1e-6)


def test_scores_that_say_nothing_or_the_contrary_give_no_curve():
    same = np.array([True, False] * 50)
    assert fit_even_odds(np.zeros(100, np.float32), same) is None
    assert fit_even_odds(np.where(same, -0.5, 0.5).astype(np.float32), same) is None


@pytest.mark.parametrize("same", [[True, True], [False, False]])
def test_one_kind_alone_is_refused(same):
    with pytest.raises(InputError, match="the same and pairs that are not"):
        fit_even_odds(np.array([0.1, 0.2], np.float32), np.array(same))


def test_scores_that_are_no_numbers_are_refused():
    with pytest.raises(InputError, match="finite"):
        fit_even_odds(np.array([0.1, np.nan], np.float32), np.array([True, False]))
