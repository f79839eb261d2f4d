"""What `train` and `distil` answer."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from lookalike.nouns.evaluation_report import EvaluationReport
from lookalike.nouns.picture import Failure
from lookalike.nouns.report import Table, failure_dicts


@dataclass(frozen=True, slots=True)
class Epoch:
    """One pass of a training.

    Attributes:
        number: 1 for the first.
        loss: mean over the pass.
        lr: learning rate at its end.
        measure: what validation measured, higher is better; None where it was not measured.
        seconds: it took, validation included.
    """

    number: int
    loss: float
    lr: float
    measure: float | None
    seconds: float

    def to_dict(self) -> dict[str, object]:
        """Plain values for JSON."""
        return {
            "epoch": self.number,
            "loss": self.loss,
            "lr": self.lr,
            "measure": self.measure,
            "seconds": self.seconds,
        }


OnEpoch = Callable[[Epoch], None]
"""Called with each pass when it is finished, from the thread that called the verb."""


def unheard(epoch: Epoch) -> None:
    """The log of whoever does not look."""


@dataclass(frozen=True, slots=True)
class TrainReport:
    """How a training went, and what came of it.

    Attributes:
        name: of the recipe and of the model.
        model: the one-file model.
        run_folder: checkpoints, logs and the recipe.
        n_train: pictures that were trained on, those of turned classes counted too.
        n_validation: pictures that chose epoch and threshold.
        n_parameters: of the network.
        n_trained: of those, how many were trained.
        precision: "32" or "bf16".
        measured: the name of what validation measured; empty for nothing.
        best_epoch: whose weights the model has; 0 for those it started with.
        epochs: all passes.
        remarks: what a user should know, one sentence each.
        judged: on the test part; None where there is nothing to judge it on.
        failed: pictures that could not be read and were left out.
        seconds: of everything.
    """

    name: str
    model: Path
    run_folder: Path
    n_train: int
    n_validation: int
    n_parameters: int
    n_trained: int
    precision: str
    measured: str
    best_epoch: int
    epochs: tuple[Epoch, ...]
    remarks: tuple[str, ...] = ()
    judged: EvaluationReport | None = None
    failed: tuple[Failure, ...] = ()
    seconds: float = 0.0

    def to_dict(self) -> dict[str, object]:
        """Plain values for JSON."""
        return {
            "name": self.name,
            "model": str(self.model),
            "run_folder": str(self.run_folder),
            "train_pictures": self.n_train,
            "validation_pictures": self.n_validation,
            "parameters": self.n_parameters,
            "trained_parameters": self.n_trained,
            "precision": self.precision,
            "measured": self.measured,
            "best_epoch": self.best_epoch,
            "epochs": [epoch.to_dict() for epoch in self.epochs],
            "remarks": list(self.remarks),
            "judged": self.judged.to_dict() if self.judged is not None else None,
            "failed": failure_dicts(self.failed),
            "seconds": self.seconds,
        }

    def to_table(self) -> Table:
        """One row for each epoch."""
        header = ("epoch", "loss", "lr", "measure", "seconds")
        return header, [tuple(epoch.to_dict().values()) for epoch in self.epochs]
