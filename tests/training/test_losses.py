"""Every loss of the table: by its formula, in any order, at its best, and known values."""

import math

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from loss_batches import (
    CLASSES,
    LABELS,
    MINED,
    TEACHER_D,
    VARIANTS,
    B,
    D,
    corners,
    everywhere,
    loss_of,
    perfect,
    seeds,
    settle_directions,
    unit,
    value,
)
from naive_losses import NAIVE
from torch.nn import functional

from lookalike.nouns.recipe import LossPart
from lookalike.training.losses import LOSSES, build_losses, with_defaults

pytestmark = pytest.mark.usefixtures("one_thread")


def naive(part, loss, x, y, chosen=None, teacher=None):
    own = {name: p.detach().double().numpy() for name, p in loss.named_parameters()}
    more = {"teacher": teacher.double().numpy()} if part.name == "distil" else {}
    places = chosen and tuple(place.tolist() for place in chosen)
    filled = with_defaults(part, x.shape[1])
    return NAIVE[part.name](x.double().numpy(), y.tolist(), filled, own, places, **more)


def test_each_loss_has_a_formula_to_be_held_against():
    assert set(NAIVE) == set(LOSSES)
    for entry in LOSSES.values():
        assert len(entry.doc.split("\n\n")) == 2
        assert entry.paper


@everywhere
@settings(max_examples=15, deadline=None)
@given(seeds, st.integers(2, B), st.booleans())
def test_it_is_its_formula(part, seed, b, crowded):
    x = unit(b, D, seed=seed)
    if crowded:
        x = functional.normalize(x + 3 * unit(1, D, seed=seed + 1), dim=1)
    y = torch.randint(0, CLASSES, (b,), generator=torch.Generator().manual_seed(seed))
    teacher = unit(b, TEACHER_D, seed=seed + 2)
    loss = loss_of(part, seed=seed)
    found = value(loss, x, y, teacher=teacher).item()
    if part.name in ("supcon", "multi-similarity") and b == 2:
        return  # the library takes a single pair for none
    if part.name == "supcon" and not 1 < len(set(y.tolist())) < b:
        assert found == 0  # nothing to hold against each other
        return
    expected = naive(part, loss, x, y, teacher=teacher)
    assert found == pytest.approx(expected, abs=1e-5, rel=1e-5)


@pytest.mark.parametrize("name", MINED)
@settings(max_examples=15, deadline=None)
@given(seeds, st.sampled_from(["pairs", "triplets"]))
def test_listed_pairs_and_triplets_are_the_only_ones_that_count(name, seed, listed):
    if listed == "pairs" and "pairs" not in LOSSES[name].batches:
        return
    part = LossPart(name)
    m = 5
    x = unit(3 * m, D, seed=seed)
    first = torch.arange(m)
    chosen = (first, first + m, first + 2 * m)
    if listed == "pairs":
        chosen = (first[:3], first[:3] + m, first[3:] + 2 * m, first[3:])
    loss = loss_of(part)
    found = value(loss, x, torch.full((3 * m,), -1), chosen).item()
    expected = naive(part, loss, x, torch.zeros(3 * m), chosen)
    if name == "multi-similarity":
        assert found == pytest.approx(expected, abs=1e-5, rel=1e-5)
    else:
        assert found == pytest.approx(expected, abs=1e-5)


@everywhere
@settings(max_examples=10, deadline=None)
@given(st.permutations(range(B)))
def test_the_order_of_a_batch_is_nothing(part, order):
    loss, x = loss_of(part), unit(B, D, seed=1)
    teacher = unit(B, TEACHER_D, seed=2)
    here = value(loss, x, teacher=teacher)
    there = value(loss, x[order], LABELS[order], teacher=teacher[order])
    assert there.item() == pytest.approx(here.item(), abs=1e-5, rel=1e-5)


@everywhere
def test_pictures_of_unknown_class_change_nothing(part):
    if part.name in ("koleo", "distil"):
        return  # these look at pictures, not at classes
    loss, x = loss_of(part), unit(B + 4, D, seed=3)
    labels = torch.cat([LABELS, torch.full((4,), -1)])
    assert value(loss, x, labels).item() == pytest.approx(value(loss, x[:B]).item(), abs=1e-5)
    assert value(loss, x, torch.full((B + 4,), -1)).item() == 0


@everywhere
def test_perfect_separation_is_best(part):
    loss = loss_of(part, teacher_d=D)
    settle_directions(loss, corners())
    best = value(loss, perfect(), teacher=perfect()).item()
    for seed in range(20):
        for noise in (0.3, 10):
            other = functional.normalize(perfect() + noise * unit(B, D, seed=seed), dim=1)
            found = value(loss, other, teacher=perfect()).item()
            assert best < found if noise > 1 else best <= found + 1e-6
    if part.name in ("triplet", "contrastive", "distil"):
        assert best == pytest.approx(0, abs=1e-6)


