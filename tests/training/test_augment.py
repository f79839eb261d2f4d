"""Augmentations: any picture, a fixed size, chance from torch's source alone; each as described."""

import pickle

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from picture_sets import picture
from scenes import scene

from lookalike.encoders.preprocess import resized
from lookalike.images.degrade import degraded
from lookalike.images.edits import EDITS
from lookalike.nouns.card import Preprocessing
from lookalike.nouns.errors import RecipeError
from lookalike.nouns.recipe import AugmentPart
from lookalike.training.augment import AUGMENTATIONS, build_change
from lookalike.training.framing import Framing, as_picture, as_pixels
from lookalike.training.recolour import recoloured

EDITS_AT_HAND = {**{name: edit.change for name, edit in EDITS.items()}, "degraded": degraded}
CHANGING = sorted(set(AUGMENTATIONS) - {"none"})


def seeded(change, given_picture, seed, other=None):
    torch.manual_seed(seed)
    return change(given_picture, other)


def photo(size=(160, 120)):
    return as_picture(np.asarray(scene(4, size)))


@pytest.mark.parametrize("name", AUGMENTATIONS)
@given(
    height=st.integers(1, 70),
    width=st.integers(1, 70),
    size=st.integers(1, 40),
    strength=st.floats(0.1, 2),
    seed=st.integers(0, 2**31),
)
@settings(max_examples=25, deadline=None)
def test_any_picture_comes_out_whole_and_the_same_for_the_same_seed(
    name, height, width, size, strength, seed
):
    given_picture = as_picture(picture(seed % 1000, (height, width)))
    kept = given_picture.clone()
    change = AUGMENTATIONS[name].build(size, strength, edits=EDITS_AT_HAND)
    one = seeded(change, given_picture, seed, lambda: kept).clone()
    assert one.shape == (3, size, size) and one.dtype == torch.uint8
    assert torch.equal(given_picture, kept)
    np.random.default_rng().random()
    again = seeded(pickle.loads(pickle.dumps(change)), given_picture, seed, lambda: kept)
    assert torch.equal(one, again)


@pytest.mark.parametrize("name", CHANGING)
def test_seeds_change_it_differently_and_strength_0_not_at_all(name):
    change = AUGMENTATIONS[name].build(48, edits=EDITS_AT_HAND)
    outcomes = {seeded(change, photo(), seed, photo).numpy().tobytes() for seed in range(20)}
    assert len(outcomes) > 10
    still = AUGMENTATIONS[name].build(48, 0, edits=EDITS_AT_HAND, crop_share=0.8)
    assert torch.equal(still(photo()), Framing(48, 0.8)(photo()))


@pytest.mark.parametrize("interpolation", ["box", "bilinear", "bicubic", "lanczos"])
@pytest.mark.parametrize("share", [1.0, 0.875])
@pytest.mark.parametrize("shape", [(120, 160), (100, 31), (32, 32), (7, 9), (33, 500)])
def test_none_equals_what_the_encoder_does(interpolation, share, shape):
    pixels = np.asarray(scene(1, (shape[1], shape[0]))) if min(shape) > 60 else picture(5, shape)
    card = Preprocessing(32, 32, "crop", share, interpolation)
    build = AUGMENTATIONS["none"].build
    seen = build(32, crop_share=share, interpolation=interpolation)(as_picture(pixels))
    assert np.array_equal(as_pixels(seen), resized(pixels, card))


