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
# A turn of the hue is _STILL + cos * _ALONG + sin * _ACROSS.
_STILL = _FROM_YIQ @ np.diag([1, 0, 0]) @ _TO_YIQ
_ALONG = _FROM_YIQ @ np.diag([0, 1, 1]) @ _TO_YIQ
_ACROSS = _FROM_YIQ @ np.array([[0, 0, 0], [0, 0, -1], [0, 1, 0]]) @ _TO_YIQ


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
    red, green, blue = cv2.mean(pixels)[:3]
    grey = 0.299 * red + 0.587 * green + 0.114 * blue
    angle, tone = 2 * pi * hue, brightness * contrast
    turned = _STILL + cos(angle) * _ALONG + sin(angle) * _ACROSS
    matrix: Floats = np.empty((3, 4), np.float32)
    # No turn of the hue changes a grey.
    matrix[:, :3] = (tone * saturation) * turned + (tone * (1 - saturation)) * _GREY
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
