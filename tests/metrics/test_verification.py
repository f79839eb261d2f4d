"""Pairs: the same figures as scikit-learn, and what the standards say about ties and errors."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_answers import pairs
from sklearn import metrics as sk

from lookalike.metrics.judged_pairs import judge_pairs
from lookalike.metrics.pair_scores import pair_scores
from lookalike.metrics.verification import (
    average_precision,
    equal_error_rate,
    fnmr_at_fmr,
    precision_recall_curve,
    roc_auc,
    roc_curve,
)
from lookalike.nouns.errors import InputError

few = settings(max_examples=50, deadline=None)
seeds = st.integers(0, 2**32 - 1)


def drawn(seed):
    return pairs(np.random.default_rng(seed))


@few
@given(seeds)
def test_area_and_average_precision_are_scikit_learns(seed):
    scores, same = drawn(seed)
    assert roc_auc(scores, same) == pytest.approx(sk.roc_auc_score(same, scores))
    assert average_precision(scores, same) == pytest.approx(
        sk.average_precision_score(same, scores)
    )


@few
@given(seeds)
def test_the_curves_are_scikit_learns(seed):
    scores, same = drawn(seed)
    false_rate, true_rate, thresholds = sk.roc_curve(same, scores, drop_intermediate=False)
    curve = roc_curve(scores, same)
    np.testing.assert_allclose(curve.false_rate, false_rate)
    np.testing.assert_allclose(curve.true_rate, true_rate)
    np.testing.assert_array_equal(curve.thresholds, thresholds)
    precision, recall, thresholds = sk.precision_recall_curve(same, scores)
    found = precision_recall_curve(scores, same)
    np.testing.assert_allclose(found.precision, precision[:-1][::-1])
    np.testing.assert_allclose(found.recall, recall[:-1][::-1])
    np.testing.assert_array_equal(found.thresholds, thresholds[::-1])


@few
@given(seeds, st.floats(0.01, 0.99))
def test_a_prevalence_is_a_weight(seed, prevalence):
    scores, same = drawn(seed)
    weights = np.where(same, prevalence / same.sum(), (1 - prevalence) / (~same).sum())
    wanted = sk.average_precision_score(same, scores, sample_weight=weights)
    assert average_precision(scores, same, prevalence=prevalence) == pytest.approx(wanted)


@few
@given(seeds)
def test_the_area_is_the_chance_to_rank_an_alike_pair_higher(seed):
    scores, same = drawn(seed)
    gaps = scores[same][:, None] - scores[~same]
    assert roc_auc(scores, same) == pytest.approx(np.mean((gaps > 0) + (gaps == 0) / 2))


@few
@given(seeds)
def test_the_equal_error_lies_between_both_errors_of_its_neighbours(seed):
    scores, same = drawn(seed)
    error = equal_error_rate(scores, same)
    curve = roc_curve(scores, same)
    misses = 1 - curve.true_rate
    at = np.argmax(curve.false_rate >= misses)
    assert curve.false_rate[at - 1] - 1e-12 <= error <= curve.false_rate[at] + 1e-12
    assert misses[at] - 1e-12 <= error <= misses[at - 1] + 1e-12


def test_the_equal_error_of_a_known_case():
    # At 0.4 one of four different pairs passes and one of four alike ones is missed.
    scores = np.array([0.9, 0.8, 0.4, 0.1, 0.5, 0.3, 0.2, 0.0])
    same = np.array([True] * 4 + [False] * 4)
    assert equal_error_rate(scores, same) == pytest.approx(0.25)


def test_between_two_thresholds_the_equal_error_lies_on_a_straight_line():
    # From (0, 1/2 missed) to (1, none missed): both errors are 1/3 on the way.
    scores, same = np.array([2.0, 1.0, 1.0]), np.array([True, True, False])
    assert equal_error_rate(scores, same) == pytest.approx(1 / 3)


@few
@given(seeds, st.floats(0, 1))
def test_misses_at_a_false_match_rate_are_those_of_the_best_threshold_allowed(seed, fmr):
    scores, same = drawn(seed)
    allowed = [
        np.mean(scores[same] < threshold)
        for threshold in [*scores, np.inf]
        if np.mean(scores[~same] >= threshold) <= fmr + 1e-12  # shares are rounded
    ]
    assert fnmr_at_fmr(scores, same, fmr=fmr) == pytest.approx(min(allowed))


def test_equal_scores_pass_together_or_not_at_all():
    scores = np.array([1.0, 1.0, 1.0, 0.0])
    same = np.array([True, True, False, False])
    assert fnmr_at_fmr(scores, same, fmr=0.4) == 1.0
    assert fnmr_at_fmr(scores, same, fmr=0.5) == 0.0


def test_the_table_names_every_figure_with_its_baseline():
    random = np.random.default_rng(5)
    same = np.arange(400) < 100
    scores = (random.normal(size=400) + same).astype(np.float32)
    table = {m.name: m for m in judge_pairs(scores, same, threshold=0.8)}
    assert list(table) == [
        "accuracy",
        "F1",
        "average precision",
        "balanced accuracy",
        "ROC-AUC",
        "EER",
        "FNMR at FMR 1 %",
    ]
    assert table["accuracy"].baseline == 0.75
    assert table["accuracy"].baseline_name == "always different"
    assert table["F1"].baseline == pytest.approx(0.4)
    assert table["average precision"].baseline == pytest.approx(0.25)
    assert table["ROC-AUC"].value == pytest.approx(roc_auc(scores, same))
    for measure in table.values():
        assert measure.low < measure.value < measure.high
        assert measure.n == 400


def test_at_a_prevalence_the_table_has_what_depends_on_it():
    random = np.random.default_rng(6)
    same = np.arange(200) < 100
    scores = random.normal(size=200) + same
    table = judge_pairs(scores, same, threshold=0.5, prevalence=0.01)
    assert [m.name for m in table] == [
        "accuracy at 1 % alike",
        "F1 at 1 % alike",
        "average precision at 1 % alike",
    ]
    # Nearly all pairs are different, so saying so is nearly always right.
    assert table[0].baseline == pytest.approx(0.99)
    assert table[2].value == average_precision(scores, same, prevalence=0.01)


def test_shared_pictures_make_a_figure_less_sure():
    random = np.random.default_rng(7)
    same = np.arange(300) % 2 == 0
    quality = random.normal(size=30)
    pictures = random.integers(30, size=(300, 2))
    scores = quality[pictures].sum(axis=1) + same
    alone = judge_pairs(scores, same, threshold=0.5)
    shared = judge_pairs(scores, same, threshold=0.5, pictures=pictures)
    for a, b in zip(alone, shared, strict=True):
        assert a.value == b.value
        assert b.high - b.low > a.high - a.low


def test_a_repeated_run_is_identical():
    scores, same = drawn(8)
    assert judge_pairs(scores, same, threshold=0) == judge_pairs(scores, same, threshold=0)


def test_a_perfect_score_on_few_pairs_is_not_called_certain():
    same = np.arange(10) < 5
    for measure in judge_pairs(same.astype(np.float64), same, threshold=0.5):
        assert measure.high - measure.low > 0.2


@pytest.mark.parametrize("prevalence", [0.0, 1.0, -1.0, np.nan])
def test_a_prevalence_that_is_no_share_is_refused(prevalence):
    scores, same = drawn(9)
    with pytest.raises(InputError, match="between 0 and 1"):
        average_precision(scores, same, prevalence=prevalence)


def test_answers_that_are_not_bool_are_refused():
    with pytest.raises(InputError, match="alike or not"):
        roc_auc(np.array([0.1, 0.2]), np.array([0, 1]))


@pytest.mark.parametrize("metric", ["cosine", "l2", "l1"])
def test_scores_of_pairs_rise_with_likeness_and_equal_pictures_tie(metric):
    random = np.random.default_rng(3)
    vectors = random.normal(size=(6, 37)).astype(np.float32)
    vectors[4:] = vectors[0]
    rows = np.array([[0, 4], [5, 4], [0, 1], [4, 1], [1, 5]])
    scores = pair_scores(vectors, rows, metric=metric)
    assert scores[0] == scores[1] == (1.0 if metric == "cosine" else 0.0)
    assert scores[2] == scores[3] == scores[4] < scores[0]


def test_scores_of_pairs_are_the_textbooks():
    vectors = np.array([[3, 4], [4, 3], [0, 0]], np.float32)
    rows = np.array([[0, 1], [0, 2]])
    np.testing.assert_allclose(pair_scores(vectors, rows), [24 / 25, 0], rtol=1e-6)
    np.testing.assert_allclose(pair_scores(vectors, rows, metric="l2"), [-(2**0.5), -5])
    np.testing.assert_allclose(pair_scores(vectors, rows, metric="l1"), [-2, -7])


@pytest.mark.parametrize(
    ("rows", "metric"),
    [([[0, 9]], "cosine"), ([[0, -1]], "cosine"), ([[0, 1, 2]], "cosine"), ([[0, 1]], "angle")],
)
def test_wrong_pairs_and_metrics_are_refused(rows, metric):
    with pytest.raises(InputError) as caught:
        pair_scores(np.eye(3, dtype=np.float32), np.array(rows), metric=metric)
    assert caught.value.mend
