"""What counts in a batch, and against earlier embeddings."""

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from pytorch_metric_learning.utils.loss_and_miner_utils import get_all_triplets_indices
from torch.nn import functional

from lookalike.nouns.recipe import LossPart
from lookalike.training.losses import LOSSES, build_loss
from lookalike.training.mining import Miner, all_triplets, distances, measure_of, pairs_of

pytestmark = pytest.mark.usefixtures("one_thread")

D = 6
MARGIN = {"cosine": 0.3, "l2": 0.4, "l1": 0.6}
batches = st.tuples(st.integers(0, 2**31 - 1), st.integers(1, 14), st.integers(1, 4))
kinds_of_distance = pytest.mark.parametrize("distance", MARGIN)


def batch(seed, b, classes):
    chance = torch.Generator().manual_seed(seed)
    x = functional.normalize(torch.randn(b, D, generator=chance), dim=1)
    return x, torch.randint(0, classes, (b,), generator=chance)


def listed(chosen):
    return sorted(zip(*(place.tolist() for place in chosen), strict=True))


def by_hand(labels):
    rows = range(len(labels))
    return [
        (a, p, n)
        for a in rows
        for p in rows
        for n in rows
        if a != p and labels[a] == labels[p] and labels[a] != labels[n]
    ]


@settings(deadline=None, max_examples=30)
@given(batches)
def test_all_triplets_are_all_and_those_of_the_library(given_batch):
    _, y = batch(*given_batch)
    assert listed(all_triplets(y)) == by_hand(y.tolist()) == listed(get_all_triplets_indices(y))


@kinds_of_distance
@settings(deadline=None, max_examples=20)
@given(batches)
def test_semi_hard_triplets_are_right_but_not_by_the_margin(distance, given_batch):
    x, y = batch(*given_batch)
    apart = distances(measure_of(distance), x, None)
    margin = MARGIN[distance]
    miner = Miner("semi-hard", distance, wanted="triplets", margin=margin)
    expected = [
        (a, p, n) for a, p, n in by_hand(y.tolist()) if 0 < apart[a, n] - apart[a, p] < margin
    ]
    assert listed(miner(x, y)) == expected


@kinds_of_distance
@settings(deadline=None, max_examples=20)
@given(batches)
def test_hard_triplets_are_the_worst_of_each_anchor(distance, given_batch):
    x, y = batch(*given_batch)
    apart = distances(measure_of(distance), x, None)
    found = listed(Miner("hard", distance, wanted="triplets")(x, y))
    everything = by_hand(y.tolist())
    assert [a for a, _, _ in found] == sorted({a for a, _, _ in everything})
    for a, p, n in found:
        assert apart[a, p] == max(apart[a, q] for b, q, _ in everything if b == a)
        assert apart[a, n] == min(apart[a, q] for b, _, q in everything if b == a)


@settings(deadline=None, max_examples=30)
@given(batches)
def test_random_triplets_take_each_alike_pair_once_with_a_stranger(given_batch):
    x, y = batch(*given_batch)
    found = listed(Miner("random", "cosine", wanted="triplets")(x, y))
    everything = by_hand(y.tolist())
    assert set(found) <= set(everything)
    assert [(a, p) for a, p, _ in found] == sorted({(a, p) for a, p, _ in everything})


@pytest.mark.parametrize("kind", ["all", "random", "hard"])
@settings(deadline=None, max_examples=20)
@given(batches)
def test_pairs_come_once_and_are_those_of_the_triplets(kind, given_batch):
    x, y = batch(*given_batch)
    first, alike, second, other = Miner(kind, "l2", wanted="pairs")(x, y)
    for pairs, same in ((listed((first, alike)), True), (listed((second, other)), False)):
        assert len(set(pairs)) == len(pairs)
        assert all((y[a] == y[b]).item() is same and a != b for a, b in pairs)
    triplets = Miner(kind, "l2", wanted="triplets")(x, y)
    if kind != "all":
        expected = pairs_of(triplets, len(x))
        assert listed(expected[:2]) == listed((first, alike))
        assert listed(expected[2:]) == listed((second, other))


def test_random_triplets_change_with_each_draw_and_go_on_after_an_interruption():
    x, y = batch(1, 14, 3)
    whole = Miner("random", "cosine", wanted="triplets", seed=5)
    draws = [listed(whole(x, y)) for _ in range(4)]
    assert draws[0] != draws[1] != draws[2]
    broken_off = Miner("random", "cosine", wanted="triplets", seed=5)
    assert [listed(broken_off(x, y)) for _ in range(2)] == draws[:2]
    taken_up = Miner("random", "cosine", wanted="triplets", seed=5)
    taken_up.load_state_dict(broken_off.state_dict())
    assert [listed(taken_up(x, y)) for _ in range(2)] == draws[2:]
    assert listed(Miner("random", "cosine", wanted="triplets", seed=6)(x, y)) != draws[0]


def test_random_draws_do_not_hang_on_other_chance_nor_on_validation():
    x, y = batch(1, 14, 3)
    miner = Miner("random", "cosine", wanted="triplets").eval()
    torch.manual_seed(1)
    first = listed(miner(x, y))
    torch.manual_seed(2)
    assert listed(miner(x, y)) == first


@pytest.mark.parametrize(
    "part",
    [
        LossPart(name, mining=mining, distance=distance)
        for name, entry in LOSSES.items()
        for mining in entry.minings
        for distance in entry.distances
    ],
    ids=lambda part: f"{part.name}-{part.mining}-{part.distance}",
)
def test_each_mining_of_each_loss_teaches(part):
    loss = build_loss(part, d=D, n_classes=3, teacher_d=D)
    x, y = batch(3, 14, 3)
    x.requires_grad_()
    found = loss(x, y, None, x.detach().flip(0))
    found.backward()
    assert found.item() > 0 or part.name == "koleo"
    assert x.grad.abs().max() > 0


@kinds_of_distance
def test_distances_are_exact_for_twins_in_large_batches(distance):
    x, _ = batch(4, 14, 1)
    many = x.repeat(4, 1)
    apart = distances(measure_of(distance), many, None)
    assert apart.diagonal().abs().max() < 1e-6
    assert apart[0, 14].abs() < 1e-6
