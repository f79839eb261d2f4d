"""Where pairs and triplets for training come from: a list, a drawing once, or one each epoch."""

from collections.abc import Callable

import numpy as np

from lookalike.nouns.embeddings import Ints
from lookalike.nouns.errors import InputError
from lookalike.nouns.labelled import Labelled
from lookalike.nouns.recipe import BatchPart
from lookalike.training.chance import generator_of
from lookalike.training.classes import Classes
from lookalike.training.even import evenly

Source = Callable[[int, np.random.Generator], Ints]
"""How many, and a source of chance -> (m, 2) or (m, 3) rows."""


def pair_sources(
    data: Labelled, rows: Ints, part: BatchPart, seed: int
) -> tuple[Source, Source, int]:
    """Pairs that go together, pairs that do not, and how many there are; see `training_planner`.

    Raises:
        InputError: the data allow no such pairs.
    """
    listed = np.isin(data.pairs, rows).all(axis=1)
    together, apart = data.pairs[listed & data.same], data.pairs[listed & ~data.same]
    if len(apart) and not len(together):
        raise InputError("No pair of the list goes together", where=data.name)
    if len(together) and len(apart):
        return _evenly_of(together), _evenly_of(apart), len(together) + len(apart)
    if len(together):
        members = np.unique(together)
        connected = Classes(members, _chains(together, len(data))[members])
        return _evenly_of(together), connected.different, 2 * len(together)
    classes = Classes(rows, data.labels[rows])
    if not part.drawn:
        return classes.same, classes.different, len(classes.rows)
    once = generator_of(seed, "pairs drawn once")
    same = classes.same(max(1, part.drawn // 2), once)
    different = classes.different(max(1, part.drawn - part.drawn // 2), once)
    return _evenly_of(same), _evenly_of(different), part.drawn


def triplet_source(data: Labelled, rows: Ints, part: BatchPart, seed: int) -> tuple[Source, int]:
    """Triplets, and how many there are; see `training_planner`.

    Raises:
        InputError: the data allow none.
    """
    listed = data.triplets[np.isin(data.triplets, rows).all(axis=1)]
    if len(listed):
        return _evenly_of(listed), len(listed)
    classes = Classes(rows, data.labels[rows])
    if not part.drawn:
        return classes.triplets, len(classes.rows)
    once = classes.triplets(part.drawn, generator_of(seed, "triplets drawn once"))
    return _evenly_of(once), part.drawn


def _evenly_of(pool: Ints) -> Source:
    return lambda m, chance: pool[evenly(len(pool), m, chance)]


def _chains(pairs: Ints, n: int) -> Ints:
    """(n,) for each row the lowest row that a chain of pairs connects it with."""
    lowest = np.arange(n)
    while True:
        before = lowest.copy()
        reached = lowest[pairs].min(axis=1)
        np.minimum.at(lowest, pairs[:, 0], reached)
        np.minimum.at(lowest, pairs[:, 1], reached)
        # Each row follows the one it points at, which halves the length of a chain.
        lowest = lowest[lowest]
        if np.array_equal(lowest, before):
            return lowest
