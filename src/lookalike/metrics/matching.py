"""Poor pictures to their originals: is the true source among the first N, or rightly none?"""

from collections.abc import Sequence

import numpy as np

from lookalike.metrics.arrays import Doubles, Scores, finite
from lookalike.metrics.intervals import measured, wilson
from lookalike.nouns.embeddings import Bools, Ints
from lookalike.nouns.errors import InputError
from lookalike.nouns.exhibits import Curve
from lookalike.nouns.measure import Measure

DEPTHS = (1, 5, 15)


def match_ranks(scores: Scores, matches: Bools) -> Ints:
    """Rank of the best true source of each target; of equal scores the wrong ones come first.

    Args:
        scores: (t, s) of each target with each source, higher is more alike.
        matches: (t, s) bool, the truth; a target may have several sources or none.

    Returns:
        (t,) from 1 on; 0 for a target that has no source.

    Raises:
        InputError: no targets or sources, shapes that do not fit, or a score that is not finite.
    """
    values = finite(scores, "scores", 2)
    if matches.shape != values.shape or matches.dtype != np.bool_:
        raise InputError(
            "Each score needs one answer, match or not",
            where=f"{matches.shape} of {matches.dtype}, scores {values.shape}",
            mend="pass a bool array of the same shape",
        )
    best = np.where(matches, values, -np.inf).max(axis=1, keepdims=True)
    ahead = np.count_nonzero(~matches & (values >= best), axis=1)
    return np.where(matches.any(axis=1), ahead + 1, 0).astype(np.int64)


def top_n_accuracy(
    scores: Scores, matches: Bools, *, n: int, threshold: float | None = None
) -> float:
    """Share of the targets that are answered rightly within n tries.

    With a threshold only sources that reach it are offered, so the answer may be "no match":
    right for a target without a source, wrong for all others. Without one something is always
    offered, and a target that has no source is always answered wrongly.

    Args:
        scores: (t, s) of each target with each source, higher is more alike.
        matches: (t, s) bool, the truth.
        n: tries, at least 1.
        threshold: sources below it are not offered; chosen on other targets.

    Returns:
        In [0, 1], higher is better; never falls with n.

    Raises:
        InputError: as `match_ranks`, or n below 1.
    """
    return float(_curve(scores, matches, (n,), threshold)[0])


def chance_of_top_n(
    scores: Scores, matches: Bools, *, n: int, threshold: float | None = None
) -> float:
    """The same for n sources picked at random, in expectation.

    With a threshold "no match" is one more answer to pick from.

    Args:
        scores: (t, s), of which only the shape matters.
        matches: (t, s) bool, the truth.
        n: tries, at least 1.
        threshold: None where "no match" is no answer.

    Returns:
        In [0, 1].

    Raises:
        InputError: as `top_n_accuracy`.
    """
    match_ranks(scores, matches)
    _check_depth(n)
    answers = matches.shape[1] + (threshold is not None)
    right = matches.sum(axis=1, dtype=np.int64)
    if threshold is not None:
        right = np.maximum(right, 1)
    taken = np.arange(min(n, answers))
    none = np.maximum(answers - right[:, None] - taken, 0) / (answers - taken)
    return float(1 - none.prod(axis=1).mean())


def top_n_curve(
    scores: Scores,
    matches: Bools,
    *,
    name: str = "",
    deepest: int = 50,
    threshold: float | None = None,
) -> Curve:
    """The accuracy for 1, 2, ... tries, beside sources picked at random.

    Args:
        scores: (t, s) of each target with each source, higher is more alike.
        matches: (t, s) bool, the truth.
        name: what was matched, for people.
        deepest: the largest number of tries; fewer where there are fewer sources.
        threshold: see `top_n_accuracy`.

    Returns:
        Shares with Wilson's intervals.

    Raises:
        InputError: as `top_n_accuracy`.
    """
    _check_depth(deepest)
    depths = range(1, min(deepest, scores.shape[-1]) + 1)
    values = _curve(scores, matches, depths, threshold)
    t = len(scores)
    intervals = np.array([wilson(value * t, t) for value in values.tolist()])
    chance = [chance_of_top_n(scores, matches, n=n, threshold=threshold) for n in depths]
    at = np.array(depths, np.int64)
    low, high = intervals[:, 0].copy(), intervals[:, 1].copy()
    return Curve(name, at, values, low, high, np.array(chance), "at random")


def judge_matching(
    scores: Scores,
    matches: Bools,
    *,
    depths: Sequence[int] = DEPTHS,
    threshold: float | None = None,
) -> tuple[Measure, ...]:
    """The accuracy for each number of tries, beside sources picked at random.

    Args:
        scores: (t, s) of each target with each source, higher is more alike.
        matches: (t, s) bool, the truth.
        depths: numbers of tries; those beyond the number of sources are left out.
        threshold: see `top_n_accuracy`.

    Returns:
        The measures "top-1", "top-5", ..., with Wilson's intervals.

    Raises:
        InputError: as `top_n_accuracy`, or no depth within the number of sources.
    """
    kept = [n for n in depths if n <= scores.shape[-1]]
    if not kept:
        raise InputError("There are fewer sources than tries", where=f"{scores.shape}")
    t = len(scores)
    measures = []
    for n, value in zip(kept, _curve(scores, matches, kept, threshold).tolist(), strict=True):
        chance = chance_of_top_n(scores, matches, n=n, threshold=threshold), "at random"
        measures.append(measured(f"top-{n}", value, wilson(value * t, t), chance, t, fewest=t))
    return tuple(measures)


def _curve(
    scores: Scores, matches: Bools, depths: Sequence[int], threshold: float | None
) -> Doubles:
    ranks = match_ranks(scores, matches)
    for n in depths:
        _check_depth(n)
    reached = ranks > 0
    rejected = np.zeros(len(ranks), bool)
    if threshold is not None:
        reached &= np.where(matches, scores, -np.inf).max(axis=1) >= threshold
        rejected = (ranks == 0) & (scores.max(axis=1) < threshold)
    return np.array([np.mean(rejected | (reached & (ranks <= n))) for n in depths])


def _check_depth(n: int) -> None:
    if n < 1:
        raise InputError("At least one try is needed", where=f"n={n}")
