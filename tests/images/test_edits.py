"""The look-alike edits: every one of the registry, on any size and content."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from lookalike.images.edits import EDITS
from lookalike.images.hashes import describe_hashes
from lookalike.images.sample_photos import sample
from lookalike.nouns.embeddings import Bytes
from lookalike.nouns.errors import InputError

# What a perceptual hash must see through, as far as every single photograph goes.
SEEN_THROUGH = (
    "jpeg_low",
    "jpeg_medium",
    "half_size",
    "quarter_size",
    "mirror",
    "upside_down",
    "quarter_turn",
    "aspect",
    "greyscale",
    "blur",
)
WITHOUT_CHANCE = ("half_size", "quarter_size", "mirror", "upside_down", "greyscale")
SAME_SIZE = (
    "jpeg_low",
    "jpeg_medium",
    "mirror",
    "upside_down",
    "colour_shift",
    "brightness_contrast",
    "greyscale",
    "sepia_blur",
    "blur",
    "sharpen",
    "noise",
    "logo",
)


def photo(name: str) -> Bytes:
    """A photograph from the scikit-image wheel, with a long side of 300 pixels at most."""
    with Image.open(sample("skimage", f"data/{name}.png")) as image:
        rgb = image.convert("RGB")
    rgb.thumbnail((300, 300))
    return np.asarray(rgb)


def contents(kind: str, height: int, width: int) -> Bytes:
    chance = np.random.default_rng(height * 1000 + width)
    if kind == "noise":
        return chance.integers(0, 256, (height, width, 3), dtype=np.uint8)
    return np.full((height, width, 3), 0 if kind == "black" else 255, np.uint8)


@pytest.mark.parametrize("name", EDITS)
@given(
    kind=st.sampled_from(["noise", "black", "white"]),
    height=st.integers(16, 90),
    width=st.integers(16, 90),
    seed=st.integers(0, 2**40),
)
@settings(max_examples=12, deadline=None)
def test_every_edit_works_on_any_picture(
    name: str, kind: str, height: int, width: int, seed: int
) -> None:
    pixels = contents(kind, height, width)
    kept = pixels.copy()
    edited = EDITS[name](pixels, seed)
    assert edited.dtype == np.uint8 and edited.ndim == 3 and edited.shape[2] == 3
    assert edited.size and edited.flags.c_contiguous and edited.flags.writeable
    assert np.array_equal(pixels, kept) and not np.shares_memory(edited, pixels)
    assert np.array_equal(edited, EDITS[name](pixels, seed))


@pytest.mark.parametrize("name", EDITS)
@pytest.mark.parametrize("shape", [(16, 400), (400, 16)])
def test_every_edit_works_on_strips(name: str, shape: tuple[int, int]) -> None:
    assert EDITS[name](contents("noise", *shape), 3).size


@pytest.mark.parametrize("name", EDITS)
def test_every_edit_reads_read_only_pixels_and_changes_the_photograph(name: str) -> None:
    pixels = photo("coffee")
    pixels.flags.writeable = False
    edited = EDITS[name](pixels, 11)
    assert not np.array_equal(edited, pixels)


@pytest.mark.parametrize("name", SAME_SIZE)
def test_edits_of_tone_and_wear_keep_the_size(name: str) -> None:
    pixels = photo("chelsea")
    assert EDITS[name](pixels, 5).shape == pixels.shape


@pytest.mark.parametrize("name", sorted(set(EDITS) - set(WITHOUT_CHANCE)))
def test_seeds_give_different_copies(name: str) -> None:
    pixels = photo("astronaut")
    copies = [EDITS[name](pixels, seed).tobytes() for seed in range(12)]
    assert len(set(copies)) > 1


@pytest.mark.parametrize(("name", "share"), [("crop_75", 0.75), ("crop_40", 0.4)])
@pytest.mark.parametrize("seed", range(5))
def test_crops_keep_the_area_they_say_and_the_pixels_they_cut_from(
    name: str, share: float, seed: int
) -> None:
    pixels = np.arange(200 * 300, dtype=np.uint32).view(np.uint8).reshape(200, 300, 4)[:, :, :3]
    cut = EDITS[name](np.ascontiguousarray(pixels), seed)
    rows, columns = cut.shape[:2]
    assert abs(rows * columns / (200 * 300) - share) < 0.05
    first = int(cut[0, 0, 0]) + 256 * int(cut[0, 0, 1]) + 65536 * int(cut[0, 0, 2])
    top, left = divmod(first, 300)
    assert np.array_equal(cut, pixels[top : top + rows, left : left + columns])


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("shape", [(120, 160), (160, 120), (100, 300)])
def test_a_cropped_tilt_has_no_empty_corner(seed: int, shape: tuple[int, int]) -> None:
    assert EDITS["tilt_cropped"](contents("white", *shape), seed).min() == 255


@pytest.mark.parametrize("name", ["border", "letterbox", "screenshot", "tilt", "print_scan"])
@pytest.mark.parametrize("seed", range(6))
def test_framing_edits_add_area(name: str, seed: int) -> None:
    pixels = photo("coffee")
    edited = EDITS[name](pixels, seed)
    assert edited.shape[0] * edited.shape[1] > pixels.shape[0] * pixels.shape[1]


@pytest.mark.parametrize("name", ["border", "letterbox", "screenshot"])
@pytest.mark.parametrize("seed", range(6))
def test_framing_edits_hold_the_whole_picture(name: str, seed: int) -> None:
    pixels = contents("noise", 60, 80)
    edited = EDITS[name](pixels, seed)
    windows = np.lib.stride_tricks.sliding_window_view(edited, (1, 80, 3))[:, :, 0, 0]
    tops, lefts = np.nonzero((windows == pixels[0]).all(axis=(2, 3)))
    assert len(tops) == 1
    top, left = int(tops[0]), int(lefts[0])
    assert np.array_equal(edited[top : top + 60, left : left + 80], pixels)


@pytest.mark.parametrize("name", SEEN_THROUGH)
@pytest.mark.parametrize("source", ["astronaut", "chelsea", "coffee", "motorcycle_left"])
def test_hashes_see_through_what_copies_often_suffer(name: str, source: str) -> None:
    pixels = photo(source)
    original, _ = describe_hashes(pixels)
    copy, _ = describe_hashes(EDITS[name](pixels, 2))
    assert np.bitwise_count(original ^ copy[0]).sum(axis=1).min() <= 46


def test_turning_edits_show_in_the_orientation_that_matches() -> None:
    pixels = photo("chelsea")
    original, _ = describe_hashes(pixels)
    for name, expected in (("mirror", {4}), ("upside_down", {2}), ("quarter_turn", {1, 3})):
        copy, _ = describe_hashes(EDITS[name](pixels, 0))
        assert int(np.bitwise_count(original ^ copy[0]).sum(axis=1).argmin()) in expected


def test_the_registry_names_and_describes_each_edit() -> None:
    assert len(EDITS) == 26
    for name, edit in EDITS.items():
        assert edit.name == name and edit.doc


@pytest.mark.parametrize(
    ("pixels", "seed"),
    [
        (np.zeros((16, 16), np.uint8), 0),
        (np.zeros((16, 16, 3), np.float32), 0),
        (np.zeros((15, 16, 3), np.uint8), 0),
        (np.zeros((16, 16, 3), np.uint8), -1),
    ],
)
def test_what_cannot_be_edited_is_refused(pixels: Bytes, seed: int) -> None:
    with pytest.raises(InputError):
        EDITS["blur"](pixels, seed)
