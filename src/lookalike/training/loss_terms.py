"""The terms of losses that pytorch-metric-learning has not, or has in a form that does not serve.

A pair term takes embeddings (b, d), labels (b,), chosen pairs, and optionally partners (m, d) with
their labels (m,), which the pairs' second places then point at; it returns a scalar.
"""

import math

import torch
from pytorch_metric_learning.losses import ArcFaceLoss
from pytorch_metric_learning.utils.loss_and_miner_utils import convert_to_pairs
from torch import Tensor, nn
from torch.nn import functional

from lookalike.nouns.recipe import Distance
from lookalike.training.mining import Chosen, Pairs, distances, measure_of

_LOWEST = torch.finfo(torch.float32).min
_SMALLEST_ANGLE_COSINE = 1 - 1e-6
_SMALLEST_SQUARE = 1e-6


def nothing(embeddings: Tensor) -> Tensor:
    """Zero that gradients can flow through: a batch that teaches nothing."""
    return (embeddings * 0).sum()


def _as_pairs(chosen: Chosen, labels: Tensor) -> Pairs:
    pairs: Pairs = convert_to_pairs(chosen, labels)
    return pairs


class PairBCE(nn.Module):
    """Binary cross-entropy on the score of a pair; each kind of pair counts half."""

    def __init__(self, distance: Distance, *, scale: float, midpoint: float) -> None:
        """A term whose scale and bias are learned.

        Args:
            distance: cosine, whose score is the cosine; of l2 and l1 it is the negative distance.
            scale: to start from.
            midpoint: the score that starts with a probability of one half.
        """
        super().__init__()
        self.measure = measure_of(distance)
        self.log_scale = nn.Parameter(torch.tensor(math.log(scale)))
        self.bias = nn.Parameter(torch.tensor(-scale * midpoint))

    def forward(
        self,
        embeddings: Tensor,
        labels: Tensor,
        chosen: Chosen,
        partners: Tensor | None = None,
        partner_labels: Tensor | None = None,
    ) -> Tensor:
        """The mean of what alike pairs and what other pairs cost."""
        score = self.measure(embeddings, partners)
        if not self.measure.is_inverted:
            score = -score
        logit = self.log_scale.exp() * score + self.bias  # (b, m)
        first, alike, second, other = _as_pairs(chosen, labels)
        costs = [
            functional.softplus(part).mean()
            for part in (-logit[first, alike], logit[second, other])
            if len(part)
        ]
        return torch.stack(costs).mean() if costs else nothing(embeddings)


class Contrastive(nn.Module):
    """Hadsell's loss: alike pairs attract, others repel up to the margin."""

    def __init__(self, distance: Distance, margin: float) -> None:
        super().__init__()
        self.measure = measure_of(distance)
        self.margin = margin

    def forward(
        self,
        embeddings: Tensor,
        labels: Tensor,
        chosen: Chosen,
        partners: Tensor | None = None,
        partner_labels: Tensor | None = None,
    ) -> Tensor:
        """Half the mean over alike pairs plus half the mean over others that are too near."""
        apart = distances(self.measure, embeddings, partners)  # (b, m)
        first, alike, second, other = _as_pairs(chosen, labels)
        too_near = self.margin - apart[second, other]
        costs = (apart[first, alike], too_near[too_near > 0])
        return nothing(embeddings) + sum(0.5 * (c**2).mean() for c in costs if len(c))


class NTXent(nn.Module):
    """Each alike pair against all negatives of its anchor.

    The library's gives the same value, but compares every alike pair with every other pair of the
    batch: with 256 pictures seconds, where this takes milliseconds.
    """

    def __init__(self, temperature: float) -> None:
        super().__init__()
        self.measure = measure_of("cosine")
        self.temperature = temperature

    def forward(
        self,
        embeddings: Tensor,
        labels: Tensor,
        chosen: Chosen,
        partners: Tensor | None = None,
        partner_labels: Tensor | None = None,
    ) -> Tensor:
        """The mean over all alike pairs."""
        logit: Tensor = self.measure(embeddings, partners) / self.temperature  # (b, m)
        first, alike, second, other = _as_pairs(chosen, labels)
        if not len(first) or not len(second):
            return nothing(embeddings)
        negative = torch.zeros_like(logit, dtype=torch.bool)
        negative[second, other] = True
        against = logit.masked_fill(~negative, _LOWEST).logsumexp(dim=1)[first]  # (p,)
        positive = logit[first, alike]
        return (torch.logaddexp(positive, against) - positive).mean()


class ArcFace(ArcFaceLoss):  # type: ignore[misc]
    """The library's, with a finite gradient where an embedding lies on its class's direction."""

    def get_angles(self, cosine_of_target_classes: Tensor) -> Tensor:
        """Angles in radians; those under a thousandth count as that."""
        bounds = (-_SMALLEST_ANGLE_COSINE, _SMALLEST_ANGLE_COSINE)
        angles: Tensor = torch.acos(cosine_of_target_classes.clamp(*bounds))
        return angles


class KoLeo(nn.Module):
    """Pushes each embedding from its nearest neighbour that is another picture."""

    def forward(self, embeddings: Tensor, labels: Tensor) -> Tensor:
        """Minus the mean logarithm of the distance to that neighbour."""
        with torch.no_grad():
            score = embeddings @ embeddings.T  # (b, b)
            same = (labels[:, None] == labels[None, :]) & (labels >= 0)[:, None]  # (b, b)
            same.fill_diagonal_(True)
            score.masked_fill_(same, _LOWEST)
            nearest = score.argmax(dim=1)  # (b,)
            counted = ~same.all(dim=1)
        square = (embeddings - embeddings[nearest]).square().sum(dim=1)[counted]
        if not len(square):
            return nothing(embeddings)
        return -0.5 * (square + _SMALLEST_SQUARE).log().mean()


class Distil(nn.Module):
    """Embeddings learn to be the teacher's, and as far from each other as the teacher's are."""

    def __init__(self, d: int, teacher_d: int, *, relation: float) -> None:
        """A term that owns a linear map where the widths differ.

        Args:
            d: width of the student.
            teacher_d: width of the teacher.
            relation: weight of the relational part.
        """
        super().__init__()
        same = d == teacher_d
        self.map: nn.Module = nn.Identity() if same else nn.Linear(d, teacher_d, bias=False)
        self.relation = relation

    def forward(self, embeddings: Tensor, teacher: Tensor) -> Tensor:
        """The sum of both parts.

        Args:
            embeddings: (b, d) of the student.
            teacher: (b, teacher_d), of any length.
        """
        wanted = functional.normalize(teacher.float(), dim=1)
        mapped = functional.normalize(self.map(embeddings), dim=1)
        cost = (1 - (mapped * wanted).sum(dim=1)).mean()
        if self.relation and len(embeddings) > 1:
            # The diagonal is equal in both, so the mean runs over true pairs.
            difference = embeddings @ embeddings.T - wanted @ wanted.T  # (b, b)
            pairs = len(embeddings) * (len(embeddings) - 1)
            cost = cost + self.relation * difference.square().fill_diagonal_(0).sum() / pairs
        return cost
