"""What Lightning trains: an embedder and its losses, one batch at a time."""

from collections.abc import Callable, Iterable
from typing import Any

import torch
import torch.nn.functional as functional
from lightning.pytorch import LightningModule
from torch import Tensor, nn
from torch.utils.data import DistributedSampler

from lookalike.nouns.embeddings import Floats, Ints
from lookalike.nouns.recipe import FitPart
from lookalike.training.batch import Batch
from lookalike.training.batches import Loader
from lookalike.training.chance import seed_of
from lookalike.training.device import as_input
from lookalike.training.embedder import Embedder
from lookalike.training.feed import Feed
from lookalike.training.loss_modules import LossSum
from lookalike.training.optimise import build_optimiser
from lookalike.training.schedule import build_schedule
from lookalike.training.sides import side_at

Measure = Callable[[Floats, Ints], float]
"""Of embeddings (n, d) and the rows they belong to; higher is better."""

MEASURE = "measure"
"""Under this name the figure of validation is found; always higher is better."""


class _Around:
    """What a module uses and does not own: a copy of the module shares it."""

    def __init__(
        self, embedder: Embedder, feed: Feed, measure: Measure | None, teacher: Floats | None
    ) -> None:
        self.embedder, self.feed = embedder, feed
        self.measure, self.teacher = measure, teacher
        self._loader: Loader | None = None

    def loader(self) -> Loader:
        """Of training, always the same one."""
        self._loader = self._loader or self.feed.train()
        return self._loader

    def __deepcopy__(self, memo: dict[int, Any]) -> "_Around":
        return self


