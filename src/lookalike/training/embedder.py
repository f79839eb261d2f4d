"""The model in training: backbones, a head, and what both need to be one network."""

import math
from collections.abc import Sequence
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from lookalike.nouns.card import Fit, Preprocessing
from lookalike.nouns.errors import RecipeError
from lookalike.nouns.recipe import HeadPart, Pooling, Recipe
from lookalike.training.backbones import Backbone, build_backbone, set_trained
from lookalike.training.heads import Head, build_head
from lookalike.training.posterior import Posterior


class Embedder(nn.Module):
    """From pictures in [0, 1] to embeddings of length 1.

    Several backbones see the same picture; each gets it scaled to its own size, and each one's
    vector is brought to the same length, so that none outweighs another: without a head, the
    score of an ensemble is the mean of its members' scores.

    Attributes:
        backbones: one or several.
        head: from their joined features to the embedding.
        size_px: input side, the largest of the backbones'.
        crop_share: of the backbone with that side, and
        interpolation: likewise.
        fit: how a picture becomes the input.
        shares: how much each part of the embedding counts in a score; empty where it is one.
        width: of the features, the sum of the backbones' widths.
        d: of the embedding.
        posterior: turns embeddings into answers by class, once it is trained; or None.
    """

    def __init__(
        self,
        backbones: Sequence[Backbone],
        head: Head,
        *,
        fit: Fit = "crop",
        shares: Sequence[float] = (),
    ) -> None:
        super().__init__()
        self.fit, self.shares = fit, tuple(shares)
        self.backbones = nn.ModuleList(backbones)
        self.head = head
        self.posterior: Posterior | None = None
        self.size_px = max(backbone.size_px for backbone in backbones)
        self.width = sum(backbone.width for backbone in backbones)
        self.d = head.d
        largest = next(one for one in backbones if one.size_px == self.size_px)
        self.crop_share, self.interpolation = largest.crop_share, largest.interpolation
        for place, backbone in enumerate(backbones):
            shrink = _shrinking(self.size_px, backbone.size_px)
            self.register_buffer(f"shrink{place}", shrink, persistent=False)

    @property
    def preprocessing(self) -> Preprocessing:
        """How a picture becomes the input; mean and std are taken off within the network."""
        return Preprocessing(
            width_px=self.size_px,
            height_px=self.size_px,
            fit=self.fit,
            crop_share=self.crop_share if self.fit == "crop" else 1.0,
            interpolation=self.interpolation,
        )

    @property
    def frozen(self) -> bool:
        """Whether no backbone is trained, so that features can be computed once."""
        return not any(parameter.requires_grad for parameter in self.backbones.parameters())

    def features(self, x: Tensor) -> Tensor:
        """(b, 3, size_px, size_px) in [0, 1] to (b, width) float32."""
        found = [backbone(self._scaled(x, place)) for place, backbone in enumerate(self.backbones)]
        if len(found) == 1:
            alone: Tensor = found[0]
            return alone
        length = math.sqrt(self.width / len(found))  # so that the numbers are about 1
        return torch.cat([F.normalize(vectors, dim=1) * length for vectors in found], dim=1)

    def from_features(self, features: Tensor) -> Tensor:
        """(b, width) to (b, d) float32 of length 1."""
        embeddings = _joined(self.head(features).float(), self.shares)
        if self.posterior is None:
            return embeddings
        return F.normalize(self.posterior(embeddings), dim=1)

    def answer_by(self, posterior: Posterior | None) -> None:
        """From now on gives probabilities of classes, of length 1, in place of embeddings."""
        self.posterior = posterior
        self.d = self.head.d if posterior is None else posterior.d

    def forward(self, x: Tensor) -> Tensor:
        """(b, 3, size_px, size_px) in [0, 1] to (b, d) float32 of length 1."""
        return self.from_features(self.features(x))

    def _scaled(self, x: Tensor, place: int) -> Tensor:
        shrink: Tensor | None = getattr(self, f"shrink{place}")
        if shrink is None:
            return x
        with torch.autocast(x.device.type, enabled=False):  # pixels keep their precision
            return shrink @ x.to(shrink.dtype) @ shrink.T


def build_embedder(recipe: Recipe) -> Embedder:
    """The network of a recipe, at its start; the same recipe starts the same.

    Raises:
        RecipeError: a name, a width or what to train is not valid.
        InputError: weights are not to be had.
        WrongModel: weights are damaged or another network's.
    """
    part = recipe.backbone
    weights = part.weights if len(part.weights) > 1 else part.weights * len(part.names)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(recipe.fit.seed)
        backbones = [
            build_backbone(name, one, pooling=part.pooling, size_px=part.size_px)
            for name, one in zip(part.names, weights, strict=True)
        ]
        head = build_head(recipe.head, sum(backbone.width for backbone in backbones))
    if recipe.head.shares and head.d % len(recipe.head.shares):
        raise RecipeError(
            f"{head.d} dimensions cannot be split into {len(recipe.head.shares)} equal parts",
            where="head.shares",
        )
    for backbone in backbones:
        set_trained(backbone, part.trained)
    return Embedder(backbones, head, fit=part.fit, shares=recipe.head.shares)


def load_embedder(
    architecture: str, weights: str | Path, *, pooling: Pooling = "avg", size_px: int = 0
) -> Embedder:
    """A network that was trained elsewhere, ready to be judged or exported.

    Args:
        architecture: name of the network, see `build_backbone`.
        weights: its state dict, see `read_state`; a classifier in it is left out.
        pooling: of the last map.
        size_px: input side; 0 for the network's own.

    Returns:
        An embedder without a head, in evaluation mode.

    Raises:
        RecipeError: the architecture is not known.
        InputError: the file cannot be opened, or the size does not fit.
        WrongModel: the file is damaged, or its weights are another architecture's.
    """
    backbone = build_backbone(architecture, str(weights), pooling=pooling, size_px=size_px)
    return Embedder([backbone], build_head(HeadPart(), backbone.width)).eval()


def _joined(vectors: Tensor, shares: Sequence[float]) -> Tensor:
    """(b, d) of length 1; its parts have the square roots of their shares as lengths."""
    if not shares:
        return F.normalize(vectors, dim=1)
    parts = vectors.chunk(len(shares), dim=1)
    scaled = [
        F.normalize(one, dim=1) * math.sqrt(share) for one, share in zip(parts, shares, strict=True)
    ]
    return torch.cat(scaled, dim=1)


def _shrinking(old_px: int, new_px: int) -> Tensor | None:
    """(new_px, old_px) scales one axis, bilinear and antialiased; None where nothing changes.

    As a matrix, the scaling can be exported to any runtime.
    """
    if old_px == new_px:
        return None
    lines = torch.eye(old_px)[None, None]  # (1, 1, old_px, old_px)
    return F.interpolate(lines, (new_px, old_px), mode="bilinear", antialias=True)[0, 0]
