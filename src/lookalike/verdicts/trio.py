"""From three pairs to an answer about three pictures: which are alike, and is A nearer to B?"""

import math

import numpy as np

from lookalike.nouns.compare_report import ARRANGEMENTS, Arrangement
from lookalike.verdicts.calibrate import DOUBT, EVEN_PRIOR, log_odds

AT_LEAST_TWO_PRIOR = 0.5
"""Before looking, as many trios have two pictures alike as have none."""

_ALIKE = {"A, B and C": (0, 1, 2), "A and B": (0,), "A and C": (1,), "B and C": (2,), "none": ()}
"""For each arrangement the pairs that are alike: 0 is A with B, 1 is A with C, 2 is B with C."""


def arrangements(alike: tuple[float, float, float]) -> dict[Arrangement, float]:
    """How three pictures may go together, and how probable each way is.

    Being alike is taken to pass on: either all three are alike, or two, or none. What is seen of
    one pair is taken to be independent of the others once the arrangement is known. Before
    looking, no two are alike with AT_LEAST_TWO_PRIOR; the other four ways share the rest evenly.

    Args:
        alike: P(alike) at even odds of A with B, A with C, and B with C.

    Returns:
        A probability for each of ARRANGEMENTS; they sum to 1, and none is 0.
    """
    odds = [_logit(chance) for chance in alike]
    shared = AT_LEAST_TWO_PRIOR / (len(ARRANGEMENTS) - 1)
    logits = np.array(
        [
            math.log(shared if _ALIKE[way] else 1 - AT_LEAST_TWO_PRIOR)
            + sum(odds[pair] for pair in _ALIKE[way])
            for way in ARRANGEMENTS
        ]
    )
    weights = np.exp(logits - logits.max())
    chances = np.maximum(weights / weights.sum(), DOUBT)
    return dict(zip(ARRANGEMENTS, (chances / chances.sum()).tolist(), strict=True))


def nearer_chance(a_b: float, a_c: float) -> float:
    """P(B is the one that goes with A), given that one of B and C does.

    Args:
        a_b: probability at even odds that A and B have a relation.
        a_c: that A and C have it.
    """
    apart = _logit(a_b) - _logit(a_c)
    return min(max(1 / (1 + math.exp(-min(max(apart, -50), 50))), DOUBT), 1 - DOUBT)


def _logit(chance: float) -> float:
    """At even odds the log odds are the evidence; it never is without end."""
    return log_odds(min(max(chance, DOUBT), 1 - DOUBT)) - log_odds(EVEN_PRIOR)
