"""What a row of the table of losses holds."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from lookalike.nouns.recipe import BatchKind, Distance, LossPart, Mining
from lookalike.training.loss_modules import Loss

Need = Literal["alike", "classes", "teacher", "another"]
"""Alike pictures in a batch, the class of each picture, a teacher, or another loss beside it."""

Unit = Literal["distance", "radians", "cosine"]

ANY_BATCH: tuple[BatchKind, ...] = ("shuffled", "balanced", "pairs", "triplets", "views")
NOT_PAIRS: tuple[BatchKind, ...] = ("shuffled", "balanced", "triplets", "views")
# In batches of views a label is a picture, not a class.
NOT_VIEWS: tuple[BatchKind, ...] = ("shuffled", "balanced", "pairs", "triplets")
ANY_DISTANCE: tuple[Distance, ...] = ("cosine", "l2", "l1")


@dataclass(frozen=True, slots=True)
class Sizes:
    """What a loss has to fit.

    Attributes:
        d: width of an embedding.
        n_classes: classes that labels count through; 0 where there are none.
        teacher_d: width of the teacher's embeddings; 0 where there is no teacher.
        seed: of all chance.
    """

    d: int
    n_classes: int
    teacher_d: int
    seed: int


@dataclass(frozen=True, slots=True)
class LossEntry:
    """One row of the table.

    Attributes:
        build: makes it of its part of the recipe, every key filled in, and of the sizes.
        doc: what it does, its formula, and when to prefer which relative.
        paper: where it comes from.
        needs: what it cannot do without.
        batches: kinds of batch it can work with.
        margin: its own; None where it has no such key; likewise scale and temperature. A margin
            in units of distance is a share of the usual distance of two random embeddings.
        unit: of the margin.
        distances: how it can compare.
        minings: how it can choose.
        memory: whether earlier embeddings can join.
    """

    build: Callable[[LossPart, Sizes], Loss]
    doc: str
    paper: str
    needs: tuple[Need, ...] = ("alike",)
    batches: tuple[BatchKind, ...] = ANY_BATCH
    margin: float | None = None
    scale: float | None = None
    temperature: float | None = None
    unit: Unit = "distance"
    distances: tuple[Distance, ...] = ("cosine",)
    minings: tuple[Mining, ...] = ("all",)
    memory: bool = False


def usual_distance(distance: Distance, d: int) -> float:
    """How far two random embeddings of length 1 lie apart, about."""
    return {"cosine": 1.0, "l2": math.sqrt(2), "l1": math.sqrt(4 * d / math.pi)}[distance]


def number(value: float | None) -> float:
    """A setting that was filled in before."""
    if value is None:
        raise ValueError("a row of the table lacks its own value for a setting that it uses")
    return value
