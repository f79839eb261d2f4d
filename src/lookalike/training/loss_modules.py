"""What a training step calls: one signature for every loss, always in full precision."""

from abc import ABC, abstractmethod
from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional

from lookalike.training.loss_terms import nothing
from lookalike.training.memory import Memory
from lookalike.training.mining import Chosen


class Loss(nn.Module, ABC):
    """A loss of a batch. It computes in float32, whatever the network around it does."""

    def forward(
        self,
        embeddings: Tensor,
        labels: Tensor,
        chosen: Chosen | None = None,
        teacher: Tensor | None = None,
    ) -> Tensor:
        """What the batch costs.

        Args:
            embeddings: (b, d), each of length 1.
            labels: (b,); below 0 where a class is not known.
            chosen: listed pairs or triplets; None to find them within the batch.
            teacher: (b, teacher_d) embeddings to be learned.

        Returns:
            A scalar; zero where the batch has nothing that the loss can compare.
        """
        with torch.autocast(embeddings.device.type, enabled=False):
            return self._value(embeddings.float(), labels, chosen, teacher)

    @abstractmethod
    def _value(
        self, embeddings: Tensor, labels: Tensor, chosen: Chosen | None, teacher: Tensor | None
    ) -> Tensor: ...


class MinedLoss(Loss):
    """Of pairs or triplets: listed ones, or those that a miner finds."""

    def __init__(self, term: nn.Module, miner: nn.Module, *, d: int, memory: int = 0) -> None:
        """A loss.

        Args:
            term: takes embeddings, labels, chosen, partners and their labels.
            miner: finds pairs or triplets.
            d: width of an embedding.
            memory: how many earlier embeddings serve as partners; they are used and kept while
                training only, and not where pairs are listed.
        """
        super().__init__()
        self.term = term
        self.miner = miner
        self.memory = Memory(term, miner, d=d, size=memory) if memory else None

    def _value(
        self, embeddings: Tensor, labels: Tensor, chosen: Chosen | None, teacher: Tensor | None
    ) -> Tensor:
        if chosen is None:
            known = labels >= 0
            embeddings, labels = embeddings[known], labels[known]
            if not len(labels):
                return nothing(embeddings)
            if self.memory is not None and self.training:
                remembered: Tensor = self.memory(embeddings, labels)
                return remembered
            chosen = self.miner(embeddings, labels)
        value: Tensor = self.term(embeddings, labels, chosen)
        return value


class ClassLoss(Loss):
    """Of a picture and its class, which has a learned direction of its own."""

    def __init__(self, term: nn.Module) -> None:
        super().__init__()
        self.term = term

    def _value(
        self, embeddings: Tensor, labels: Tensor, chosen: Chosen | None, teacher: Tensor | None
    ) -> Tensor:
        known = labels >= 0
        embeddings, labels = embeddings[known], labels[known]
        value: Tensor = self.term(embeddings, labels) if len(labels) else nothing(embeddings)
        return value


class SpreadLoss(Loss):
    """Of the embeddings alone; labels only tell which are no strangers."""

    def __init__(self, term: nn.Module) -> None:
        super().__init__()
        self.term = term

    def _value(
        self, embeddings: Tensor, labels: Tensor, chosen: Chosen | None, teacher: Tensor | None
    ) -> Tensor:
        value: Tensor = self.term(embeddings, labels)
        return value


class TeacherLoss(Loss):
    """Of the embeddings and those of a teacher."""

    def __init__(self, term: nn.Module) -> None:
        super().__init__()
        self.term = term

    def _value(
        self, embeddings: Tensor, labels: Tensor, chosen: Chosen | None, teacher: Tensor | None
    ) -> Tensor:
        if teacher is None:
            raise ValueError("this batch has no embeddings of a teacher")
        value: Tensor = self.term(embeddings, teacher)
        return value


class LossSum(nn.Module):
    """Several losses, weighted and added up.

    Attributes:
        last: the value of each, without its weight, at the last call; for the log.
    """

    def __init__(
        self,
        losses: Sequence[tuple[str, float, Loss]],
        columns: Sequence[slice | None] | None = None,
    ) -> None:
        """A sum.

        Args:
            losses: name, weight and loss; a name that comes again gets a number.
            columns: of the embedding that each looks at, brought to length 1; None for all.
        """
        super().__init__()
        names = [name for name, _, _ in losses]
        self.names = tuple(
            name if name not in names[:place] else f"{name} {names[: place + 1].count(name)}"
            for place, name in enumerate(names)
        )
        self.weights = tuple(weight for _, weight, _ in losses)
        self.columns = tuple(columns or [None] * len(losses))
        self.losses = nn.ModuleList(loss for _, _, loss in losses)
        self.last: dict[str, Tensor] = {}

    def forward(
        self,
        embeddings: Tensor,
        labels: Tensor,
        chosen: Chosen | None = None,
        teacher: Tensor | None = None,
    ) -> Tensor:
        """What the batch costs in all; see `Loss.forward`."""
        values = [
            loss(_part(embeddings, columns), labels, chosen, teacher)
            for loss, columns in zip(self.losses, self.columns, strict=True)
        ]
        self.last = {name: value.detach() for name, value in zip(self.names, values, strict=True)}
        weighted = [weight * value for weight, value in zip(self.weights, values, strict=True)]
        return torch.stack(weighted).sum()


def _part(embeddings: Tensor, columns: slice | None) -> Tensor:
    return embeddings if columns is None else functional.normalize(embeddings[:, columns], dim=1)
