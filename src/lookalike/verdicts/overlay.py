"""What it means when one picture can be laid over the other."""

import math

from lookalike.nouns.alignment import Alignment
from lookalike.verdicts.calibrate import DOUBT

SCENE_SLOPE, SCENE_SHIFT = 7.5, -16.5
"""Of log(1 + inliers). Pictures of different scenes share 5 points at most in nine cases of ten."""

AGREEMENT, CONTAINED, CHANGED, COPY_SHIFT = 0.8, 1.73, -11.2, -5.72
"""Weights of how few matches disagree, how little lies outside, and how much has changed.

Fitted to edited copies and near misses of equal weight. benchmarks/quality/overlay.py fits them
anew on one half of such pairs and judges both on the other half.
"""

LOOSE, LOOSE_PX = -3.0, 0.75
"""Each pixel by which points lie further off counts as much against a copy.

Of 250 edited copies of 25 photographs of the fitting half, half of the points mostly lie within
0.5 pixels, and within 0.91 in all that are found, but for JPEG of quality 10 to 20, which the
hash mostly finds; between frames of a burst whose thing turned, 0.1 to 1.9 pixels, above 0.75 in
19 of 24.
"""

LEAST_DISAGREEMENT, LEAST_OUTSIDE = 0.02, 0.002
"""Shares below these are noise: of matching, and of rounding corners to pixels."""


def scene_probability(alignment: Alignment) -> float:
    """P(similar or more): that both pictures show one scene, taken once or twice."""
    return _logistic(SCENE_SLOPE * math.log1p(alignment.n_inliers) + SCENE_SHIFT)


def placed_words(alignment: Alignment) -> str:
    """How many points of two pictures fall into place, and whether one is mirrored."""
    mirrored = ", mirrored" if alignment.mirrored else ""
    return f"{alignment.n_inliers} of {alignment.n_matches} points fall into place{mirrored}"


def copy_probability(alignment: Alignment) -> float:
    """P(edited copy) of two pictures that were laid over each other.

    A copy lies wholly in its original or the other way round, all its points fall into place, and
    little of it has changed. Of two frames of a moving camera each shows something at its edge
    that the other does not; where something moved, points and texture disagree; where it turned,
    points fall into place only roughly. As the curve was
    fitted to as many near misses as copies, no prior shifts it.
    """
    logit = (
        -AGREEMENT * math.log(1 - alignment.agreement + LEAST_DISAGREEMENT)
        - CONTAINED * math.log(1 - alignment.contained + LEAST_OUTSIDE)
        + CHANGED * math.sqrt(alignment.changed)
        + LOOSE * max(0.0, alignment.off_px - LOOSE_PX)
        + COPY_SHIFT
    )
    return max(DOUBT, scene_probability(alignment) * _logistic(logit))


def _logistic(logit: float) -> float:
    share = 1 / (1 + math.exp(-min(max(logit, -50), 50)))
    return min(max(share, DOUBT), 1 - DOUBT)
