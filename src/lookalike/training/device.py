"""Pictures through a network, in the form and on the device that is fastest."""

import torch
from torch import Tensor


def as_input(pictures: Tensor) -> Tensor:
    """Pixels (b, 3, h, w) uint8 as the floats in [0, 1] that an embedder takes, channels last."""
    return pictures.to(torch.float32, memory_format=torch.channels_last).div_(255)


def best_device() -> torch.device:
    """The graphics card where there is one."""
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")
