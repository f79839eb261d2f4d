"""Trainings of a second: four kinds of stripes, a small network, and a run broken off at will."""

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch

from lookalike.nouns.labelled import PARTS, Labelled
from lookalike.nouns.recipe import (
    AugmentPart,
    BackbonePart,
    BatchPart,
    FitPart,
    HeadPart,
    LossPart,
    Recipe,
)
from lookalike.training.feed import Material
from lookalike.training.fit import Watch, fit
from lookalike.training.pictures import PictureStore
from lookalike.training.restored import begun

SIDE, CLASSES, EACH = 28, 4, 12
VALIDATION = 4  # of each class

RECIPE = Recipe(
    "tiny",
    backbone=BackbonePart(("conv4",), ("none",)),
    head=HeadPart("linear", (8,)),
    loss=(LossPart("triplet"),),
    batch=BatchPart("balanced", 16, classes=4, pictures=4),
    augment=AugmentPart("drawing"),
    fit=FitPart(epochs=4, lr=3e-3, precision="32", workers=0),
)
STEPS = 2
"""Of a pass: 4 classes of 8 pictures, 16 at a time."""


def changed(**parts):
    """The recipe with other values: changed(fit={"epochs": 2})."""
    return RECIPE.changed(parts)


def stripes(label, row):
    """A picture of its class's direction, with a phase and some noise of its own."""
    chance = np.random.default_rng(row)
    y, x = np.mgrid[0:SIDE, 0:SIDE]
    angle = np.pi * label / CLASSES
    wave = np.sin((x * np.cos(angle) + y * np.sin(angle)) * 0.9 + chance.uniform(0, 6))
    grey = 127 + 90 * wave[..., None] + chance.normal(0, 15, (SIDE, SIDE, 3))
    return grey.clip(0, 255).astype(np.uint8)


def data():
    """Labels, and a validation part."""
    labels = np.repeat(np.arange(CLASSES), EACH)
    places = np.tile(np.arange(EACH), CLASSES)
    parts = np.where(places < EACH - VALIDATION, PARTS.index("train"), PARTS.index("validation"))
    return Labelled(
        name="stripes",
        root=Path("nowhere"),
        paths=tuple(f"{row}.png" for row in range(len(labels))),
        labels=labels.astype(np.int64),
        classes=tuple(f"class {label}" for label in range(CLASSES)),
        parts=parts.astype(np.int64),
        groups=np.full(len(labels), -1, np.int64),
    )


DATA = data()


def material(labelled=DATA, teacher=None):
    pictures = [stripes(int(label), row) for row, label in enumerate(labelled.labels)]
    return Material(labelled, PictureStore.of(pictures), teacher)


def nearest_is_alike(embeddings, rows):
    """Share of pictures whose nearest neighbour is of their class."""
    scores = embeddings @ embeddings.T
    np.fill_diagonal(scores, -np.inf)
    labels = DATA.labels[rows]
    return float((labels[scores.argmax(axis=1)] == labels).mean())


class BrokenOff(Exception):
    """The machine stops."""


@dataclass
class Run:
    """A training in its own folder.

    Attributes:
        recipe: of it.
        folder: of it.
    """

    recipe: Recipe
    folder: Path
    material: Material | None = None
    measure: object = nearest_is_alike

    def go(self, *, resume=True, stop=None, on_epoch=None, **watch):
        """Trains; with `stop` it breaks off after so many steps, in the middle of a pass."""

        def progress(done, total):
            if stop is not None and done >= stop:
                raise BrokenOff

        kept = {"on_epoch": on_epoch} if on_epoch else {}
        watch = Watch(self.measure, progress, **kept, **watch)
        return fit(
            self.recipe,
            begun(self.recipe),
            self.material or material(),
            folder=self.folder,
            resume=resume,
            watch=watch,
        )


def told(result):
    """The log without the times."""
    return [replace(epoch, seconds=0.0) for epoch in result.epochs]


def same_weights(one, other):
    """Whether two networks are the same to the last bit."""
    first, second = one.embedder.state_dict(), other.embedder.state_dict()
    return first.keys() == second.keys() and all(
        torch.equal(first[key], second[key]) for key in first
    )
