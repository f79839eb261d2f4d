"""What validation measures after each pass, so that the best one is kept."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from lookalike.datasets.sampling import draw_pairs, draw_triplets
from lookalike.metrics.pair_scores import pair_scores
from lookalike.metrics.thresholds import balanced_accuracy_at, choose_threshold
from lookalike.metrics.triplets import triplet_accuracy, triplet_scores
from lookalike.nouns.embeddings import Bools, Floats, Ints
from lookalike.nouns.labelled import PARTS, UNKNOWN, Labelled
from lookalike.nouns.recipe import Recipe

PAIRS, TRIPLETS, LOSS = "pair accuracy", "triplet accuracy", "minus the loss"
"""What is measured: balanced accuracy at its best threshold, share of triplets that are right, or,
where nothing is known of the pictures, the loss."""

Measure = Callable[[Floats, Ints], float]


def validation_measure(data: Labelled, recipe: Recipe) -> tuple[str, Measure | None]:
    """How a recipe's passes are compared on the validation part.

    Listed triplets or pairs of the part count where there are any; else they are drawn by class:
    triplets where the recipe trains on triplets, pairs otherwise.

    Returns:
        Its name, and the measure of the validation embeddings and the rows they belong to; None
        where the loss has to serve.
    """
    rows = data.rows("validation", seen=True)
    part = data.take(rows)
    if _needs_no_labels(recipe):
        return LOSS, None
    by_triplets = any(loss.name == "triplet" for loss in recipe.loss)
    if len(part.triplets):
        return TRIPLETS, _Triplets(rows, lambda kept: _within(part.triplets, kept))
    if part.same.any() and not part.same.all():
        return PAIRS, _Pairs(rows, lambda kept: _listed(part, kept))
    if not _can_be_drawn(part):
        return LOSS, None
    seed, judge = recipe.judge.seed, recipe.judge
    if by_triplets:
        return TRIPLETS, _Triplets(
            rows, lambda kept: draw_triplets(_labels(part, kept), judge.triplets, seed)
        )
    return PAIRS, _Pairs(rows, lambda kept: drawn_pairs(_labels(part, kept), judge.pairs, seed))


def measurable(data: Labelled, recipe: Recipe) -> tuple[Labelled, tuple[str, ...]]:
    """The data, whose validation part is given up where nothing can be measured on it.

    Returns:
        The data, and what a user should know.
    """
    rows = data.rows("validation", seen=True)
    name, _ = validation_measure(data, recipe)
    listed = recipe.batch.kind in ("pairs", "triplets")
    classes = len(np.unique(data.labels[rows][data.labels[rows] != UNKNOWN]))
    if name != LOSS or _needs_no_labels(recipe) or (classes > 1 and not listed) or not len(rows):
        return data, ()
    parts = data.parts.copy()
    parts[rows] = PARTS.index("")
    told = (
        f"Nothing could be measured on {len(rows)} validation pictures, for none of them are known "
        "to go together and to differ: the last epoch was kept. A larger data.validation helps."
    )
    return replace(data, parts=parts), (told,)


def _needs_no_labels(recipe: Recipe) -> bool:
    return bool(recipe.teacher.models) or recipe.batch.kind == "views"


def drawn_pairs(labels: Ints, n: int, seed: int) -> tuple[Ints, Bools]:
    """(n, 2) rows of balanced pairs, and whether each is of one class."""
    first, second, same = draw_pairs(labels, n, seed)
    return np.column_stack([first, second]), same


class _Pairs:
    """Balanced accuracy at the threshold that is best for these very pairs."""

    def __init__(self, rows: Ints, drawn: Callable[[Bools], tuple[Ints, Bools]]) -> None:
        self._rows, self._drawn = rows, drawn

    def __call__(self, embeddings: Floats, rows: Ints) -> float:
        pairs, same = self._drawn(np.isin(self._rows, rows))
        scores = pair_scores(_spread(embeddings, rows, self._rows), pairs)
        threshold = choose_threshold(scores, same, goal="balanced accuracy")
        return balanced_accuracy_at(scores, same, threshold=threshold)


class _Triplets:
    """Share of triplets whose anchor is nearer to the positive."""

    def __init__(self, rows: Ints, drawn: Callable[[Bools], Ints]) -> None:
        self._rows, self._drawn = rows, drawn

    def __call__(self, embeddings: Floats, rows: Ints) -> float:
        triplets = self._drawn(np.isin(self._rows, rows))
        return triplet_accuracy(*triplet_scores(_spread(embeddings, rows, self._rows), triplets))


def _spread(embeddings: Floats, rows: Ints, all_rows: Ints) -> Floats:
    """(len(all_rows), d) with the embeddings in their places; zeros where one is missing."""
    spread = np.zeros((len(all_rows), embeddings.shape[1]), np.float32)
    spread[np.searchsorted(all_rows, rows)] = embeddings
    return spread


def _labels(part: Labelled, kept: Bools) -> Ints:
    return np.where(kept, part.labels, UNKNOWN)


def _within(listed: Ints, kept: Bools) -> Ints:
    within: Ints = listed[kept[listed].all(axis=1)]
    return within


def _listed(part: Labelled, kept: Bools) -> tuple[Ints, Bools]:
    whole = kept[part.pairs].all(axis=1)
    return part.pairs[whole], part.same[whole]


def _can_be_drawn(part: Labelled) -> bool:
    """Whether there are two classes, and two pictures of one."""
    counts = np.bincount(part.labels[part.labels != UNKNOWN], minlength=1)
    return int((counts > 0).sum()) > 1 and int(counts.max()) > 1
