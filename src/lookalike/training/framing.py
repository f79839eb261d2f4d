"""Tensors and arrays of one picture, and the frame that a network looks through."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from lookalike.nouns.card import Fit, Interpolation, reducing_gap
from lookalike.nouns.embeddings import Bytes

_FILTERS = {
    "box": Image.Resampling.BOX,
    "bilinear": Image.Resampling.BILINEAR,
    "bicubic": Image.Resampling.BICUBIC,
    "lanczos": Image.Resampling.LANCZOS,
}
_GREY = 128
_LONGEST_STRIP = 16  # times the short side that are looked at


class Other(Protocol):
    """Hands over another picture of the set, (3, h, w) uint8, to be laid over this one."""

    def __call__(self) -> Tensor:
        """Any other picture."""


class Change(Protocol):
    """Changes one picture by chance, which comes from torch's own source on the CPU."""

    def __call__(self, picture: Tensor, other: Other | None = None, /) -> Tensor:
        """(3, h, w) uint8 -> (3, size, size) uint8."""


def as_pixels(picture: Tensor) -> Bytes:
    """(3, h, w) tensor -> (h, w, 3) array, in one piece."""
    return np.ascontiguousarray(picture.permute(1, 2, 0).numpy())


def as_picture(pixels: Bytes) -> Tensor:
    """(h, w, 3) array -> (3, h, w) tensor that owns its memory."""
    return torch.from_numpy(np.array(pixels, order="C")).permute(2, 0, 1)


@dataclass(frozen=True, slots=True)
class Framing:
    """What a network sees of a picture when it is used.

    Equal to preprocessing as the model's card tells it.

    Attributes:
        size_px: side of the square that is cut.
        crop_share: of the scaled short side that the square keeps, in (0, 1].
        interpolation: the resampling filter, antialiased.
        fit: "crop" scales and cuts out the centre, "squash" scales, "pad" puts it on grey.
    """

    size_px: int
    crop_share: float = 1.0
    interpolation: Interpolation = "bicubic"
    fit: Fit = "crop"

    def __call__(self, picture: Tensor, other: Other | None = None, /) -> Tensor:
        """(3, h, w) -> (3, size_px, size_px)."""
        del other
        size = self.size_px
        if (self.crop_share == 1 or self.fit != "crop") and picture.shape[1:] == (size, size):
            return picture
        if self.fit != "crop":
            return self._whole(picture)
        image = Image.fromarray(as_pixels(_without_ends(picture)))
        cover = size / self.crop_share / min(image.size)
        scaled = tuple(max(size, int(side * cover + 0.5)) for side in image.size)
        image = self._scaled(image, scaled[0], scaled[1])
        left, top = (scaled[0] - size) // 2, (scaled[1] - size) // 2
        return as_picture(np.asarray(image.crop((left, top, left + size, top + size))))

    def _whole(self, picture: Tensor) -> Tensor:
        """All of the picture, squashed or on grey."""
        size = self.size_px
        image = Image.fromarray(as_pixels(picture))
        if self.fit == "squash":
            return as_picture(np.asarray(self._scaled(image, size, size)))
        longest = max(image.size)
        width, height = (max(1, round(side * size / longest)) for side in image.size)
        canvas = Image.new("RGB", (size, size), (_GREY, _GREY, _GREY))
        scaled = self._scaled(image, width, height)
        canvas.paste(scaled, ((size - width) // 2, (size - height) // 2))
        return as_picture(np.asarray(canvas))

    def _scaled(self, image: Image.Image, width: int, height: int) -> Image.Image:
        kernel, gap = _FILTERS[self.interpolation], reducing_gap(self.interpolation)
        return image.resize((width, height), kernel, reducing_gap=gap)


def _without_ends(picture: Tensor) -> Tensor:
    """The middle of a strip, which would grow beyond memory when scaled; others as they are."""
    height, width = picture.shape[1:]
    longest = _LONGEST_STRIP * min(height, width)
    top, left = max(0, (height - longest) // 2), max(0, (width - longest) // 2)
    return picture[:, top : top + longest, left : left + longest]
