"""The alarm tells of collapsed embeddings, not of random nor of trained ones."""

import math

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch.nn import functional

from lookalike.nouns.recipe import BatchPart, FitPart, LossPart, Recipe
from lookalike.training.collapse import CollapseAlarm, effective_rank, mean_cosine
from lookalike.training.losses import build_loss

pytestmark = pytest.mark.usefixtures("one_thread")

D, CLASSES, EACH = 32, 10, 12
HARD = Recipe("test", loss=(LossPart("triplet", mining="hard"),), batch=BatchPart(size=48))


def alarm(recipe=HARD, n_classes=CLASSES, **settings):
    return CollapseAlarm(recipe, n_classes=n_classes, **settings)


def random_set(seed=0, n=CLASSES * EACH, d=D):
    return functional.normalize(torch.randn(n, d, generator=torch.Generator().manual_seed(seed)))


def collapsed(spread, seed=0):
    return functional.normalize(random_set(1, n=1) + spread * random_set(seed))


def looks(watching, embeddings, loss, n=3):
    return [watching.look(embeddings, loss) for _ in range(n)]


@settings(deadline=None)
@given(st.integers(0, 1000), st.integers(2, 40), st.integers(2, 40))
def test_mean_cosine_is_that_of_all_pairs(seed, n, d):
    x = random_set(seed, n, d)
    score = x @ x.T
    expected = (score.sum() - score.diagonal().sum()) / (n * (n - 1))
    assert mean_cosine(x) == pytest.approx(expected.item(), abs=1e-5)


@pytest.mark.parametrize("rank", [1, 2, 7])
def test_effective_rank_counts_even_dimensions(rank):
    corners = torch.cat([torch.eye(D)[:rank], -torch.eye(D)[:rank]])
    assert effective_rank(corners) == pytest.approx(rank, rel=1e-4)
    turned = corners @ torch.linalg.qr(random_set(n=D)).Q
    assert effective_rank(turned) == pytest.approx(rank, rel=1e-4)
    assert effective_rank(torch.ones(5, D)) == 0


def test_equal_embeddings_are_told_once_with_a_cure_that_fits_the_recipe():
    first, second, third, *later = looks(alarm(), collapsed(0.05), 0.5, n=6)
    assert first is None
    assert second is None
    assert "nearly the same embedding" in third
    assert 'loss.mining = "semi-hard"' in third
    assert "fit.lr such as 0.0003" in third
    assert "batch.size such as 96" in third
    assert later == [None] * 3


def test_it_is_told_again_after_a_recovery():
    watching = alarm()
    assert looks(watching, collapsed(0.05), 0.5)[-1]
    assert looks(watching, random_set(), 0.5) == [None] * 3
    assert looks(watching, collapsed(0.05), 0.5)[-1]


def test_a_training_that_is_taken_up_again_is_told_the_same():
    for seen in range(1, 5):
        broken_off, taken_up = alarm(), alarm()
        looks(broken_off, collapsed(0.05), 0.5, n=seen)
        taken_up.load_state_dict(broken_off.state_dict())
        assert taken_up.state_dict() == broken_off.state_dict()
        here, there = (looks(one, collapsed(0.05), 0.5, n=3) for one in (broken_off, taken_up))
        assert here == there
        assert any(here) is (seen < 3)


def test_a_network_on_its_way_out_of_the_first_state_is_left_alone():
    watching = alarm()
    found = [watching.look(collapsed(spread), 0.5) for spread in (0.02, 0.09, 0.12, 0.15, 0.17)]
    assert found == [None] * 5


def test_few_dimensions_are_told_where_there_are_many_classes():
    line = torch.zeros(CLASSES * EACH, D)
    angle = torch.linspace(0, 3, CLASSES * EACH)
    line[:, 0], line[:, 1] = angle.cos(), angle.sin()
    found = looks(alarm(n_classes=100), line, 0.5)[-1]
    assert "of their 32 dimensions" in found
    assert '"koleo"' in found
    # Two classes need no more than a line.
    two = torch.cat([line[:1].repeat(20, 1), line[-1:].repeat(20, 1)])
    assert looks(alarm(n_classes=2), two, 0.5) == [None] * 3


