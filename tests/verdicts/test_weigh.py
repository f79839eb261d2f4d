"""A model that finds the matches counts more than one that guesses."""

import numpy as np
import pytest

from lookalike.nouns.errors import InputError
from lookalike.verdicts.weigh import LEAST, fit_weights


def made(gaps, c=96, s=40, seed=0):
    """Scores of models whose right candidate stands out by a gap each."""
    random = np.random.default_rng(seed)
    own = random.integers(0, s, c)
    parts = random.normal(size=(len(gaps), c, s))
    for gap, part in zip(gaps, parts, strict=True):
        part[np.arange(c), own] += gap
    return parts.astype(np.float32), np.arange(s), own


def share_right(weights, parts, own):
    return np.mean(np.tensordot(weights, parts, 1).argmax(axis=1) == own)


def test_weights_add_up_and_follow_what_models_know():
    parts, twins, own = made((3.0, 1.5, 0.0))
    weights = fit_weights(parts, twins, own)
    assert weights.sum() == pytest.approx(1) and (weights > 0).all()
    assert weights[0] > weights[1] > weights[2] and weights[2] < 0.15
    order = [2, 0, 1]
    assert fit_weights(parts[order], twins, own) == pytest.approx(weights[order], abs=1e-5)


def test_they_find_more_of_other_queries_than_equal_weights():
    found = []
    for seed in range(5):
        weights = fit_weights(*made((2.5, 0.3), seed=seed))
        parts, _, own = made((2.5, 0.3), c=2000, seed=100 + seed)
        found.append((share_right(weights, parts, own), share_right([0.5, 0.5], parts, own)))
    learned, even = np.mean(found, axis=0)
    assert learned > even + 0.05


def test_few_queries_leave_models_nearly_even():
    parts, twins, own = made((3.0, 3.0), c=4, s=5)
    assert fit_weights(parts, twins, own) == pytest.approx([0.5, 0.5], abs=0.2)
    one = fit_weights(parts[:1], twins, own)
    assert one == pytest.approx([1.0])
    none = fit_weights(parts[:, :0], twins, own[:0])
    assert none == pytest.approx([0.5, 0.5])


def test_a_copy_of_the_match_is_as_right_as_the_match():
    parts, _, own = made((2.0, 1.0), s=20)
    doubled = np.concatenate([parts, parts], axis=2)
    twins = np.tile(np.arange(20), 2)
    both = fit_weights(doubled, twins, own)
    assert both == pytest.approx(fit_weights(parts, np.arange(20), own), abs=1e-4)


def test_nothing_is_left_out_and_wrong_shapes_are_refused():
    parts, twins, own = made((6.0, -6.0))
    assert fit_weights(parts, twins, own).min() >= LEAST / 100
    with pytest.raises(InputError, match="all candidates"):
        fit_weights(parts, twins[:-1], own)
