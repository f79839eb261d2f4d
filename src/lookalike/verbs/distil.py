"""`distil`: a small student learns the embeddings of one or several teachers."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from lookalike.nouns.errors import RecipeError
from lookalike.nouns.recipe import LossPart, Recipe, TeacherPart
from lookalike.nouns.train_report import OnEpoch, TrainReport, unheard
from lookalike.verbs.progress import OnPhase, Progress, silent, unnamed
from lookalike.verbs.train import train

DISTIL = "distil"
"""The loss whose goal is the teacher's embeddings."""


def distil(
    recipe: Recipe,
    *,
    teachers: Sequence[str | Path] = (),
    out: str | Path | None = None,
    runs: str | Path | None = None,
    quick: bool = False,
    resume: bool = True,
    html: str | Path | None = None,
    progress: Progress = silent,
    on_phase: OnPhase = unnamed,
    on_epoch: OnEpoch = unheard,
) -> TrainReport:
    """Train a student to give the embeddings that its teachers give. Needs no labels.

    The teachers look at each picture once; what they say is kept for the next time. The student
    sees the pictures as its recipe changes them. Where the pictures have classes, the student is
    judged by them on the test part.

    Args:
        recipe: of the student; its losses give way to `distil` where that is not among them.
        teachers: names or files of models, whose embeddings are joined; those of the recipe
            unless given.
        out: as in `train`.
        runs: as in `train`.
        quick: as in `train`.
        resume: as in `train`.
        html: as in `train`.
        progress: as in `train`.
        on_phase: as in `train`.
        on_epoch: as in `train`.

    Raises:
        RecipeError: there is no teacher.
        InputError: as in `train`; or a teacher is not there.
        WrongModel: the file of a teacher is no good.
        MissingExtra: as in `train`.
        KeyboardInterrupt: as in `train`.
    """
    return train(
        as_student(recipe, teachers),
        out=out,
        runs=runs,
        quick=quick,
        resume=resume,
        html=html,
        progress=progress,
        on_phase=on_phase,
        on_epoch=on_epoch,
    )


def as_student(recipe: Recipe, teachers: Sequence[str | Path]) -> Recipe:
    """The recipe with these teachers, and with the loss that learns from them.

    Raises:
        RecipeError: there is no teacher.
    """
    models = tuple(str(teacher) for teacher in teachers) or recipe.teacher.models
    if not models:
        raise RecipeError(
            "A student needs a teacher", where="teacher.models", mend="--teacher MODEL names one"
        )
    learns = any(part.name == DISTIL for part in recipe.loss)
    loss = recipe.loss if learns else (LossPart(DISTIL),)
    return replace(recipe, teacher=TeacherPart(models), loss=loss)
