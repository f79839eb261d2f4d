"""What is trained how fast; what is frozen stays as it was."""

import pytest
import torch
from tiny_runs import RECIPE, Run, changed

from lookalike.nouns.errors import RecipeError
from lookalike.nouns.recipe import FitPart
from lookalike.training.embedder import build_embedder
from lookalike.training.losses import build_losses
from lookalike.training.optimise import build_optimiser
from lookalike.training.sides import check_sides, side_at

pytestmark = pytest.mark.usefixtures("one_thread")


def rates(recipe, loss="arcface"):
    """Of each trained parameter: learning rate and decay."""
    embedder = build_embedder(recipe)
    parts = recipe.changed({"loss": {"name": loss}}).loss
    losses = build_losses(parts, d=embedder.d, n_classes=4)
    made = build_optimiser(recipe.fit, embedder.backbones, [embedder.head, losses])
    by_id = {
        id(parameter): (group["lr"], group["weight_decay"])
        for group in made.param_groups
        for parameter in group["params"]
    }
    named = {
        "backbone": embedder.backbones,
        "head": embedder.head,
        "loss": losses,
    }
    return {
        (part, parameter.ndim > 1): by_id.get(id(parameter))
        for part, module in named.items()
        for parameter in module.parameters()
    }, made


def test_head_and_loss_have_their_own_rate_and_only_weights_decay():
    found, _ = rates(changed(fit={"lr": 0.1, "head_lr": 0.7, "weight_decay": 0.03}))
    assert found == {
        ("backbone", True): (0.1, 0.03),
        ("backbone", False): (0.1, 0.0),
        ("head", True): (0.7, 0.03),
        ("head", False): (0.7, 0.0),
        ("loss", True): (0.7, 0.03),
    }


def test_without_a_rate_of_its_own_the_head_has_that_of_all():
    found, _ = rates(changed(fit={"lr": 0.1}))
    assert {rate for rate, _ in found.values()} == {0.1}


@pytest.mark.parametrize(("name", "kind"), [("sgd", "SGD"), ("adam", "Adam"), ("adamw", "AdamW")])
def test_the_optimiser_is_the_recipes(name, kind):
    _, made = rates(changed(fit={"optimiser": name}))
    assert type(made).__name__ == kind


def test_what_is_frozen_is_not_trained():
    found, _ = rates(changed(backbone={"trained": "none"}))
    assert found["backbone", True] is None and found["backbone", False] is None
    assert found["head", True] is not None


def test_frozen_stages_keep_weights_and_statistics(tmp_path):
    recipe = changed(backbone={"trained": "last 1"})
    before = build_embedder(recipe).state_dict()
    after = Run(recipe, tmp_path / "run").go().embedder.state_dict()
    moved = {key for key in before if not torch.equal(before[key], after[key])}
    blocks = {key.split("blocks.")[1][0] for key in moved if "blocks." in key}
    assert blocks == {"3"}
    assert any("running_mean" in key for key in moved)
    assert any(key.startswith("head.") for key in moved)


def test_sides_share_the_epochs():
    fit = FitPart(epochs=7, sizes_px=(16, 24, 32))
    assert [side_at(fit, epoch) for epoch in range(8)] == [16, 16, 16, 24, 24, 32, 32, 32]
    assert side_at(FitPart(epochs=7), 3) == 0


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ({"fit": {"sizes_px": [20, 64]}}, "cannot grow to 64"),
        ({"fit": {"sizes_px": [2]}}, "does not take pictures of 2 pixels"),
        ({"fit": {"sizes_px": [20]}, "backbone": {"trained": "none"}}, "one backbone is trained"),
    ],
)
def test_sides_that_cannot_be_are_refused(change, what):
    recipe = RECIPE.changed(change)
    with pytest.raises(RecipeError, match=what):
        check_sides(recipe, build_embedder(recipe))


def test_checking_sides_changes_nothing():
    recipe = changed(fit={"sizes_px": [20, 28]})
    embedder = build_embedder(recipe)
    before = {key: value.clone() for key, value in embedder.state_dict().items()}
    check_sides(recipe, embedder)
    assert embedder.training
    assert all(torch.equal(before[key], value) for key, value in embedder.state_dict().items())
