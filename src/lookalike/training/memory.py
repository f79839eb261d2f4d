"""Earlier embeddings as further partners of a batch."""

import torch
from pytorch_metric_learning.losses import CrossBatchMemory
from torch import Tensor, nn


class Memory(CrossBatchMemory):  # type: ignore[misc]
    """The library's cross-batch memory, whose place in the queue is saved with it.

    Embeddings move slowly late in training, so those of some batches ago still serve as
    negatives; a small batch then sees as many as a large one.

    Source:
        Wang et al. 2020, arXiv:1912.06798.
    """

    def __init__(self, term: nn.Module, miner: nn.Module, *, d: int, size: int) -> None:
        """An empty memory.

        Args:
            term: takes embeddings, labels, chosen indices, partners and their labels.
            miner: finds those indices.
            d: width of an embedding.
            size: how many embeddings are kept; no fewer than a batch has.
        """
        super().__init__(term, embedding_size=d, memory_size=size, miner=miner)

    @classmethod
    def check_loss_support(cls, loss_name: str) -> None:
        """Any term with that signature serves; the library goes by names."""

    def get_extra_state(self) -> Tensor:
        """Where the next embedding goes, and whether the queue has been full."""
        return torch.tensor([self.queue_idx, int(self.has_been_filled)])

    def set_extra_state(self, state: Tensor) -> None:
        """As it was saved."""
        self.queue_idx, filled = (int(value) for value in state)
        self.has_been_filled = bool(filled)
