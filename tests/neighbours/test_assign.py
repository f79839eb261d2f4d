"""Assignment: exact against all assignments there are, one-to-one, and nothing below the least."""

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from lookalike.neighbours.assign import UNASSIGNED, assign
from lookalike.nouns.errors import InputError

shapes = st.tuples(st.integers(1, 4), st.integers(1, 4))
tables = shapes.flatmap(
    lambda shape: arrays(np.float32, shape, elements=st.integers(-8, 8).map(lambda n: n / 4))
)


def total(scores, columns, least) -> float:
    return sum(
        float(scores[row, column]) - least
        for row, column in enumerate(columns)
        if column != UNASSIGNED
    )


def best_of_all(scores, least) -> float:
    """Each row takes a column or its own way of staying alone."""
    r, c = scores.shape
    gains = np.concatenate([scores - least, np.zeros((r, r))], axis=1)
    return max(
        float(gains[range(r), list(columns)].sum()) for columns in permutations(range(r + c), r)
    )


@settings(deadline=None)
@given(tables, st.sampled_from([-1.0, 0.0, 0.75]))
def test_no_assignment_is_better(scores, least):
    found = assign(scores, least=least)
    assert total(scores, found, least) == pytest.approx(best_of_all(scores, least), abs=1e-5)


@settings(deadline=None)
@given(tables, st.sampled_from([-1.0, 0.0, 0.75]))
def test_one_to_one_and_nothing_below_the_least(scores, least):
    found = assign(scores, least=least)
    taken = found[found != UNASSIGNED]
    assert len(set(taken.tolist())) == len(taken)
    assert all(
        scores[row, column] >= least for row, column in enumerate(found) if column != UNASSIGNED
    )


def test_a_large_table_gives_every_row_its_own_column_back():
    random = np.random.default_rng(0)
    order = random.permutation(120)
    scores = random.random((120, 150), np.float32) * 0.5
    scores[np.arange(120), order] += 0.6
    assert (assign(scores, least=0.55) == order).all()


def test_the_second_best_where_two_want_the_same():
    scores = np.array([[0.9, 0.8], [0.85, 0.1]], np.float32)
    assert assign(scores, least=0.0).tolist() == [1, 0]
    assert assign(scores, least=0.84).tolist() == [0, UNASSIGNED]
    assert assign(np.zeros((0, 3), np.float32), least=0.0).tolist() == []


def test_scores_that_are_no_numbers_are_refused():
    with pytest.raises(InputError):
        assign(np.array([[np.nan]], np.float32), least=0.0)
