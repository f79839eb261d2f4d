"""Backbones: the networks that see, all behind one face."""

import re
from typing import Any

import torch
from timm.models import group_parameters
from torch import Tensor, nn

from lookalike.nouns.errors import InputError, RecipeError
from lookalike.nouns.recipe import Pooling
from lookalike.training.backbone_names import resolve_name
from lookalike.training.pooling import GeM, places_of
from lookalike.training.trunks import Wanted, build_trunk
from lookalike.training.weights import find_weights


class Backbone(nn.Module):
    """A network without its classifier, from pictures in [0, 1] to one vector each.

    While it trains, every part whose parameters are all frozen stays in evaluation mode: the
    statistics of its batch norms stand still, and it drops nothing.

    Attributes:
        name: it was asked for by.
        width: of a vector.
        size_px: input side.
        crop_share: share of the short side that the centre crop keeps.
        interpolation: the filter that pictures are scaled with.
        mean: of each RGB channel, in [0, 1], subtracted within.
        std: of each RGB channel, divided by within.
        trunk: the network.
        gem: the learned pooling, or None for the network's own.
    """

    shift: Tensor
    scale: Tensor

    def __init__(self, name: str, trunk: nn.Module, wanted: Wanted, pooling: Pooling) -> None:
        """Wraps a network.

        Args:
            name: of the network.
            trunk: a timm network, or one with its `forward_features` and `forward_head`.
            wanted: how it wants its pictures.
            pooling: "avg" for the network's own (the mean over the last map, or the class token
                of a network that was made with one), "gem" for a learned generalised mean.

        Raises:
            InputError: the network does not take pictures of this size.
        """
        super().__init__()
        self.name = name
        self.size_px, self.crop_share = wanted.size_px, wanted.crop_share
        self.interpolation = wanted.interpolation
        self.mean, self.std = wanted.mean, wanted.std
        self.trunk = trunk
        self.gem = GeM() if pooling == "gem" else None
        for key, values in (("shift", wanted.mean), ("scale", wanted.std)):
            self.register_buffer(key, torch.tensor(values).view(1, 3, 1, 1), persistent=False)
        self.width = self._tried()

    def forward(self, x: Tensor) -> Tensor:
        """(b, 3, size_px, size_px) in [0, 1] to (b, width) float32."""
        trunk: Any = self.trunk
        features = trunk.forward_features((x - self.shift) / self.scale)
        if self.gem is not None:
            pooled = self.gem(places_of(trunk, features))
        else:
            pooled = trunk.forward_head(features, pre_logits=True)
        vectors: Tensor = pooled.float()
        return vectors

    def train(self, mode: bool = True) -> "Backbone":
        """Training mode, but evaluation mode for all that is frozen."""
        super().train(mode)
        for module in self.modules() if mode else ():
            own = list(module.parameters())
            if own and not any(parameter.requires_grad for parameter in own):
                module.eval()
        return self

    def _tried(self) -> int:
        """The width, found with one grey picture."""
        self.eval()
        try:
            with torch.no_grad():
                vectors = self(torch.full((1, 3, self.size_px, self.size_px), 0.5))
        except (RuntimeError, AssertionError, ValueError) as error:
            raise InputError(
                f"{self.name} does not take pictures of {self.size_px} pixels: {error}",
                where="backbone.size_px",
                mend="use 0, the network's own size, or a multiple of 32",
            ) from error
        if vectors.dim() != 2:
            raise InputError(
                f"{self.name} does not give one vector a picture",
                where="backbone.names",
                mend="choose a network that classifies whole pictures",
            )
        self.train()
        return int(vectors.shape[1])


def build_backbone(
    name: str, weights: str = "none", *, pooling: Pooling = "avg", size_px: int = 0
) -> Backbone:
    """A backbone by name.

    Args:
        name: timm's, torchvision's where it is in ALIASES, or one of OWN.
        weights: "none" (from scratch), "hub", "local", or a file: see `find_weights`. "hub" takes
            a file named like the network in LOOKALIKE_DATA/weights before it downloads.
        pooling: see `Backbone`.
        size_px: input side; 0 for the network's own.

    Raises:
        RecipeError: the name is not known.
        InputError: the weights are not to be had, or the size does not fit the network.
        WrongModel: the weights are damaged or another network's.
    """
    built = resolve_name(name)
    file = find_weights(tuple(dict.fromkeys((name, built))), weights)
    trunk, wanted = build_trunk(built, file, hub=weights == "hub", size_px=size_px)
    return Backbone(name, trunk, wanted, pooling)


def stages(backbone: Backbone) -> list[tuple[nn.Parameter, ...]]:
    """The trunk's parameters, stage by stage, first to last, each in one stage.

    The stages are timm's: the stem, then the blocks of one resolution of a convolutional network,
    or single blocks of a transformer. Norms that stand alone belong to the stage before them.
    """
    trunk: Any = backbone.trunk
    matcher = trunk.group_matcher(coarse=True)
    named = dict(trunk.named_parameters())
    found: list[tuple[nn.Parameter, ...]] = []
    for names in group_parameters(trunk, matcher).values():
        group = tuple(named[name] for name in names)
        if found and all(parameter.dim() <= 1 for parameter in group):
            found[-1] += group
        else:
            found.append(group)
    return found


def set_trained(backbone: Backbone, trained: str) -> None:
    """Freezes all of a backbone but what is to be trained.

    Args:
        backbone: to change in place.
        trained: "all", "none", or "last N" for its last N stages and a learned pooling.

    Raises:
        RecipeError: `trained` is none of these.
    """
    found = re.fullmatch(r"last ([1-9]\d*)", trained)
    if trained not in ("all", "none") and not found:
        raise RecipeError(
            f"No part of a backbone is called {trained!r}",
            where="backbone.trained",
            mend='use "all", "none", or "last 2" for the last two stages',
        )
    backbone.requires_grad_(trained == "all")
    if found:
        for stage in stages(backbone)[-int(found[1]) :]:
            for parameter in stage:
                parameter.requires_grad_(True)
        if backbone.gem is not None:
            backbone.gem.requires_grad_(True)
    backbone.train(backbone.training)
