"""From a promise about all listed pairs to the least probability of a single one."""

from dataclasses import dataclass

import numpy as np

from lookalike.nouns.curves import Doubles
from lookalike.nouns.errors import InputError
from lookalike.verdicts.calibrate import EVEN_PRIOR

LEAST_PROBABILITY = 0.9
"""Pairs that are less probable copies than this are left out, unless asked for."""

NONE_IS_SURE_ENOUGH = 1.0
"""The bound that only certain pairs reach."""


@dataclass(frozen=True, slots=True)
class Promise:
    """What was asked of the listed pairs; at most one of the three.

    Attributes:
        least_probability: of a pair, in [0.5, 1); LEAST_PROBABILITY where nothing is asked.
        wrong_at_most: share of the listed pairs that may be expected to be wrong, in (0, 0.5].
        miss_at_most: share of all copies that may be expected to be missed, in (0, 0.5].
    """

    least_probability: float | None = None
    wrong_at_most: float | None = None
    miss_at_most: float | None = None

    def __post_init__(self) -> None:
        asked = (self.least_probability, self.wrong_at_most, self.miss_at_most)
        if sum(value is not None for value in asked) > 1:
            raise InputError(
                "A least probability, a share of wrong pairs and a share of missed copies "
                "exclude each other",
                mend="ask for one of them",
            )
        least = self.least_probability
        if least is not None and not EVEN_PRIOR <= least < 1:
            raise InputError(
                "The least probability of a pair lies between 0.5 and 1",
                where=str(least),
                mend="try 0.9",
            )
        for share in asked[1:]:
            if share is not None and not 0 < share <= EVEN_PRIOR:
                raise InputError(
                    "A share of pairs lies above 0 and is at most one half",
                    where=str(share),
                    mend="try 0.01",
                )

    @property
    def least(self) -> float:
        """The least probability of a pair where no share is asked for."""
        return LEAST_PROBABILITY if self.least_probability is None else self.least_probability

    def bound(self, chances: Doubles) -> float:
        """The least probability of a pair that is listed.

        Args:
            chances: (p,) P(copy) of the uncertain pairs that were looked at.
        """
        if self.wrong_at_most is not None:
            return bound_for_precision(chances, self.wrong_at_most)
        if self.miss_at_most is not None:
            return bound_for_recall(chances, self.miss_at_most)
        return self.least


def bound_for_precision(chances: Doubles, wrong_at_most: float) -> float:
    """The least bound at which no more than a share of the listed pairs is expected to be wrong.

    Args:
        chances: (p,) calibrated P(copy) of the pairs that were looked at, in any order.
        wrong_at_most: the share, in (0, 0.5].

    Returns:
        EVEN_PRIOR where all pairs that are copies rather than not may be listed; else the chance
        of the least sure pair that may be, or NONE_IS_SURE_ENOUGH. Pairs of one chance are listed
        together or not at all.
    """
    falling = _falling(chances[chances >= EVEN_PRIOR])
    wrong = np.cumsum(1 - falling) / np.arange(1, len(falling) + 1)
    n = int(np.searchsorted(wrong, wrong_at_most, side="right"))
    if n == len(falling):
        return EVEN_PRIOR
    surer = falling[:n][falling[:n] > falling[n]]
    return float(surer[-1]) if len(surer) else NONE_IS_SURE_ENOUGH


def bound_for_recall(chances: Doubles, miss_at_most: float) -> float:
    """The highest bound at which no more than a share of the copies is expected to be missed.

    Args:
        chances: (p,) calibrated P(copy) of all pairs that were looked at, in any order.
        miss_at_most: the share, in (0, 0.5].

    Returns:
        The chance of the least sure pair that must be listed, never below EVEN_PRIOR: what is
        rather no copy is never listed, and so the promise may be out of reach.
    """
    falling = _falling(chances)
    caught = np.cumsum(falling)
    total = float(caught[-1]) if len(caught) else 0.0
    n = int(np.searchsorted(caught, (1 - miss_at_most) * total))
    return max(EVEN_PRIOR, float(falling[min(n, len(falling) - 1)])) if len(falling) else EVEN_PRIOR


def _falling(chances: Doubles) -> Doubles:
    return np.sort(chances)[::-1]
