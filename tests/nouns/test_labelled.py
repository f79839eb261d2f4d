"""Labelled pictures check themselves; a choice of them keeps what is known among them."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lookalike.nouns.errors import InputError
from lookalike.nouns.labelled import PARTS, SIDES, UNKNOWN, Labelled


def ints(*values: int) -> np.ndarray:
    return np.array(values, np.int64)


def made(labels=(0, 0, 1, 2), **other) -> Labelled:
    n = len(labels)
    columns = {"parts": np.zeros(n, np.int64), "groups": np.full(n, UNKNOWN), **other}
    names = tuple(f"{row}.png" for row in range(n))
    return Labelled("made", Path("root"), names, ints(*labels), ("a", "b", "c"), **columns)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"parts": ints(0, 0, 0)}, r"parts needs int64 of shape \(4,\)"),
        ({"parts": np.zeros(4, np.int32)}, "parts needs int64"),
        ({"parts": ints(0, 0, 0, len(PARTS))}, "parts has a number out of range"),
        ({"sides": ints(0, 0, 0, len(SIDES))}, "sides has a number out of range"),
        ({"groups": ints(0, 0, 0, -2)}, "groups has a number out of range"),
        ({"pairs": ints(0, 1)}, "pairs needs"),
        ({"pairs": ints(0, 4).reshape(1, 2), "same": np.array([True])}, "row out of range"),
        ({"pairs": ints(0, 1).reshape(1, 2)}, "one answer"),
        ({"pairs": ints(0, 1).reshape(1, 2), "same": ints(1)}, "one answer"),
        ({"triplets": ints(0, 1, -1).reshape(1, 3)}, "triplets has a row out of range"),
        ({"unseen": (3,)}, "none of the classes"),
    ],
)
def test_what_does_not_fit_is_refused(wrong, words):
    with pytest.raises(InputError, match=words) as caught:
        made(**wrong)
    assert caught.value.where == "made"


def test_labels_and_classes_are_checked():
    with pytest.raises(InputError, match="labels has a number"):
        made((0, 3))
    with pytest.raises(InputError, match="named twice"):
        replace(made(), classes=("a", "b", "a"))
    assert len(made(())) == 0


def test_nothing_can_be_changed_afterwards():
    data = made()
    for column in (data.labels, data.parts, data.groups, data.sides, data.pairs, data.triplets):
        assert not column.flags.writeable
    with pytest.raises(AttributeError):
        data.name = "other"


def test_sides_may_be_left_out():
    assert made().sides.tolist() == [0, 0, 0, 0]


def test_rows_of_a_part_and_of_what_training_may_see():
    data = made((0, 1, 2, UNKNOWN), parts=ints(1, 1, 3, 1), unseen=(1, 2))
    assert data.rows().tolist() == [0, 1, 2, 3]
    assert data.rows("train").tolist() == [0, 1, 3]
    assert data.rows("train", seen=True).tolist() == [0, 3]
    assert data.rows("test", seen=False).tolist() == [2]
    with pytest.raises(InputError, match="no part 'tests'"):
        data.rows("tests")


def test_a_picture_lies_below_the_root():
    assert made().path(2) == Path("root") / "2.png"


@st.composite
def sets(draw) -> Labelled:
    n = draw(st.integers(1, 8))
    rows = st.integers(0, n - 1)
    pairs = draw(st.lists(st.tuples(rows, rows), max_size=6))
    triplets = draw(st.lists(st.tuples(rows, rows, rows), max_size=6))
    return made(
        draw(st.lists(st.integers(UNKNOWN, 2), min_size=n, max_size=n)),
        parts=ints(*draw(st.lists(st.integers(0, 3), min_size=n, max_size=n))),
        groups=ints(*draw(st.lists(st.integers(UNKNOWN, 3), min_size=n, max_size=n))),
        sides=ints(*draw(st.lists(st.integers(0, 2), min_size=n, max_size=n))),
        pairs=ints(*(row for pair in pairs for row in pair)).reshape(-1, 2),
        same=np.array([first < second for first, second in pairs], bool),
        triplets=ints(*(row for three in triplets for row in three)).reshape(-1, 3),
    )


def told(data: Labelled) -> dict[str, tuple[int, ...]]:
    """What is known of each picture, by its path."""
    columns = zip(data.labels, data.parts, data.groups, data.sides, strict=True)
    return {path: tuple(map(int, row)) for path, row in zip(data.paths, columns, strict=True)}


@given(sets(), st.randoms(use_true_random=False))
def test_a_choice_keeps_what_is_known_of_its_pictures_and_among_them(data, chance):
    rows = chance.sample(range(len(data)), chance.randint(0, len(data)))
    taken = data.take(rows)
    kept = [data.paths[row] for row in rows]
    assert list(taken.paths) == kept
    assert told(taken) == {path: known for path, known in told(data).items() if path in kept}
    for listed, before in ((taken.pairs, data.pairs), (taken.triplets, data.triplets)):
        names = [tuple(taken.paths[row] for row in line) for line in listed.tolist()]
        wanted = [tuple(data.paths[row] for row in line) for line in before.tolist()]
        assert names == [line for line in wanted if set(line) <= set(kept)]
    within = [set(line) <= set(rows) for line in data.pairs.tolist()]
    assert taken.same.tolist() == data.same[np.array(within, bool)].tolist()
    assert told(data.take(np.arange(len(data)))) == told(data)
