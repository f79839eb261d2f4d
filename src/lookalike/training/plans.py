"""Which pictures meet in which batch, planned for a whole epoch from seed and epoch alone."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from lookalike.nouns.embeddings import Bools, Ints
from lookalike.nouns.errors import InputError, RecipeError
from lookalike.nouns.labelled import Labelled
from lookalike.nouns.recipe import BatchPart
from lookalike.training.chance import generator_of
from lookalike.training.classes import Classes
from lookalike.training.even import even_groups, occurrences
from lookalike.training.tuples import pair_sources, triplet_source


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """One batch, before its pictures are fetched.

    Attributes:
        epoch: it belongs to; with rows and views it decides how pictures are changed.
        rows: (b,) of the data.
        views: (b,) how often the row came before in this epoch.
        labels: (b,).
        chosen: places in the batch, see `Batch`; or None.
    """

    epoch: int
    rows: Ints
    views: Ints
    labels: Ints
    chosen: tuple[Ints, ...] | None = None


Planner = Callable[[int], list[Plan]]
"""An epoch -> its batches; always as many."""


def training_planner(data: Labelled, rows: Ints, part: BatchPart, seed: int) -> Planner:
    """The plan that a recipe asks for.

    * shuffled: all pictures in a new order each epoch; what does not fill a batch waits for the
      next one.
    * balanced: `classes` x `pictures`; see `Classes.balanced`.
    * pairs: `size` pairs a batch, half of them of one class; first all their first pictures, then
      all their second ones. The data's listed pairs where there are any; else pairs drawn by
      class, once (`drawn`) or anew for each epoch. Where only pairs that go together are listed,
      the others are drawn from pictures that no chain of listed pairs connects.
    * triplets: the same with three; listed ones or drawn ones.
    * views: `size` pictures, `pictures` times each, and the row is the label.

    Args:
        data: the set.
        rows: of the pictures to train on.
        part: the recipe's.
        seed: the recipe's.

    Raises:
        InputError: there are no pictures, or no two that go together or do not.
        RecipeError: views of fewer than two a picture are asked for, or an empty batch.
    """
    if not len(rows):
        raise InputError("There is no picture to train on", where=data.name)
    if part.pictures < 1 or part.classes < 1:
        raise RecipeError("A balanced batch needs a class and a picture at least", where="batch")
    return _PLANNERS[part.kind](data, rows, part, seed)


def plain_planner(data: Labelled, rows: Ints, size: int) -> Planner:
    """All pictures in the given order, the last batch being shorter where they do not fill it."""

    def plan(epoch: int) -> list[Plan]:
        cuts = np.split(rows, range(size, len(rows), size)) if len(rows) else []
        return [Plan(epoch, cut, np.zeros(len(cut), np.int64), data.labels[cut]) for cut in cuts]

    return plan


def _plans(
    epoch: int, rows: Ints, labels: Ints, chosen: Sequence[tuple[Ints, ...]] | None
) -> list[Plan]:
    """Plans of (batches, b) rows; `labels` are those of the whole data."""
    views = occurrences(rows.ravel()).reshape(rows.shape)
    return [
        Plan(epoch, batch, view, labels[batch], chosen[place] if chosen else None)
        for place, (batch, view) in enumerate(zip(rows, views, strict=True))
    ]


def _shuffled(data: Labelled, rows: Ints, part: BatchPart, seed: int) -> Planner:
    size = min(part.size, len(rows))
    batches = max(1, (part.per_epoch or len(rows)) // size)

    def plan(epoch: int) -> list[Plan]:
        groups = even_groups(len(rows), batches, size, generator_of(seed, "shuffled", epoch))
        return _plans(epoch, rows[groups], data.labels, None)

    return plan


def _balanced(data: Labelled, rows: Ints, part: BatchPart, seed: int) -> Planner:
    classes = Classes(rows, data.labels[rows])
    p = min(part.classes, len(classes))
    batches = max(1, (part.per_epoch or len(classes.rows)) // (p * part.pictures))

    def plan(epoch: int) -> list[Plan]:
        chance = generator_of(seed, "balanced", epoch)
        return _plans(epoch, classes.balanced(batches, p, part.pictures, chance), data.labels, None)

    return plan


def _views(data: Labelled, rows: Ints, part: BatchPart, seed: int) -> Planner:
    if part.pictures < 2:
        raise RecipeError("Each picture needs two views or more", where="batch.pictures")
    size = min(part.size, len(rows))
    batches = max(1, (part.per_epoch or len(rows)) // size)
    own = np.arange(len(data))

    def plan(epoch: int) -> list[Plan]:
        groups = even_groups(len(rows), batches, size, generator_of(seed, "views", epoch))
        return _plans(epoch, np.tile(rows[groups], part.pictures), own, None)

    return plan


def _tuples(
    data: Labelled, epoch: int, tuples: Ints, size: int, chosen: Sequence[tuple[Ints, ...]]
) -> list[Plan]:
    """Batches of `size` tuples: first all their first pictures, then all their second ones, ..."""
    rows = tuples.reshape(-1, size, tuples.shape[1]).transpose(0, 2, 1)
    return _plans(epoch, rows.reshape(len(rows), -1), data.labels, chosen)


def _pairs(data: Labelled, rows: Ints, part: BatchPart, seed: int) -> Planner:
    same, different, at_hand = pair_sources(data, rows, part, seed)
    wanted = part.per_epoch or at_hand
    size = min(part.size, wanted)
    n = max(1, wanted // size) * size
    goes = np.arange(n) % 2 == 1
    chosen = [_places_of_pairs(batch) for batch in goes.reshape(-1, size)]

    def plan(epoch: int) -> list[Plan]:
        chance = generator_of(seed, "pairs", epoch)
        pairs = np.empty((n, 2), np.int64)
        pairs[goes] = same(n // 2, chance)
        pairs[~goes] = different(n - n // 2, chance)
        return _tuples(data, epoch, pairs, size, chosen)

    return plan


def _places_of_pairs(goes: Bools) -> tuple[Ints, ...]:
    same, different = np.flatnonzero(goes), np.flatnonzero(~goes)
    return same, same + len(goes), different, different + len(goes)


def _triplets(data: Labelled, rows: Ints, part: BatchPart, seed: int) -> Planner:
    source, at_hand = triplet_source(data, rows, part, seed)
    wanted = part.per_epoch or at_hand
    size = min(part.size, wanted)
    n = max(1, wanted // size) * size
    first = np.arange(size)
    places: tuple[Ints, ...] = (first, first + size, first + 2 * size)
    chosen = [places] * (n // size)

    def plan(epoch: int) -> list[Plan]:
        triplets = source(n, generator_of(seed, "triplets", epoch))
        return _tuples(data, epoch, triplets, size, chosen)

    return plan


_PLANNERS: dict[str, Callable[[Labelled, Ints, BatchPart, int], Planner]] = {
    "shuffled": _shuffled,
    "balanced": _balanced,
    "pairs": _pairs,
    "triplets": _triplets,
    "views": _views,
}
