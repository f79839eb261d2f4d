"""What happens around the steps of a training: averaging, log, checkpoints, progress."""

import math
import time
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

import torch
from lightning.pytorch import Callback, LightningModule, Trainer
from lightning.pytorch.callbacks import Checkpoint, WeightAveraging
from torch import Tensor

from lookalike.nouns.errors import RecipeError
from lookalike.nouns.train_report import Epoch, OnEpoch
from lookalike.training.collapse import CollapseAlarm
from lookalike.training.module import Fitting
from lookalike.training.run_folder import RunFolder

Progress = Callable[[int, int], None]

_TELL_EVERY_SECONDS = 0.1

_LOOKED_AT = 512
"""Embeddings that the alarm sees: enough to tell, and quick where they are wide."""


class Averaging(WeightAveraging):
    """Validates, keeps and exports a moving average of the weights instead of the weights.

    The average forgets faster at the start, min(decay, (1 + t) / (10 + t)) after t steps, so that
    a short training is not held back by the weights it began with.
    """

    def __init__(self, decay: float) -> None:
        super().__init__(multi_avg_fn=self._average)
        self._decay = decay
        self._step = 0

    def should_update(self, step_idx: int | None = None, epoch_idx: int | None = None) -> bool:
        """After each step."""
        self._step = self._step if step_idx is None else step_idx
        return step_idx is not None

    def _average(self, averaged: Any, current: Any, count: Tensor | int) -> None:  # noqa: ANN401
        if not torch.is_floating_point(averaged[0]):  # counters of batches
            torch._foreach_copy_(averaged, current)
            return
        # The step is known here: to read `count` would wait for the device.
        decay = min(self._decay, (1 + self._step) / (10 + self._step))
        torch._foreach_lerp_(averaged, current, 1 - decay)


class Steps(Callback):
    """Tells the caller how many steps are done."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._told = 0.0

    def on_train_batch_end(self, trainer: Trainer, *_: object) -> None:
        """As Lightning has it."""
        if time.monotonic() - self._told > _TELL_EVERY_SECONDS:
            self._tell(trainer)

    def on_train_epoch_end(self, trainer: Trainer, pl_module: LightningModule) -> None:
        """As Lightning has it."""
        self._tell(trainer)

    def _tell(self, trainer: Trainer) -> None:
        if trainer.is_global_zero:
            self._progress(trainer.global_step, int(trainer.estimated_stepping_batches))
        self._told = time.monotonic()


class EpochLog(Callback):
    """One line for each pass, in the run folder and for the caller; part of the checkpoint.

    Attributes:
        epochs: the passes so far.
        remarks: what the collapse alarm said.
    """

    def __init__(self, folder: RunFolder, on_epoch: OnEpoch, alarm: CollapseAlarm) -> None:
        self._folder = folder
        self._on_epoch = on_epoch
        self._alarm = alarm
        self._started = 0.0
        self.epochs: list[Epoch] = []
        self.remarks: list[str] = []

    def on_train_epoch_start(self, trainer: Trainer, pl_module: LightningModule) -> None:
        """As Lightning has it."""
        self._started = time.monotonic()

    def on_train_epoch_end(self, trainer: Trainer, pl_module: LightningModule) -> None:
        """As Lightning has it.

        Raises:
            RecipeError: the loss is no number any more.
        """
        if not isinstance(pl_module, Fitting):
            return
        line = Epoch(
            number=trainer.current_epoch + 1,
            loss=pl_module.mean_loss(),
            lr=float(trainer.optimizers[0].param_groups[0]["lr"]),
            measure=pl_module.figure,
            seconds=time.monotonic() - self._started,
        )
        self._listen(pl_module, line)
        self.epochs.append(line)
        if trainer.is_global_zero:
            figures = {key: value for key, value in asdict(line).items() if value is not None}
            for logger in trainer.loggers:
                logger.log_metrics(figures, step=line.number)
            self._folder.write_log(self.epochs)
            self._on_epoch(line)

    def _listen(self, module: Fitting, line: Epoch) -> None:
        told = self._alarm.look(module.sample(_LOOKED_AT), line.loss)
        if not math.isfinite(line.loss):
            raise RecipeError(
                f"The loss is no number any more in epoch {line.number}",
                where="fit.lr",
                mend=told or "take a lower fit.lr, or set fit.clip = 1.0",
            )
        if told:
            self.remarks.append(f"Epoch {line.number}: {told}")

    def state_dict(self) -> dict[str, Any]:
        """As Lightning has it."""
        return {
            "epochs": [asdict(epoch) for epoch in self.epochs],
            "remarks": self.remarks,
            "alarm": self._alarm.state_dict(),
        }

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """As Lightning has it."""
        self.epochs = [Epoch(**line) for line in state_dict["epochs"]]
        self.remarks = list(state_dict["remarks"])
        self._alarm.load_state_dict(state_dict["alarm"])


class Keeping(Checkpoint):
    """After each pass the whole state is kept, and the best so far beside it.

    Lightning calls it after all other callbacks, so their state of this pass is kept as well.
    """

    def __init__(self, folder: RunFolder) -> None:
        self._folder = folder
        self.best_epoch = 0
        self._best = -math.inf
        self._finished = False

    def on_train_epoch_end(self, trainer: Trainer, pl_module: LightningModule) -> None:
        """As Lightning has it."""
        number = trainer.current_epoch + 1
        measured = pl_module.figure if isinstance(pl_module, Fitting) else None
        figure = float(number) if measured is None else measured
        better = figure > self._best
        if better:
            self._best, self.best_epoch = figure, number
        self._finished = trainer.should_stop or number == trainer.max_epochs
        self._folder.keep(
            trainer.save_checkpoint, better=better, writes_here=trainer.is_global_zero
        )
        trainer.strategy.barrier("kept")  # so that every process finds the files

    def state_dict(self) -> dict[str, Any]:
        """As Lightning has it."""
        return {"best_epoch": self.best_epoch, "best": self._best, "finished": self._finished}

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """As Lightning has it."""
        self.best_epoch, self._best = state_dict["best_epoch"], state_dict["best"]
        self._finished = state_dict["finished"]
