"""Changes for drawings and letters: a small turn, shift, stretch and slant."""

from dataclasses import dataclass
from math import cos, radians, sin, tan

import cv2
import numpy as np
import torch
from torch import Tensor

from lookalike.training.framing import Framing, Other, as_picture, as_pixels

_TURN_DEGREES = 10.0
_SLANT_DEGREES = 8.0
_STRETCH = 0.15
_SHIFT_SHARE = 0.08


@dataclass(frozen=True, slots=True)
class Drawings:
    """An affine change whose corners continue the edge, whatever the colour of the paper.

    Torchvision's RandomAffine fills corners with one fixed colour, which is wrong for either black
    or white paper.

    Attributes:
        frame: what is seen of the picture.
        strength: 0 for none, 1 for the usual.
    """

    frame: Framing
    strength: float

    def __call__(self, picture: Tensor, other: Other | None = None, /) -> Tensor:
        """(3, h, w) -> (3, size, size)."""
        del other
        draws: Tensor = self.strength * (2 * torch.rand(6) - 1)
        turn, slant, wide, high, right, down = draws.tolist()
        angle, lean = radians(_TURN_DEGREES * turn), tan(radians(_SLANT_DEGREES * slant))
        linear = np.array([[cos(angle), -sin(angle)], [sin(angle), cos(angle)]])
        linear = linear @ np.array([[1, lean], [0, 1]])
        linear = linear @ np.diag([1 + _STRETCH * wide, 1 + _STRETCH * high])
        size = self.frame.size_px
        centre = np.full(2, (size - 1) / 2)
        moved = centre + _SHIFT_SHARE * size * np.array([right, down])
        matrix = np.column_stack([linear, moved - linear @ centre])
        seen = as_pixels(self.frame(picture))
        warped = cv2.warpAffine(seen, matrix, (size, size), borderMode=cv2.BORDER_REPLICATE)
        return as_picture(np.asarray(warped, np.uint8))
