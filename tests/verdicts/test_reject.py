"""The stated share of strangers is rejected, whatever their scores are like."""

import numpy as np
import pytest

from lookalike.nouns.errors import InputError
from lookalike.verdicts.reject import reject_threshold


@pytest.mark.parametrize("classes", [5, 10, 20, 60])
@pytest.mark.parametrize("shots", [1, 4])
@pytest.mark.parametrize("rate", [0.8, 0.9, 0.95])
def test_strangers_are_rejected_at_the_stated_rate(classes, shots, rate):
    random = np.random.default_rng(classes * shots)
    rejected = []
    for _ in range(200):
        centres = random.normal(size=(classes + 20, 24))
        centres /= np.linalg.norm(centres, axis=1, keepdims=True)
        labels = np.repeat(np.arange(classes), shots)
        noise = random.normal(0, 0.08, (len(labels), 24))
        examples = centres[labels] + noise
        examples /= np.linalg.norm(examples, axis=1, keepdims=True)
        means = np.array([examples[labels == c].mean(axis=0) for c in range(classes)])
        means /= np.linalg.norm(means, axis=1, keepdims=True)
        own = labels[:, None] == np.arange(classes)
        bound = reject_threshold((examples @ means.T).astype(np.float32), own, rate=rate).threshold
        rejected.append(np.mean((centres[classes:] @ means.T).max(axis=1) <= bound))
    assert np.mean(rejected) >= rate - 0.03


@pytest.mark.parametrize("classes", [5, 10, 19])
def test_strangers_are_rejected_where_some_classes_fall_into_one_place(classes):
    """A network sees some new classes as one: few scores are high, and the rest tell nothing."""
    random = np.random.default_rng(classes)
    rejected = []
    for _ in range(400):
        places = random.normal(size=(30, 24))[random.integers(0, 30, classes + 10)]
        seen = places + random.normal(0, 0.8, places.shape)
        seen /= np.linalg.norm(seen, axis=1, keepdims=True)
        scores = seen @ seen[:classes].T
        own = np.eye(classes, dtype=bool)
        bound = _threshold(scores[:classes].astype(np.float32), own, 0.9)
        rejected.append(np.mean(scores[classes:].max(axis=1) <= bound))
    assert np.mean(rejected) >= 0.87


def test_many_classes_show_the_rate_and_few_tell_how_many_would():
    random = np.random.default_rng(1)
    scores = random.normal(size=(19, 19)).astype(np.float32) / 10
    scores = (scores + scores.T) / 2
    own = np.eye(19, dtype=bool)
    found = reject_threshold(scores, own, rate=0.9)
    assert found.needed == 0 and found.shown == pytest.approx(0.9) and found.pairs == 171
    assert found.threshold == pytest.approx(float(scores[~own].max()), abs=1e-6)
    fewer = reject_threshold(scores[:18, :18], own[:18, :18], rate=0.9)
    assert fewer.needed == 19 and fewer.shown < 0.9
    assert fewer.threshold > scores[:18, :18][~own[:18, :18]].max()
    assert reject_threshold(scores, own, rate=0.95).needed == 39


def test_classes_of_one_picture_reject_all_else():
    """Copies among the examples leave nothing but copies to be of a class."""
    alike = np.ones((4, 4), np.float32)
    assert 0.999 < _threshold(alike, np.eye(4, dtype=bool), 0.9) <= 1


def _threshold(scores, own, rate):
    return reject_threshold(scores, own, rate=rate).threshold


def test_a_higher_rate_needs_a_higher_score_and_own_scores_do_not_matter():
    random = np.random.default_rng(0)
    scores = random.normal(size=(30, 6)).astype(np.float32)
    own = np.arange(30)[:, None] % 6 == np.arange(6)
    bounds = [_threshold(scores, own, rate) for rate in (0.5, 0.7, 0.9, 0.99)]
    assert bounds == sorted(bounds)
    other = np.where(own, np.float32(9), scores)
    assert _threshold(other, own, 0.9) == bounds[2]


def test_two_classes_and_impossible_rates_are_refused():
    two = np.zeros((2, 2), np.float32)
    with pytest.raises(InputError, match="2 classes do not tell"):
        reject_threshold(two, np.eye(2, dtype=bool), rate=0.9)
    three, own = np.zeros((3, 3), np.float32), np.eye(3, dtype=bool)
    for rate in (0.2, 1.0):
        with pytest.raises(InputError, match="between"):
            reject_threshold(three, own, rate=rate)
