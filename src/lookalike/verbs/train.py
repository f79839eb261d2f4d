"""`train`: a model of one's own, by a recipe, judged and written as one file."""

import time
from pathlib import Path

from lookalike.nouns.recipe import Recipe
from lookalike.nouns.train_report import OnEpoch, TrainReport, unheard
from lookalike.verbs.evaluate import evaluate
from lookalike.verbs.finished import finished, model_path, provenance_of
from lookalike.verbs.learned import read_learned
from lookalike.verbs.material import material_of, need_training, prepared_folder
from lookalike.verbs.progress import Progress, silent
from lookalike.verbs.validation import validation_measure


def train(
    recipe: Recipe,
    *,
    out: str | Path | None = None,
    runs: str | Path | None = None,
    quick: bool = False,
    resume: bool = True,
    html: str | Path | None = None,
    progress: Progress = silent,
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
        on_epoch: told of each pass.

    Raises:
        InputError: the data do not serve, or the run's folder belongs to another recipe.
        RecipeError: a part of the recipe does not fit the rest or the data.
        MissingExtra: torch, Lightning or what else training needs is not installed.
        KeyboardInterrupt: broken off; what was finished is kept.
    """
    need_training()
    from lookalike.training.embedder import build_embedder
    from lookalike.training.fit import Watch, fit

    started = time.monotonic()
    recipe = recipe.quickened() if quick else recipe
    path = model_path(out, recipe.name)
    folder = Path(runs) if runs else Path("runs") / recipe.name
    data, remarks = read_learned(recipe.data, progress=progress)
    embedder = build_embedder(recipe)
    material, failed = material_of(recipe, data, embedder, progress=progress)
    measured, measure = validation_measure(material.data, recipe)
    result = fit(
        recipe,
        embedder,
        material,
        folder=folder,
        cache=prepared_folder(),
        resume=resume,
        watch=Watch(measure, progress, on_epoch),
    )
    n_train, n_validation = len(material.train_rows), len(material.validation_rows)
    told = provenance_of(recipe)
    model = finished(result.embedder, path, name=recipe.name, provenance=told)
    remarks += result.remarks + model.calibrate(material.data, recipe.judge, progress=progress)
    judged = evaluate(path, data, judge=recipe.judge, html=html, progress=progress)
    model.add_figures(judged)
    return TrainReport(
        name=recipe.name,
        model=path,
        run_folder=folder,
        n_train=n_train,
        n_validation=n_validation,
        n_parameters=sum(parameter.numel() for parameter in embedder.parameters()),
        n_trained=result.n_trained,
        precision=result.precision,
        measured=measured if n_validation else "",
        best_epoch=result.best_epoch,
        epochs=result.epochs,
        remarks=remarks,
        judged=judged,
        failed=failed,
        seconds=time.monotonic() - started,
    )
