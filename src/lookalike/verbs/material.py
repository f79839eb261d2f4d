"""Everything a training needs besides its recipe: pictures at hand, edits, a teacher."""

from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from lookalike.datasets.cache import cache_folder
from lookalike.encoders.preprocess import short_side_px
from lookalike.images.decode import read_picture
from lookalike.images.degrade import degraded
from lookalike.images.edits import EDITS
from lookalike.nouns.embeddings import Bytes
from lookalike.nouns.errors import InputError, MissingExtra
from lookalike.nouns.labelled import Labelled
from lookalike.nouns.picture import Failure
from lookalike.nouns.recipe import Recipe
from lookalike.verbs.progress import Progress
from lookalike.verbs.teacher import teacher_embeddings

if TYPE_CHECKING:
    from lookalike.training.embedder import Embedder
    from lookalike.training.feed import Material

PREPARED = ".prepared"


def need_training() -> None:
    """Refuses to begin without what training needs.

    Raises:
        MissingExtra: a part is not installed.
    """
    for name in ("torch", "torchvision", "timm", "lightning", "pytorch_metric_learning", "onnx"):
        if find_spec(name) is None:
            raise MissingExtra("train", what=f"Training needs {name}, which is not installed")


def prepared_folder() -> Path:
    """Where decoded pictures, features and teachers' embeddings are kept for the next run."""
    return cache_folder() / PREPARED


def material_of(
    recipe: Recipe, data: Labelled, embedder: "Embedder", *, progress: Progress
) -> "tuple[Material, tuple[Failure, ...]]":
    """The pictures of training and validation, decoded, with what else the recipe asks for.

    Returns:
        What is trained on, and the pictures that cannot be read.

    Raises:
        InputError: none of them can be read.
    """
    from lookalike.training.feed import Material
    from lookalike.training.pictures import open_pictures
    from lookalike.training.turned import with_turned_classes

    models = recipe.teacher.models
    rows = np.concatenate([data.rows(part, seen=True) for part in ("train", "validation")])
    data = data.take(np.sort(rows))
    store = open_pictures(
        [data.path(row) for row in range(len(data))],
        _read,
        short_side_px=short_side_px(embedder.preprocessing),
        folder=prepared_folder(),
        progress=progress,
    )
    failed = tuple(Failure(data.path(row), why) for row, why in sorted(store.failures.items()))
    if len(failed) == len(data):
        raise InputError(
            "None of the pictures can be read",
            where=str(data.root),
            mend=failed[0].reason if failed else "check the folder and the paths of the data",
        )
    if recipe.augment.turned_classes:
        data, store = with_turned_classes(data, store)
    edits = {name: edit.change for name, edit in EDITS.items()} | {"degraded": degraded}
    teacher = (
        teacher_embeddings(models, data, cache=prepared_folder(), progress=progress)
        if models
        else None
    )
    return Material(data, store, teacher, edits), failed


def _read(path: Path, short_side: int) -> Bytes:
    return read_picture(path, short_side_px=short_side).pixels
