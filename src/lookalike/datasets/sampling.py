"""Draws pairs, triplets, trios and episodes of labelled pictures."""

from collections.abc import Callable

import numpy as np
from numpy.random import Generator

from lookalike.datasets.unrank import Ranks
from lookalike.nouns.embeddings import Bools, Ints
from lookalike.nouns.errors import InputError

_MOST = 1 << 62
_TWICE = "give at least two pictures of one class, and at least two classes"


def draw_pairs(labels: Ints, n: int, seed: int) -> tuple[Ints, Ints, Bools]:
    """Pairs, half of them of one class (the odd one too), each as likely as any other of its half.

    No picture is paired with itself. No pair comes twice, in either order, as long as there are
    enough; where there are not, all come equally often, give or take one.

    Args:
        labels: (n_pictures,) classes; pictures with UNKNOWN are left out.
        n: pairs to draw.
        seed: of all chance; the same gives the same.

    Returns:
        (n,) rows of the first pictures, (n,) of the second, (n,) whether they are of one class;
        in random order.

    Raises:
        InputError: no class has two pictures, or there is one class only.
    """
    ranks, rng = Ranks.of(labels), np.random.default_rng(seed)
    alike = _drawn(ranks.count_same, n - n // 2, ranks.same, 2, rng)
    other = _drawn(ranks.count_different, n // 2, ranks.different, 2, rng)
    pairs, same = _mixed(alike, other, rng)
    return pairs[:, 0], pairs[:, 1], same


def draw_triplets(labels: Ints, n: int, seed: int) -> Ints:
    """Triplets, each as likely as any other.

    None comes twice as long as there are enough; where there are not, all come equally often,
    give or take one.

    Args:
        labels: (n_pictures,) classes; pictures with UNKNOWN are left out.
        n: triplets to draw.
        seed: of all chance; the same gives the same.

    Returns:
        (n, 3) rows of anchor, positive and negative, in random order.

    Raises:
        InputError: no class has two pictures, or there is one class only.
    """
    ranks, rng = Ranks.of(labels), np.random.default_rng(seed)
    return rng.permutation(_drawn(ranks.count_triplets, n, ranks.triplets, 3, rng))


def draw_trios(labels: Ints, n: int, seed: int) -> tuple[Ints, Bools]:
    """Trios, half of them with at least two pictures of one class (the odd one too).

    Each is as likely as any other of its half; none comes twice as long as there are enough;
    the order within a trio says nothing.

    Args:
        labels: (n_pictures,) classes; pictures with UNKNOWN are left out.
        n: trios to draw.
        seed: of all chance; the same gives the same.

    Returns:
        (n, 3) rows, and (n,) whether at least two are of one class; in random order.

    Raises:
        InputError: there are fewer than three classes, or no class has two pictures.
    """
    ranks, rng = Ranks.of(labels), np.random.default_rng(seed)
    two, three = ranks.count_two_of_three, ranks.count_three_of_three

    def at_least_two(numbers: Ints) -> Ints:
        rows = np.empty((len(numbers), 3), np.int64)
        few = numbers < two
        rows[few] = ranks.two_of_three(numbers[few])
        rows[~few] = ranks.three_of_three(numbers[~few] - two)
        return rows

    alike = _drawn(two + three, n - n // 2, at_least_two, 3, rng)
    other = _drawn(ranks.count_all_different, n // 2, ranks.all_different, 3, rng)
    return _mixed(alike, other, rng)


def draw_episodes(
    labels: Ints, ways: int, shots: int, queries: int, episodes: int, seed: int
) -> Ints:
    """Few-shot episodes: in each some classes, and of each class some different pictures.

    Args:
        labels: (n_pictures,) classes; pictures with UNKNOWN, and classes with too few pictures,
            are left out.
        ways: classes an episode, at least 2.
        shots: examples a class.
        queries: pictures of each class that are asked about.
        episodes: to draw.
        seed: of all chance; the same gives the same.

    Returns:
        (episodes, ways, shots + queries) rows; the first `shots` of each class are its examples.

    Raises:
        InputError: too few classes have so many pictures.
    """
    if ways < 2 or min(shots, queries) < 1 or episodes < 0:
        raise InputError(
            f"{ways} ways, {shots} shots, {queries} queries and {episodes} episodes make no game",
            mend="2 ways, 1 shot and 1 query at least",
        )
    ranks, rng = Ranks.of(labels), np.random.default_rng(seed)
    need = shots + queries
    enough = np.flatnonzero(ranks.sizes >= need)
    if len(enough) < ways:
        raise InputError(
            f"{len(enough)} classes have {need} pictures or more; {ways} are needed",
            mend="ask for fewer ways, shots or queries",
        )
    chosen = enough[_distinct(np.full(episodes, len(enough)), ways, rng)]  # (episodes, ways)
    starts = np.concatenate([[0], np.cumsum(ranks.sizes)])[chosen]
    within = _distinct(ranks.sizes[chosen].reshape(-1), need, rng)
    return ranks.rows[starts[:, :, None] + within.reshape(episodes, ways, need)]


def _distinct(sizes: Ints, k: int, rng: Generator) -> Ints:
    """(x, k) different numbers below each of the x sizes, in random order.

    Source:
        Floyd's method, Bentley and Floyd 1987, doi 10.1145/30401.315746.
    """
    chosen = np.full((len(sizes), k), -1, np.int64)
    for step in range(k):
        last = sizes - k + step
        number = rng.integers(0, last + 1)
        taken = (chosen[:, :step] == number[:, None]).any(axis=1)
        chosen[:, step] = np.where(taken, last, number)
    return rng.permuted(chosen, axis=1)


def _drawn(total: int, n: int, rows_of: Callable[[Ints], Ints], width: int, rng: Generator) -> Ints:
    """(n, width) rows of different numbers; all of them as often as can be where n is more."""
    if n < 0:
        raise InputError(f"{n} cannot be drawn", mend="0 or more")
    if not n:
        return np.empty((0, width), np.int64)
    if not total:
        raise InputError("There is nothing of this kind to draw", mend=_TWICE)
    if total > _MOST:
        raise InputError(
            "There are more to draw from than can be numbered", mend="draw from fewer pictures"
        )
    rounds, rest = divmod(n, total)
    whole = np.tile(np.arange(total if rounds else 0), rounds)
    return rows_of(np.concatenate([whole, rng.choice(total, rest, replace=False)]))


def _mixed(alike: Ints, other: Ints, rng: Generator) -> tuple[Ints, Bools]:
    """Both in one random order, the order within each line random too."""
    both = rng.permuted(np.concatenate([alike, other]), axis=1)
    order = rng.permutation(len(both))
    return both[order], order < len(alike)
