"""All backbones keep what their face promises."""

import pytest
import timm
import torch
from small_backbones import SMALL, noise, settled
from timm.models.efficientnet import _gen_mobilenet_v1
from torch import nn

from lookalike.nouns.errors import InputError, RecipeError
from lookalike.training.backbone_names import ALIASES, OWN, resolve_name
from lookalike.training.backbones import build_backbone, set_trained, stages
from lookalike.training.cifar_resnet import CifarBlock, CifarResNet
from lookalike.training.pooling import places_of

EACH = pytest.mark.parametrize(("name", "side"), SMALL.items())


@pytest.fixture(autouse=True)
def _seeded():
    torch.manual_seed(0)


@EACH
@pytest.mark.parametrize("pooling", ["avg", "gem"])
def test_one_finite_vector_a_picture_whatever_the_batch(name, side, pooling):
    backbone = settled(build_backbone(name, pooling=pooling, size_px=side))
    pictures = noise(8, side)
    with torch.no_grad():
        together = backbone(pictures)
        alone = torch.cat([backbone(picture[None]) for picture in pictures])
    assert together.shape == (8, backbone.width)
    assert together.dtype == torch.float32
    assert torch.isfinite(together).all()
    torch.testing.assert_close(alone, together, rtol=1e-3, atol=1e-3 * float(together.abs().max()))
    assert together.std(dim=0).max() > 0  # pictures are told apart


@EACH
def test_stages_share_out_every_parameter(name, side):
    backbone = build_backbone(name, size_px=side)
    found = [id(parameter) for stage in stages(backbone) for parameter in stage]
    assert sorted(found) == sorted(id(parameter) for parameter in backbone.trunk.parameters())
    assert len(stages(backbone)) > 2
    assert all(any(p.dim() > 1 for p in stage) for stage in stages(backbone))
    # The first has the parameter that sees the picture, and stages come in their order.
    first = next(p for p in backbone.trunk.parameters() if p.dim() == 4)
    assert any(p is first for p in stages(backbone)[0])


@EACH
@pytest.mark.parametrize("trained", ["none", "last 1", "last 2", "all"])
def test_gradient_reaches_what_is_trained_and_nothing_else(name, side, trained):
    backbone = build_backbone(name, size_px=side)
    set_trained(backbone, trained)
    groups = stages(backbone)
    last = {"none": 0, "all": len(groups)}.get(trained, int(trained[-1:].isdigit() and trained[-1]))
    wanted = {id(p) for stage in groups[len(groups) - last :] for p in stage}
    backbone.train()
    before = {n: b.clone() for n, b in backbone.named_buffers() if "running" in n}
    vectors = backbone(noise(4, side))
    if last:
        (vectors * torch.randn_like(vectors)).sum().backward()
    else:
        assert not vectors.requires_grad
    reached = {id(p) for p in backbone.parameters() if p.grad is not None}
    assert reached == wanted
    changed = {n for n, b in backbone.named_buffers() if n in before and (b != before[n]).any()}
    norms = {n: m for n, m in backbone.named_modules() if isinstance(m, nn.BatchNorm2d)}
    assert {n.rpartition(".")[0] for n in changed} == {
        n for n, m in norms.items() if all(id(p) in wanted for p in m.parameters())
    }


def test_a_frozen_network_drops_nothing():
    backbone = build_backbone("mobilenetv2_100", size_px=32)
    backbone.trunk.add_module("extra", nn.Dropout(0.5))
    set_trained(backbone, "none")
    assert not any(module.training for module in backbone.train().modules())


def test_a_learned_pooling_is_trained_with_the_last_stages():
    backbone = build_backbone("conv4", pooling="gem")
    set_trained(backbone, "last 1")
    assert backbone.gem.p.requires_grad
    set_trained(backbone, "none")
    assert not backbone.gem.p.requires_grad


@pytest.mark.parametrize("trained", ["", "last", "last 0", "last -1", "first 2", "All"])
def test_what_is_trained_is_named_rightly(trained):
    with pytest.raises(RecipeError, match="No part of a backbone"):
        set_trained(build_backbone("conv4"), trained)


@pytest.mark.parametrize("name", ["conv4", "resnet20"])
def test_first_numbers(name, golden):
    backbone = build_backbone(name).eval()
    with torch.no_grad():
        numbers = backbone(noise(2, backbone.size_px))[:, :8]
    golden(f"backbone_{name}.json", numbers.tolist(), tolerance=1e-4)


