"""Lay doubtful targets over their best sources: what falls into place there moves up."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from lookalike.geometry.features import MOST_POINTS
from lookalike.nouns.alignment import Alignment
from lookalike.nouns.embeddings import Bools, Floats, Ints
from lookalike.verbs.doubtful import Doubt, Overlay
from lookalike.verbs.progress import Progress, silent
from lookalike.verdicts.calibrate import DOUBT, EVEN_PRIOR, log_odds
from lookalike.verdicts.overlay import scene_probability

CANDIDATES = 20
"""Sources that a doubtful target is laid over, the best ones by all models together."""

OF_EACH = 10
"""The best ones by each model alone, which join them: where one model is right and the others are
wrong, its best source need not be among the best of all."""


@dataclass(frozen=True, slots=True, eq=False)
class Fits:
    """Which sources t doubtful targets can be laid over.

    Attributes:
        n_laid: how many targets were laid over their best sources.
        found: (target, source) to how they lie in each other; only where enough falls into place.
    """

    n_laid: int
    found: Mapping[tuple[int, int], Alignment]

    @classmethod
    def none(cls) -> "Fits":
        """Nobody looked."""
        return cls(0, {})

    def ranks(self, scores: Floats, usual: float) -> Floats:
        """Scores, those of sources that fit above all that do not, more points higher.

        Args:
            scores: (t, s).
            usual: what the best wrong source usually scores; what fits comes above that too.
        """
        raised = scores.copy()
        for (t, s), each in self.found.items():
            raised[t, s] = max(float(scores[t].max()), usual) + each.n_inliers / MOST_POINTS
        return raised

    def chances(self, chances: Floats, twins: Ints, *, prior: float) -> Floats:
        """P(original), having looked.

        Sources that fit share the probability by their points, twins aside; what does not fit,
        beside one that does, is as much less probable.

        Args:
            chances: (t, s) P(original) by scores.
            twins: (s,) sources of one number are copies of each other.
            prior: P(a target has an original among the sources) before looking, in (0, 1).
        """
        seen = chances.copy()
        by_target: dict[int, dict[int, Alignment]] = {}
        for (t, s), each in self.found.items():
            by_target.setdefault(t, {})[s] = each
        for t, fitting in by_target.items():
            sure = _sure(fitting, twins, prior)
            seen[t] *= 1 - max(sure.values())
            for s, chance in sure.items():
                seen[t, s] = chance
        return np.asarray(np.clip(seen, DOUBT, 1 - DOUBT), np.float32)


def lay_over(
    targets: Sequence[Path],
    sources: Sequence[Path],
    scores: Floats,
    parts: Floats,
    doubtful: Bools,
    *,
    mirrored: bool,
    progress: Progress = silent,
) -> Fits:
    """Lay each doubtful target over its best sources.

    Args:
        targets: t files.
        sources: s files.
        scores: (t, s) by all models together.
        parts: (m, t, s) by each model.
        doubtful: (t,) which targets to look at.
        mirrored: whether a target may be the mirror image of its original.
        progress: told of pairs laid over each other.
    """
    asked = np.flatnonzero(doubtful)
    several = parts if len(parts) > 1 else parts[:0]
    best = [(scores, CANDIDATES), *((each, OF_EACH) for each in several)]
    named = np.concatenate([_highest(each[asked], k) for each, k in best], axis=1)
    pairs = [
        (t, s)
        for t, own in zip(asked.tolist(), named.tolist(), strict=True)
        for s in dict.fromkeys(own)
    ]
    doubts = [Doubt(sources[s], targets[t], mirrored) for t, s in pairs]
    found = {
        pair: alignment
        for pair, alignment in zip(pairs, Overlay(progress).look(doubts), strict=True)
        if alignment is not None and scene_probability(alignment) >= EVEN_PRIOR
    }
    return Fits(int(doubtful.sum()), found)


def _highest(scores: Floats, k: int) -> Ints:
    """(t, k) places of the highest scores of each row, best first."""
    return np.asarray(np.argsort(-scores, axis=1, kind="stable")[:, :k])


def _sure(fitting: dict[int, Alignment], twins: Ints, prior: float) -> dict[int, float]:
    """P(original) of each source that fits one target."""
    points: dict[int, int] = {}
    for s, each in fitting.items():
        group = int(twins[s])
        points[group] = max(points.get(group, 0), each.n_inliers)
    sure = {}
    for s, each in fitting.items():
        others = sum(n for group, n in points.items() if group != twins[s])
        share = each.n_inliers / (each.n_inliers + others)
        sure[s] = share * _shifted(scene_probability(each), prior)
    return sure


def _shifted(chance: float, prior: float) -> float:
    """The same at other odds than even ones."""
    return float(1 / (1 + np.exp(-(log_odds(chance) + log_odds(prior)))))
