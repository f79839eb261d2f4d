"""Changes for photographs: a random cut, mirrored, in other colours, grey, blurred."""

from dataclasses import dataclass
from math import exp, log, sqrt

import cv2
import numpy as np
import torch
from torch import Tensor
from torchvision.transforms import v2

from lookalike.nouns.embeddings import Bytes
from lookalike.training.framing import Framing, Other, as_picture, as_pixels
from lookalike.training.recolour import jittered, recoloured

_LEANEST = log(4 / 3)
_LEAST_BLUR_PX = 0.3
_MEAN_COLOUR = (124, 116, 104)  # of photographs


@dataclass(frozen=True, slots=True)
class Photos:
    """Cut and mirrored; the rest on some pictures only.

    Attributes:
        size_px: side of the outcome.
        least_area: that a cut leaves, in (0, 1].
        tone: see `jittered`.
        hue: likewise.
        tone_share: of the pictures that get other colours.
        grey_share: of the pictures that become grey.
        blur_px: half of the pictures are blurred by up to so much.
    """

    size_px: int
    least_area: float
    tone: float
    hue: float
    tone_share: float = 0.8
    grey_share: float = 0.0
    blur_px: float = 0.0

    def __call__(self, picture: Tensor, other: Other | None = None, /) -> Tensor:
        """(3, h, w) -> (3, size_px, size_px)."""
        del other
        pixels = as_pixels(self._cut(picture))
        flip, tone, grey, blur, width = torch.rand(5).tolist()
        if flip < 0.5:
            pixels = np.asarray(cv2.flip(pixels, 1), np.uint8)
        if tone < self.tone_share:
            pixels = jittered(pixels, tone=self.tone, hue=self.hue)
        if grey < self.grey_share:
            pixels = recoloured(pixels, brightness=1, contrast=1, saturation=0, hue=0)
        if blur < 0.5 and self.blur_px * width > _LEAST_BLUR_PX:
            pixels = np.asarray(cv2.GaussianBlur(pixels, (0, 0), self.blur_px * width), np.uint8)
        return as_picture(pixels)

    def _cut(self, picture: Tensor) -> Tensor:
        """As torchvision's RandomResizedCrop, which takes twice as long to draw its box."""
        area, lean, top, left = torch.rand(4).tolist()
        height, width = picture.shape[1:]
        side = sqrt((self.least_area + (1 - self.least_area) * area) * height * width)
        stretch = exp(_LEANEST * (lean - 0.5))
        rows = max(1, min(height, round(side / stretch)))
        columns = max(1, min(width, round(side * stretch)))
        size = [self.size_px, self.size_px]
        cut: Tensor = v2.functional.resized_crop(
            picture,
            int(top * (height - rows + 1)),
            int(left * (width - columns + 1)),
            rows,
            columns,
            size,
            v2.InterpolationMode.BILINEAR,
            True,
        )
        return cut


@dataclass(frozen=True, slots=True)
class SmallPhotos:
    """Shifted over a reflected edge, mirrored, and a piece painted over.

    On 32 x 32 pixels torchvision's RandomCrop, flip and RandomErasing take four times as long.

    Attributes:
        frame: what is seen of the picture.
        shift_px: at most, either way.
        erased_share: of the pictures that a piece is taken from, of 2 to 20 % of the area.
    """

    frame: Framing
    shift_px: int
    erased_share: float

    def __call__(self, picture: Tensor, other: Other | None = None, /) -> Tensor:
        """(3, h, w) -> (3, size, size)."""
        del other
        pixels, size, shift = as_pixels(self.frame(picture)), self.frame.size_px, self.shift_px
        down, right, flip, erase = torch.rand(4).tolist()
        top, left = int(down * (2 * shift + 1)), int(right * (2 * shift + 1))
        edges = cv2.copyMakeBorder(pixels, shift, shift, shift, shift, cv2.BORDER_REFLECT_101)
        moved = edges[top : top + size, left : left + size]
        changed = np.array(moved[:, ::-1] if flip < 0.5 else moved, np.uint8, order="C")
        if erase < self.erased_share:
            _erase(changed)
        return as_picture(changed)


def _erase(pixels: Bytes) -> None:
    """Paints a piece of 2 to 20 % of the area in one colour (Zhong et al. 2017, 1708.04896)."""
    height, width = pixels.shape[:2]
    area, lean, top, left = torch.rand(4).tolist()
    side, stretch = sqrt((0.02 + 0.18 * area) * height * width), exp(log(3) * (lean - 0.5))
    rows = max(1, min(height, round(side / stretch)))
    columns = max(1, min(width, round(side * stretch)))
    row, column = int(top * (height - rows + 1)), int(left * (width - columns + 1))
    pixels[row : row + rows, column : column + columns] = _MEAN_COLOUR
