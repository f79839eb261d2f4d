"""N ways, K shots: which of N classes, known from K pictures each, does a new picture show?"""

from collections.abc import Sequence
from typing import Literal, get_args

import numpy as np

from lookalike.metrics.arrays import Doubles, Scores, checked_rows, finite, unit_rows
from lookalike.metrics.intervals import mean_interval, measured, wilson
from lookalike.nouns.embeddings import Bools, Floats, Ints
from lookalike.nouns.errors import InputError
from lookalike.nouns.exhibits import Bar, Bars
from lookalike.nouns.measure import Measure

Rule = Literal["prototype", "nearest"]
Episodes = tuple[Ints, Ints, Ints]
"""Support (e, w, k), queries (e, m) and the true way of each query (e, m)."""

_STEPS = 2.0**40
"""Two ways of adding up one product in double precision differ by less than a step."""


def episode_scores(
    embeddings: Floats, support: Ints, queries: Ints, *, rule: Rule = "prototype"
) -> Doubles:
    """How much each query of an episode is like each of its ways.

    "prototype" takes the cosine with the mean of a way's pictures, "nearest" the highest cosine
    with any of them; for one shot both are the same. Cosines are told in steps of 2^-40, so equal
    pictures have equal scores.

    Args:
        embeddings: (n, d), scaled to length 1 here.
        support: (e, w, k) rows of k pictures of each of w ways.
        queries: (e, m) rows.
        rule: how a way is made from its pictures.

    Returns:
        (e, m, w), higher is more alike.

    Raises:
        InputError: no episodes, one way only, shapes that do not fit, rows out of range, values
            that are not finite, or an unknown rule.

    Source:
        Snell et al. 2017, arXiv:1703.05175 (prototypes); Vinyals et al. 2016, arXiv:1606.04080.
    """
    vectors = unit_rows(embeddings)
    support, queries = _checked(support, queries, len(vectors), rule)
    return np.array(
        [
            _scores(vectors[ways], vectors[asked], rule)
            for ways, asked in zip(support, queries, strict=True)
        ]
    )


def answer_episodes(embeddings: Floats, episodes: Episodes, *, rule: Rule = "prototype") -> Bools:
    """Whether each query of each episode gets its true way, an episode at a time.

    Args:
        embeddings: (n, d), scaled to length 1 here.
        episodes: support (e, w, k), queries (e, m) and answers (e, m).
        rule: see `episode_scores`.

    Returns:
        (e, m) bool; a tie counts as wrong.

    Raises:
        InputError: as `episode_scores`, or an answer that is no way.
    """
    vectors = unit_rows(embeddings)
    support, queries = _checked(episodes[0], episodes[1], len(vectors), rule)
    answers = checked_rows(episodes[2], support.shape[1], "answers", queries.shape)
    right = np.empty(queries.shape, bool)
    for episode, (ways, asked) in enumerate(zip(support, queries, strict=True)):
        scores = _scores(vectors[ways], vectors[asked], rule)
        right[episode] = right_ways(scores[None], answers[episode][None])[0]
    return right


def right_ways(scores: Scores, answers: Ints) -> Bools:
    """Whether the true way alone has the highest score; a tie counts as wrong.

    Args:
        scores: (e, m, w) of each query with each way.
        answers: (e, m) the true way of each query.

    Returns:
        (e, m) bool.

    Raises:
        InputError: shapes that do not fit, or an answer that is no way.
    """
    if scores.ndim != 3:
        raise InputError("Episode scores need shape (e, m, w)", where=f"{scores.shape}")
    answers = checked_rows(answers, scores.shape[2], "answers", scores.shape[:2])
    values = finite(scores, "scores", 3)
    true = np.take_along_axis(values, answers[..., None], axis=2)
    right: Bools = np.count_nonzero(values >= true, axis=2) == 1
    return right


def few_shot_accuracy(scores: Scores, answers: Ints) -> float:
    """Share of the queries whose true way alone has the highest score.

    Args:
        scores: (e, m, w) of each query with each way.
        answers: (e, m) the true way of each query.

    Returns:
        In [0, 1], higher is better; 1 / w by guessing, 0 for a collapsed model.

    Raises:
        InputError: as `right_ways`.
    """
    return float(right_ways(scores, answers).mean())


