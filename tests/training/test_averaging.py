"""The moving average of weights: what it is after some steps, and that it is what is kept."""

from types import SimpleNamespace

import pytest
import torch
from lightning.pytorch import LightningModule
from tiny_runs import RECIPE, Run, same_weights
from torch import nn

from lookalike.training.callbacks import Averaging

pytestmark = pytest.mark.usefixtures("one_thread")


class Module(LightningModule):
    """Weights, a running mean and a counter, as batch norms have."""

    def __init__(self):
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(3))
        self.register_buffer("mean", torch.zeros(3))
        self.register_buffer("count", torch.tensor(0))


@pytest.mark.parametrize("decay", [0.3, 0.9])
def test_it_is_the_formula(decay):
    averaging, module = Averaging(decay), Module()
    averaging.setup(SimpleNamespace(), module, "fit")
    wanted = {}
    for step in range(12):
        value = float(step**2)
        with torch.no_grad():
            module.weight.fill_(value)
            module.mean.fill_(-value)
            module.count.fill_(step)
        averaging.on_train_batch_end(SimpleNamespace(global_step=step + 1), module, None, None, 0)
        keep = min(decay, (1 + step) / (10 + step))
        for name, new in (("weight", value), ("mean", -value)):
            wanted[name] = new if step == 0 else keep * wanted[name] + (1 - keep) * new
    averaging.on_train_end(SimpleNamespace(), module)
    assert module.weight.tolist() == pytest.approx([wanted["weight"]] * 3, rel=1e-5)
    assert module.mean.tolist() == pytest.approx([wanted["mean"]] * 3, rel=1e-5)
    assert module.count == 11  # a counter is no mean


def test_the_average_is_validated_and_kept(tmp_path):
    """With an average that takes every step whole there is no difference; with a slow one, some."""
    without = Run(RECIPE, tmp_path / "without").go()
    slow = Run(RECIPE.changed({"fit": {"ema": 0.99}}), tmp_path / "slow").go()
    assert not same_weights(without, slow)
    # The steps themselves are the same: only what is looked at differs.
    assert [epoch.loss for epoch in slow.epochs] == [epoch.loss for epoch in without.epochs]
