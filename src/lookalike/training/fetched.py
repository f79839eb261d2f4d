"""Encoders by name, from the hub of timm or of Hugging Face, or from a folder of theirs."""

from pathlib import Path
from typing import Any

import timm
from torch import nn

from lookalike.nouns.errors import InputError
from lookalike.nouns.recipe import HeadPart, Pooling
from lookalike.training.backbones import Backbone, build_backbone
from lookalike.training.embedder import Embedder
from lookalike.training.heads import build_head
from lookalike.training.log import silence
from lookalike.training.trunks import wanted_by_timm

TIMM, HUB = "timm:", "hf-hub:"
MEND = (
    "--weights FILE names the weights where they are here already; or run this where there is a "
    "network, and copy the .onnx file into the models folder here"
)


def fetched(
    name: str, *, weights: str = "hub", pooling: Pooling = "avg", size_px: int = 0
) -> tuple[Embedder, str]:
    """An encoder as others published it, without a head, in evaluation mode.

    Args:
        name: of one of timm's networks, "hf-hub:OWNER/REPOSITORY" for one that lies on the Hugging
            Face hub as timm writes them, or a folder that holds such a repository.
        weights: "hub", or a file, of a network that is named by timm.
        pooling: how the last map becomes a vector.
        size_px: input side; 0 for the network's own.

    Returns:
        The encoder, and the name of its licence, empty where none is told.

    Raises:
        RecipeError: the name is not known.
        InputError: the weights are not to be had, or the size does not fit the network.
        WrongModel: the weights are damaged or another network's.
    """
    name = name.removeprefix(TIMM)
    if name.startswith(HUB) or Path(name).is_dir():
        source = name if name.startswith(HUB) else f"local-dir:{Path(name).resolve()}"
        backbone = _from_repository(name, source, pooling, size_px)
    else:
        try:
            backbone = build_backbone(name, weights, pooling=pooling, size_px=size_px)
        except InputError as error:
            if weights != "hub" or "hub" not in error.what:
                raise
            raise InputError(error.what, where=error.where, mend=MEND) from error
    config: Any = getattr(backbone.trunk, "pretrained_cfg", None) or {}
    embedder = Embedder([backbone], build_head(HeadPart(), backbone.width)).eval()
    return embedder, str(config.get("license") or "")


def _from_repository(name: str, source: str, pooling: Pooling, size_px: int) -> Backbone:
    options = {"img_size": size_px} if size_px and _is_fixed(source) else {}
    try:
        with silence():
            trunk: nn.Module = timm.create_model(source, pretrained=True, num_classes=0, **options)
    except Exception as error:  # the hub's, its transport's and timm's errors have no common root
        reason = str(error).partition("\n")[0]
        raise InputError(f"The encoder cannot be had: {reason}", where=name, mend=MEND) from error
    return Backbone(name, trunk, wanted_by_timm(trunk, size_px), pooling)


def _is_fixed(source: str) -> bool:
    """Whether a network takes one size only unless it is told another when it is made."""
    from timm.models import load_model_config_from_hf, load_model_config_from_path

    scheme, _, place = source.partition(":")
    try:
        with silence():
            if scheme == "local-dir":
                config = load_model_config_from_path(Path(place))[0]
            else:
                config = load_model_config_from_hf(place)[0]
    except Exception:  # what is wrong is told when the network itself is asked for
        return False
    return bool(config.get("fixed_input_size"))
