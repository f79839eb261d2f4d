"""Arguments for every kind of measure: drawn at random, perfect, tied, and turned about."""

from collections.abc import Callable

import numpy as np

Two = tuple[np.ndarray, np.ndarray]
Maker = Callable[[np.random.Generator], Two]

STEPPED = 7
"""Scores take few values, so that many are equal."""


def stepped(random, *shape):
    return random.integers(-STEPPED, STEPPED, size=shape) / STEPPED


def both(random, n):
    """Bool answers, at least one of each."""
    answers = random.random(n) < random.uniform(0.1, 0.9)
    answers[:2] = True, False
    return random.permutation(answers)


def relevance(random, q, n):
    relevant = random.random((q, n)) < random.uniform(0.05, 0.5)
    relevant[0, 0] = True
    return relevant


def pairs(random):
    n = int(random.integers(4, 60))
    return stepped(random, n), both(random, n)


def probabilities(random):
    scores, same = pairs(random)
    return np.abs(scores), same


def triplets(random):
    n = int(random.integers(1, 40))
    return stepped(random, n), stepped(random, n)


def rankings(random):
    q, n = random.integers(1, 9), random.integers(16, 30)
    return stepped(random, q, n), relevance(random, q, n)


def episodes(random):
    e, m, w = random.integers(2, 7, 3)
    return stepped(random, e, m, w), random.integers(w, size=(e, m))


def classes(random):
    n = int(random.integers(3, 40))
    return random.integers(4, size=n), random.integers(4, size=n)


def groups(random):
    found, truth = (random.integers(-2, 5, size=20) for _ in range(2))
    truth[:2] = 0
    return found, truth


DRAWN: dict[str, Maker] = {
    "pairs": pairs,
    "probabilities": probabilities,
    "triplets": triplets,
    "rankings": rankings,
    "matching": rankings,
    "episodes": episodes,
    "classes": classes,
    "clusters": classes,
    "groups": groups,
}


def perfect(kind: str, random: np.random.Generator) -> Two:
    """Arguments of which no measure can ask for more."""
    first, second = DRAWN[kind](random)
    if kind in {"pairs", "probabilities"}:
        return second.astype(np.float64), second
    if kind == "triplets":
        return np.ones(first.shape), np.zeros(first.shape)
    if kind == "rankings":
        # Ten relevant ones for each query, or the first ten could not all be right.
        second = np.zeros_like(second)
        second[:, :10] = True
        return second.astype(np.float64), second
    if kind == "matching":
        second[:, 0] = True
        return second.astype(np.float64), second
    if kind == "episodes":
        return np.eye(first.shape[2])[second], second
    return second.copy(), second


def shuffled(kind: str, first: np.ndarray, second: np.ndarray, random: np.random.Generator) -> Two:
    """The same pictures in another order."""
    order = random.permutation(len(first))
    first, second = first[order], second[order]
    if kind in {"rankings", "matching"}:
        columns = random.permutation(first.shape[1])
        return first[:, columns], second[:, columns]
    if kind == "episodes":
        ways = random.permutation(first.shape[2])
        return first[:, :, ways], np.argsort(ways)[second]
    return first, second


def one_answer(kind: str, first: np.ndarray, second: np.ndarray) -> Two:
    """What a collapsed model says: the same of everything."""
    if kind == "probabilities":
        return np.full(first.shape, second.mean()), second
    if kind == "triplets":
        return np.zeros(first.shape), np.zeros(first.shape)
    return np.zeros_like(first), second


def ties_broken(kind: str, first: np.ndarray, second: np.ndarray) -> Two | None:
    """Scores with every tie broken in favour of the truth; None where there are no scores."""
    gain = 0.1 / STEPPED
    if kind in {"pairs", "rankings", "matching"}:
        return first + gain * second, second
    if kind == "triplets":
        return first + gain, second
    if kind == "episodes":
        return first + gain * np.eye(first.shape[2])[second], second
    return None
