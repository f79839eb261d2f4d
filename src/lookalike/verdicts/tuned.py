"""The user's own answers move the curve: a little for few of them, more for many."""

import math
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from lookalike.verdicts.calibrate import DOUBT

SCALE_DEVIATION, SHIFT_DEVIATION = 0.3, 1.0
"""What is believed before any answer: the curve is right, and so little may be wrong with it."""

STEPS = 50


@dataclass(frozen=True, slots=True)
class Tuned:
    """A change of the curve.

    Attributes:
        scale: by what log-odds are multiplied, above 0.
        shift: what is added to them.
        n: answers it rests on.
    """

    scale: float = 1.0
    shift: float = 0.0
    n: int = 0

    def __call__(self, chance: float) -> float:
        """The tuned chance; 0 and 1 are certain and stay, and order never changes."""
        if not self.n or not 0 < chance < 1:
            return chance
        logit = self.scale * _log_odds(chance) + self.shift
        return min(max(1 / (1 + math.exp(-min(max(logit, -50), 50))), DOUBT), 1 - DOUBT)


UNTUNED = Tuned()
"""Of whom nobody said anything."""


def tuned_by(answers: Iterable[tuple[float, bool]]) -> Tuned:
    """The most probable change of the curve after some answers.

    Logistic regression on the log-odds of the chances, with a normal prior on scale and shift, so
    that it always has one solution, also where all answers are alike.

    Args:
        answers: for each pair the chance before tuning, and whether it was a copy.

    Source:
        Platt 1999, "Probabilistic outputs for support vector machines", with the priors of a
        maximum a posteriori fit in place of his smoothed targets.
    """
    given = [(_log_odds(chance), same) for chance, same in answers]
    if not given:
        return Tuned()
    columns = np.stack([[logit for logit, _ in given], np.ones(len(given))])  # (2, p)
    same = np.array([said for _, said in given], np.float64)
    precision = np.diag([SCALE_DEVIATION**-2, SHIFT_DEVIATION**-2])
    start = np.array([1.0, 0.0])
    line = start.copy()
    for _ in range(STEPS):
        chance = 1 / (1 + np.exp(-np.clip(line @ columns, -50, 50)))
        slope = columns @ (chance - same) + precision @ (line - start)
        bend = (columns * (chance * (1 - chance))) @ columns.T + precision
        step = np.linalg.solve(bend, slope)
        line = line - step / max(1.0, float(np.abs(step).max()))
        if float(np.abs(step).max()) < 1e-9:
            break
    return Tuned(max(float(line[0]), DOUBT), float(line[1]), len(given))


def _log_odds(chance: float) -> float:
    kept = min(max(chance, DOUBT), 1 - DOUBT)
    return math.log(kept / (1 - kept))