def test_a_strip_is_seen_in_its_middle():
    strip = np.arange(3000, dtype=np.uint16)[:, None, None].repeat(3, 1).repeat(3, 2)
    whole = (strip // 12).astype(np.uint8)
    seen = as_pixels(Framing(32)(as_picture(whole)))
    assert np.abs(seen.astype(int) - resized(whole, Preprocessing(32, 32, "crop"))).max() <= 1


def test_light_keeps_most_of_the_picture_and_mirrors_half():
    pixels = np.zeros((60, 60, 3), np.uint8)
    pixels[:, :, 0] = np.linspace(0, 120, 60).astype(np.uint8)  # darker to brighter, left to right
    change = AUGMENTATIONS["light"].build(60)
    outcomes = [seeded(change, as_picture(pixels), seed).numpy() for seed in range(200)]
    rises = np.array([o[0, :, -1].mean() - o[0, :, 0].mean() for o in outcomes])
    assert 70 < (rises < 0).sum() < 130
    assert np.median(np.abs(rises)) > 0.7 * 120


def test_small_shifts_by_an_eighth_at_most():
    pixels = picture(3, (32, 32))
    change = AUGMENTATIONS["small"].build(32)
    shifts, erased = set(), 0
    padded = np.pad(pixels, ((4, 4), (4, 4), (0, 0)), "reflect")
    windows = np.lib.stride_tricks.sliding_window_view(padded, (32, 32), (0, 1))
    windows = windows.transpose(0, 1, 3, 4, 2)  # (9, 9, 32, 32, 3)
    for seed in range(300):
        seen = as_pixels(seeded(change, as_picture(pixels), seed))
        alike = [(windows == way).all(axis=4).mean(axis=(2, 3)) for way in (seen, seen[:, ::-1])]
        best = np.unravel_index(np.argmax(alike), (2, 9, 9))
        share = np.max(alike)
        assert share > 0.75
        erased += share < 0.99
        shifts.add(tuple(int(v) for v in best))
    assert 110 < erased < 190
    assert {s[1] for s in shifts} == {s[2] for s in shifts} == set(range(9))
    assert {s[0] for s in shifts} == {0, 1}


@pytest.mark.parametrize("paper", [0, 255])
def test_drawings_keep_their_paper_and_are_never_mirrored(paper):
    pixels = np.full((28, 28, 3), paper, np.uint8)
    pixels[6:22, 8:11] = pixels[19:22, 8:20] = 255 - paper  # an L
    change = AUGMENTATIONS["drawing"].build(28)
    for seed in range(50):
        seen = seeded(change, as_picture(pixels), seed).numpy()
        assert (seen[0] == seen[1]).all() and (seen[0] == seen[2]).all()
        edge = np.concatenate([seen[0, 0], seen[0, -1], seen[0, :, 0], seen[0, :, -1]])
        assert (edge == paper).mean() > 0.95
        ink = np.abs(seen[0].astype(float) - paper)
        across = ink.sum(axis=0) @ np.arange(28) / ink.sum()
        stem = ink[:14].sum(axis=0) @ np.arange(28) / ink[:14].sum()
        assert stem < across


def test_views_are_sometimes_grey_and_copies_sometimes_bear_another_picture():
    change = AUGMENTATIONS["views"].build(32)
    grey = 0
    for seed in range(200):
        seen = seeded(change, photo(), seed).numpy().astype(int)
        grey += np.abs(seen - seen.mean(axis=0)).max() <= 2
    assert 20 < grey < 70
    asked = []

    def other():
        asked.append(1)
        return torch.zeros(3, 40, 50, dtype=torch.uint8)

    change = AUGMENTATIONS["copies"].build(32, edits=EDITS_AT_HAND)
    for seed in range(200):
        seeded(change, photo(), seed, other)
    assert 15 < len(asked) < 50


@given(brightness=st.floats(0.5, 1.5), contrast=st.floats(0.5, 1.5), saturation=st.floats(0, 1.5))
@settings(deadline=None)
def test_recolouring_in_one_step_equals_step_by_step(brightness, contrast, saturation):
    # Middling colours, so that nothing is cut off on the way.
    pixels = (96 + picture(1, (9, 7)) % 64).astype(np.uint8)
    weights = np.array([0.299, 0.587, 0.114])
    plain = pixels.astype(float)
    grey = (plain @ weights)[:, :, None]
    plain = saturation * plain + (1 - saturation) * grey
    plain = contrast * plain + (1 - contrast) * grey.mean()
    plain = np.clip(brightness * plain, 0, 255)
    found = recoloured(
        pixels, brightness=brightness, contrast=contrast, saturation=saturation, hue=0
    )
    assert np.abs(found - plain).max() < 1


@given(hue=st.floats(-0.5, 0.5))
def test_turning_the_hue_keeps_greys_and_lightness(hue):
    pixels = (112 + picture(2, (9, 7)) % 32).astype(np.uint8)
    turned = recoloured(pixels, brightness=1, contrast=1, saturation=1, hue=hue)
    weights = np.array([0.299, 0.587, 0.114])
    assert np.abs(turned @ weights - pixels @ weights).max() < 1.5
    grey = np.full((2, 2, 3), 77, np.uint8)
    still = recoloured(grey, brightness=1, contrast=1, saturation=1, hue=hue)
    assert np.abs(still.astype(int) - 77).max() <= 1


def test_a_whole_turn_of_the_hue_changes_nothing():
    pixels = picture(2, (9, 7))
    turned = recoloured(pixels, brightness=1, contrast=1, saturation=1, hue=1)
    assert np.abs(turned.astype(int) - pixels).max() <= 1


def test_the_table_names_and_describes_each():
    assert set(AUGMENTATIONS) == {
        "none", "light", "small", "drawing", "views", "copies", "degraded"
    }  # fmt: skip
    assert all(entry.doc and entry.name == name for name, entry in AUGMENTATIONS.items())


def test_what_cannot_be_built_is_refused():
    with pytest.raises(RecipeError, match="light"):
        build_change(AugmentPart("ligth"), 32)
    with pytest.raises(RecipeError):
        build_change(AugmentPart("light", -1.0), 32)
    for name in ("copies", "degraded"):
        with pytest.raises(RecipeError, match="handed in"):
            build_change(AugmentPart(name), 32)
    assert build_change(None, 32) == Framing(32)


@given(
    fit=st.sampled_from(["squash", "pad", "crop"]),
    height=st.integers(1, 90),
    width=st.integers(1, 90),
    seed=st.integers(0, 999),
)
@settings(max_examples=40, deadline=None)
def test_a_frame_shows_what_the_network_will_see_in_use(fit, height, width, seed):
    pixels = np.asarray(picture(seed, (height, width)))
    seen = as_pixels(Framing(24, 1.0, "bilinear", fit)(as_picture(pixels)))
    if fit == "crop" and max(height, width) > 16 * min(height, width):
        return  # of strips only the middle is looked at
    used = resized(pixels, Preprocessing(24, 24, fit, 1.0, "bilinear"))
    assert np.array_equal(seen, used)


def test_each_view_has_its_own_strength():
    part = AugmentPart("copies", view_strengths=(0.0, 1.0))
    still, edited = (build_change(part, 32, edits=EDITS_AT_HAND, view=view) for view in (0, 1))
    assert still == Framing(32) == build_change(part, 32, edits=EDITS_AT_HAND, view=2)
    assert not torch.equal(seeded(edited, photo(), 3), Framing(32)(photo()))
