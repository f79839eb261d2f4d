"""What losses move: nothing once a hinge holds, nothing infinite, and downhill."""

import pytest
import torch
from loss_batches import (
    CLASSES,
    EACH,
    LABELS,
    MINED,
    TEACHER_D,
    B,
    D,
    everywhere,
    loss_of,
    perfect,
    settle_directions,
    unit,
    value,
)
from torch.nn import functional

from lookalike.nouns.recipe import LossPart

pytestmark = pytest.mark.usefixtures("one_thread")


@pytest.mark.parametrize("distance", ["cosine", "l2", "l1"])
@pytest.mark.parametrize("name", ["triplet", "contrastive"])
def test_a_hinge_is_zero_and_moves_nothing_once_its_margin_holds(name, distance):
    loss = loss_of(LossPart(name, distance=distance))
    x = perfect().requires_grad_()
    total = loss(x, LABELS)
    total.backward()
    assert total.item() == pytest.approx(0, abs=1e-12)
    assert x.grad.abs().max() <= 1e-6


def awkward():
    """Batches at which a careless gradient is not finite."""
    one = unit(1, D)
    twins = unit(B, D, seed=4)
    twins[1] = twins[0]  # of one class
    twins[EACH] = twins[0]  # of two classes
    yield "all equal", one.repeat(B, 1), LABELS
    yield "twins", twins, LABELS
    yield "opposite", torch.cat([one, -one]).repeat(B // 2, 1), LABELS
    yield "on the axes", torch.eye(D)[LABELS], LABELS
    yield "against the axes", -torch.eye(D)[LABELS], LABELS
    yield "one class", unit(B, D), torch.zeros(B, dtype=torch.long)
    yield "all strangers", unit(CLASSES, D), torch.arange(CLASSES)
    yield "one picture", one, torch.zeros(1, dtype=torch.long)


@everywhere
@pytest.mark.parametrize("name", [name for name, _, _ in awkward()])
def test_gradients_are_finite_at_duplicates_and_wherever_angles_vanish(part, name):
    x, y = next((x, y) for known, x, y in awkward() if known == name)
    x = x.clone().requires_grad_()
    loss = loss_of(part, teacher_d=D)
    settle_directions(loss, torch.eye(D))
    found = value(loss, x, y, teacher=x.detach())
    found.backward()
    assert found.isfinite()
    assert x.grad.isfinite().all()
    assert all(p.grad is None or p.grad.isfinite().all() for p in loss.parameters())


@pytest.mark.parametrize("name", MINED)
def test_gradients_are_finite_where_few_anchors_are_listed(name):
    x = unit(B, D).requires_grad_()
    chosen = tuple(torch.tensor([place, place + 1]) for place in (0, 3, 6))
    loss_of(LossPart(name))(x, LABELS, chosen).backward()
    assert x.grad.isfinite().all()
    assert x.grad.abs().max() > 0


@everywhere
def test_fifty_steps_make_it_smaller(part):
    loss = loss_of(part)
    free = torch.nn.Parameter(unit(B, D, seed=6))
    optimiser = torch.optim.Adam([free, *loss.parameters()], lr=0.05)
    teacher = unit(B, TEACHER_D, seed=7)
    values = []
    for _ in range(50):
        found = value(loss, functional.normalize(free, dim=1), teacher=teacher)
        optimiser.zero_grad()
        found.backward()
        optimiser.step()
        values.append(found.item())
    assert values[-1] < values[0] - 0.1 * abs(values[0])
