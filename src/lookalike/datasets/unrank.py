"""Numbers every pair, triplet and trio of a kind, so that drawing them is drawing numbers.

Pictures are sorted by class. A number is turned into rows by sums over classes and pictures, so
that each pair or triplet is as likely as any other, none comes twice, and no list of all is made.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from lookalike.nouns.embeddings import Ints
from lookalike.nouns.labelled import UNKNOWN


def _starts(counts: Ints) -> Ints:
    return np.concatenate([[0], np.cumsum(counts)])


@dataclass(frozen=True, eq=False)
class Ranks:
    """Pictures in order of class.

    Attributes:
        rows: (n,) of the pictures whose class is known, class by class.
        sizes: (c,) pictures of each class.
    """

    rows: Ints
    sizes: Ints

    @classmethod
    def of(cls, labels: Ints) -> "Ranks":
        """Of these labels; pictures with UNKNOWN are left out."""
        known = np.flatnonzero(labels != UNKNOWN)
        order = known[np.argsort(labels[known], kind="stable")]
        return cls(order, np.unique(labels[known], return_counts=True)[1].astype(np.int64))

    @cached_property
    def _first(self) -> Ints:
        """(c + 1,) where each class starts."""
        return _starts(self.sizes)

    @cached_property
    def _end(self) -> Ints:
        """(n,) where the class of each place ends."""
        return np.repeat(self._first[1:], self.sizes)

    @property
    def _n(self) -> int:
        return len(self.rows)

    @cached_property
    def _two(self) -> Ints:
        """C(m, 2) for every m up to the biggest class and one more."""
        m = np.arange(int(self.sizes.max(initial=0)) + 2)
        return m * (m - 1) // 2

    @cached_property
    def _three(self) -> Ints:
        m = np.arange(int(self.sizes.max(initial=0)) + 2)
        three: Ints = m * (m - 1) // 2 * (m - 2) // 3
        return three

    # Each kind below: how many there are, and (x, k) rows of the numbers in [0, how many).

    @property
    def count_same(self) -> int:
        """Pairs of one class."""
        return _total(self._two[self.sizes])

    def same(self, numbers: Ints) -> Ints:
        """(x, 2) rows: the pairs of one class."""
        of, within = _place(self._two[self.sizes], numbers)
        rows: Ints = self.rows[self._first[of][:, None] + self._pair_within(within)]
        return rows

    @property
    def count_different(self) -> int:
        """Pairs of two classes."""
        return _total(self._n - self._end)

    def different(self, numbers: Ints) -> Ints:
        """(x, 2) rows: the pairs of two classes."""
        a, beyond = _place(self._n - self._end, numbers)
        return self.rows[np.column_stack([a, self._end[a] + beyond])]

    @property
    def count_triplets(self) -> int:
        """Anchor and positive of one class in either order, and a negative of another."""
        return sum(m * (m - 1) * (self._n - m) for m in self.sizes.tolist())

    def triplets(self, numbers: Ints) -> Ints:
        """(x, 3) rows: anchor, positive, negative."""
        of, within = _place(self.sizes * (self.sizes - 1) * (self._n - self.sizes), numbers)
        ordered, negative = np.divmod(within, self._n - self.sizes[of])
        anchor, positive = np.divmod(ordered, self.sizes[of] - 1)
        positive += positive >= anchor
        places = [self._first[of] + anchor, self._first[of] + positive]
        return self.rows[np.column_stack([*places, self._outside(of, negative)])]

    @property
    def count_two_of_three(self) -> int:
        """Trios with two of one class and one of another."""
        return sum(m * (m - 1) // 2 * (self._n - m) for m in self.sizes.tolist())

    def two_of_three(self, numbers: Ints) -> Ints:
        """(x, 3) rows: two of one class, then one of another."""
        of, within = _place(self._two[self.sizes] * (self._n - self.sizes), numbers)
        pair, other = np.divmod(within, self._n - self.sizes[of])
        places = self._first[of][:, None] + self._pair_within(pair)
        return self.rows[np.column_stack([places, self._outside(of, other)])]

    @property
    def count_three_of_three(self) -> int:
        """Trios of one class."""
        return _total(self._three[self.sizes])

    def three_of_three(self, numbers: Ints) -> Ints:
        """(x, 3) rows: three of one class."""
        of, within = _place(self._three[self.sizes], numbers)
        highest = np.searchsorted(self._three, within, "right") - 1
        pair = self._pair_within(within - self._three[highest])
        return self.rows[self._first[of][:, None] + np.column_stack([pair, highest])]

    @property
    def count_all_different(self) -> int:
        """Trios of three classes."""
        one = sum(self.sizes.tolist())
        two = sum(m**2 for m in self.sizes.tolist())
        three = sum(m**3 for m in self.sizes.tolist())
        trios: int = (one**3 - 3 * one * two + 2 * three) // 6
        return trios

    def all_different(self, numbers: Ints) -> Ints:
        """(x, 3) rows: of three classes."""
        later = _starts(self._n - self._end)  # pairs of two classes whose first lies before
        beyond = later[-1] - later[self._end]
        a, within = _place(beyond, numbers)
        within += later[self._end[a]]
        b = np.searchsorted(later, within, "right") - 1
        return self.rows[np.column_stack([a, b, self._end[b] + within - later[b]])]

    def _pair_within(self, numbers: Ints) -> Ints:
        """(x, 2) places lower < higher within a class."""
        higher = np.searchsorted(self._two, numbers, "right") - 1
        return np.column_stack([numbers - self._two[higher], higher])

    def _outside(self, of: Ints, numbers: Ints) -> Ints:
        """The place of each number among the pictures that are not of this class."""
        return numbers + np.where(numbers >= self._first[of], self.sizes[of], 0)


def _total(counts: Ints) -> int:
    total: int = sum(counts.tolist())
    return total


def _place(counts: Ints, numbers: Ints) -> tuple[Ints, Ints]:
    """In which bin each number falls, and how far into it."""
    starts = _starts(counts)
    bins = np.searchsorted(starts, numbers, "right") - 1
    return bins, numbers - starts[bins]
