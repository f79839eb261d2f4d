import numpy as np
import pytest
from networks import pictures
from PIL import Image
from scenes import scene

from lookalike.encoders.preprocess import network_input, resized, short_side_px
from lookalike.nouns.card import Preprocessing

KERNELS = {"box": 4, "bilinear": 2, "bicubic": 3, "lanczos": 1}
"""Pillow's own numbers."""


def by_hand(pixels, card):
    """The whole way with nothing clever: scale everything, then cut or pad, in plain numbers."""
    image, kernel = Image.fromarray(pixels), KERNELS[card.interpolation]
    frame = np.full((card.height_px, card.width_px, 3), 128, np.float64)
    width, height = image.size
    if card.fit == "squash":
        frame[:] = np.asarray(image.resize((card.width_px, card.height_px), kernel))
    elif card.fit == "pad":
        scale = min(card.width_px / width, card.height_px / height)
        scaled = image.resize((max(1, round(width * scale)), max(1, round(height * scale))), kernel)
        left, top = (card.width_px - scaled.width) // 2, (card.height_px - scaled.height) // 2
        frame[top : top + scaled.height, left : left + scaled.width] = np.asarray(scaled)
    else:
        wide, high = card.width_px / card.crop_share, card.height_px / card.crop_share
        scale = max(wide / width, high / height)
        wide = max(card.width_px, int(width * scale + 0.5))
        high = max(card.height_px, int(height * scale + 0.5))
        left, top = (wide - card.width_px) // 2, (high - card.height_px) // 2
        whole = np.asarray(image.resize((wide, high), kernel))
        frame[:] = whole[top : top + card.height_px, left : left + card.width_px]
    return ((frame / 255 - card.mean) / card.std).transpose(2, 0, 1)


@pytest.mark.parametrize("interpolation", KERNELS)
@pytest.mark.parametrize(("fit", "share"), [("squash", 1.0), ("crop", 0.875), ("pad", 1.0)])
@pytest.mark.parametrize("size", [(64, 64), (80, 48)])
def test_input_equals_the_plain_computation(interpolation, fit, share, size):
    card = Preprocessing(
        *size, fit, share, interpolation, (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)
    )
    given = pictures(6)
    batch = network_input(given, card)
    assert batch.shape == (6, 3, size[1], size[0]) and batch.dtype == np.float32
    for got, pixels in zip(batch, given, strict=True):
        gap = np.abs(got - by_hand(pixels, card))
        assert gap.max() < 1e-5


@pytest.mark.parametrize("interpolation", KERNELS)
@pytest.mark.parametrize(("fit", "share"), [("squash", 1.0), ("crop", 0.875), ("pad", 1.0)])
@pytest.mark.parametrize("size", [(32, 32), (40, 24)])
def test_a_much_larger_picture_gives_nearly_the_plain_computation(interpolation, fit, share, size):
    card = Preprocessing(*size, fit, share, interpolation)
    pixels = np.asarray(scene(3, (320, 240)))
    (got,) = network_input([pixels], card)
    gap = np.abs(got - by_hand(pixels, card))
    assert gap.mean() < 2 / 255
    assert np.quantile(gap, 0.99) < 10 / 255


def test_a_long_strip_is_cut_like_a_short_one():
    card = Preprocessing(32, 32, "crop")
    strip = np.arange(3000, dtype=np.uint16)[:, None, None].repeat(30, 1).repeat(3, 2)
    whole = (strip // 12).astype(np.uint8)
    middle = whole[1500 - 45 : 1500 + 45]
    assert np.abs(resized(whole, card).astype(int) - resized(middle, card)).max() <= 1


@pytest.mark.parametrize("fit", ["squash", "crop", "pad"])
@pytest.mark.parametrize("shape", [(1, 1, 3), (1, 1000, 3), (20_000, 1, 3), (224, 224, 3)])
def test_odd_shapes_come_out_whole(fit, shape):
    card = Preprocessing(224, 224, fit, 0.9 if fit == "crop" else 1.0)
    given = np.full(shape, 128, np.uint8)
    assert (resized(given, card) == 128).all() and resized(given, card).shape == (224, 224, 3)


def test_the_decoder_is_told_the_size_that_loses_nothing():
    assert short_side_px(Preprocessing(224, 160)) == 224
    assert short_side_px(Preprocessing(224, 224, "crop", 0.875)) == 256
    assert short_side_px(Preprocessing(224, 224, "pad")) == 224
