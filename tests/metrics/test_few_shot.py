"""Episodes: by hand, ties, the whole pool, and the table of classes."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lookalike.metrics.few_shot import (
    answer_episodes,
    class_accuracies,
    episode_scores,
    few_shot_accuracy,
    judge_episodes,
    right_ways,
    whole_pool,
)
from lookalike.metrics.intervals import mean_interval, wilson
from lookalike.nouns.errors import InputError

few = settings(max_examples=40, deadline=None)
seeds = st.integers(0, 2**32 - 1)


def made(seed, n=24, ways=3, shots=2, asked=4, episodes=5):
    random = np.random.default_rng(seed)
    vectors = random.normal(size=(n, 4)).astype(np.float32)
    support = np.array(
        [random.permutation(n)[: ways * shots].reshape(ways, shots) for _ in range(episodes)]
    )
    queries = random.integers(n, size=(episodes, asked))
    return vectors, (support, queries, random.integers(ways, size=(episodes, asked)))


def unit(vector):
    return vector / np.linalg.norm(vector)


@few
@given(seeds)
def test_scores_are_cosines_with_the_mean_or_the_nearest(seed):
    vectors, (support, queries, _) = made(seed)
    units = np.array([unit(v) for v in vectors.astype(np.float64)])
    prototypes = episode_scores(vectors, support, queries)
    nearest = episode_scores(vectors, support, queries, rule="nearest")
    for e, m, w in np.ndindex(*prototypes.shape):
        query, shown = units[queries[e, m]], units[support[e, w]]
        assert prototypes[e, m, w] == pytest.approx(query @ unit(shown.mean(axis=0)), abs=1e-5)
        assert nearest[e, m, w] == pytest.approx((shown @ query).max(), abs=1e-5)


@few
@given(seeds)
def test_with_one_shot_both_rules_are_one(seed):
    vectors, episodes = made(seed, shots=1)
    np.testing.assert_array_equal(
        answer_episodes(vectors, episodes), answer_episodes(vectors, episodes, rule="nearest")
    )


@few
@given(seeds)
def test_an_episode_at_a_time_is_all_at_once(seed):
    vectors, episodes = made(seed)
    support, queries, answers = episodes
    together = right_ways(episode_scores(vectors, support, queries), answers)
    np.testing.assert_array_equal(answer_episodes(vectors, episodes), together)


@pytest.mark.parametrize("d", [1, 33, 200])
def test_a_collapsed_model_answers_nothing(d):
    vectors = np.tile(np.random.default_rng(0).normal(size=d), (24, 1)).astype(np.float32)
    _, episodes = made(1, ways=5, shots=3)
    assert not answer_episodes(vectors, episodes).any()


def test_a_query_that_is_its_own_support_is_right():
    vectors, (support, _, _) = made(2, shots=1)
    answers = np.tile(np.arange(3), (5, 1))
    assert answer_episodes(vectors, (support, support[:, :, 0], answers)).all()


def test_the_measure_is_the_mean_over_episodes():
    right = np.array([[True, True], [True, False], [False, False], [True, True]])
    measure = judge_episodes(right, ways=5, name="5-way 1-shot")
    low, high = mean_interval(np.array([1, 0.5, 0, 1]))
    assert (measure.value, measure.low, measure.high) == (0.625, max(low, 0), min(high, 1))
    assert (measure.baseline, measure.baseline_name, measure.n) == (0.2, "at random", 4)


def test_a_single_episode_and_a_perfect_one_have_intervals_too():
    one = judge_episodes(np.array([[True, True, False]]), ways=2, name="a")
    assert (one.low, one.high) == wilson(2, 3)
    perfect = judge_episodes(np.ones((4, 5), bool), ways=2, name="a")
    assert perfect.low == wilson(20, 20)[0]


def test_guessing_is_right_once_in_so_many_ways():
    random = np.random.default_rng(5)
    scores = random.normal(size=(2000, 5, 4))
    answers = random.integers(4, size=(2000, 5))
    assert few_shot_accuracy(scores, answers) == pytest.approx(0.25, abs=0.02)


@few
@given(seeds, st.integers(1, 3))
def test_the_whole_pool_asks_every_other_picture(seed, shots):
    random = np.random.default_rng(seed)
    labels = np.concatenate([np.arange(-1, 5), np.repeat([1, 3], 4), random.integers(5, size=9)])
    labels = random.permutation(labels)
    known, counts = np.unique(labels[labels >= 0], return_counts=True)
    classes = known[counts > shots]
    support, queries, answers = whole_pool(labels, shots=shots, draws=3, seed=seed)
    assert support.shape == (3, len(classes), shots)
    for drawn, asked, ways in zip(support, queries, answers, strict=True):
        np.testing.assert_array_equal(labels[drawn], np.tile(classes[:, None], shots))
        np.testing.assert_array_equal(classes[ways], labels[asked])
        both = np.sort(np.concatenate([drawn.ravel(), asked]))
        np.testing.assert_array_equal(both, np.flatnonzero(np.isin(labels, classes)))


def test_the_pool_repeats_itself_and_knows_its_seed():
    labels = np.repeat(np.arange(4), 6)
    first, again, other = (whole_pool(labels, draws=5, seed=seed) for seed in (1, 1, 2))
    for a, b in zip(first, again, strict=True):
        np.testing.assert_array_equal(a, b)
    assert (first[0] != other[0]).any()


def test_the_table_of_classes_counts_pictures_once():
    labels = np.array([0, 0, 2, 2])
    queries = np.array([[0, 2], [0, 3], [1, 2]])
    right = np.array([[True, True], [False, True], [True, True]])
    bars = class_accuracies(right, queries, labels, ["a", "b", "c"], ways=3, name="one-shot")
    assert [(bar.name, bar.value, bar.n) for bar in bars.bars] == [("a", 2 / 3, 2), ("c", 1.0, 2)]
    assert (bars.bars[1].low, bars.bars[1].high) == wilson(2, 2)
    assert bars.baseline == 1 / 3


@pytest.mark.parametrize(
    "wrong",
    [
        lambda v, e: answer_episodes(v, (e[0][:, :1], e[1], e[2] * 0)),
        lambda v, e: answer_episodes(v, (e[0], e[1][:-1], e[2])),
        lambda v, e: answer_episodes(v, (e[0], e[1], e[2] + 3)),
        lambda v, e: answer_episodes(v, (e[0] + 24, e[1], e[2])),
        lambda v, e: answer_episodes(v * np.inf, e),
        lambda v, e: answer_episodes(v, e, rule="guess"),
        lambda v, e: episode_scores(v, e[0][:, :, 0], e[1]),
        lambda v, e: judge_episodes(np.zeros((0, 3), bool), ways=5, name="a"),
        lambda v, e: judge_episodes(np.zeros((2, 3), bool), ways=1, name="a"),
        lambda v, e: whole_pool(np.array([0, 0, 1])),
        lambda v, e: whole_pool(np.array([0, 0, 1, 1]), shots=2),
        lambda v, e: whole_pool(np.array([0, 0, 1, 1]), draws=0),
        lambda v, e: class_accuracies(e[2] > 0, e[1], np.full(24, 7), ["a"], ways=3),
    ],
)
def test_what_is_no_episode_is_refused(wrong):
    with np.errstate(invalid="ignore"), pytest.raises(InputError):
        wrong(*made(6))
