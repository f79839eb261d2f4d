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
        bound = reject_threshold((examples @ means.T).astype(np.float32), own, rate=rate)
        rejected.append(np.mean((centres[classes:] @ means.T).max(axis=1) <= bound))
    assert np.mean(rejected) >= rate - 0.05


def test_a_higher_rate_needs_a_higher_score_and_own_scores_do_not_matter():
    random = np.random.default_rng(0)
    scores = random.normal(size=(30, 6)).astype(np.float32)
    own = np.arange(30)[:, None] % 6 == np.arange(6)
    bounds = [reject_threshold(scores, own, rate=rate) for rate in (0.5, 0.7, 0.9, 0.99)]
    assert bounds == sorted(bounds)
    other = np.where(own, np.float32(9), scores)
    assert reject_threshold(other, own, rate=0.9) == bounds[2]


def test_two_classes_and_impossible_rates_are_refused():
    two = np.zeros((2, 2), np.float32)
    with pytest.raises(InputError, match="2 classes do not tell"):
        reject_threshold(two, np.eye(2, dtype=bool), rate=0.9)
    three, own = np.zeros((3, 3), np.float32), np.eye(3, dtype=bool)
    for rate in (0.2, 1.0):
        with pytest.raises(InputError, match="between"):
            reject_threshold(three, own, rate=rate)
