"""Counts of alike and different pairs above each threshold: all that the figures of pairs need."""

from dataclasses import dataclass

import numpy as np

from lookalike.metrics.arrays import Doubles, Scores, checked_scores, share
from lookalike.nouns.embeddings import Bools


@dataclass(frozen=True, slots=True, eq=False)
class Tally:
    """What is called alike at each threshold.

    Attributes:
        thresholds: (u,) the distinct scores, falling. Pairs of equal score are called together.
        caught: (u,) weight of the alike pairs with at least this score.
        wrong: (u,) weight of the different pairs with at least this score.
        alike: weight of all alike pairs.
        different: weight of all different pairs.
    """

    thresholds: Doubles
    caught: Doubles
    wrong: Doubles
    alike: float
    different: float

    def at_prevalence(self, prevalence: float | None) -> "Tally":
        """The same with as many alike pairs as make up this share; None changes nothing.

        Raises:
            InputError: the share is not between 0 and 1.
        """
        if prevalence is None or not (self.alike and self.different):
            return self
        up = share(prevalence, "share of alike pairs") / self.alike
        down = (1 - prevalence) / self.different
        return Tally(
            self.thresholds, self.caught * up, self.wrong * down, prevalence, 1 - prevalence
        )

    def at(self, threshold: float) -> tuple[float, float]:
        """Weight of the alike and of the different pairs with at least this score."""
        above = int(np.searchsorted(-self.thresholds, -threshold, side="right"))
        return (
            (float(self.caught[above - 1]), float(self.wrong[above - 1])) if above else (0.0, 0.0)
        )


class Scored:
    """Scores sorted once, to be counted with many weights.

    Args:
        scores: (p,) higher is more alike.
        same: (p,) the truth.

    Raises:
        InputError: see `checked_scores`.
    """

    def __init__(self, scores: Scores, same: Bools) -> None:
        checked = checked_scores(scores, same)
        self._order = np.argsort(-checked, kind="stable")
        falling = checked[self._order]
        self._same = same[self._order]
        self._ends = np.append(np.flatnonzero(np.diff(falling)), len(falling) - 1)
        self._thresholds = falling[self._ends]
        self.n = len(falling)
        self.fewest = int(min(same.sum(), (~same).sum()))

    def tally(self, weights: Doubles | None = None) -> Tally:
        """The counts, each pair counting as much as its weight; by default once."""
        each = np.ones(self.n) if weights is None else weights[self._order]
        caught = np.cumsum(np.where(self._same, each, 0.0))
        wrong = np.cumsum(np.where(self._same, 0.0, each))
        ends = self._ends
        return Tally(
            self._thresholds, caught[ends], wrong[ends], float(caught[-1]), float(wrong[-1])
        )
