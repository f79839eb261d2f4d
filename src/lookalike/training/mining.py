"""Which pairs and triplets of a batch a loss looks at."""

from typing import Literal

import torch
from pytorch_metric_learning.distances import CosineSimilarity, LpDistance
from pytorch_metric_learning.miners import BatchHardMiner, MultiSimilarityMiner
from pytorch_metric_learning.utils.loss_and_miner_utils import (
    get_all_pairs_indices,
    get_matches_and_diffs,
)
from torch import Tensor, nn

from lookalike.nouns.recipe import Distance, Mining

Triplets = tuple[Tensor, Tensor, Tensor]
"""Places of anchors, positives and negatives, each (t,)."""

Pairs = tuple[Tensor, Tensor, Tensor, Tensor]
"""Places of alike pairs, (p,) and (p,), and of other pairs, (m,) and (m,)."""

Chosen = Triplets | Pairs

_STEP = 1_000_003
"""Keeps the draws of neighbouring seeds apart."""


class _Euclidean(LpDistance):  # type: ignore[misc]
    """Without the shortcut by a matrix product, which gives twins a distance of 0.0003."""

    def compute_mat(self, query_emb: Tensor, ref_emb: Tensor) -> Tensor:
        return torch.cdist(query_emb, ref_emb, compute_mode="donot_use_mm_for_euclid_dist")


def measure_of(distance: Distance) -> nn.Module:
    """A distance as pytorch-metric-learning takes it; embeddings have length 1 already."""
    measure: nn.Module
    if distance == "cosine":
        measure = CosineSimilarity()
    elif distance == "l2":
        measure = _Euclidean(p=2, normalize_embeddings=False)
    else:
        measure = LpDistance(p=1, normalize_embeddings=False)
    return measure


def distances(measure: nn.Module, embeddings: Tensor, partners: Tensor | None) -> Tensor:
    """How far each embedding lies from each partner, from itself and the rest without partners.

    Args:
        measure: from `measure_of`.
        embeddings: (b, d).
        partners: (m, d), or None for the embeddings themselves.

    Returns:
        (b, m) distances; that of cosine is 1 - cos.
    """
    matrix: Tensor = measure(embeddings, partners)
    return 1 - matrix if measure.is_inverted else matrix  # (b, m)


def all_triplets(labels: Tensor, partner_labels: Tensor | None = None) -> Triplets:
    """Every anchor with every partner of its class and every one of another.

    The library's own way needs b * b * b bytes; this one what the answer needs.
    """
    same, other = get_matches_and_diffs(labels, partner_labels)
    anchor, positive = torch.where(same)
    row, negative = torch.where(other[anchor])
    return anchor[row], positive[row], negative


def pairs_of(triplets: Triplets, partners: int) -> Pairs:
    """The pairs that triplets are made of, each once.

    Args:
        triplets: places of anchors, and of partners among `partners`.
        partners: how many there are.
    """
    anchor, positive, negative = triplets
    alike = torch.unique(anchor * partners + positive)
    other = torch.unique(anchor * partners + negative)
    return alike // partners, alike % partners, other // partners, other % partners


class Miner(nn.Module):
    """Finds the pairs or triplets in a batch, also against earlier embeddings.

    "all" takes every one. "random" takes each alike pair, with one negative drawn for it.
    "semi-hard" takes triplets whose negative is further off than the positive, by less than the
    margin (Schroff et al. 2015, arXiv:1503.03832). "hard" takes the furthest positive and the
    nearest negative of each anchor (Hermans et al. 2017, arXiv:1703.07737).

    How often it has drawn is part of its state, so that an interrupted training goes on with the
    draws it would have made.
    """

    draws: Tensor

    def __init__(
        self,
        kind: Mining,
        distance: Distance,
        *,
        wanted: Literal["pairs", "triplets"],
        margin: float = 0.0,
        seed: int = 0,
    ) -> None:
        """A miner.

        Args:
            kind: which count.
            distance: how embeddings are compared.
            wanted: what it gives.
            margin: of semi-hard triplets.
            seed: of random ones.
        """
        super().__init__()
        self.kind, self.wanted, self.margin, self.seed = kind, wanted, margin, seed
        self.measure = measure_of(distance)
        self.register_buffer("draws", torch.zeros((), dtype=torch.long))

    @torch.no_grad()
    def forward(
        self,
        embeddings: Tensor,
        labels: Tensor,
        partners: Tensor | None = None,
        partner_labels: Tensor | None = None,
    ) -> Chosen:
        """What counts in this batch.

        Args:
            embeddings: (b, d).
            labels: (b,).
            partners: (m, d) earlier embeddings to be compared with; None for the batch itself.
            partner_labels: (m,).
        """
        if self.wanted == "pairs" and self.kind == "all":
            pairs: Pairs = get_all_pairs_indices(labels, partner_labels)
            return pairs
        triplets = self._triplets(embeddings, labels, partners, partner_labels)
        if self.wanted == "triplets":
            return triplets
        return pairs_of(triplets, len(embeddings if partners is None else partners))

    def _triplets(
        self, embeddings: Tensor, labels: Tensor, partners: Tensor | None, marks: Tensor | None
    ) -> Triplets:
        if self.kind == "hard":
            hard: Triplets = BatchHardMiner(distance=self.measure)(
                embeddings, labels, partners, marks
            )
            return hard
        if self.kind == "random":
            return self._random(labels, marks)
        anchor, positive, negative = all_triplets(labels, marks)
        if self.kind == "all":
            return anchor, positive, negative
        apart = distances(self.measure, embeddings, partners)  # (b, m)
        gap = apart[anchor, negative] - apart[anchor, positive]
        near = (gap > 0) & (gap < self.margin)
        return anchor[near], positive[near], negative[near]

    def _random(self, labels: Tensor, marks: Tensor | None) -> Triplets:
        chance = torch.Generator(labels.device).manual_seed(self.seed * _STEP + int(self.draws))
        if self.training:
            self.draws += 1
        same, other = get_matches_and_diffs(labels, marks)
        anchor, positive = torch.where(same & other.any(dim=1, keepdim=True))
        if not len(anchor):
            return anchor, positive, anchor
        negative = torch.multinomial(other[anchor].float(), 1, generator=chance)[:, 0]
        return anchor, positive, negative


class MultiSimilarityPairs(nn.Module):
    """Pairs that are harder than the batch's easiest counterpart, less 0.1.

    Source:
        Wang et al. 2019, arXiv:1904.06627, section 3.3.
    """

    def __init__(self) -> None:
        super().__init__()
        self.miner = MultiSimilarityMiner(epsilon=0.1)

    def forward(
        self,
        embeddings: Tensor,
        labels: Tensor,
        partners: Tensor | None = None,
        partner_labels: Tensor | None = None,
    ) -> Pairs:
        """What counts in this batch; see `Miner.forward`."""
        pairs: Pairs = self.miner(embeddings, labels, partners, partner_labels)
        return pairs
