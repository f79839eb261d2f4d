"""Batches for losses: random, perfect; and each loss in each distance that it knows."""

import math

import pytest
import torch
from hypothesis import strategies as st
from torch.nn import functional

from lookalike.nouns.recipe import LossPart
from lookalike.training.losses import LOSSES, build_loss

D, CLASSES, EACH, TEACHER_D = 8, 4, 3, 12
B = CLASSES * EACH
LABELS = torch.arange(B) // EACH
MINED = [name for name, entry in LOSSES.items() if entry.memory]
VARIANTS = [
    LossPart(name, distance=distance)
    for name, entry in LOSSES.items()
    for distance in entry.distances
]
everywhere = pytest.mark.parametrize("part", VARIANTS, ids=lambda p: f"{p.name}-{p.distance}")
seeds = st.integers(0, 2**31 - 1)


def unit(*shape, seed=0):
    chance = torch.Generator().manual_seed(seed)
    return functional.normalize(torch.randn(*shape, generator=chance), dim=1)


def loss_of(part, *, d=D, teacher_d=TEACHER_D, seed=0):
    return build_loss(part, d=d, n_classes=CLASSES, teacher_d=teacher_d, seed=seed)


def value(loss, x, y=LABELS, chosen=None, teacher=None):
    teacher = unit(len(x), TEACHER_D, seed=5) if teacher is None else teacher
    return loss(x, y, chosen, teacher)


def corners():
    """(D, D) directions at right angles, as far from each other in l1 as l2 allows (Sylvester)."""
    rows = torch.ones(1, 1)
    while len(rows) < D:
        rows = torch.cat([torch.cat([rows, rows], 1), torch.cat([rows, -rows], 1)])
    return rows / math.sqrt(D)


def perfect():
    """Classes in one point each, at right angles; classes and teacher agree with them."""
    return corners()[LABELS]


def settle_directions(loss, directions):
    for name, weights in loss.named_parameters():
        if name == "term.W":
            weights.data = directions[:CLASSES].T.contiguous()
        elif name == "term.proxies":
            weights.data = directions[:CLASSES]
