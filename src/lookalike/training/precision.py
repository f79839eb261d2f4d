"""Which arithmetic trains this network faster on this machine."""

import contextlib
import copy
import time

import torch

from lookalike.training.device import as_input
from lookalike.training.embedder import Embedder

_ROUNDS = 3
_WORTH_IT = 0.95
"""bf16 has to take less than this share of the time."""
_MOST_PICTURES = 32


def faster_precision(embedder: Embedder, b: int) -> str:
    """Times a few steps forward and back on a copy of the network.

    Args:
        embedder: to be trained; it is not changed.
        b: pictures a step; no more than 32 are tried.

    Returns:
        "bf16" where it saves time, else "32". On a graphics card whatever it is made for.
    """
    if torch.cuda.is_available():
        return "bf16" if torch.cuda.is_bf16_supported(including_emulation=False) else "32"
    if torch.backends.mps.is_available():
        return "32"
    network = copy.deepcopy(embedder).to(memory_format=torch.channels_last).train()
    chance = torch.Generator().manual_seed(0)
    shape = (max(2, min(b, _MOST_PICTURES)), 3, embedder.size_px, embedder.size_px)
    pictures = as_input(torch.randint(0, 256, shape, dtype=torch.uint8, generator=chance))
    times: dict[str, list[float]] = {"32": [], "bf16": []}
    for _ in range(_ROUNDS):  # one after the other, so that a busy moment meets both
        for precision, taken in times.items():
            taken.append(_step_seconds(network, pictures, precision))
    return "bf16" if min(times["bf16"]) < _WORTH_IT * min(times["32"]) else "32"


def _step_seconds(network: Embedder, pictures: torch.Tensor, precision: str) -> float:
    half = precision == "bf16"
    since = time.perf_counter()
    with torch.autocast("cpu", torch.bfloat16) if half else contextlib.nullcontext():
        loss = network(pictures).float().square().sum()
    if loss.requires_grad:
        loss.backward()
    return time.perf_counter() - since
