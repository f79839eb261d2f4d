"""Finds what lies on both sides of a split: such a test would flatter the model."""

import os
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from lookalike.nouns.embeddings import Ints
from lookalike.nouns.errors import InputError
from lookalike.nouns.labelled import PARTS, Labelled

_MEND = "leave one of the two out, or put both into one group"


def class_leaks(data: Labelled) -> None:
    """No class that training must not see is trained on, or chooses thresholds.

    Raises:
        InputError: one is; names the first such class.
    """
    for part in ("train", "validation"):
        rows = data.rows(part, seen=False)
        if rows.size:
            first = data.classes[data.labels[rows[0]]]
            many = len(np.unique(data.labels[rows]))
            raise InputError(
                f"Class {first!r} is unseen and has pictures in {part} ({many} such classes)",
                where=data.name,
                mend="leave its pictures out of that part, or do not call it unseen",
            )


def same_files(data: Labelled, digests: Sequence[bytes | str]) -> Ints:
    """Pictures with the same bytes in two parts.

    Args:
        data: n pictures.
        digests: of their n files; equal for equal bytes only.

    Returns:
        (x, 2) rows: of each picture that has its like in a later part (train, validation, test,
        in this order), and of the first such.
    """
    if len(digests) != len(data):
        raise InputError(f"{len(digests)} digests for {len(data)} pictures", where=data.name)
    numbers = np.unique(np.array(digests, object), return_inverse=True)[1].reshape(-1)
    rows = np.flatnonzero(data.parts > 0)
    # Latest part first within equal bytes, so that every other picture has it to its left.
    order = rows[np.lexsort((rows, -data.parts[rows], numbers[rows]))]
    starts = np.flatnonzero(np.diff(numbers[order], prepend=-1))
    first = order[np.repeat(starts, np.diff(starts, append=len(order)))]
    torn = data.parts[order] != data.parts[first]
    return np.column_stack([order[torn], first[torn]])


def same_file_leaks(data: Labelled, digests: Sequence[bytes | str]) -> None:
    """No file lies in two parts.

    Args:
        data: n pictures.
        digests: of their n files; equal for equal bytes only.

    Raises:
        InputError: one does; names the two files and says how many there are.
    """
    _refuse(data, same_files(data, digests), "the same file")


def near_leaks(data: Labelled, pairs: Ints) -> None:
    """No two near-duplicates lie in two parts.

    Args:
        data: n pictures.
        pairs: (x, 2) rows of near-duplicates.

    Raises:
        InputError: a pair does; names the two files and says how many there are.
    """
    parts = data.parts[pairs]
    _refuse(data, pairs[(parts[:, 0] != parts[:, 1]) & (parts > 0).all(axis=1)], "near-duplicates")


def listed_leaks(training: Labelled, judging: Labelled) -> None:
    """No picture is in both of two sets: lists of pairs or triplets to learn from and to judge by.

    Raises:
        InputError: one is; names it and says how many there are.
    """
    known = {_real(training, row) for row in range(len(training))}
    both = [row for row in range(len(judging)) if _real(judging, row) in known]
    if both:
        raise InputError(
            f"{len(both)} pictures of {judging.name} are in {training.name} as well, the first "
            f"is {judging.paths[both[0]]}",
            where=judging.name,
            mend="list each picture on one side only",
        )


def left_out(data: Labelled, rows: Ints) -> Labelled:
    """The same with these pictures in no part.

    With the first column of `same_files`, this leaves out of training what the test has too.
    """
    parts = data.parts.copy()
    parts[rows] = 0
    return replace(data, parts=parts)


def _real(data: Labelled, row: int) -> str:
    return os.path.normcase(os.path.abspath(data.path(row)))


def _refuse(data: Labelled, pairs: Ints, what: str) -> None:
    if len(pairs):
        one, other = pairs[0].tolist()
        raise InputError(
            f"{data.paths[one]} in {PARTS[data.parts[one]]} and {data.paths[other]} in "
            f"{PARTS[data.parts[other]]} are {what} ({len(pairs)} such pairs)",
            where=data.name,
            mend=_MEND,
        )
