"""Earlier embeddings as partners: as if the batch were larger, with nothing lost on the way."""

import pytest
import torch
from torch.nn import functional

from lookalike.nouns.recipe import LossPart
from lookalike.training.losses import LOSSES, build_loss

pytestmark = pytest.mark.usefixtures("one_thread")

D, B, SIZE = 6, 4, 10
PARTS = [
    LossPart(name, mining=mining, memory=SIZE)
    for name, entry in LOSSES.items()
    if entry.memory
    for mining in entry.minings
]
everywhere = pytest.mark.parametrize("part", PARTS, ids=lambda part: f"{part.name}-{part.mining}")


def steps(n):
    chance = torch.Generator().manual_seed(1)
    for _ in range(n):
        x = functional.normalize(torch.randn(B, D, generator=chance), dim=1)
        yield x, torch.tensor([0, 0, 1, 2])


def built(part):
    return build_loss(part, d=D, n_classes=3)


@everywhere
def test_a_training_that_is_taken_up_again_remembers(part):
    whole, broken_off, taken_up = built(part), built(part), built(part)
    # Four steps of four go once round a memory of ten, and stop within it.
    expected = [whole(x, y).item() for x, y in steps(8)]
    found = [broken_off(x, y).item() for x, y in list(steps(8))[:4]]
    taken_up.load_state_dict(broken_off.state_dict())
    found += [taken_up(x, y).item() for x, y in list(steps(8))[4:]]
    assert found == expected


@pytest.mark.parametrize("name", ["triplet", "contrastive", "nt-xent"])
def test_the_value_is_that_of_the_batch_against_all_that_is_remembered(name):
    loss = built(LossPart(name, memory=SIZE))
    kept_x, kept_y = torch.zeros(0, D), torch.zeros(0, dtype=torch.long)
    for x, y in steps(6):
        kept_x = torch.cat([kept_x, x])[-SIZE:]
        kept_y = torch.cat([kept_y, y])[-SIZE:]
        found = loss(x, y).item()
        assert found == pytest.approx(against(name, loss, x, y, kept_x, kept_y), abs=1e-5)


def against(name, loss, x, y, kept_x, kept_y):
    """By the formula, pair by pair; the last b that are kept are the batch itself."""
    itself = len(kept_x) - len(x)
    score = (x @ kept_x.T).double()
    rows, kept = range(len(x)), range(len(kept_x))
    alike = [(a, p) for a in rows for p in kept if y[a] == kept_y[p] and p != itself + a]
    other = [(a, n) for a in rows for n in kept if y[a] != kept_y[n]]
    if name == "contrastive":
        margin = loss.term.margin
        near = [margin - 1 + score[a, n] for a, n in other]
        near = [float(d) ** 2 for d in near if d > 0]
        far = [float(1 - score[a, p]) ** 2 for a, p in alike]
        return 0.5 * sum(far) / len(far) + 0.5 * sum(near) / max(len(near), 1)
    if name == "triplet":
        costs = [
            float(score[a, n] - score[a, p]) + 0.2 for a, p in alike for b, n in other if a == b
        ]
        costs = [cost for cost in costs if cost > 0]
        return sum(costs) / len(costs)
    terms = (score / 0.1).exp()
    costs = [
        -(terms[a, p] / (terms[a, p] + sum(terms[b, n] for b, n in other if b == a))).log()
        for a, p in alike
    ]
    return float(sum(costs) / len(costs))


@everywhere
def test_validation_neither_uses_nor_fills_the_memory(part):
    loss = built(part)
    for x, y in steps(3):
        loss(x, y)
    before = {name: value.clone() for name, value in loss.state_dict().items()}
    x, y = next(steps(1))
    found = loss.eval()(x, y).item()
    assert all(torch.equal(before[name], value) for name, value in loss.state_dict().items())
    fresh = built(part).eval()
    fresh.miner.load_state_dict(loss.miner.state_dict())
    assert found == fresh(x, y).item()


@everywhere
def test_gradients_flow_into_the_batch_only(part):
    loss = built(part)
    for x, y in steps(4):
        x.requires_grad_()
        loss(x, y).backward()
        assert x.grad.isfinite().all()
    assert x.grad.abs().max() > 0


def test_a_memory_finds_partners_that_the_batch_lacks():
    strangers = torch.tensor([0, 1, 2, 3])
    without, with_memory = built(LossPart("nt-xent")), built(LossPart("nt-xent", memory=SIZE))
    for x, _ in steps(3):
        found = with_memory(x, strangers).item()
        assert without(x, strangers).item() == 0
    assert found > 0