@pytest.mark.parametrize(("layers", "millions"), [(20, 0.27), (32, 0.46), (44, 0.66), (56, 0.85)])
def test_cifar_networks_have_the_published_size(layers, millions):
    net = CifarResNet(layers)
    classifier = 64 * 10 + 10
    assert round((sum(p.numel() for p in net.parameters()) + classifier) / 1e6, 2) == millions
    assert sum(isinstance(m, nn.Conv2d) for m in net.modules()) == layers - 1


def test_a_shrinking_shortcut_strides_and_pads_with_zeros():
    block = CifarBlock(2, 6).eval()
    nn.init.zeros_(block.bn2.weight)  # nothing but the shortcut is left
    x = torch.rand(1, 2, 4, 4)
    out = block(x)
    assert torch.equal(out[:, 2:4], x[:, :, ::2, ::2])
    assert not out[:, :2].any()
    assert not out[:, 4:].any()


def test_pictures_are_normalised_as_timm_says():
    backbone = build_backbone("test_resnet").eval()
    config = timm.data.resolve_data_config({}, model=backbone.trunk)
    assert (backbone.size_px, backbone.crop_share) == (config["input_size"][-1], config["crop_pct"])
    assert backbone.interpolation == config["interpolation"]
    x = noise(2, 160)
    mean, std = (torch.tensor(config[key]).view(1, 3, 1, 1) for key in ("mean", "std"))
    with torch.no_grad():
        torch.testing.assert_close(backbone(x), backbone.trunk((x - mean) / std))


def test_gem_takes_the_places_of_maps_and_of_tokens():
    for name in ("test_resnet", "test_vit"):
        backbone = build_backbone(name, pooling="gem", size_px=64).eval()
        x = noise(2, 64)
        with torch.no_grad():
            backbone.gem.p.fill_(1)
            features = backbone.trunk.forward_features((x - backbone.shift) / backbone.scale)
            if features.dim() == 4:
                places = features.flatten(2).transpose(1, 2)
            else:
                places = features[:, -((64 // 16) ** 2) :]  # the class token comes first
            torch.testing.assert_close(backbone(x), places.clamp(min=1e-6).mean(1))


def test_places_are_the_same_whichever_axis_holds_the_channels():
    maps = torch.rand(2, 5, 3, 4)
    plain, turned = nn.Identity(), nn.Identity()
    turned.output_fmt = "NHWC"  # as timm's Swin says it
    wanted = places_of(plain, maps)
    assert wanted.shape == (2, 12, 5)
    assert torch.equal(places_of(turned, maps.permute(0, 2, 3, 1)), wanted)


@pytest.mark.parametrize("alias", ALIASES)
def test_torchvisions_names_lead_to_timms_networks_with_weights(alias):
    config = timm.get_pretrained_cfg(resolve_name(alias))
    assert config is not None
    assert config.hf_hub_id


@pytest.mark.parametrize(
    "name",
    ["convnext_small", "resnet50", "resnet18", "vgg16", "efficientnet_b0", "resnet50.a1_in1k"],
)
def test_shared_names_are_timms(name):
    assert resolve_name(name) == name
    assert timm.get_pretrained_cfg(name).hf_hub_id


def test_own_names_are_no_names_of_timms():
    assert not [name for name in OWN if timm.is_model(name)]


@pytest.mark.parametrize(
    ("wrong", "near"), [("resnet_50", "resnet50"), ("vit_b16", "vit_b_16"), ("conv5", "conv4")]
)
def test_a_wrong_name_is_told_the_nearest(wrong, near):
    with pytest.raises(RecipeError, match="No backbone") as told:
        build_backbone(wrong)
    assert near in told.value.mend


def test_a_size_that_does_not_fit_is_an_error_with_a_cure():
    with pytest.raises(InputError, match="8 pixels") as told:
        build_backbone("conv4", size_px=8)
    assert "size" in told.value.mend


def test_mobilenet_quarter_is_timms_generator():
    backbone = build_backbone("mobilenetv1_025", size_px=64)
    wanted = _gen_mobilenet_v1("mobilenetv1_100", 0.25, pad_type="same", num_classes=0)
    assert backbone.width == 256
    assert [p.shape for p in backbone.trunk.parameters()] == [p.shape for p in wanted.parameters()]
