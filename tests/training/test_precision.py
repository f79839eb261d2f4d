"""Which arithmetic: measured without a trace, and kept to."""

import json

import pytest
import torch
from tiny_runs import STEPS, BrokenOff, Run, changed

from lookalike.training import callbacks, fit
from lookalike.training.embedder import build_embedder
from lookalike.training.precision import faster_precision

pytestmark = pytest.mark.usefixtures("one_thread")

AUTO = changed(fit={"precision": "auto"})


def test_measuring_changes_nothing():
    embedder = build_embedder(AUTO)
    before = {key: value.clone() for key, value in embedder.state_dict().items()}
    torch.manual_seed(3)
    wanted = torch.rand(2)
    torch.manual_seed(3)
    assert faster_precision(embedder, 16) in ("32", "bf16")
    assert torch.equal(torch.rand(2), wanted)
    assert all(torch.equal(before[key], value) for key, value in embedder.state_dict().items())
    assert all(parameter.grad is None for parameter in embedder.parameters())


@pytest.mark.parametrize("first", ["32", "bf16"])
def test_a_run_keeps_to_what_it_began_with(first, tmp_path, monkeypatch):
    monkeypatch.setattr(callbacks, "_TELL_EVERY_SECONDS", -1.0)
    monkeypatch.setattr(fit, "faster_precision", lambda embedder, b: first)
    run = Run(AUTO, tmp_path / "run")
    with pytest.raises(BrokenOff):
        run.go(stop=STEPS + 1)
    other = {"32": "bf16", "bf16": "32"}[first]
    monkeypatch.setattr(fit, "faster_precision", lambda embedder, b: other)
    assert run.go().precision == first
    assert json.loads((tmp_path / "run" / "run.json").read_text())["precision"] == first


def test_half_precision_trains_weights_in_full_precision(tmp_path):
    result = Run(changed(fit={"precision": "bf16"}), tmp_path / "run").go()
    assert {p.dtype for p in result.embedder.parameters()} == {torch.float32}
    assert result.epochs[-1].loss < result.epochs[0].loss


def test_of_frozen_backbones_nothing_is_measured(tmp_path, monkeypatch):
    def never(embedder, b):
        raise AssertionError

    monkeypatch.setattr(fit, "faster_precision", never)
    frozen = AUTO.changed({"backbone": {"trained": "none"}})
    assert Run(frozen, tmp_path / "run").go().precision == "32"