@everywhere
def test_it_computes_in_full_precision_whatever_is_around_it(part):
    loss, x = loss_of(part), unit(B, D, seed=8)
    plain = value(loss, x)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        inside = value(loss, x)
        rounded = value(loss, x.bfloat16())
    assert inside.dtype == rounded.dtype == torch.float32
    assert inside.item() == plain.item()
    assert rounded.item() == value(loss, x.bfloat16().float()).item()


@everywhere
def test_the_same_seed_gives_the_same_loss_and_leaves_chance_alone(part):
    torch.manual_seed(1)
    before = torch.get_rng_state()
    first, again = loss_of(part, seed=3), loss_of(part, seed=3)
    assert torch.equal(before, torch.get_rng_state())
    assert value(first, unit(B, D)).item() == value(again, unit(B, D)).item()


def made(rows, columns, shift):
    """Numbers that no library's chance decides."""
    places = torch.arange(rows * columns, dtype=torch.float64).reshape(rows, columns)
    return torch.sin(places * 1.7 + shift).float()


def test_known_values(golden):
    found = {}
    for part in VARIANTS:
        loss = loss_of(part)
        for place, weights in enumerate(p for p in loss.parameters() if p.ndim == 2):
            weights.data = made(*weights.shape, place)
        x = functional.normalize(made(B, D, 0.3), dim=1)
        cost = value(loss, x, teacher=made(B, TEACHER_D, 0.9))
        found[f"{part.name} {part.distance}"] = round(cost.item(), 6)
    golden("losses.json", found, tolerance=2e-5)


def test_several_losses_add_up_by_their_weights_and_are_told_apart():
    parts = (LossPart("nt-xent", weight=0.5), LossPart("koleo", weight=0.1), LossPart("nt-xent"))
    both = build_losses(parts, d=D, n_classes=CLASSES)
    x = unit(B, D, seed=9).requires_grad_()
    total = both(x, LABELS)
    assert list(both.last) == ["nt-xent", "koleo", "nt-xent 2"]
    values = list(both.last.values())
    assert total.item() == pytest.approx(
        (0.5 * values[0] + 0.1 * values[1] + values[2]).item(), abs=1e-6
    )
    assert total.requires_grad
    assert not any(term.requires_grad for term in values)


def test_koleo_takes_pictures_of_unknown_class_for_strangers():
    x = unit(B, D, seed=12)
    koleo = loss_of(LossPart("koleo"))
    found = koleo(x, torch.full((B,), -1))
    assert found.item() == koleo(x, torch.arange(B)).item()


def test_nt_xent_is_the_librarys_and_all_its_positives_count():
    from pytorch_metric_learning.losses import NTXentLoss

    x = unit(B, D, seed=10)
    ours = loss_of(LossPart("nt-xent", temperature=0.07))(x, LABELS)
    assert ours.item() == pytest.approx(NTXentLoss(0.07)(x, LABELS).item(), abs=1e-5)


def test_pair_bce_learns_where_alike_begins():
    """With scores of 0.9 for alike pairs and 0.7 for others the bias has to move."""
    loss = loss_of(LossPart("pair-bce"), d=2)

    def pair(score):
        return torch.tensor([[1.0, 0.0], [score, math.sqrt(1 - score**2)]])

    x = torch.cat([pair(0.9), pair(0.7)])
    chosen = tuple(torch.tensor([place]) for place in (0, 1, 2, 3))
    optimiser = torch.optim.Adam(loss.parameters(), lr=0.5)
    for _ in range(200):
        optimiser.zero_grad()
        loss(x, torch.full((4,), -1), chosen).backward()
        optimiser.step()
    scale, bias = loss.term.log_scale.exp().item(), loss.term.bias.item()
    assert scale > 0
    assert 0.7 < -bias / scale < 0.9


@pytest.mark.parametrize("distance", ["cosine", "l2", "l1"])
def test_own_margins_follow_the_distance_of_random_embeddings(distance):
    x = unit(400, 64, seed=11).numpy()
    apart = {
        "cosine": lambda a, b: 1 - (a * b).sum(1),
        "l2": lambda a, b: np.sqrt(((a - b) ** 2).sum(1)),
        "l1": lambda a, b: np.abs(a - b).sum(1),
    }[distance](x[:200], x[200:])
    margin = with_defaults(LossPart("triplet", distance=distance), 64).margin
    assert margin == pytest.approx(0.2 * apart.mean(), rel=0.05)


def test_a_loss_of_one_part_knows_nothing_of_the_others():
    parts = (LossPart("nt-xent", part=2),)
    loss = build_losses(parts, d=D, n_classes=CLASSES, n_parts=2)
    x = unit(B, D, seed=21).requires_grad_()
    cost = loss(x, LABELS)
    cost.backward()
    assert not x.grad[:, : D // 2].any() and x.grad[:, D // 2 :].any()
    alone = build_losses((LossPart("nt-xent"),), d=D // 2, n_classes=CLASSES)
    own = functional.normalize(x.detach()[:, D // 2 :], dim=1)
    assert cost.item() == pytest.approx(alone(own, LABELS).item(), abs=1e-6)
