"""Backbones small enough to be built and run in a test, one for each way of being built."""

import numpy as np
import torch

from lookalike.nouns.recipe import BackbonePart, FitPart, HeadPart, Recipe

torch.set_num_threads(1)  # these networks are too small to gain from more

SMALL = {
    "conv4": 28,
    "drawings_resnet": 32,
    "resnet20": 32,
    "resnet32": 32,
    "mobilenetv1_025": 64,
    "mobilenetv2_100": 64,
    "test_efficientnet": 64,
    "test_resnet": 64,
    "test_convnext": 64,
    "test_vit": 64,
    "tf_mobilenetv3_small_minimal_100": 64,
}
"""Name to side in pixels. timm's test_... networks are its families in miniature."""


def recipe(names, *, size_px=0, seed=0, weights=("none",), head=None, **backbone):
    """A recipe that builds these backbones from scratch."""
    names = (names,) if isinstance(names, str) else names
    return Recipe(
        "tried",
        backbone=BackbonePart(names, weights, size_px=size_px, **backbone),
        head=head or HeadPart(),
        fit=FitPart(seed=seed),
    )


def noise(count, side, seed=0):
    """(count, 3, side, side) in [0, 1]: smooth waves with some texture, all different."""
    chance = np.random.default_rng(seed)
    y, x = np.mgrid[0:side, 0:side] / side
    waves = chance.uniform(-9, 9, (count, 3, 3))
    light = np.sin(
        waves[..., 0, None, None] * x + waves[..., 1, None, None] * y + waves[..., 2, None, None]
    )
    light = 0.5 + 0.3 * light + chance.normal(0, 0.05, light.shape)
    return torch.from_numpy(light.clip(0, 1).astype(np.float32))


def settled(net):
    """The network with batch norms that have seen some pictures, so that its numbers are tame."""
    net.train()
    with torch.no_grad():
        for step in range(3):
            net(noise(8, net.size_px, seed=100 + step))
    return net.eval()
