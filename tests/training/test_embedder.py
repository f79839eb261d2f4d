"""A recipe's network: unit length, parts that compose, and the same start each time."""

import pytest
import torch
import torch.nn.functional as F
from hypothesis import given, settings
from hypothesis import strategies as st
from small_backbones import noise, recipe, settled

from lookalike.nouns.errors import InputError, RecipeError
from lookalike.nouns.recipe import HeadPart
from lookalike.training.backbones import build_backbone
from lookalike.training.embedder import Embedder, build_embedder, load_embedder
from lookalike.training.heads import build_head

HEADS = [
    HeadPart(),
    HeadPart("linear", (10,)),
    HeadPart("mlp", (20, 8), 0.5),
    HeadPart("skip"),
]
BACKBONES = [("conv4",), ("conv4", "resnet20"), ("test_resnet", "conv4", "test_vit")]


@pytest.mark.parametrize("head", HEADS, ids=lambda head: head.kind)
@pytest.mark.parametrize("names", BACKBONES, ids="+".join)
def test_features_and_head_compose_to_the_whole(names, head):
    embedder = build_embedder(recipe(names, head=head)).eval()
    x = noise(3, embedder.size_px)
    with torch.no_grad():
        features = embedder.features(x)
        whole = embedder(x)
        assert torch.equal(embedder.from_features(features), whole)
    assert features.shape == (3, embedder.width)
    assert whole.shape == (3, embedder.d)
    assert whole.dtype == features.dtype == torch.float32
    torch.testing.assert_close(whole.norm(dim=1), torch.ones(3))


def test_one_backbones_features_are_its_own():
    embedder = build_embedder(recipe("resnet20")).eval()
    x = noise(2, 32)
    with torch.no_grad():
        assert torch.equal(embedder.features(x), embedder.backbones[0](x))


def test_an_ensembles_score_is_the_mean_of_its_members_scores():
    members = [settled(build_backbone(name)) for name in ("conv4", "test_resnet", "resnet20")]
    together = Embedder(members, build_head(HeadPart(), sum(m.width for m in members))).eval()
    x = noise(4, together.size_px)
    with torch.no_grad():
        scores = together(x) @ together(x).T
        each = []
        for member in members:
            side = (member.size_px, member.size_px)
            small = F.interpolate(x, side, mode="bilinear", antialias=True)
            alone = F.normalize(member(small), dim=1)
            each.append(alone @ alone.T)
    torch.testing.assert_close(scores, torch.stack(each).mean(0), atol=1e-5, rtol=0)
    assert float(together.features(x).detach().square().mean()) == pytest.approx(1, rel=1e-4)


@given(old=st.integers(2, 40), new=st.integers(1, 40), seed=st.integers(0, 9))
def test_scaling_by_matrices_is_antialiased_bilinear_scaling(old, new, seed):
    from lookalike.training.embedder import _shrinking

    matrix = _shrinking(old, new)
    if old == new:
        assert matrix is None
        return
    x = torch.rand(1, 3, old, old, generator=torch.Generator().manual_seed(seed))
    wanted = F.interpolate(x, (new, new), mode="bilinear", antialias=True)
    torch.testing.assert_close(matrix @ x @ matrix.T, wanted, atol=1e-5, rtol=0)


def test_scaling_keeps_its_precision_under_autocast():
    embedder = build_embedder(recipe(("test_resnet", "conv4"))).eval()
    x = noise(2, 160)
    plain = embedder._scaled(x, 1)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        mixed = embedder._scaled(x, 1)
        whole = embedder(x)
    assert torch.equal(mixed, plain)
    assert whole.dtype == torch.float32
    torch.testing.assert_close(whole.norm(dim=1), torch.ones(2))


def test_the_same_recipe_starts_the_same_and_leaves_chance_alone():
    first = recipe(("conv4", "resnet20"), head=HeadPart("linear", (4,)), seed=3)
    torch.manual_seed(5)
    wanted = torch.rand(3)
    torch.manual_seed(5)
    one = build_embedder(first)
    assert torch.equal(torch.rand(3), wanted)
    two, other = build_embedder(first), build_embedder(first.changed({"fit": {"seed": 4}}))
    pairs = zip(one.parameters(), two.parameters(), strict=True)
    assert all(torch.equal(a, b) for a, b in pairs)
    assert not torch.equal(one.head.layers[0].weight, other.head.layers[0].weight)