def test_a_triplet_loss_that_stays_at_its_margin_is_told():
    found = looks(alarm(), random_set(), 0.2001)
    assert found[:2] == [None] * 2
    assert "stays at its margin (0.200)" in found[2]
    assert looks(alarm(), random_set(), 0.15) == [None] * 3
    own = Recipe("test", loss=(LossPart("triplet", margin=0.15, weight=2.0),))
    assert "margin" in looks(alarm(own), random_set(), 0.3)[-1]


def test_the_margin_is_looked_for_among_several_losses():
    both = Recipe("test", loss=(LossPart("triplet"), LossPart("koleo")))
    watching = alarm(both)
    found = [watching.look(random_set(), 0.2, {"triplet": 0.2, "koleo": 1.0}) for _ in range(3)]
    assert "margin" in found[-1]
    assert looks(alarm(both), random_set(), 0.2) == [None] * 3


@pytest.mark.parametrize("number", [math.nan, math.inf])
def test_what_is_no_number_is_told_at_once(number):
    found = alarm().look(random_set(), number)
    assert "no number" in found
    assert "fit.clip = 1.0" in found
    broken = random_set()
    broken[3, 3] = number
    assert "no number" in alarm().look(broken, 0.5)
    tamed = Recipe("test", fit=FitPart(clip=1.0, warm_up=0.2, precision="32"))
    assert alarm(tamed).look(random_set(), number).endswith("such as 0.0003.")


@pytest.mark.parametrize("n_classes", [0, 2, 10, 1000])
@pytest.mark.parametrize("seed", range(5))
def test_random_embeddings_are_no_alarm(n_classes, seed):
    assert looks(alarm(n_classes=n_classes), random_set(seed), 0.5, n=5) == [None] * 5


@pytest.mark.parametrize("n", [0, 1, 2])
def test_too_few_to_tell_anything_are_no_alarm(n):
    assert looks(alarm(), torch.ones(n, D), 0.5) == [None] * 3


@pytest.mark.parametrize("part", [LossPart("triplet", mining="semi-hard"), LossPart("softmax")])
def test_trained_embeddings_are_no_alarm(part):
    labels = torch.arange(CLASSES * EACH) // EACH
    free = torch.nn.Parameter(random_set())
    loss = build_loss(part, d=D, n_classes=CLASSES)
    optimiser = torch.optim.Adam([free, *loss.parameters()], lr=0.02)
    watching = alarm(Recipe("test", loss=(part,)))
    for step in range(120):
        found = loss(functional.normalize(free), labels)
        optimiser.zero_grad()
        found.backward()
        optimiser.step()
        if step % 10 == 0:
            assert watching.look(functional.normalize(free), found.item()) is None
    assert found.item() < 0.1


def test_a_training_that_collapses_is_noticed():
    """Alike pairs only: everything may go to one point, and does."""
    recipe = Recipe("test", loss=(LossPart("contrastive", distance="l2"),))
    network = torch.nn.Linear(D, D)
    optimiser = torch.optim.Adam(network.parameters(), lr=0.02)
    loss = build_loss(recipe.loss[0], d=D, n_classes=0)
    pictures, watching, heard = random_set(), alarm(recipe, n_classes=0), []
    first = torch.arange(0, len(pictures), 2)
    nowhere = torch.zeros(0, dtype=torch.long)
    for step in range(200):
        x = functional.normalize(network(pictures))
        found = loss(x, torch.full((len(x),), -1), (first, first + 1, nowhere, nowhere))
        optimiser.zero_grad()
        found.backward()
        optimiser.step()
        if step % 10 == 0:
            heard.append(watching.look(x, found.item()))
    assert heard[0] is None
    assert any(text and "same embedding" in text for text in heard)
