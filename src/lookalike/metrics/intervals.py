"""How sure a figure is: 95 % intervals for shares, for means, and for anything by resampling."""

import math
from collections.abc import Callable
from functools import cache
from statistics import NormalDist

import numpy as np

from lookalike.metrics.arrays import Doubles, finite
from lookalike.nouns.embeddings import Ints
from lookalike.nouns.errors import InputError
from lookalike.nouns.measure import Measure

LEVEL = 0.95
Z = NormalDist().inv_cdf((1 + LEVEL) / 2)
Interval = tuple[float, float]
_RESAMPLES, _FEWER, _LARGE = 1000, 200, 100_000
_NORMAL_FROM = 100_000


def wilson(hits: float, n: float) -> Interval:
    """The interval of a share.

    Args:
        hits: how many were right, 0 <= hits <= n; need not be whole.
        n: of how many, above 0.

    Returns:
        Low and high, in [0, 1]; never empty, also where all or none were right.

    Raises:
        InputError: out of range.

    Source:
        Wilson 1927, J. Am. Stat. Assoc. 22.
    """
    if not (n > 0 and 0 <= hits <= n):
        raise InputError("A share needs 0 <= hits <= n and n above 0", where=f"{hits} of {n}")
    found = hits / n
    middle = (found + Z * Z / (2 * n)) / (1 + Z * Z / n)
    half = Z / (1 + Z * Z / n) * math.sqrt(found * (1 - found) / n + Z * Z / (4 * n * n))
    return max(0.0, min(middle - half, found)), min(1.0, max(middle + half, found))


def mean_interval(values: Doubles) -> Interval:
    """The interval of a mean: mean -+ t * s / sqrt(n), Student's t with n - 1 degrees of freedom.

    Args:
        values: (n,) one for each episode, n at least 2.

    Returns:
        Low and high.

    Raises:
        InputError: fewer than two values, or one that is not finite.

    Source:
        Student 1908, Biometrika 6.
    """
    values = finite(values, "values", 1)
    if len(values) < 2:
        raise InputError("A mean needs two values to say how sure it is", where=f"{len(values)}")
    mean = float(values.mean())
    half = student_t(len(values) - 1) * float(values.std(ddof=1)) / math.sqrt(len(values))
    return mean - half, mean + half


@cache
def student_t(freedom: int) -> float:
    """The factor t with P(|T| <= t) = 95 % for this many degrees of freedom, at least 1.

    Source:
        Abramowitz and Stegun 1964, 26.7.3 and 26.7.4: the exact finite series.
    """
    if freedom < 1:
        raise InputError("Student's t needs at least one degree of freedom", where=str(freedom))
    if freedom > _NORMAL_FROM:
        return Z
    low, high = 0.0, math.pi / 2
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if _inside(middle, freedom) < LEVEL else (low, middle)
    return math.tan(low) * math.sqrt(freedom)


def _inside(angle: float, freedom: int) -> float:
    """P(|T| <= sqrt(freedom) * tan(angle))."""
    sine, cosine = math.sin(angle), math.cos(angle)
    odd = freedom % 2
    steps = np.arange(1, (freedom - odd) // 2, dtype=np.float64)
    factors = 2 * steps / (2 * steps + 1) if odd else (2 * steps - 1) / (2 * steps)
    series = 1 + float(np.cumprod(factors * cosine * cosine).sum())
    if not odd:
        return sine * series
    return 2 / math.pi * (angle + (sine * cosine * series if freedom > 1 else 0.0))


def bootstrap(
    figures: Callable[[Doubles], Doubles],
    n: int,
    *,
    pictures: Ints | None = None,
    centre: Doubles | None = None,
    resamples: int | None = None,
    seed: int = 0,
) -> tuple[Doubles, Doubles]:
    """Percentile intervals of several figures, by drawing n items anew with replacement.

    Items that share a picture are not independent. Where `pictures` names the two pictures of
    each pair, pictures are drawn in place of pairs, and a pair counts once for each time that
    both were drawn. These intervals are never too narrow; they are too wide, by up to a factor
    1.7, where each picture occurs in one pair only.

    Args:
        figures: from the weight of each item, (n,) whole numbers as float64, to (f,) figures;
            NaN where they are not defined. Such draws are left out.
        n: items, at least 1.
        pictures: (n, 2) numbers of the two pictures of each pair.
        centre: (f,) figures on all items; the intervals are then moved so that the median draw
            lies there. For figures that drawing anew pushes to one side.
        resamples: how often; default: 1,000, and 200 for more than 100,000 items.
        seed: of the drawing.

    Returns:
        Low and high, (f,) each; NaN where a figure was defined in no draw.

    Raises:
        InputError: n or resamples below 1, or pictures of the wrong shape.

    Source:
        Efron and Tibshirani 1993, chapter 13; for pictures Owen 2007, arXiv:0712.1111.
    """
    times = resamples if resamples is not None else _RESAMPLES if n <= _LARGE else _FEWER
    if n < 1 or times < 1:
        raise InputError("Resampling needs items and at least one draw", where=f"{n}, {times}")
    if pictures is not None and pictures.shape != (n, 2):
        raise InputError(
            "Resampling pictures needs the two pictures of each pair",
            where=f"shape {pictures.shape}",
            mend=f"pass an array of shape ({n}, 2)",
        )
    random = np.random.default_rng(seed)
    pairs = None if pictures is None else np.unique(pictures, return_inverse=True)[1].reshape(n, 2)
    units = n if pairs is None else int(pairs.max()) + 1
    drawn: list[Doubles] = []
    for _ in range(times):
        counts = np.bincount(random.integers(units, size=units), minlength=units).astype(np.float64)
        weights = counts if pairs is None else counts[pairs[:, 0]] * counts[pairs[:, 1]]
        drawn.append(figures(weights))
    low, median, high = _percentiles(np.array(drawn))
    shift = 0.0 if centre is None else centre - median
    return low + shift, high + shift


def _percentiles(drawn: Doubles) -> Doubles:
    """(3, f) low, median and high of draws (times, f); NaN is left out figure by figure."""
    levels = ((1 - LEVEL) / 2, 0.5, (1 + LEVEL) / 2)
    found = np.full((3, drawn.shape[1]), np.nan)
    for place, column in enumerate(drawn.T):
        defined = column[~np.isnan(column)]
        if len(defined):
            found[:, place] = np.quantile(defined, levels)
    return found


def measured(
    name: str, value: float, interval: Interval, baseline: tuple[float, str], n: int, *, fewest: int
) -> Measure:
    """A measure in [0, 1] from what resampling gave.

    Resampling cannot know what it never saw: it would call a perfect figure of five pairs
    certain. Where all draws agree, the interval is Wilson's for as many as `fewest`.

    Args:
        name: of the measure.
        value: the figure.
        interval: low and high; widened to hold the value.
        baseline: what the trivial answer reaches, and what that is.
        n: items it was measured on.
        fewest: items of the rarer kind.
    """
    low, high = interval
    if math.isnan(low) or math.isnan(high) or high - low < 1e-12:
        low, high = wilson(min(max(value, 0.0), 1.0) * fewest, fewest)
    return Measure(name, value, min(low, value), max(high, value), *baseline, n)
