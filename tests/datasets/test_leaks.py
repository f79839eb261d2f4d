from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lookalike.datasets.leaks import (
    class_leaks,
    left_out,
    listed_leaks,
    near_leaks,
    same_file_leaks,
    same_files,
)
from lookalike.nouns.errors import InputError
from lookalike.nouns.labelled import Labelled


def made(parts, labels=None, *, unseen=(), root=Path("set"), name="set") -> Labelled:
    n = len(parts)
    labels = np.array(labels if labels is not None else [0] * n, np.int64)
    return Labelled(
        name=name,
        root=root,
        paths=tuple(f"{row}.jpg" for row in range(n)),
        labels=labels,
        classes=("ant", "bee", "cat"),
        parts=np.array(parts, np.int64),
        groups=np.full(n, -1),
        unseen=unseen,
    )


@pytest.mark.parametrize(("part", "word"), [(1, "train"), (2, "validation")])
def test_an_unseen_class_that_is_seen_is_named(part, word):
    class_leaks(made([1, 3, 0], [0, 1, 1], unseen=(1, 2)))
    with pytest.raises(InputError, match=f"'bee' is unseen .* in {word} \\(2 such classes\\)"):
        class_leaks(made([3, part, part], [0, 1, 2], unseen=(1, 2)))


def test_the_same_file_in_two_parts_is_named_and_counted():
    data = made([1, 1, 3, 2, 0, 3])
    same_file_leaks(data, [b"a", b"a", b"b", b"c", b"b", b"d"])
    with pytest.raises(InputError) as caught:
        same_file_leaks(data, ["a", "b", "b", "d", "a", "d"])
    text = str(caught.value)
    assert "1.jpg in train and 2.jpg in test are the same file (2 such pairs)" in text
    with pytest.raises(InputError, match="1 digests for 6"):
        same_file_leaks(data, ["a"])


def test_near_duplicates_in_two_parts_are_named_and_counted():
    data = made([1, 1, 3, 2, 0, 3])
    near_leaks(data, np.array([[0, 1], [2, 4], [2, 5]]))
    near_leaks(data, np.empty((0, 2), np.int64))
    with pytest.raises(InputError) as caught:
        near_leaks(data, np.array([[0, 1], [5, 3], [0, 2]]))
    assert "5.jpg in test and 3.jpg in validation are near-duplicates (2" in str(caught.value)


def test_a_picture_in_the_list_of_either_side_is_named():
    training = made([0, 0], root=Path("set/a"), name="train")
    listed_leaks(training, made([0, 0], root=Path("set/b"), name="test"))
    with pytest.raises(InputError, match=r"2 pictures of test are in train as well.*0\.jpg"):
        listed_leaks(training, made([0, 0], root=Path("set/b/../a"), name="test"))


@given(st.lists(st.tuples(st.integers(0, 3), st.sampled_from("abc")), min_size=1, max_size=12))
def test_what_is_found_is_what_is_there_and_can_be_left_out(pictures):
    data = made([part for part, _ in pictures])
    digests = [digest for _, digest in pictures]
    found = same_files(data, digests)
    latest = {d: max((p for p, e in pictures if e == d), default=0) for d in "abc"}
    wanted = {i for i, (p, d) in enumerate(pictures) if 0 < p < latest[d]}
    assert set(found[:, 0].tolist()) == wanted
    assert len(found) == len(wanted)
    for one, other in found.tolist():
        assert digests[one] == digests[other]
        assert data.parts[one] < data.parts[other]
    assert bool(wanted) == bool(len(found))
    same_file_leaks(left_out(data, found[:, 0]), digests)