class Fitting(LightningModule):
    """An embedder while it is trained. Nothing in a step waits for the device.

    Attributes:
        embedder: that is trained, or its head where the backbones are not even asked: they are
            neither copied nor kept with each pass.
        losses: what is made small.
        figure: of the last validation, higher is better; None where there was none.
    """

    def __init__(
        self,
        embedder: Embedder,
        losses: LossSum,
        fit: FitPart,
        feed: Feed,
        *,
        measure: Measure | None = None,
        teacher: Floats | None = None,
    ) -> None:
        """A module for Lightning.

        Args:
            embedder: to be trained.
            losses: what is made small.
            fit: the recipe's part.
            feed: of batches.
            measure: of the embeddings of validation; None measures the loss there.
            teacher: (n, dt) embeddings to be learned, row by row of the data.
        """
        super().__init__()
        self.embedder: nn.Module = embedder
        if feed.from_features:
            self.embedder = nn.ModuleDict({"head": embedder.head})
        self.losses = losses
        self._fit = fit
        self._around = _Around(embedder, feed, measure, teacher)
        self.figure: float | None = None
        self._passed = 0
        self._sum: Tensor | None = None
        self._steps = 0
        self._last: Tensor | None = None
        self._seen: list[tuple[Tensor, Tensor]] = []

    def train_dataloader(self) -> Iterable[Batch]:
        """As Lightning has it."""
        loader = self._around.loader()
        # Whoever goes on iterates for the first time before Lightning has told the sampler.
        if isinstance(loader.sampler, DistributedSampler):
            loader.sampler.set_epoch(self._passed)
        return loader

    def on_save_checkpoint(self, checkpoint: dict[str, Any]) -> None:
        """As Lightning has it; checkpoints are made at the end of a pass."""
        checkpoint["passed"] = self.current_epoch + 1

    def on_load_checkpoint(self, checkpoint: dict[str, Any]) -> None:
        """As Lightning has it."""
        self._passed = checkpoint["passed"]

    def val_dataloader(self) -> Iterable[Batch]:
        """As Lightning has it."""
        return self._around.feed.validation(as_training=self._around.measure is None) or []

    def configure_optimizers(self) -> Any:  # noqa: ANN401
        """As Lightning has it."""
        embedder = self._around.embedder
        others = [embedder.head, self.losses]
        optimiser = build_optimiser(self._fit, embedder.backbones, others)
        # Lightning's own estimate would begin to iterate before a checkpoint is taken up.
        steps = self._fit.epochs * len(self._around.loader())
        schedule = build_schedule(optimiser, self._fit, steps)
        return {
            "optimizer": optimiser,
            "lr_scheduler": {"scheduler": schedule, "interval": "step"},
        }

    def transfer_batch_to_device(
        self, batch: Batch, device: torch.device, dataloader_idx: int
    ) -> Batch:
        """As Lightning has it."""
        if self._around.teacher is not None:
            batch.teacher = torch.from_numpy(self._around.teacher[batch.rows.numpy()])
        return batch.to(device, non_blocking=True)

    def on_train_batch_start(self, batch: Batch, batch_idx: int) -> None:
        """As Lightning has it; all chance of a pass comes from its number."""
        if batch_idx == 0:
            torch.manual_seed(seed_of(self._fit.seed, "pass", self.current_epoch, self.global_rank))

    def embed(self, batch: Batch) -> Tensor:
        """(b, d) float32 embeddings of a batch."""
        if self._around.feed.from_features:
            return self._around.embedder.from_features(batch.pictures)
        pictures = as_input(batch.pictures)
        if self.training and (side := side_at(self._fit, self.current_epoch)):
            pictures = functional.interpolate(
                pictures, (side, side), mode="bilinear", antialias=True
            )
        embeddings: Tensor = self.embedder(pictures)
        return embeddings

    def loss_of(self, embeddings: Tensor, batch: Batch) -> Tensor:
        """What the batch costs, in full precision."""
        loss: Tensor = self.losses(embeddings, batch.labels, batch.chosen, batch.teacher)
        return loss

    def on_train_epoch_start(self) -> None:
        """As Lightning has it."""
        self._sum, self._steps = None, 0

    def training_step(self, batch: Batch, index: int) -> Tensor:
        """As Lightning has it."""
        embeddings = self.embed(batch)
        loss = self.loss_of(embeddings, batch)
        kept = loss.detach()
        self._sum = kept if self._sum is None else self._sum + kept
        self._steps += 1
        self._last = embeddings.detach()
        return loss

    def mean_loss(self) -> float:
        """Of the pass so far, over all devices."""
        if self._sum is None:
            return float("nan")
        mean = self._sum / self._steps
        if self.trainer.world_size > 1:
            mean = self.trainer.strategy.reduce(mean, reduce_op="mean")
        return float(mean)

    def sample(self, most: int) -> Tensor:
        """Embeddings of validation, spread over all of it, or of the last batch."""
        if not self._seen:
            return self._last[:most] if self._last is not None else torch.zeros(0, 1)
        found = torch.cat([embeddings for embeddings, _ in self._seen])
        return found[:: max(1, len(found) // most)]

    def on_validation_epoch_start(self) -> None:
        """As Lightning has it."""
        self._seen = []

    def validation_step(self, batch: Batch, index: int) -> None:
        """As Lightning has it."""
        embeddings = self.embed(batch)
        kept = batch.rows
        if self._around.measure is None:
            kept = self.loss_of(embeddings, batch).detach()[None]
        self._seen.append((embeddings.detach(), kept))

    def on_validation_epoch_end(self) -> None:
        """As Lightning has it."""
        kept = torch.cat([rest for _, rest in self._seen])
        embeddings = torch.cat([embeddings for embeddings, _ in self._seen])
        if self.trainer.world_size > 1:
            embeddings, kept = self._of_all(embeddings), self._of_all(kept)
        if self._around.measure is None:
            self.figure = -float(kept.mean())
        else:
            rows, first = _first_of_each(kept.cpu())
            self.figure = self._around.measure(embeddings.cpu()[first].numpy(), rows.numpy())
        self.log(MEASURE, self.figure)  # for early stopping

    def _of_all(self, values: Tensor) -> Tensor:
        """(devices * b, ...) the values of all devices."""
        gathered = self.all_gather(values)
        return gathered.flatten(0, 1) if isinstance(gathered, Tensor) else values


def _first_of_each(rows: Tensor) -> tuple[Tensor, Tensor]:
    """Rows in rising order and where each lies; several devices may have seen one row."""
    order = torch.argsort(rows, stable=True)
    sorted_rows = rows[order]
    fresh = torch.ones_like(sorted_rows, dtype=torch.bool)
    fresh[1:] = sorted_rows[1:] != sorted_rows[:-1]
    return sorted_rows[fresh], order[fresh]