def judge_episodes(right: Bools, *, ways: int, name: str) -> Measure:
    """The mean accuracy over episodes beside guessing.

    Args:
        right: (e, m) bool; see `answer_episodes`.
        ways: of each episode.
        name: of the measure, such as "5-way 1-shot".

    Returns:
        A measure with n = e; its interval is mean -+ t over the episodes, or Wilson's over the
        queries of a single one.

    Raises:
        InputError: no episodes, or fewer than two ways.
    """
    if right.ndim != 2 or not right.size or ways < 2:
        raise InputError("Episodes need answers and two ways", where=f"{right.shape}, {ways} ways")
    each: Doubles = right.mean(axis=1)
    value, e = float(each.mean()), len(each)
    low, high = mean_interval(each) if e > 1 else wilson(value * right.size, right.size)
    interval = max(0.0, low), min(1.0, high)
    return measured(name, value, interval, (1 / ways, "at random"), e, fewest=right.size)


def class_accuracies(
    right: Bools,
    queries: Ints,
    labels: Ints,
    classes: Sequence[str],
    *,
    ways: int,
    name: str = "",
) -> Bars:
    """The share of right answers for each class that was asked.

    Args:
        right: (e, m) bool; see `right_ways`.
        queries: (e, m) rows, as they were asked.
        labels: (n,) class of each picture, places in `classes`.
        classes: c names.
        ways: of each episode.
        name: of the share, for people.

    Returns:
        A bar for each class that was asked, in the order of `classes`; its n counts pictures, and
        so does its interval, Wilson's: asking a picture twice makes nothing surer.

    Raises:
        InputError: shapes that do not fit, or a class out of range.
    """
    rows = checked_rows(queries, len(labels), "query rows", right.shape)
    asked = checked_rows(labels[rows], len(classes), "classes", right.shape)
    c = len(classes)
    times = np.bincount(asked.ravel(), minlength=c)
    hits = np.bincount(asked[right], minlength=c)
    pictures = np.bincount(labels[np.unique(rows)], minlength=c)
    bars = []
    for place in np.flatnonzero(times).tolist():
        value, n = float(hits[place] / times[place]), int(pictures[place])
        bars.append(Bar(classes[place], value, *wilson(value * n, n), n))
    return Bars(name, tuple(bars), 1 / ways, "at random")


def whole_pool(labels: Ints, *, shots: int = 1, draws: int = 100, seed: int = 0) -> Episodes:
    """Episodes over all classes at once: a few pictures of each, and all others are asked.

    Args:
        labels: (n,) classes; pictures of unknown class, below 0, take no part.
        shots: pictures drawn of each class; classes without one more take no part.
        draws: how many episodes.
        seed: of the drawing.

    Returns:
        Support (draws, c, shots), queries (draws, m) and answers (draws, m), the place of each
        query's class among the classes that take part, in rising order.

    Raises:
        InputError: fewer than two classes with enough pictures, or nothing to draw.
    """
    known, counts = np.unique(labels[labels >= 0], return_counts=True)
    classes = known[counts > shots]
    if len(classes) < 2 or shots < 1 or draws < 1:
        raise InputError(
            "A pool needs two classes with more pictures than shots",
            where=f"{len(classes)} classes, {shots} shots, {draws} draws",
            mend="judge more classes, or take fewer shots",
        )
    random = np.random.default_rng(seed)
    rows = np.flatnonzero(np.isin(labels, classes))
    members = [np.flatnonzero(labels == label) for label in classes]
    support = np.array([[random.permutation(m)[:shots] for m in members] for _ in range(draws)])
    queries = np.array([np.setdiff1d(rows, drawn) for drawn in support])
    return support, queries, np.searchsorted(classes, labels[queries]).astype(np.int64)


def _checked(support: Ints, queries: Ints, n: int, rule: Rule) -> tuple[Ints, Ints]:
    support = checked_rows(support, n, "support rows", (None, None, None))
    queries = checked_rows(queries, n, "query rows", (len(support), None))
    if support.shape[1] < 2 or rule not in get_args(Rule):
        raise InputError(
            "An episode needs two ways or more, and a rule",
            where=f"{support.shape[1]} ways, rule {rule!r}",
            mend=f"rules are {', '.join(get_args(Rule))}",
        )
    return support, queries


def _scores(ways: Floats, asked: Floats, rule: Rule) -> Doubles:
    """Ways (w, k, d) and queries (m, d) to cosines (m, w)."""
    w, _, d = ways.shape
    each = ways.astype(np.float64)
    if rule == "prototype":
        each = each.mean(axis=1, keepdims=True)
        lengths = np.linalg.norm(each, axis=2, keepdims=True)
        each = np.divide(each, lengths, out=np.zeros_like(each), where=lengths > 0)
    cosines = asked.astype(np.float64) @ each.reshape(-1, d).T
    best: Doubles = cosines.reshape(len(asked), w, -1).max(axis=2)
    return np.rint(best * _STEPS) / _STEPS
