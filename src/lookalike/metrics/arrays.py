"""What comes in: checked once, with an error that says what is wrong."""

import numpy as np
from numpy.typing import NDArray

from lookalike.nouns.embeddings import Bools, Floats, Ints
from lookalike.nouns.errors import InputError

Doubles = NDArray[np.float64]
Scores = NDArray[np.float32] | NDArray[np.float64]
"""Higher means more alike."""

STEPS = 2**20
"""Cosines are compared in steps of 2^-20: two ways of adding up the same product differ by less,
and such a difference must not decide which of two equal pictures comes first."""


ROUNDED = 4 * float(np.finfo(np.float32).eps)
"""How far the length of a vector that was scaled to 1 in float32 can be from that."""


def checked_scores(scores: Scores, same: Bools) -> Doubles:
    """The scores of p pairs in double precision, once they are fit to be judged.

    Raises:
        InputError: no pairs, shapes that do not fit, a score that is not finite, answers that
            are not bool, or only alike or only different pairs.
    """
    checked = finite(scores, "scores", 1)
    if same.shape != checked.shape or same.dtype != np.bool_:
        raise InputError(
            "Each score needs one answer, alike or not",
            where=f"scores {scores.shape}, answers {same.shape} of {same.dtype}",
            mend="pass answers as a bool array of the same shape",
        )
    if same.all() or not same.any():
        kind = "alike" if same.all() else "different"
        raise InputError(
            f"All {len(same)} pairs are {kind}: nothing can be told apart",
            where="answers",
            mend="draw alike and different pairs",
        )
    return checked


def finite(values: Scores, what: str, ndim: int) -> Doubles:
    """The values in double precision.

    Raises:
        InputError: none, another number of axes, or one that is not finite.
    """
    if values.ndim != ndim or not values.size:
        raise InputError(
            f"The {what} need {ndim} axes and at least one value",
            where=f"shape {values.shape}",
            mend=f"check how the {what} were made",
        )
    doubles = values.astype(np.float64)
    if not np.isfinite(doubles).all():
        bad = tuple(int(i) for i in np.argwhere(~np.isfinite(doubles))[0])
        raise InputError(
            f"The {what} hold a value that is not finite",
            where=f"at {bad if ndim > 1 else bad[0]}",
            mend="leave out pictures that could not be embedded",
        )
    return doubles


def unit_rows(vectors: Floats, what: str = "embeddings") -> Floats:
    """The vectors (n, d) scaled to length 1, float32; rows of zeros stay.

    Vectors of float32 that have this length already are given back as they are, not as a copy.

    Raises:
        InputError: no vectors, another number of axes, or a value that is not finite.
    """
    lengths = np.sqrt(_squares(vectors, what))[:, None]
    if vectors.dtype == np.float32 and np.abs(lengths - 1).max() <= ROUNDED:
        return vectors
    units = np.zeros(vectors.shape, np.float32)
    np.divide(vectors, lengths, out=units, where=lengths > 0, casting="same_kind")
    return units


def _squares(vectors: Floats, what: str) -> Doubles:
    """The square of the length of each of these vectors (n, d), once they are fit for it."""
    if vectors.ndim != 2 or not vectors.size:
        raise InputError(
            f"The {what} need shape (n, d), both at least 1",
            where=f"shape {vectors.shape}",
            mend="pass one row for each picture",
        )
    squares: Doubles = np.einsum("nd,nd->n", vectors, vectors, dtype=np.float64)
    if not np.isfinite(squares).all():
        row = int(np.flatnonzero(~np.isfinite(squares))[0])
        raise InputError(
            f"The {what} hold a value that is not finite",
            where=f"row {row}",
            mend="leave out pictures that could not be embedded",
        )
    return squares


def checked_rows(rows: Ints, n: int, what: str, shape: tuple[int | None, ...]) -> Ints:
    """Row numbers of n pictures.

    Raises:
        InputError: none, not whole numbers, another shape (None stands for any length), or
            out of range.
    """
    fits = len(rows.shape) == len(shape) and all(
        wanted in (None, found) for wanted, found in zip(shape, rows.shape, strict=True)
    )
    if not fits or not rows.size or not np.issubdtype(rows.dtype, np.integer):
        wanted = ", ".join("any" if s is None else str(s) for s in shape)
        raise InputError(
            f"The {what} need whole numbers of shape ({wanted}), at least one",
            where=f"shape {rows.shape} of {rows.dtype}",
            mend="pass int64 row numbers",
        )
    if rows.min() < 0 or rows.max() >= n:
        raise InputError(
            f"The {what} name a row that does not exist",
            where=f"{int(rows.min())} to {int(rows.max())}, of {n}",
            mend="draw them from the same pictures as the embeddings",
        )
    return rows.astype(np.int64)


def share(value: float, what: str) -> float:
    """The value, once it is known to lie between 0 and 1, both excluded.

    Raises:
        InputError: it does not.
    """
    if not 0 < value < 1:
        raise InputError(
            f"The {what} lies between 0 and 1", where=f"{value}", mend="0.01 means 1 %"
        )
    return value
