"""Two layers on the vectors of a frozen model, taught by two views of each picture."""

import copy
import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor

from lookalike.nouns.embeddings import Floats
from lookalike.nouns.recipe import HeadPart
from lookalike.training.heads import Head, build_head

LEAST_INNER, MOST_INNER = 64, 512
EPOCHS = 40
PATIENCE = 8
BATCH = 128
STEPS = 8
"""Of an epoch at least: small collections are gone through several times, in other views."""

TEMPERATURE = 0.1
LEARNING_RATE = 1e-3
WEIGHT_DECAY = 1e-3

Judge = Callable[[Callable[[Floats], Floats]], float]
"""Told how vectors are changed, says how good that is; higher is better."""


@dataclass(frozen=True, slots=True, eq=False)
class Layers:
    """y = x' + W2 relu(W1 x' + b1) + b2, with x' = x / |x| * sqrt(d), and y scaled to length 1.

    Attributes:
        w1: (d, inner) float32.
        b1: (inner,).
        w2: (inner, d).
        b2: (d,).
    """

    w1: Floats
    b1: Floats
    w2: Floats
    b2: Floats

    def __call__(self, vectors: Floats) -> Floats:
        """(n, d) to (n, d) of length 1; rows of zeros stay as they are."""
        d = vectors.shape[1]
        lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
        x = vectors / np.maximum(lengths, 1e-12) * np.float32(math.sqrt(d))
        y = x + np.maximum(x @ self.w1 + self.b1, 0) @ self.w2 + self.b2
        y /= np.maximum(np.linalg.norm(y, axis=1, keepdims=True), 1e-12)
        changed: Floats = np.where(lengths > 0, y, 0).astype(np.float32)
        return changed


def taught(
    views: Floats, judge: Judge, *, seed: int, progress: Callable[[int, int], None]
) -> tuple[Layers | None, float]:
    """Layers that bring the views of a picture together, and other pictures apart.

    They start as the identity, so that the judge's best choice is never worse than nothing.

    Args:
        views: (v, n, d) float32 of length 1: each picture plain and changed, v at least 2.
        judge: of pictures that are not among these; chooses the epoch.
        seed: of all chance.
        progress: told of epochs done.

    Returns:
        The layers of the best epoch, None where none is better than the identity; and what the
        judge says of them.

    Source:
        NT-Xent: Chen et al. 2020 (SimCLR), arXiv:2002.05709.
    """
    _, n, d = views.shape
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        head = build_head(HeadPart("skip", (min(max(d, LEAST_INNER), MOST_INNER),)), d)
    pictures = torch.from_numpy(np.ascontiguousarray(views)) * math.sqrt(d)
    optimiser = torch.optim.AdamW(head.parameters(), LEARNING_RATE, weight_decay=WEIGHT_DECAY)
    chance = np.random.default_rng(seed)
    best: Layers | None = None
    best_value, waited = judge(lambda vectors: vectors), 0
    for epoch in range(EPOCHS):
        batches = max(1, n // BATCH)
        for _ in range(-(-STEPS // batches)):
            for rows in np.array_split(chance.permutation(n), batches):
                _step(head, optimiser, *_two(pictures, rows, chance))
        layers = layers_of(head)
        value = judge(layers)
        progress(epoch + 1, EPOCHS)
        waited += 1
        if value > best_value:
            best, best_value, waited = layers, value, 0
        if waited >= PATIENCE:
            break
    progress(EPOCHS, EPOCHS)
    return best, best_value


def layers_of(head: Head) -> Layers:
    """The weights of a head of the kind "skip" without a projection."""
    state = copy.deepcopy(head.state_dict())
    names = sorted(state)  # layers.inner.0.bias, .0.weight, .2.bias, .2.weight
    b1, w1, b2, w2 = (state[name].float().numpy() for name in names)
    return Layers(np.ascontiguousarray(w1.T), b1, np.ascontiguousarray(w2.T), b2)


def _two(
    pictures: Tensor, rows: NDArray[np.int64], chance: np.random.Generator
) -> tuple[Tensor, Tensor]:
    """Two different views of each picture."""
    v = len(pictures)
    first = chance.integers(0, v, len(rows))
    second = (first + chance.integers(1, v, len(rows))) % v
    places = torch.from_numpy(rows)
    return pictures[torch.from_numpy(first), places], pictures[torch.from_numpy(second), places]


def _step(head: Head, optimiser: torch.optim.Optimizer, first: Tensor, second: Tensor) -> None:
    z = F.normalize(head(torch.cat([first, second])), dim=1)  # (2 b, d)
    b = len(first)
    scores = z @ z.T / TEMPERATURE
    scores.fill_diagonal_(-torch.inf)
    wanted = torch.cat([torch.arange(b, 2 * b), torch.arange(b)])
    loss = F.cross_entropy(scores, wanted)
    optimiser.zero_grad()
    loss.backward()  # type: ignore[no-untyped-call]
    optimiser.step()
