"""Trains an embedder by a recipe: the engine."""

import signal
import threading
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from lightning.pytorch import Callback, LightningModule, Trainer
from lightning.pytorch.callbacks import EarlyStopping
from lightning.pytorch.loggers import TensorBoardLogger
from lightning.pytorch.utilities.seed import isolate_rng

from lookalike.nouns.labelled import UNKNOWN, Labelled
from lookalike.nouns.recipe import FitPart, Recipe
from lookalike.nouns.train_report import Epoch, OnEpoch, unheard
from lookalike.training.allocator import keep_memory
from lookalike.training.callbacks import (
    Averaging,
    EpochLog,
    Keeping,
    Progress,
    Steps,
)
from lookalike.training.chance import seed_of
from lookalike.training.collapse import CollapseAlarm
from lookalike.training.embedder import Embedder
from lookalike.training.features import FeatureFeed
from lookalike.training.feed import Feed, Material, PictureFeed
from lookalike.training.log import silence
from lookalike.training.losses import build_losses, check_losses
from lookalike.training.module import MEASURE, Fitting, Measure
from lookalike.training.posterior import check_posterior
from lookalike.training.precision import faster_precision
from lookalike.training.restored import take_over
from lookalike.training.run_folder import RunFolder, load_checkpoint
from lookalike.training.sides import check_sides


@dataclass(frozen=True, slots=True, eq=False)
class FitResult:
    """What a training gave.

    Attributes:
        embedder: with the weights of the best pass, in evaluation mode, on the processor.
        epochs: all passes.
        best_epoch: whose weights it has; 0 where nothing was trained.
        precision: "32" or "bf16".
        n_trained: parameters that were trained.
        remarks: what a user should know.
    """

    embedder: Embedder
    epochs: tuple[Epoch, ...]
    best_epoch: int
    precision: str
    n_trained: int
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Watch:
    """Who looks on.

    Attributes:
        measure: of validation embeddings, higher is better, chooses the best pass; None
            measures the loss on the validation part.
        progress: told (steps done, all steps).
        on_epoch: told of each pass.
        features: told (pictures done, all pictures) where a frozen backbone looks at them first.
    """

    measure: Measure | None = None
    progress: Progress = lambda done, total: None
    on_epoch: OnEpoch = unheard
    features: Progress = lambda done, total: None


def fit(
    recipe: Recipe,
    embedder: Embedder,
    material: Material,
    *,
    folder: Path,
    cache: Path | None = None,
    resume: bool = True,
    watch: Watch | None = None,
) -> FitResult:
    """Trains an embedder, and keeps all that is needed to go on after an interruption.

    A training that was broken off and goes on gives the same weights and the same log as one
    that was not: the state after each pass is kept whole, and all chance of a pass comes from
    the recipe's seed and the number of the pass.

    Args:
        recipe: how.
        embedder: built by the same recipe; is changed.
        material: what it is trained on.
        folder: of the run; holds recipe.toml, epochs.csv, TensorBoard's file and checkpoints.
        cache: where features of frozen backbones are kept; in the run's folder unless given.
        resume: go on from the last pass that the folder has, if it has one.
        watch: who looks on.

    Raises:
        InputError: the folder belongs to another recipe or other pictures; there is nothing to
            train on.
        RecipeError: the recipe trains nothing, or its loss is no number any more.
        KeyboardInterrupt: broken off; the passes that were finished are kept.
    """
    watch = watch or Watch()
    n_classes = check(recipe, embedder, material.data.take(material.train_rows))
    run = RunFolder.open(folder, recipe, material.data, resume=resume)
    n_trained = sum(p.numel() for p in embedder.parameters() if p.requires_grad)
    if not recipe.fit.epochs:
        return FitResult(embedder.eval(), (), 0, "32", n_trained)
    keep_memory()
    alarm = CollapseAlarm(recipe, n_classes=n_classes)
    log, keeping = EpochLog(run, watch.on_epoch, alarm), Keeping(run)
    with silence(), isolate_rng():
        torch.manual_seed(seed_of(recipe.fit.seed))
        if not _was_finished(run, log, keeping):
            feed = _feed(recipe, embedder, material, cache or run.folder, watch.features)
            module = _module(recipe, embedder, material, feed, watch.measure)
            extras = _extras(recipe.fit, validates=len(material.validation_rows) > 0)
            callbacks = [*extras, Steps(watch.progress), log, keeping]
            _train(module, callbacks, recipe.fit, run, _precision(run, recipe, embedder, feed))
    take_over(embedder, recipe, run.best)
    precision = str(run.recall("precision"))
    return FitResult(
        embedder, tuple(log.epochs), keeping.best_epoch, precision, n_trained, tuple(log.remarks)
    )


