"""What validation measures: what is listed, else what is drawn; right whatever can be read."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lookalike.nouns.labelled import PARTS, Labelled
from lookalike.nouns.recipe import BatchPart, JudgePart, LossPart, Recipe, TeacherPart
from lookalike.verbs.validation import LOSS, PAIRS, TRIPLETS, measurable, validation_measure

TRIPLET = Recipe("r", loss=(LossPart("triplet"),), judge=JudgePart(pairs=300, triplets=300))
ARCFACE = replace(TRIPLET, loss=(LossPart("arcface"),))
VIEWS = replace(TRIPLET, batch=BatchPart("views"))
STUDENT = replace(TRIPLET, teacher=TeacherPart(("a.onnx",)))
VALIDATION = PARTS.index("validation")


def labelled(labels, **listed):
    """Every second picture is for validation."""
    n = len(labels)
    parts = np.where(np.arange(n) % 2, VALIDATION, PARTS.index("train")).astype(np.int64)
    return Labelled(
        name="made",
        root=Path("nowhere"),
        paths=tuple(f"{row}.png" for row in range(n)),
        labels=np.array(labels, np.int64),
        classes=tuple(map(str, range(max(labels, default=-1) + 1))),
        parts=parts,
        groups=np.full(n, -1, np.int64),
        **listed,
    )


FOUR = labelled(np.arange(80) // 2 % 4)
ROWS = FOUR.rows("validation")


def perfect(data, rows):
    """Embeddings that tell the classes without a mistake."""
    return np.eye(4, dtype=np.float32)[data.labels[rows]]


@pytest.mark.parametrize(
    ("recipe", "name"),
    [(TRIPLET, TRIPLETS), (ARCFACE, PAIRS), (VIEWS, LOSS), (STUDENT, LOSS)],
)
def test_what_is_measured_hangs_on_the_recipe(recipe, name):
    found, measure = validation_measure(FOUR, recipe)
    assert found == name
    assert (measure is None) == (name == LOSS)


@pytest.mark.parametrize("recipe", [TRIPLET, ARCFACE])
def test_the_perfect_answer_gets_one_and_chance_half(recipe):
    _, measure = validation_measure(FOUR, recipe)
    assert measure(perfect(FOUR, ROWS), ROWS) == 1
    noise = np.random.default_rng(0).normal(size=(len(ROWS), 16)).astype(np.float32)
    assert measure(noise, ROWS) == pytest.approx(0.5, abs=0.12)


@given(st.lists(st.sampled_from(ROWS.tolist()), min_size=30, unique=True), st.booleans())
def test_pictures_that_cannot_be_read_do_not_count(rows, triplets):
    rows = np.array(sorted(rows))
    _, measure = validation_measure(FOUR, TRIPLET if triplets else ARCFACE)
    assert measure(perfect(FOUR, rows), rows) == 1


def test_listed_pairs_come_before_drawn_ones():
    pairs = np.array([[1, 3], [1, 5], [3, 7]])
    same = np.array([True, False, False])
    data = labelled(np.full(8, -1), pairs=pairs, same=same)
    name, measure = validation_measure(data, TRIPLET)
    assert name == PAIRS
    rows = data.rows("validation")
    good = np.float32([[1, 0], [1, 0], [0, 1], [0, 1]])
    assert measure(good, rows) == 1
    bad = np.float32([[1, 0], [0, 1], [1, 0], [0, 1]])  # the same apart, one of the others alike
    assert measure(bad, rows) == 0.5


def test_listed_triplets_come_before_drawn_ones():
    data = labelled(np.full(8, -1), triplets=np.array([[1, 3, 5], [3, 1, 7], [0, 1, 2]]))
    name, measure = validation_measure(data, ARCFACE)
    assert name == TRIPLETS
    rows = data.rows("validation")
    assert measure(np.float32([[1, 0], [1, 0], [0, 1], [0, 1]]), rows) == 1
    # The third triplet is not whole; of the others one anchor has the negative as near.
    assert measure(np.float32([[1, 0], [0, 1], [1, 0], [0, 1]]), rows) == 0
    assert measure(np.float32([[1, 0], [1, 0], [0, 1], [1, 0]]), rows) == 0.5


@pytest.mark.parametrize("labels", [np.zeros(20, int), np.full(20, -1)])
def test_a_part_that_measures_nothing_is_given_up(labels):
    data = labelled(labels)
    kept, (remark,) = measurable(data, TRIPLET)
    assert not len(kept.rows("validation"))
    assert len(kept.rows("train")) == len(data.rows("train"))
    assert "larger data.validation" in remark


@pytest.mark.parametrize("recipe", [VIEWS, STUDENT])
def test_who_needs_no_labels_gives_nothing_up(recipe):
    data = labelled(np.full(20, -1))
    assert measurable(data, recipe) == (data, ())


def test_what_can_be_measured_stays():
    assert measurable(FOUR, TRIPLET) == (FOUR, ())
