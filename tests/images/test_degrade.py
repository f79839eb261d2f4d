"""Poor photographs: any picture, the same for the same seed, and still the same picture."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scenes import scene

from lookalike.images import wear_print, wear_surface
from lookalike.images.degrade import degrade, degraded
from lookalike.images.hashes import describe_hashes
from lookalike.nouns.errors import InputError

WEAR = (
    wear_print.fade,
    wear_print.half_tone,
    wear_surface.creases,
    wear_surface.stains,
    wear_surface.dust,
)


def from_afar(pixels):
    """Means of blocks of 10 x 10 pixels, in which dots vanish."""
    height, width = pixels.shape[:2]
    return pixels.reshape(height // 10, 10, width // 10, 10, 3).mean(axis=(1, 3)).ravel()


def noise(height, width, seed=0):
    return np.random.default_rng(seed).integers(0, 256, (height, width, 3), dtype=np.uint8)


@given(height=st.integers(16, 90), width=st.integers(16, 90), seed=st.integers(0, 2**40))
@settings(max_examples=40, deadline=None)
def test_any_picture_is_degraded_the_same_way_for_the_same_seed(height, width, seed):
    pixels = noise(height, width)
    pixels.flags.writeable = False
    poor = degrade(pixels, seed)
    assert poor.dtype == np.uint8 and poor.ndim == 3 and poor.shape[2] == 3 and poor.size
    assert poor.flags.c_contiguous and poor.flags.writeable
    assert np.array_equal(poor, degrade(pixels, seed))


@pytest.mark.parametrize("wear", WEAR)
@given(height=st.integers(1, 60), width=st.integers(1, 60), seed=st.integers(0, 999))
@settings(max_examples=20, deadline=None)
def test_wear_keeps_the_size_and_leaves_its_input_alone(wear, height, width, seed):
    pixels = noise(height, width)
    kept = pixels.copy()
    worn = wear(pixels, np.random.default_rng(seed))
    assert worn.shape == pixels.shape and worn.dtype == np.uint8
    assert np.array_equal(pixels, kept) and not np.shares_memory(worn, pixels)
    assert np.array_equal(worn, wear(pixels, np.random.default_rng(seed)))


@pytest.mark.parametrize("wear", WEAR)
def test_wear_is_seen_and_the_picture_too(wear):
    pixels = np.asarray(scene(2))
    outcomes = [wear(pixels, np.random.default_rng(seed)) for seed in range(6)]
    assert len({o.tobytes() for o in outcomes}) == 6
    for worn in outcomes:
        assert not np.array_equal(worn, pixels)
        assert np.corrcoef(from_afar(worn), from_afar(pixels))[0, 1] > 0.7


def test_fading_loses_contrast_and_half_tone_keeps_the_mean():
    pixels = np.asarray(scene(2))
    for seed in range(6):
        assert wear_print.fade(pixels, np.random.default_rng(seed)).std() < pixels.std()
    grey = np.full((120, 120, 3), 128, np.uint8)
    for seed in range(6):
        dots = wear_print.half_tone(grey, np.random.default_rng(seed))
        assert abs(dots.mean() - 128) < 6 and dots.std() > 20


def test_seeds_differ_and_steps_are_left_out_by_chance():
    pixels = np.asarray(scene(3))
    outcomes = [degrade(pixels, seed) for seed in range(40)]
    assert len({o.tobytes() for o in outcomes}) == 40
    grey = sum(bool((np.ptp(o.astype(int), axis=2) < 12).mean() > 0.9) for o in outcomes)
    assert 0 < grey < 30
    smaller = sum(o.shape[0] * o.shape[1] < 0.5 * pixels.size / 3 for o in outcomes)
    assert 0 < smaller < 35


def test_hashes_find_some_originals_and_miss_others():
    # Were it all or none, the pipeline would tell nothing about what is better than a hash.
    pictures = [np.asarray(scene(seed)) for seed in range(40)]
    hashes = np.stack([describe_hashes(pixels)[0] for pixels in pictures])
    found = 0
    for row, pixels in enumerate(pictures):
        poor = describe_hashes(degrade(pixels, row))[0][0]
        bits = np.bitwise_count(hashes ^ poor).sum(axis=2, dtype=int).min(axis=1)
        found += int(bits.argmin()) == row
    assert 8 < found < 36


def test_training_gets_the_same_from_any_source_of_chance():
    pixels = noise(40, 50)
    one, two = (degraded(pixels, np.random.default_rng(9)) for _ in range(2))
    assert np.array_equal(one, two)


@pytest.mark.parametrize(
    ("pixels", "seed"),
    [
        (np.zeros((16, 16), np.uint8), 0),
        (np.zeros((16, 16, 3), np.float32), 0),
        (np.zeros((15, 16, 3), np.uint8), 0),
        (np.zeros((16, 16, 3), np.uint8), -1),
    ],
)
def test_what_cannot_be_degraded_is_refused(pixels, seed):
    with pytest.raises(InputError):
        degrade(pixels, seed)
