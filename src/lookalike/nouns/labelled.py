"""Pictures with what is known about them: classes, parts, pairs, triplets."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from lookalike.nouns.embeddings import Bools, Ints, read_only
from lookalike.nouns.errors import InputError

PARTS = ("", "train", "validation", "test")
"""What a picture is for; "" where that has not been decided, or it is left out."""

SIDES = ("", "source", "target")
"""In matched sets: a source is a good original, a target the poor picture of it."""

UNKNOWN = -1
"""The label of a picture whose class nobody told."""


def _none() -> Ints:
    return np.empty(0, np.int64)


@dataclass(frozen=True, slots=True, eq=False)
class Labelled:
    """A set of n pictures for training or judging.

    Attributes:
        name: of the set, for people.
        root: the folder that the paths are relative to.
        paths: n paths, "/" between parts, each once.
        labels: (n,) places in `classes`, or UNKNOWN.
        classes: names of the classes, in order; each once.
        parts: (n,) places in PARTS.
        groups: (n,) pictures of one group (one sender, one shot) stay on one side of a split;
            UNKNOWN where a picture is alone.
        unseen: classes, places in `classes`, that training must not see.
        pairs: (p, 2) rows that somebody compared, or (0, 2).
        same: (p,) whether the two are alike.
        triplets: (t, 3) rows: anchor, positive, negative; or (0, 3).
        sides: (n,) places in SIDES.
    """

    name: str
    root: Path
    paths: tuple[str, ...]
    labels: Ints
    classes: tuple[str, ...]
    parts: Ints
    groups: Ints
    unseen: tuple[int, ...] = ()
    pairs: Ints = field(default_factory=lambda: _none().reshape(0, 2))
    same: Bools = field(default_factory=lambda: _none().astype(bool))
    triplets: Ints = field(default_factory=lambda: _none().reshape(0, 3))
    sides: Ints = field(default_factory=_none)

    def __post_init__(self) -> None:
        n = len(self.paths)
        if not self.sides.size:
            object.__setattr__(self, "sides", np.zeros(n, np.int64))
        for name, most in (
            ("labels", len(self.classes)),
            ("parts", len(PARTS)),
            ("sides", len(SIDES)),
            ("groups", None),
        ):
            self._check_column(name, n, most)
        self._check_rows("pairs", 2, n)
        self._check_rows("triplets", 3, n)
        if self.same.shape != (len(self.pairs),) or self.same.dtype != np.bool_:
            raise InputError("Each listed pair needs one answer, same or not", where=self.name)
        if len(set(self.classes)) != len(self.classes):
            raise InputError("A class is named twice", where=self.name)
        if not set(self.unseen) <= set(range(len(self.classes))):
            raise InputError("An unseen class is none of the classes", where=self.name)

    def _check_column(self, name: str, n: int, most: int | None) -> None:
        column: Ints = getattr(self, name)
        if column.shape != (n,) or column.dtype != np.int64:
            raise InputError(f"{name} needs int64 of shape ({n},)", where=self.name)
        if n and (column.min() < UNKNOWN or (most is not None and column.max() >= most)):
            raise InputError(f"{name} has a number out of range", where=self.name)
        object.__setattr__(self, name, read_only(column))

    def _check_rows(self, name: str, width: int, n: int) -> None:
        rows: Ints = getattr(self, name)
        if rows.shape != (len(rows), width) or rows.dtype != np.int64:
            raise InputError(f"{name} needs int64 of shape (x, {width})", where=self.name)
        if rows.size and (rows.min() < 0 or rows.max() >= n):
            raise InputError(f"{name} has a row out of range", where=self.name)
        object.__setattr__(self, name, read_only(rows))

    def __len__(self) -> int:
        return len(self.paths)

    def path(self, row: int) -> Path:
        """Where this picture lies."""
        return self.root / self.paths[row]

    def rows(self, part: str | None = None, *, seen: bool | None = None) -> Ints:
        """The pictures of a part.

        Args:
            part: one of PARTS; None for all.
            seen: only those of classes that training may see, or only of those it may not.

        Returns:
            Rows in rising order.
        """
        if part is not None and part not in PARTS:
            raise InputError(f"There is no part {part!r}", mend=f"one of {', '.join(PARTS[1:])}")
        keep = np.ones(len(self), bool) if part is None else self.parts == PARTS.index(part)
        if seen is not None:
            hidden = np.isin(self.labels, np.array(self.unseen, np.int64))
            keep = keep & (~hidden if seen else hidden)
        return np.flatnonzero(keep)

    def take(self, rows: NDArray[np.int64] | Sequence[int]) -> Self:
        """Only these pictures, in this order, with the listed pairs and triplets among them."""
        rows = np.asarray(rows, np.int64)
        place = np.full(len(self), UNKNOWN, np.int64)
        place[rows] = np.arange(len(rows))
        kept_pairs = (place[self.pairs] >= 0).all(axis=1)
        kept_triplets = (place[self.triplets] >= 0).all(axis=1)
        return type(self)(
            name=self.name,
            root=self.root,
            paths=tuple(self.paths[row] for row in rows.tolist()),
            labels=self.labels[rows],
            classes=self.classes,
            parts=self.parts[rows],
            groups=self.groups[rows],
            unseen=self.unseen,
            pairs=place[self.pairs[kept_pairs]],
            same=self.same[kept_pairs],
            triplets=place[self.triplets[kept_triplets]],
            sides=self.sides[rows],
        )
