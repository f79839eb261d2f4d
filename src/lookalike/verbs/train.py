"""`train`: a model of one's own, by a recipe, judged and written as one file."""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from lookalike.nouns.evaluation_report import EvaluationReport
from lookalike.nouns.labelled import Labelled
from lookalike.nouns.picture import Failure
from lookalike.nouns.recipe import Recipe
from lookalike.nouns.train_report import OnEpoch, TrainReport, unheard
from lookalike.verbs.evaluate import evaluate, wanted_protocols
from lookalike.verbs.finished import Finished, finished, model_path, provenance_of
from lookalike.verbs.learned import free_of_test, read_parted
from lookalike.verbs.material import material_of, need_training, prepared_folder
from lookalike.verbs.progress import OnPhase, Progress, phase, silent, unnamed
from lookalike.verbs.validation import measurable, validation_measure

if TYPE_CHECKING:
    from lookalike.training.embedder import Embedder
    from lookalike.training.feed import Material
    from lookalike.training.fit import FitResult


def train(
    recipe: Recipe,
    *,
    out: str | Path | None = None,
    runs: str | Path | None = None,
    quick: bool = False,
    resume: bool = True,
    html: str | Path | None = None,
    progress: Progress = silent,
    on_phase: OnPhase = unnamed,
    on_epoch: OnEpoch = unheard,
) -> TrainReport:
    """Train a model by a recipe, judge it on pictures kept back, and write it as one file.

    The part "train" is trained on, "validation" chooses the epoch that is kept and fits the
    calibration, "test" gives the figures. Broken off, the same call goes on from the last
    finished epoch, to the same result.

    Args:
        recipe: data, network, losses and all the rest.
        out: the model file; NAME.onnx in the working folder unless given.
        runs: the folder of this run's checkpoints and logs; runs/NAME unless given.
        quick: with the recipe's changes for a trial of minutes.
        resume: go on where the folder of the run has left off.
        html: also write the evaluation as a page.
        progress: told of what is done and what is to do, phase by phase.
        on_phase: told what each phase is called.
        on_epoch: told of each pass.

    Raises:
        InputError: the data do not serve, or the run's folder belongs to another recipe.
        RecipeError: a part of the recipe does not fit the rest or the data.
        MissingExtra: torch, Lightning or what else training needs is not installed.
        KeyboardInterrupt: broken off; what was finished is kept.
    """
    need_training()
    started = time.monotonic()
    named = partial(phase, progress=progress, on_phase=on_phase)
    recipe = recipe.quickened() if quick else recipe
    _check_judging(recipe, html)
    path = model_path(out, recipe.name)
    folder = Path(runs) if runs else Path("runs") / recipe.name
    learned = _learned(recipe, named)
    result = _fitted(recipe, learned, folder, resume, on_epoch, named)
    model = finished(result.embedder, path, name=recipe.name, provenance=provenance_of(recipe))
    remarks = model.calibrate(learned.data, recipe.judge, progress=named("Calibrating"))
    judged = _judged(model, learned.data, recipe, html, named("Judging"))
    report = _report(recipe, learned, result, path, folder)
    return replace(
        report,
        judged=judged,
        remarks=(*report.remarks, *remarks),
        seconds=time.monotonic() - started,
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Learned:
    """What a training begins with."""

    embedder: "Embedder"
    data: Labelled
    material: "Material"
    failed: tuple[Failure, ...]
    remarks: tuple[str, ...]


def _learned(recipe: Recipe, named: Callable[[str], Progress]) -> _Learned:
    """Network and pictures; what cannot work is refused before a picture is opened."""
    from lookalike.training.fit import check
    from lookalike.training.restored import begun

    data = read_parted(recipe.data)
    embedder = begun(recipe)
    check(recipe, embedder, data.take(data.rows("train", seen=True)))
    data, repeats = free_of_test(data, progress=named("Looking for repeats"))
    data, unmeasured = measurable(data, recipe)
    material, failed = material_of(recipe, data, embedder, progress=named("Decoding"))
    return _Learned(embedder, data, material, failed, repeats + unmeasured)


def _fitted(
    recipe: Recipe,
    learned: _Learned,
    folder: Path,
    resume: bool,
    on_epoch: OnEpoch,
    named: Callable[[str], Progress],
) -> "FitResult":
    from lookalike.training.fit import Watch, fit

    _, measure = validation_measure(learned.material.data, recipe)
    return fit(
        recipe,
        learned.embedder,
        learned.material,
        folder=folder,
        cache=prepared_folder(),
        resume=resume,
        watch=Watch(measure, named("Training"), on_epoch, named("Computing features")),
    )


def _report(
    recipe: Recipe, learned: _Learned, result: "FitResult", path: Path, folder: Path
) -> TrainReport:
    measured, _ = validation_measure(learned.material.data, recipe)
    n_validation = len(learned.material.validation_rows)
    return TrainReport(
        name=recipe.name,
        model=path,
        run_folder=folder,
        n_train=len(learned.material.train_rows),
        n_validation=n_validation,
        n_parameters=sum(parameter.numel() for parameter in result.embedder.parameters()),
        n_trained=result.n_trained,
        precision=result.precision,
        measured=measured if n_validation else "",
        best_epoch=result.best_epoch,
        epochs=result.epochs,
        remarks=(*learned.remarks, *result.remarks),
        failed=learned.failed,
    )


def _judged(
    model: Finished, data: Labelled, recipe: Recipe, html: str | Path | None, progress: Progress
) -> EvaluationReport | None:
    """What the test part says, written into the model's card too."""
    if not len(data.rows("test")):
        return None
    report = evaluate(
        model.path, data, judge=recipe.judge, lenient=True, html=html, progress=progress
    )
    model.add_figures(report)
    return report


def _check_judging(recipe: Recipe, html: str | Path | None) -> None:
    """Refuses at once what would fail at the end."""
    wanted_protocols(recipe.judge)
    if html is not None:
        from lookalike.verbs.judge_drawings import check_extra

        check_extra()
