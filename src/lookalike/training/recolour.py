"""Brightness, contrast, saturation and hue in one step: a 3 x 4 matrix.

All four are linear in RGB (hue as a turn of the colour plane of YIQ), so one pass over the pixels
does what torchvision's ColorJitter does in four, several hundred times faster with hue.
"""

from math import cos, pi, sin

import cv2
import numpy as np
import torch
from torch import Tensor

from lookalike.nouns.embeddings import Bytes, Floats

_GREY = np.array([0.299, 0.587, 0.114])
_TO_YIQ = np.array([_GREY, [0.5959, -0.2746, -0.3213], [0.2115, -0.5227, 0.3112]])
_FROM_YIQ = np.linalg.inv(_TO_YIQ)


def recoloured(
    pixels: Bytes, *, brightness: float, contrast: float, saturation: float, hue: float
) -> Bytes:
    """The picture in other colours.

    Args:
        pixels: (h, w, 3) uint8.
        brightness: factor; 1 changes nothing, likewise the next two.
        contrast: factor of the distance from the picture's mean grey.
        saturation: factor of the distance from each pixel's grey.
        hue: turn, 1 being all the way round.
    """
    grey = float(np.dot(_GREY, cv2.mean(pixels)[:3]))
    turn = np.array(
        [
            [1, 0, 0],
            [0, cos(2 * pi * hue), -sin(2 * pi * hue)],
            [0, sin(2 * pi * hue), cos(2 * pi * hue)],
        ]
    )
    mix = _FROM_YIQ @ turn @ _TO_YIQ if hue else np.eye(3)
    mix = (saturation * np.eye(3) + (1 - saturation) * _GREY) @ mix
    matrix: Floats = np.empty((3, 4), np.float32)
    matrix[:, :3] = brightness * contrast * mix
    matrix[:, 3] = brightness * (1 - contrast) * grey
    return np.asarray(cv2.transform(pixels, matrix), np.uint8)


def jittered(pixels: Bytes, *, tone: float, hue: float) -> Bytes:
    """Recoloured by chance, as torchvision's ColorJitter draws it.

    Args:
        pixels: (h, w, 3) uint8.
        tone: brightness, contrast and saturation lie within 1 - tone and 1 + tone.
        hue: turn of at most so much either way.
    """
    draws: Tensor = 2 * torch.rand(4) - 1
    one, two, three, turn = draws.tolist()
    return recoloured(
        pixels,
        brightness=max(0.0, 1 + tone * one),
        contrast=max(0.0, 1 + tone * two),
        saturation=max(0.0, 1 + tone * three),
        hue=hue * turn,
    )
