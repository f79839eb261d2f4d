"""Turns names in lists and folders into the numbers of a labelled set."""

from collections.abc import Sequence
from difflib import get_close_matches
from pathlib import Path

import numpy as np

from lookalike.datasets.listing import one_form
from lookalike.nouns.embeddings import Ints
from lookalike.nouns.errors import InputError
from lookalike.nouns.labelled import PARTS, UNKNOWN

FOLDER_PARTS = {
    "train": "train",
    "training": "train",
    "val": "validation",
    "valid": "validation",
    "validation": "validation",
    "test": "test",
}
"""Names of folders that stand for a part."""

WRITTEN_PARTS = FOLDER_PARTS | {
    "": "",
    "dev": "validation",
    "testing": "test",
    "background": "train",
    "evaluation": "test",
}
"""What a list may call a part; Omniglot calls them background and evaluation."""


def numbered(names: Sequence[str]) -> tuple[Ints, tuple[str, ...]]:
    """Gives every different name a number.

    Args:
        names: of n pictures; "" where nobody told.

    Returns:
        (n,) places in the second, UNKNOWN for ""; and the different names, in order of their
        numbers where all are whole numbers, else by their letters.
    """
    names = [one_form(name) for name in names]
    different = set(names) - {""}
    ordered = sorted(different)
    if all(name.isascii() and name.isdigit() for name in different):
        ordered.sort(key=int)
    places = {name: place for place, name in enumerate(ordered)} | {"": UNKNOWN}
    return np.array([places[name] for name in names], np.int64), tuple(ordered)


def part_number(word: str) -> int | None:
    """The place in PARTS that a list means, or None where it means none."""
    part = WRITTEN_PARTS.get(word.lower())
    return None if part is None else PARTS.index(part)


def nearest_part(word: str) -> str:
    """What to write instead of a word that is no part."""
    near = get_close_matches(word.lower(), WRITTEN_PARTS, 1)
    return WRITTEN_PARTS[near[0]] if near else ", ".join(PARTS[1:])


def tested_only(labels: Ints, parts: Ints) -> tuple[int, ...]:
    """Classes with pictures to test and none to train on, where any class has some of those."""
    train, validation, test = (set(labels[parts == place].tolist()) for place in (1, 2, 3))
    if not train:
        return ()
    return tuple(sorted(test - train - validation - {UNKNOWN}))


def check_classes(classes: Sequence[str], where: Path) -> None:
    """Two classes at least, or there is nothing to tell apart.

    Raises:
        InputError: one class, or none.
    """
    if len(classes) < 2:
        what = f"There is one class only, {classes[0]!r}" if classes else "No picture has a class"
        raise InputError(
            what,
            where=str(where),
            mend="add a second class, or read it with layout 'unlabelled'",
        )


def untold(n: int) -> Ints:
    """(n,) times UNKNOWN."""
    return np.full(n, UNKNOWN, np.int64)