@pytest.mark.parametrize(("trained", "frozen"), [("none", True), ("last 1", False), ("all", False)])
def test_frozen_says_whether_features_stay_the_same(trained, frozen):
    embedder = build_embedder(recipe("conv4", trained=trained, head=HeadPart("linear", (4,))))
    assert embedder.frozen is frozen
    x = noise(4, 28)
    before = embedder.eval().features(x).detach()
    optimiser = torch.optim.SGD([p for p in embedder.parameters() if p.requires_grad], lr=0.1)
    embedder.train()
    (embedder(x) * torch.randn(4, 4)).sum().backward()
    optimiser.step()
    assert torch.equal(embedder.eval().features(x).detach(), before) is frozen


def test_preprocessing_is_that_of_the_largest_backbone():
    embedder = build_embedder(recipe(("conv4", "test_resnet", "resnet20")))
    prepared = embedder.preprocessing
    largest = embedder.backbones[1]
    assert (prepared.width_px, prepared.height_px) == (160, 160)
    assert (prepared.fit, prepared.crop_share) == ("crop", largest.crop_share)
    assert prepared.interpolation == largest.interpolation
    assert (prepared.mean, prepared.std) == ((0, 0, 0), (1, 1, 1))


def test_a_state_dict_of_an_embedder_holds_weights_only():
    embedder = build_embedder(recipe(("test_resnet", "conv4")))
    names = set(embedder.state_dict())
    assert names == {
        *(name for name, _ in embedder.named_parameters()),
        *(n for n, _ in embedder.named_buffers() if "running_" in n or "num_batches" in n),
    }


def test_weights_are_named_for_each_backbone_or_once(tmp_path):
    source = build_backbone("conv4")
    torch.save(source.trunk.state_dict(), tmp_path / "mine.pt")
    both = recipe(("conv4", "resnet20"), weights=(str(tmp_path / "mine.pt"), "none"))
    loaded = build_embedder(both).backbones[0].trunk.state_dict()
    assert all(torch.equal(loaded[n], v) for n, v in source.trunk.state_dict().items())


def test_a_network_trained_elsewhere_is_loaded_by_its_architecture(tmp_path):
    source = settled(build_backbone("resnet20"))
    state = {**source.trunk.state_dict(), "linear.weight": torch.zeros(10, 64)}
    torch.save({"state_dict": {f"module.{n}": v for n, v in state.items()}}, tmp_path / "t.th")
    loaded = load_embedder("resnet20", tmp_path / "t.th")
    x = noise(2, 32)
    assert not loaded.training
    with torch.no_grad():
        torch.testing.assert_close(loaded(x), F.normalize(source(x), dim=1))
    with pytest.raises(RecipeError):
        load_embedder("resnet21", tmp_path / "t.th")
    with pytest.raises(InputError):
        load_embedder("resnet20", tmp_path / "none.th")


@given(share=st.floats(0.05, 0.95), seed=st.integers(0, 9))
@settings(max_examples=10, deadline=None)
def test_a_score_of_parts_is_the_mean_of_their_scores_by_their_shares(share, seed):
    head = HeadPart("linear", (12,), shares=(share, 1 - share))
    embedder = build_embedder(recipe("conv4", head=head, seed=seed)).eval()
    x = noise(4, 28, seed)
    with torch.no_grad():
        whole = embedder(x)
        parts = [F.normalize(one, dim=1) for one in embedder.head(embedder.features(x)).chunk(2, 1)]
    torch.testing.assert_close(whole.norm(dim=1), torch.ones(4))
    expected = sum(s * one @ one.T for s, one in zip(head.shares, parts, strict=True))
    torch.testing.assert_close(whole @ whole.T, expected, atol=1e-5, rtol=0)


def test_parts_are_equally_wide():
    with pytest.raises(RecipeError, match="equal parts"):
        build_embedder(recipe("conv4", head=HeadPart("linear", (9,), shares=(0.5, 0.5))))


def test_a_network_sees_pictures_as_its_recipe_says():
    wanted = build_embedder(recipe("conv4", fit="squash")).preprocessing
    assert wanted.fit == "squash" and wanted.crop_share == 1
