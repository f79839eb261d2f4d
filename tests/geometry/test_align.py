"""One picture laid over another: known edits are found again, strangers are not."""

import numpy as np
import pytest
from PIL import Image
from scenes import scene

from lookalike.geometry.align import LEAST_MATCHES, _block_means, align
from lookalike.geometry.features import local_features
from lookalike.images.edits import EDITS
from lookalike.images.sample_photos import sample
from lookalike.nouns.alignment import Alignment, LocalFeatures
from lookalike.verdicts.overlay import copy_probability

PHOTOS = ("astronaut", "chelsea", "coffee", "motorcycle_left")
LARGE = (480, 360)


def photo(name: str) -> np.ndarray:
    pytest.importorskip("skimage")
    with Image.open(sample("skimage", f"data/{name}.png")) as picture:
        picture.thumbnail((480, 480))
        return np.array(picture.convert("RGB"))


def pixels(seed: int) -> np.ndarray:
    return np.asarray(scene(seed, LARGE))


def laid(first: np.ndarray, second: np.ndarray) -> Alignment:
    return align(local_features(first), local_features(second))


def in_pixels(found: Alignment, first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """The map in pixels of the pictures as they were given, not as they were scaled."""
    (scaled_a, scaled_b) = (local_features(p).grey.shape[1] / p.shape[1] for p in (first, second))
    linear = found.transform[:, :2] * scaled_a / scaled_b
    return np.column_stack([linear, found.transform[:, 2] / scaled_b])


PICTURES = [*(f"photo {name}" for name in PHOTOS), *(f"scene {seed}" for seed in range(3))]


@pytest.fixture(params=PICTURES, scope="module")
def picture(request) -> np.ndarray:
    kind, name = request.param.split()
    return photo(name) if kind == "photo" else pixels(int(name))


def test_a_picture_lies_in_itself(picture):
    found = laid(picture, picture)
    assert np.abs(found.transform - np.eye(2, 3)).max() < 0.01
    assert found.agreement == 1
    assert found.changed == 0
    assert found.contained > 0.999


def test_a_crop_is_found_where_it_was_cut(picture):
    left, top, right, bottom = 70, 40, 330, 270
    crop = picture[top:bottom, left:right]
    found = laid(picture, crop)
    wanted = [[1, 0, -left], [0, 1, -top]]
    assert np.abs(in_pixels(found, picture, crop) - wanted)[:, :2].max() < 0.02
    assert np.abs(in_pixels(found, picture, crop) - wanted)[:, 2].max() < 4
    assert found.agreement > 0.6
    assert found.contained > 0.97
    assert found.changed < 0.15


@pytest.mark.parametrize("scale", [0.5, 0.7, 1.6])
def test_another_size_is_found(picture, scale):
    size = (round(picture.shape[1] * scale), round(picture.shape[0] * scale))
    other = np.asarray(Image.fromarray(picture).resize(size, Image.Resampling.LANCZOS))
    found = laid(picture, other)
    assert np.abs(in_pixels(found, picture, other)[:, :2] - scale * np.eye(2)).max() < 0.02
    assert found.agreement > 0.8
    assert found.contained > 0.98
    assert found.changed < 0.1


@pytest.mark.parametrize("degrees", [-20, -7, 12, 90, 180])
def test_a_tilt_is_found_with_its_angle(picture, degrees):
    turned = np.asarray(
        Image.fromarray(picture).rotate(degrees, Image.Resampling.BICUBIC, expand=True)
    )
    found = laid(picture, turned)
    (across, _), (down, _) = found.transform[:, :2]
    assert np.degrees(np.arctan2(-down, across)) % 360 == pytest.approx(degrees % 360, abs=1)
    assert found.contained > 0.98
    assert copy_probability(found) > 0.9


def test_the_two_directions_agree(picture):
    other = EDITS["crop_75"](picture, 3)
    there, back = laid(picture, other), laid(other, picture)
    linear = there.transform[:, :2] @ back.transform[:, :2]
    assert np.abs(linear - np.eye(2)).max() < 0.02
    assert there.contained == pytest.approx(back.contained, abs=0.02)
    assert there.agreement == pytest.approx(back.agreement, abs=0.1)
    assert there.changed == pytest.approx(back.changed, abs=0.1)
    assert (copy_probability(there) > 0.5) == (copy_probability(back) > 0.5)


def test_the_same_pictures_always_give_the_same_answer(picture):
    other = EDITS["print_scan"](picture, 1)
    once, twice = laid(picture, other), laid(picture, other)
    assert np.array_equal(once.transform, twice.transform)
    for name in ("n_matches", "n_inliers", "changed", "contained", "mirrored"):
        assert getattr(once, name) == getattr(twice, name)


def test_a_mirror_image_fits_best_when_given_mirrored(picture):
    mirrored = np.ascontiguousarray(picture[:, ::-1])
    first = local_features(picture)
    as_is = align(first, local_features(mirrored))
    turned = align(first, local_features(mirrored[:, ::-1]), mirrored=True)
    assert turned.mirrored
    assert not as_is.mirrored
    assert as_is.n_inliers < 0.7 * turned.n_inliers
    assert copy_probability(turned) > 0.99
    # Symmetric details may give it away even so, but only as a reflection.
    assert copy_probability(as_is) < 0.5 or np.linalg.det(as_is.transform[:, :2]) < 0


def test_a_caption_counts_as_change():
    for seed, name in enumerate(PHOTOS):
        plain = photo(name)
        lettered = plain.copy()
        text = np.asarray(scene(seed + 50, (plain.shape[1] // 2, 60)))
        lettered[:60, : text.shape[1]] = text
        found = laid(plain, lettered)
        assert 0.02 < found.changed < 0.4
        assert laid(plain, EDITS["jpeg_medium"](plain, 0)).changed < 0.02
        assert found.contained > 0.98


def test_a_larger_change_counts_more():
    plain, shares = pixels(4), []
    for rows in (0, 40, 120, 240):
        painted = plain.copy()
        painted[:rows] = pixels(5)[:rows]
        shares.append(laid(plain, painted).changed)
    assert shares == sorted(shares)
    assert shares[0] == 0
    assert shares[-1] > 0.3


def test_strangers_share_few_points():
    known = [local_features(photo(name)) for name in PHOTOS]
    known += [local_features(pixels(seed)) for seed in range(6)]
    for i, first in enumerate(known):
        for second in known[:i]:
            found = align(first, second)
            assert found.n_inliers < 12
            assert copy_probability(found) < 0.5


@pytest.mark.parametrize("name", PHOTOS)
def test_a_panned_camera_is_no_crop(name):
    wide = photo(name)
    width = wide.shape[1] * 4 // 5
    shift = wide.shape[1] - width
    first, second = wide[: -shift // 2, :width], wide[: -shift // 2, shift:]
    panned = laid(first, second)
    assert panned.n_inliers > 20
    assert panned.contained < 0.97
    assert copy_probability(panned) < 0.5
    cut = laid(wide, first)
    assert cut.contained > 0.97
    assert copy_probability(cut) > 0.9


@pytest.mark.parametrize(
    "shape", [(1, 1), (1, 1000), (1000, 1), (2, 3), (8, 8), (15, 640), (240, 320)]
)
def test_flat_and_tiny_pictures_have_nothing_to_lay_over(shape):
    flat = np.full((*shape, 3), 90, np.uint8)
    empty, full = local_features(flat), local_features(pixels(0))
    assert len(empty) == 0
    assert min(empty.grey.shape) >= 1
    for first, second in ((empty, empty), (empty, full), (full, empty)):
        found = align(first, second, mirrored=True)
        assert (found.n_matches, found.n_inliers, found.agreement) == (0, 0, 0)
        assert (found.changed, found.contained, found.mirrored) == (1, 0, True)
        assert not found.transform.any()


@pytest.mark.parametrize("shape", [(1, 1), (1, 1000), (1000, 1), (5, 900), (20, 20)])
def test_thin_and_tiny_pictures_with_grain_are_borne(shape):
    numbers = np.random.default_rng(0)
    grain = numbers.integers(0, 256, (*shape, 3), np.uint8)
    features = local_features(grain)
    for found in (align(features, features), align(features, local_features(pixels(0)))):
        assert 0 <= found.contained <= 1
        assert 0 <= found.changed <= 1
        assert np.isfinite(found.transform).all()


def test_fewer_than_four_points_are_not_enough():
    some = local_features(pixels(1))
    few = LocalFeatures(
        some.grey, some.points[: LEAST_MATCHES - 1], some.descriptors[: LEAST_MATCHES - 1]
    )
    for first, second in ((few, some), (some, few), (few, few)):
        assert align(first, second).n_inliers == 0


def test_points_on_one_spot_make_no_map():
    some = local_features(pixels(1))
    one_spot = LocalFeatures(some.grey, np.zeros_like(some.points), some.descriptors)
    found = align(some, one_spot)
    assert (found.n_inliers, found.contained) == (0, 0)
    assert found.n_matches > LEAST_MATCHES


def test_block_means_are_means():
    values = np.random.default_rng(0).random((50, 70)).astype(np.float32)
    wanted = values[:48, :64].reshape(3, 16, 4, 16).mean(axis=(1, 3))
    assert _block_means(values) == pytest.approx(wanted, abs=1e-5)
