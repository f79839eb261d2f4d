"""Answers move the curve: never the order of pairs, little when few, and to the truth when many."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lookalike.verdicts.tuned import Tuned, tuned_by

answers = st.lists(st.tuples(st.floats(0.001, 0.999), st.booleans()), max_size=30)


def test_no_answer_changes_nothing():
    assert tuned_by([]) == Tuned()
    assert Tuned()(0.3) == 0.3


@settings(max_examples=100, deadline=None)
@given(answers, st.floats(0.001, 0.999), st.floats(0.001, 0.999))
def test_order_stays_and_what_is_certain_stays(said, one, other):
    tuned = tuned_by(said)
    low, high = sorted((one, other))
    assert tuned(low) <= tuned(high)
    assert (tuned(0.0), tuned(1.0)) == (0.0, 1.0)
    assert 0 < tuned(one) < 1


@settings(max_examples=50, deadline=None)
@given(answers, st.floats(0.01, 0.99))
def test_one_more_yes_raises_the_chance_it_was_asked_about_and_a_no_lowers_it(said, chance):
    before = tuned_by(said)(chance)
    assert tuned_by([*said, (chance, True)])(chance) >= before - 1e-9
    assert tuned_by([*said, (chance, False)])(chance) <= before + 1e-9


def test_few_answers_move_little_and_many_more():
    moved = [tuned_by([(0.5, True)] * n)(0.5) for n in (1, 3, 20, 200)]
    assert moved == sorted(moved)
    assert moved[0] < 0.65
    assert moved[-1] > 0.9


def test_answers_to_the_letter_of_the_promise_leave_it_as_it_is():
    chances = np.linspace(0.1, 0.9, 9)
    said = [(c, i < round(100 * c)) for c in chances for i in range(100)]
    tuned = tuned_by(said)
    assert tuned(0.5) == pytest.approx(0.5, abs=0.02)
    assert tuned(0.9) == pytest.approx(0.9, abs=0.02)


def test_a_curve_that_is_off_is_found_by_many_answers():
    numbers = np.random.default_rng(0)
    chances = numbers.uniform(0.02, 0.98, 3_000)
    logits = 1.2 * np.log(chances / (1 - chances)) - 1.5
    same = numbers.random(3_000) < 1 / (1 + np.exp(-logits))
    tuned = tuned_by(zip(chances.tolist(), same.tolist(), strict=True))
    assert tuned(0.5) == pytest.approx(1 / (1 + math.exp(1.5)), abs=0.03)
    assert tuned.n == 3_000
