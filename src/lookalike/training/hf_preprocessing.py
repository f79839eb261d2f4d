"""How an encoder of transformers wants its pictures, as its own processor tells."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from transformers import AutoImageProcessor

from lookalike.nouns.card import Fit, Interpolation, Preprocessing
from lookalike.nouns.embeddings import Bytes, Floats
from lookalike.nouns.errors import WrongModel
from lookalike.training.log import silence

Prepare = Callable[[Sequence[Bytes], Preprocessing], Floats]
"""Brings pictures into the shape that a card tells, as encoders do it: (b, 3, h, w)."""

_FILTERS: Mapping[int, Interpolation] = {
    0: "box",
    1: "lanczos",
    2: "bilinear",
    3: "bicubic",
    4: "box",
    5: "bilinear",
}
"""Pillow's numbers of its filters; those that the card does not know by the nearest it knows."""
_BILINEAR = 2
_CROPPED_BELOW_PX = 384
"""With crop_pct, larger inputs than this are squashed: so ConvNeXT was trained."""
_LARGEST_DIFFERENCE = 0.005
"""Of pixels in [0, 1], on average. Nine settings of five processors of transformers give 0.00002
at most; a mean that is 0.02 off gives 0.02, another framing 0.08 or more, other channels 0.26.
Another filter gives 0.0003 to 0.007, which may go unnoticed here."""
_MEND = "choose another encoder, or one of timm's, which lookalike models add takes too"


def hf_preprocessing(folder: Path, prepare: Prepare) -> Preprocessing:
    """What is done to a picture before a network of this repository sees it.

    It is tried on a picture beside the repository's own processor.

    Args:
        folder: the repository.
        prepare: does what a card tells.

    Raises:
        WrongModel: it is not told, or cannot be done here.
    """
    try:
        with silence():
            processor: Any = AutoImageProcessor.from_pretrained(folder, local_files_only=True)
    except Exception as error:  # of its files, of its kind, of what it needs: no common root
        raise WrongModel(
            f"The repository does not say how pictures are prepared: {_first(error)}",
            where=str(folder),
            mend="copy preprocessor_config.json from where the weights came from",
        ) from error
    try:
        found = _told(processor.to_dict())
        picture = _picture(found)
        theirs = np.asarray(processor(images=picture, return_tensors="np")["pixel_values"])
        difference = _difference(prepare([picture], found), theirs, found)
    except (KeyError, TypeError, ValueError, AttributeError, ZeroDivisionError) as error:
        raise WrongModel(
            f"How pictures are prepared is told in a way that is not known: {_first(error)}",
            where=str(folder),
            mend=_MEND,
        ) from error
    if not difference <= _LARGEST_DIFFERENCE:
        raise WrongModel(
            f"{type(processor).__name__} prepares pictures in a way that is not known",
            where=str(folder),
            mend=_MEND,
        )
    return found


def _told(told: Mapping[str, Any]) -> Preprocessing:
    size = told["size"]
    crops = told.get("do_center_crop", False)
    fit: Fit = "crop"
    share = 1.0
    if "height" in size:
        width, height, fit = int(size["width"]), int(size["height"]), "squash"
    elif told.get("crop_pct") and not crops:
        width = height = int(size["shortest_edge"])
        fit = "crop" if width < _CROPPED_BELOW_PX else "squash"
        share = float(told["crop_pct"]) if fit == "crop" else 1.0
    else:
        crop = told["crop_size"]
        width, height = int(crop["width"]), int(crop["height"])
        share = max(width, height) / int(size["shortest_edge"])
    mean, std = _shift(told)
    kernel = _FILTERS.get(int(told.get("resample") or _BILINEAR), "bicubic")
    return Preprocessing(width, height, fit, share, kernel, mean, std)


def _shift(told: Mapping[str, Any]) -> tuple[tuple[float, float, float], ...]:
    """Mean and deviation of pixels in [0, 1] that come to what the settings do to 0 to 255."""
    whole = 255 * float(told["rescale_factor"]) if told.get("do_rescale", True) else 255.0
    offset = 1.0 if told.get("rescale_offset") else 0.0
    normal = told.get("do_normalize", True)
    means = _three(told["image_mean"]) if normal else (0.0, 0.0, 0.0)
    stds = _three(told["image_std"]) if normal else (1.0, 1.0, 1.0)
    first, second, third = ((mean + offset) / whole for mean in means)
    one, two, three = (std / whole for std in stds)
    return (first, second, third), (one, two, three)


def _three(values: Any) -> tuple[float, float, float]:  # noqa: ANN401
    if isinstance(values, int | float):
        return float(values), float(values), float(values)
    red, green, blue = (float(value) for value in values)
    return red, green, blue


def _picture(card: Preprocessing) -> Bytes:
    """A wide picture in which shape, place and channels can be told apart.

    It is twice as wide as high, so that no side of it is rounded when it is scaled.
    """
    height = round(1.3 * max(card.height_px, card.width_px)) + 3
    width = 2 * height
    down, across = np.mgrid[0:height, 0:width]
    down, across = down / height, across / width
    waves = (
        np.sin(9 * across + 4 * down),
        np.cos(14 * across * down + 2),
        np.sin(17 * down - 5 * across * across),
    )
    pixels: Bytes = np.round(127.5 + 127 * np.stack(waves, axis=-1)).astype(np.uint8)
    return pixels


def _difference(ours: Floats, theirs: Floats, card: Preprocessing) -> float:
    """Of pixels in [0, 1], on average; infinite where the shapes differ."""
    if ours.shape != theirs.shape:
        return float("inf")
    std = np.array(card.std, np.float32)[:, None, None]
    return float(np.abs((ours - theirs) * std).mean())


def at_size(card: Preprocessing, size_px: int) -> Preprocessing:
    """The same for another side of the input; 0 changes nothing."""
    return replace(card, width_px=size_px, height_px=size_px) if size_px else card


def _first(error: Exception) -> str:
    """The first line of what an error tells, with its kind where that alone says little."""
    text = str(error).strip().partition("\n")[0]
    return text if " " in text else f"{type(error).__name__} {text}".strip()
