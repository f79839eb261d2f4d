"""Turned classes: new rows, new classes, turned pictures; nothing else changes."""

from pathlib import Path

import numpy as np

from lookalike.nouns.labelled import PARTS, UNKNOWN, Labelled
from lookalike.training.pictures import PictureStore
from lookalike.training.turned import with_turned_classes


def test_the_training_part_comes_again_turned_and_as_other_classes():
    rng = np.random.default_rng(5)
    pictures = [rng.integers(0, 256, (4, 6, 3), dtype=np.uint8) for _ in range(5)]
    train, test = PARTS.index("train"), PARTS.index("test")
    data = Labelled(
        "set",
        Path(),
        tuple("abcde"),
        np.array([0, 1, 1, UNKNOWN, 0]),
        ("x", "y"),
        np.array([train, train, test, train, train]),
        np.full(5, UNKNOWN),
    )
    turned, store = with_turned_classes(data, PictureStore.of(pictures))

    assert turned.paths[:5] == data.paths and len(set(turned.paths)) == len(turned) == 5 + 3 * 3
    assert len(store) == len(turned) and len(turned.classes) == 8
    assert turned.rows("test").tolist() == [2]
    for place, row in enumerate([0, 1, 4]):
        for turn in (1, 2, 3):
            again = 5 + (turn - 1) * 3 + place
            assert turned.labels[again] == data.labels[row] + 2 * turn
            np.testing.assert_array_equal(store.get(again), np.rot90(pictures[row], turn))
    np.testing.assert_array_equal(store.get(2), pictures[2])
    assert store.readable(np.arange(14)).tolist() == list(range(14))
