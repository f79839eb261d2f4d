"""Image encoders in the layout of transformers, behind the face of all other embedders."""

import inspect
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from transformers import AutoModel
from transformers.utils import logging as its_logging

from lookalike.nouns.card import Preprocessing
from lookalike.nouns.errors import InputError, WrongModel
from lookalike.nouns.recipe import HeadPart
from lookalike.training.backbones import Backbone
from lookalike.training.embedder import Embedder
from lookalike.training.heads import build_head
from lookalike.training.hf_folder import not_to_be_had
from lookalike.training.hf_preprocessing import Prepare, at_size, hf_preprocessing
from lookalike.training.log import silence
from lookalike.training.trunks import Wanted

_POOLER = ("pooler.", "vision_model.pooler.")
_CLASS_TOKEN = ("cls_token", "class_embedding")
_MEND = "choose an encoder of whole pictures, such as DINOv2, ViT, SigLIP or CLIP"


class HfTrunk(nn.Module):
    """A model of transformers that gives one vector a picture.

    It is the model's own vector for comparing where it has one (the projected vector of CLIP,
    the pooled one of SigLIP or DINOv2). A pooler that was made to feed a classifier (a layer
    with tanh), or whose weights the repository does not hold, is passed over: then it is the
    class token, or else the mean over all places.

    Attributes:
        model: as transformers opened it, in evaluation mode.
        pools: whether the model's pooled vector is taken.
        has_token: whether the first place is a class token.
    """

    def __init__(self, model: nn.Module, missing: frozenset[str], *, resized: bool) -> None:
        super().__init__()
        self.model = model
        inner: Any = getattr(model, "vision_model", model)
        pooler: Any = getattr(inner, "pooler", None)
        tanh = isinstance(getattr(pooler, "activation", None), nn.Tanh)
        self.pools = not tanh and not any(name.startswith(_POOLER) for name in missing)
        names = [name.rpartition(".")[2] for name, _ in model.named_parameters()]
        self.has_token = any(name in _CLASS_TOKEN for name in names)
        self.projects = hasattr(model, "get_image_features")
        asked: Any = model
        call = asked.get_image_features if self.projects else asked.forward
        takes = "interpolate_pos_encoding" in inspect.signature(call).parameters
        self.options = {"interpolate_pos_encoding": True} if resized and takes else {}

    def forward_features(self, x: Tensor) -> Tensor:
        """(b, 3, h, w), mean and deviation taken off, to (b, width)."""
        model: Any = self.model
        if self.projects:
            found = model.get_image_features(pixel_values=x, **self.options)
            vectors: Tensor = getattr(found, "pooler_output", found)
            return vectors
        found = model(pixel_values=x, **self.options)
        pooled: Tensor | None = getattr(found, "pooler_output", None)
        if self.pools and pooled is not None:
            return pooled.flatten(1)  # convolutional ones give (b, width, 1, 1)
        last: Tensor = found.last_hidden_state
        if last.dim() == 4:
            return last.mean(dim=(2, 3))
        return last[:, 0] if self.has_token else last.mean(dim=1)

    def forward_head(self, features: Tensor, pre_logits: bool = True) -> Tensor:
        """The vector as it is."""
        return features


class HfEmbedder(Embedder):
    """An embedder that sees pictures as its repository tells, which may be squashed."""

    def __init__(self, backbone: Backbone, card: Preprocessing) -> None:
        super().__init__([backbone], build_head(HeadPart(), backbone.width))
        self.card = card

    @property
    def preprocessing(self) -> Preprocessing:
        """How a picture becomes the input; mean and std are taken off within the network."""
        return Preprocessing(
            width_px=self.size_px,
            height_px=self.size_px,
            fit=self.card.fit,
            crop_share=self.card.crop_share,
            interpolation=self.card.interpolation,
        )


def hf_model(folder: Path) -> tuple[nn.Module, frozenset[str]]:
    """A model of transformers, in evaluation mode, and names of weights that were not there.

    No code of the repository is run.

    Raises:
        InputError: the repository cannot be opened.
    """
    its_logging.disable_progress_bar()
    its_logging.set_verbosity_error()
    try:
        with silence():
            model, told = AutoModel.from_pretrained(
                folder,
                local_files_only=True,
                # The fused kernels of attention have no counterpart in an exported graph.
                attn_implementation="eager",
                dtype=torch.float32,
                output_loading_info=True,
            )
    except Exception as error:  # of files, of weights, of a kind that is not known: no root
        raise not_to_be_had(str(folder), error) from error
    model.eval().requires_grad_(False)
    return model, frozenset(told["missing_keys"])


def hf_embedder(
    folder: Path, name: str, prepare: Prepare, *, size_px: int = 0
) -> tuple[HfEmbedder, nn.Module]:
    """An encoder as others published it, in evaluation mode.

    Args:
        folder: the repository.
        name: it was asked for by.
        prepare: does what a card tells; the repository's own processor is held against it.
        size_px: input side; 0 for the network's own.

    Returns:
        The encoder, and the whole model of transformers, which may know words too.

    Raises:
        InputError: the repository cannot be opened, or does not take pictures of this size.
        WrongModel: weights are missing, it is no encoder of pictures, its input is no square, or
            it gives another vector each time.
    """
    own = hf_preprocessing(folder, prepare)
    card = at_size(own, size_px)
    if card.width_px != card.height_px:
        raise WrongModel(
            f"Its pictures are no squares: {card.width_px} x {card.height_px} pixels",
            where=name,
            mend="give the side of a square: --size 224",
        )
    model, missing = hf_model(folder)
    if lost := sorted(key for key in missing if not key.startswith(_POOLER)):
        raise WrongModel(
            f"Weights are missing: {', '.join(lost[:3])}" + (", ..." if len(lost) > 3 else ""),
            where=name,
            mend="copy the repository again, or choose another encoder",
        )
    wanted = Wanted(card.width_px, card.mean, card.std, card.crop_share, card.interpolation)
    trunk = HfTrunk(model, missing, resized=card.width_px != own.width_px)
    try:
        embedder = HfEmbedder(Backbone(name, trunk, wanted, "avg"), card).eval()
    except InputError:
        raise
    except Exception as error:  # whatever a model of words or sounds says to pixels
        raise WrongModel(
            f"It is no encoder of pictures: {type(error).__name__}", where=name, mend=_MEND
        ) from error
    _check_steady(embedder, name)
    return embedder, model


def _check_steady(embedder: HfEmbedder, name: str) -> None:
    """Refuses models that hide parts of a picture by chance, as those do that learn by it."""
    x = torch.rand(1, 3, embedder.size_px, embedder.size_px, generator=torch.manual_seed(0))
    with torch.no_grad():
        same = torch.equal(embedder(x), embedder(x))
    if not same:
        raise WrongModel("It gives another vector each time", where=name, mend=_MEND)
