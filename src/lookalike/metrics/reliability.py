"""Does a probability of 80 % come true in 80 % of the cases?"""

import numpy as np

from lookalike.metrics.arrays import Doubles, Scores, checked_scores
from lookalike.metrics.intervals import bootstrap, measured
from lookalike.nouns.embeddings import Bools, Ints
from lookalike.nouns.errors import InputError
from lookalike.nouns.exhibits import Reliability
from lookalike.nouns.measure import Measure

BINS = 15


def expected_calibration_error(probabilities: Scores, same: Bools, *, bins: int = BINS) -> float:
    """Mean gap between the probability told and the share that held, over bins of equal width.

    Args:
        probabilities: (p,) told for "alike", in [0, 1].
        same: (p,) bool, the truth.
        bins: how many, at least 1.

    Returns:
        In [0, 1], lower is better. Always telling the prevalence has 0: a low error alone does
        not make a good model.

    Raises:
        InputError: no pairs, pairs of one kind only, shapes that do not fit, a probability
            outside [0, 1], or no bins.

    Source:
        Naeini et al. 2015, AAAI; 15 bins as Guo et al. 2017, arXiv:1706.04599.
    """
    told = _checked(probabilities, same)
    return _gap(told, same, _bins(told, bins), np.ones(len(told)), bins)


def reliability_table(
    probabilities: Scores, same: Bools, *, bins: int = BINS, name: str = ""
) -> Reliability:
    """What was told and what held in each bin of equal width.

    Args:
        probabilities: (p,) told for "alike", in [0, 1].
        same: (p,) bool, the truth.
        bins: how many, at least 1.
        name: of what is told, for people.

    Returns:
        Mean probability, share alike and count of each bin that holds any pair.

    Raises:
        InputError: as `expected_calibration_error`.

    Source:
        DeGroot and Fienberg 1983, The Statistician 32.
    """
    told = _checked(probabilities, same)
    places = _bins(told, bins)
    counts = np.bincount(places, minlength=bins)
    used = counts > 0
    sums = (np.bincount(places, values, bins)[used] for values in (told, same.astype(np.float64)))
    mean, held = (total / counts[used] for total in sums)
    return Reliability(name, mean, held, counts[used].astype(np.int64))


def brier_score(probabilities: Scores, same: Bools) -> float:
    """Mean squared gap between the probability told and the truth (1 or 0).

    Args:
        probabilities: (p,) told for "alike", in [0, 1].
        same: (p,) bool, the truth.

    Returns:
        In [0, 1], lower is better; prevalence * (1 - prevalence) for always telling it.

    Raises:
        InputError: as `expected_calibration_error`.

    Source:
        Brier 1950, Monthly Weather Review 78.
    """
    return float(np.square(_checked(probabilities, same) - same).mean())


def judge_probabilities(
    probabilities: Scores,
    same: Bools,
    *,
    bins: int = BINS,
    pictures: Ints | None = None,
    resamples: int | None = None,
    seed: int = 0,
) -> tuple[Measure, ...]:
    """Calibration error and Brier score beside always telling the share of alike pairs.

    Args:
        probabilities: (p,) told for "alike", in [0, 1], at the prevalence of these pairs.
        same: (p,) bool, the truth.
        bins: how many, at least 1.
        pictures: (p, 2) the two pictures of each pair; see `bootstrap`.
        resamples: draws for the intervals; see `bootstrap`.
        seed: of these draws.

    Returns:
        Two measures, "ECE" and "Brier score"; lower is better. The calibration error of few
        pairs is biased upwards, so its interval is moved by the bias that resampling shows.

    Raises:
        InputError: as `expected_calibration_error`.
    """
    told = _checked(probabilities, same)
    places, gaps = _bins(told, bins), np.square(told - same)

    def figures(weights: Doubles) -> Doubles:
        if not weights.any():
            return np.array([np.nan, np.nan])
        return np.array(
            [_gap(told, same, places, weights, bins), np.average(gaps, weights=weights)]
        )

    n = len(told)
    values = figures(np.ones(n))
    low, high = bootstrap(
        figures, n, pictures=pictures, centre=values, resamples=resamples, seed=seed
    )
    part = float(same.mean())
    fewest = int(min(same.sum(), (~same).sum()))
    baseline = f"always {100 * part:.4g} %"
    return tuple(
        measured(name, value, (max(0.0, a), min(1.0, b)), (reached, baseline), n, fewest=fewest)
        for name, value, a, b, reached in zip(
            ("ECE", "Brier score"),
            values.tolist(),
            low.tolist(),
            high.tolist(),
            (0.0, part * (1 - part)),
            strict=True,
        )
    )


def _checked(probabilities: Scores, same: Bools) -> Doubles:
    told = checked_scores(probabilities, same)
    if told.min() < 0 or told.max() > 1:
        raise InputError(
            "A probability lies between 0 and 1",
            where=f"{told.min():.4g} to {told.max():.4g}",
            mend="turn scores into probabilities by the model's calibration",
        )
    return told


def _bins(told: Doubles, bins: int) -> Ints:
    if bins < 1:
        raise InputError("A reliability needs at least one bin", where=str(bins))
    return np.minimum((told * bins).astype(np.int64), bins - 1)


def _gap(told: Doubles, same: Bools, places: Ints, weights: Doubles, bins: int) -> float:
    sums = np.bincount(places, weights * (told - same), bins)
    return float(np.abs(sums).sum() / weights.sum())
