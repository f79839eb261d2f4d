"""Rows by class, and partners of the same class or of another."""

import numpy as np

from lookalike.nouns.embeddings import Ints
from lookalike.nouns.errors import InputError
from lookalike.nouns.labelled import UNKNOWN
from lookalike.training.even import even_groups, evenly


class Classes:
    """Rows whose class is known, lying class by class.

    Attributes:
        rows: (n,) of the data.
        starts: (c,) where each class begins among them.
        sizes: (c,) pictures of each class.
    """

    def __init__(self, rows: Ints, labels: Ints) -> None:
        """Sorts rows by class.

        Args:
            rows: (x,) of the data.
            labels: (x,) of these rows; UNKNOWN ones are left out.

        Raises:
            InputError: fewer than two classes are left.
        """
        known = labels != UNKNOWN
        order = np.argsort(labels[known], kind="stable")
        self.rows: Ints = rows[known][order]
        _, self.starts, self.sizes = np.unique(
            labels[known][order], return_index=True, return_counts=True
        )
        if len(self.sizes) < 2:
            raise InputError(
                "Training needs pictures of two classes or more",
                where=f"{len(self.sizes)} among the training pictures",
                mend='label them, or take batch.kind = "views"',
            )
        self._class = np.repeat(np.arange(len(self.sizes)), self.sizes)

    def __len__(self) -> int:
        return len(self.sizes)

    def same(self, m: int, chance: np.random.Generator) -> Ints:
        """(m, 2) rows of one class each; all pictures that have a partner come first as often.

        Raises:
            InputError: no class has two pictures.
        """
        return self.rows[self._together(m, chance)]

    def different(self, m: int, chance: np.random.Generator) -> Ints:
        """(m, 2) rows of two classes each."""
        first = evenly(len(self.rows), m, chance)
        return self.rows[np.column_stack([first, self._stranger(first, chance)])]

    def triplets(self, m: int, chance: np.random.Generator) -> Ints:
        """(m, 3) rows: anchor, another picture of its class, one of another class.

        Raises:
            InputError: no class has two pictures.
        """
        pairs = self._together(m, chance)
        return self.rows[np.column_stack([pairs, self._stranger(pairs[:, 0], chance)])]

    def balanced(self, groups: int, p: int, k: int, chance: np.random.Generator) -> Ints:
        """(groups, p * k) rows: k pictures of each of p classes.

        Classes are used equally often, and so are the pictures of a class; one comes twice in a
        group only if its class has fewer than k. No more than all classes are taken.
        """
        p = min(p, len(self))
        classes = even_groups(len(self), groups, p, chance).ravel()
        pictures = np.empty((len(classes), k), np.int64)
        order = np.argsort(classes, kind="stable")
        visits = np.bincount(classes, minlength=len(self))
        slots = np.split(order, np.cumsum(visits)[:-1])
        for start, size, slot in zip(self.starts, self.sizes, slots, strict=True):
            pictures[slot] = start + even_groups(int(size), len(slot), k, chance)
        return self.rows[pictures].reshape(groups, p * k)

    def _together(self, m: int, chance: np.random.Generator) -> Ints:
        paired = np.flatnonzero(self.sizes[self._class] > 1)
        if not len(paired):
            raise InputError(
                "No class has two pictures for training",
                mend='add pictures, or take batch.kind = "views"',
            )
        first = paired[evenly(len(paired), m, chance)]
        return np.column_stack([first, self._partner(first, chance)])

    def _partner(self, places: Ints, chance: np.random.Generator) -> Ints:
        """Another place of the same class for each."""
        start, size = self.starts[self._class[places]], self.sizes[self._class[places]]
        return np.asarray(start + (places - start + 1 + chance.integers(size - 1)) % size)

    def _stranger(self, places: Ints, chance: np.random.Generator) -> Ints:
        """A place of any other class for each, all equally likely."""
        start, size = self.starts[self._class[places]], self.sizes[self._class[places]]
        drawn = chance.integers(len(self.rows) - size)
        return np.asarray(drawn + np.where(drawn >= start, size, 0))
