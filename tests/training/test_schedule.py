"""The learning rate over a training."""

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from lookalike.nouns.recipe import FitPart
from lookalike.training.schedule import build_schedule, lr_share

pytestmark = pytest.mark.usefixtures("one_thread")

kinds = st.sampled_from(["cosine", "constant"])


@given(st.integers(1, 300), st.floats(0, 1), kinds)
def test_it_rises_then_never_rises_again_and_stays_in_range(steps, warm_up, kind):
    shares = [lr_share(s, steps=steps, warm_up=warm_up, schedule=kind) for s in range(steps)]
    assert all(0 < share <= 1 for share in shares)
    rise = round(warm_up * steps)
    assert shares[:rise] == sorted(shares[:rise])
    assert shares[rise:] == sorted(shares[rise:], reverse=True)
    if rise < steps:
        assert shares[rise] == 1


@given(st.integers(1, 300), st.floats(0, 0.9))
def test_cosine_ends_at_nothing_and_constant_does_not(steps, warm_up):
    ends = [
        [lr_share(s, steps=steps, warm_up=warm_up, schedule=kind) for s in (steps, steps + 5)]
        for kind in ("cosine", "constant")
    ]
    if round(warm_up * steps) < steps:
        assert ends[0] == pytest.approx([0, 0])
    assert ends[1] == [1, 1]


def test_half_way_down_the_cosine_is_a_half():
    share = lr_share(60, steps=100, warm_up=0.2, schedule="cosine")
    assert share == pytest.approx(0.5)


@pytest.mark.parametrize("kind", ["cosine", "constant"])
def test_the_optimiser_follows_and_each_group_keeps_its_own_height(kind):
    fit = FitPart(schedule=kind, warm_up=0.3)
    weights = [torch.nn.Parameter(torch.zeros(1)) for _ in range(2)]
    groups = [{"params": weights[:1], "lr": 0.1}, {"params": weights[1:], "lr": 1.0}]
    optimiser = torch.optim.SGD(groups)
    schedule = build_schedule(optimiser, fit, 10)
    for step in range(10):
        share = lr_share(step, steps=10, warm_up=0.3, schedule=kind)
        assert [group["lr"] for group in optimiser.param_groups] == pytest.approx(
            [0.1 * share, share]
        )
        optimiser.step()
        schedule.step()
    again = build_schedule(
        torch.optim.SGD([{"params": weights, "lr": 0.1, "initial_lr": 0.1}]), fit, 10
    )
    again.load_state_dict({**schedule.state_dict(), "base_lrs": [0.1]})
    assert again.last_epoch == 10
