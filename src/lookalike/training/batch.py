"""What a training step gets."""

from dataclasses import dataclass

import torch
from torch import Tensor

Chosen = tuple[Tensor, ...]
"""Places in the batch that belong together: (a, p, a, n) of pairs, or (a, p, n) of triplets."""


@dataclass(slots=True, eq=False)
class Batch:
    """b pictures, or their features.

    Attributes:
        pictures: (b, 3, h, w) uint8 RGB; or (b, d) float32 features of a frozen backbone.
        labels: (b,) int64 classes; rows where batches hold views of each picture.
        rows: (b,) int64, of the data.
        chosen: in batches of pairs, places (a1, p, a2, n): a1 goes with p, a2 not with n; in
            batches of triplets (a, p, n); None where partners are to be found in the batch.
        teacher: (b, dt) embeddings to be learned, or None.
    """

    pictures: Tensor
    labels: Tensor
    rows: Tensor
    chosen: Chosen | None = None
    teacher: Tensor | None = None

    def __len__(self) -> int:
        return len(self.rows)

    def to(self, device: torch.device | str, non_blocking: bool = False) -> "Batch":
        """The same on a device."""
        chosen, teacher = self.chosen, self.teacher
        return Batch(
            self.pictures.to(device, non_blocking=non_blocking),
            self.labels.to(device, non_blocking=non_blocking),
            self.rows.to(device, non_blocking=non_blocking),
            chosen and tuple(part.to(device, non_blocking=non_blocking) for part in chosen),
            None if teacher is None else teacher.to(device, non_blocking=non_blocking),
        )

    def pin_memory(self) -> "Batch":
        """The same in memory that a GPU can fetch from by itself."""
        chosen, teacher = self.chosen, self.teacher
        return Batch(
            self.pictures.pin_memory(),
            self.labels.pin_memory(),
            self.rows.pin_memory(),
            chosen and tuple(part.pin_memory() for part in chosen),
            None if teacher is None else teacher.pin_memory(),
        )