def check(recipe: Recipe, embedder: Embedder, data: Labelled) -> int:
    """Refuses what cannot work, before a picture is opened.

    Args:
        recipe: how.
        embedder: built by the same recipe.
        data: what is trained on.

    Returns:
        How many classes are trained on; 0 where each picture is its own.

    Raises:
        RecipeError: names the key, and what to write instead.
    """
    labels = data.labels[data.labels != UNKNOWN]
    n_classes = 0 if recipe.batch.kind == "views" else len(np.unique(labels))
    check_losses(recipe, n_classes)
    check_posterior(recipe, n_classes)
    check_sides(recipe, embedder)
    return n_classes


def _feed(
    recipe: Recipe, embedder: Embedder, material: Material, cache: Path, progress: Progress
) -> Feed:
    if embedder.frozen:
        return FeatureFeed(recipe, embedder, material, cache=cache, progress=progress)
    return PictureFeed(recipe, embedder, material)


def _module(
    recipe: Recipe, embedder: Embedder, material: Material, feed: Feed, measure: Measure | None
) -> Fitting:
    teacher = material.teacher
    losses = build_losses(
        recipe.loss,
        d=embedder.d,
        n_classes=len(material.data.classes),
        teacher_d=None if teacher is None else teacher.shape[1],
        seed=recipe.fit.seed,
        n_parts=max(1, len(embedder.shares)),
    )
    embedder.to(memory_format=torch.channels_last)
    return Fitting(embedder, losses, recipe.fit, feed, measure=measure, teacher=teacher)


def _train(
    module: Fitting, callbacks: list[Callback], fit: FitPart, run: RunFolder, precision: str
) -> None:
    broken_off = _BrokenOff()
    trainer = Trainer(
        max_epochs=min(fit.epochs, fit.stop or fit.epochs),
        precision="bf16-mixed" if precision == "bf16" else "32-true",
        gradient_clip_val=fit.clip or None,
        callbacks=[broken_off, *callbacks],
        logger=TensorBoardLogger(run.folder, name=None, version="tensorboard"),
        default_root_dir=run.folder,
        num_sanity_val_steps=0,
        log_every_n_steps=1_000_000_000,
        enable_progress_bar=False,
        enable_model_summary=False,
    )
    before = signal.getsignal(signal.SIGINT)
    try:
        trainer.fit(module, ckpt_path=run.last, weights_only=True)
    except SystemExit:
        if not broken_off.by_user:
            raise
        # Lightning leaves with an exit code of its own, and deaf to Ctrl-C.
        if threading.current_thread() is threading.main_thread():
            signal.signal(signal.SIGINT, before)
        raise KeyboardInterrupt from None


class _BrokenOff(Callback):
    """Whether it was the user who ended the training."""

    by_user = False

    def on_exception(
        self, trainer: Trainer, pl_module: LightningModule, exception: BaseException
    ) -> None:
        """As Lightning has it."""
        self.by_user = isinstance(exception, KeyboardInterrupt)


def _extras(fit: FitPart, *, validates: bool) -> list[Callback]:
    """What the recipe asks for beyond the passes themselves."""
    wanted: list[Callback] = []
    if fit.ema:
        wanted.append(Averaging(fit.ema))
    if fit.patience and validates:
        wanted.append(EarlyStopping(MEASURE, patience=fit.patience, mode="max"))
    return wanted


def _precision(run: RunFolder, recipe: Recipe, embedder: Embedder, feed: Feed) -> str:
    """As the recipe says, or what is faster here; a run keeps to what it began with."""
    known = run.recall("precision")
    if known is None:
        known = recipe.fit.precision
        if known == "auto":
            b = recipe.batch.size
            known = "32" if feed.from_features else faster_precision(embedder, b)
        run.remember("precision", known)
    return str(known)


def _was_finished(run: RunFolder, log: EpochLog, keeping: Keeping) -> bool:
    """Whether the run was finished already; then its log is taken over."""
    if run.last is None:
        return False
    states = load_checkpoint(run.last)["callbacks"]
    if not states[keeping.state_key]["finished"]:
        return False
    log.load_state_dict(states[log.state_key])
    keeping.load_state_dict(states[keeping.state_key])
    return True
