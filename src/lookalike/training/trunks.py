"""Networks by name, from scratch or with weights, and how each wants its pictures."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import timm
from timm.data import resolve_data_config
from timm.models.efficientnet import _gen_mobilenet_v1
from torch import nn

from lookalike.nouns.card import Interpolation
from lookalike.nouns.errors import InputError
from lookalike.training.backbone_names import OWN
from lookalike.training.cifar_resnet import CifarResNet
from lookalike.training.known_weights import (
    CIFAR_MEAN,
    CIFAR_STD,
    HALVES,
    KnownWeights,
    Triple,
    known_weights,
)
from lookalike.training.log import silence
from lookalike.training.small_nets import Conv4, DrawingsResNet
from lookalike.training.weights import DATA, load_weights

_INTERPOLATIONS: Mapping[str, Interpolation] = {
    "nearest": "box",
    "bilinear": "bilinear",
    "lanczos": "lanczos",
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """How a network wants its pictures.

    Attributes:
        size_px: side.
        mean: of each RGB channel, in [0, 1], subtracted.
        std: of each RGB channel, divided by.
        crop_share: share of the short side that the centre crop keeps.
        interpolation: the resampling filter.
    """

    size_px: int
    mean: Triple
    std: Triple
    crop_share: float = 1.0
    interpolation: Interpolation = "bilinear"


def build_trunk(
    name: str, file: Path | None, *, hub: bool, size_px: int
) -> tuple[nn.Module, Wanted]:
    """A network without a classifier, and how it wants its pictures.

    Args:
        name: resolved, see `resolve_name`.
        file: its weights, or None.
        hub: without a file, fetch weights from the hub.
        size_px: input side; 0 for the network's own.

    Raises:
        InputError: weights or size are not to be had.
        WrongModel: the weights are damaged or another network's.
    """
    known = known_weights(file) if file else None
    if known and known.architecture != name:
        known = None
    fetch = hub and file is None
    if name in OWN:
        if fetch:
            raise _no_weights(name, "The hub has no weights of this network")
        trunk, wanted = _own(name)
    else:
        trunk = _from_timm(name, fetch, known, size_px)
        wanted = _wanted_by_timm(trunk)
    if file:
        load_weights(trunk, file)
    if known:
        if known.bare:
            layer: Any = trunk.get_submodule(known.bare)
            layer.act = nn.Identity()
        wanted = replace(wanted, mean=known.mean, std=known.std, crop_share=known.crop_share)
    return trunk, replace(wanted, size_px=size_px or wanted.size_px)


def _own(name: str) -> tuple[nn.Module, Wanted]:
    if name == "conv4":
        return Conv4(), Wanted(28, HALVES, HALVES)
    if name == "drawings_resnet":
        return DrawingsResNet(), Wanted(48, HALVES, HALVES)
    if name == "mobilenetv1_025":
        small = _gen_mobilenet_v1("mobilenetv1_100", 0.25, pad_type="same", num_classes=0)
        return small, _wanted_by_timm(small)
    return CifarResNet(int(name.removeprefix("resnet"))), Wanted(32, CIFAR_MEAN, CIFAR_STD)


def _from_timm(name: str, fetch: bool, known: KnownWeights | None, size_px: int) -> nn.Module:
    options = dict(known.options) if known else {}
    config = timm.get_pretrained_cfg(name)
    if size_px and config is not None and config.fixed_input_size:
        options["img_size"] = size_px
    if not fetch:
        try:
            plain: nn.Module = timm.create_model(name, num_classes=0, **options)
            return plain
        except (AssertionError, ValueError, RuntimeError) as error:
            raise InputError(
                f"{name} cannot be built: {error}", where="backbone", mend="use size_px = 0"
            ) from error
    try:
        with silence():
            taught: nn.Module = timm.create_model(name, pretrained=True, num_classes=0, **options)
        return taught
    except Exception as error:  # the hub's, its transport's and timm's errors have no common root
        reason = str(error).partition("\n")[0]
        raise _no_weights(name, f"The weights cannot be fetched from the hub: {reason}") from error


def _no_weights(name: str, what: str) -> InputError:
    return InputError(
        what,
        where=name,
        mend=f"name a local file as weights, put {name}.npz into the folder weights/ of the "
        f'folder that {DATA} names, or train from scratch with weights = "none"',
    )


def wanted_by_timm(trunk: nn.Module, size_px: int) -> Wanted:
    """How a network of timm wants its pictures, in this size or, for 0, in its own."""
    wanted = _wanted_by_timm(trunk)
    return replace(wanted, size_px=size_px or wanted.size_px)


def _wanted_by_timm(trunk: nn.Module) -> Wanted:
    config = resolve_data_config({}, model=trunk)
    return Wanted(
        size_px=int(config["input_size"][-1]),
        mean=tuple(config["mean"]),
        std=tuple(config["std"]),
        crop_share=float(config["crop_pct"]),
        interpolation=_INTERPOLATIONS.get(config["interpolation"], "bicubic"),
    )
