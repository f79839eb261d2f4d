"""Class scores: what a plain loop over classes gives; leaving out is as if never known."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lookalike.neighbours.prototypes import class_scores, left_out_scores
from lookalike.nouns.errors import InputError

rules = st.sampled_from(["prototype", "nearest"])


def drawn(seed: int, classes: int, most: int):
    random = np.random.default_rng(seed)
    labels = np.repeat(np.arange(classes), random.integers(1, most + 1, classes))
    random.shuffle(labels)
    vectors = random.normal(size=(len(labels) + 4, 6)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return vectors[4:], labels.astype(np.int64), vectors[:4]


def plain(query, examples, labels, rule) -> list[float]:
    found = []
    for label in range(labels.max() + 1):
        those = examples[labels == label]
        mean = those.mean(axis=0)
        best = max(query @ one for one in those)
        found.append(query @ mean / np.linalg.norm(mean) if rule == "prototype" else best)
    return found


@settings(deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 5), st.integers(1, 4), rules)
def test_as_a_plain_loop_has_it(seed, classes, most, rule):
    examples, labels, queries = drawn(seed, classes, most)
    found = class_scores(queries, examples, labels, rule=rule)
    wanted = [plain(query, examples, labels, rule) for query in queries]
    np.testing.assert_allclose(found, wanted, atol=1e-4)


@settings(deadline=None)
@given(st.integers(0, 10**6), st.integers(2, 4), st.integers(1, 4), rules)
def test_a_left_out_example_scores_as_if_it_had_never_been_there(seed, classes, most, rule):
    examples, labels, _ = drawn(seed, classes, most)
    found = left_out_scores(examples, labels, rule=rule)
    for row, label in enumerate(labels.tolist()):
        rest = np.delete(np.arange(len(labels)), row)
        if label not in labels[rest]:
            assert np.isnan(found[row, label])
            continue
        wanted = class_scores(examples[[row]], examples[rest], labels[rest], rule=rule)[0]
        assert found[row, label] == pytest.approx(wanted[label], abs=1e-3)


def test_gaps_between_classes_and_unknown_rules_are_refused():
    ones = np.ones((2, 1), np.float32)
    with pytest.raises(InputError, match="numbered"):
        class_scores(ones, ones, np.array([0, 2]), rule="nearest")
    with pytest.raises(InputError, match="no rule"):
        class_scores(ones, ones, np.array([0, 1]), rule="vote")
