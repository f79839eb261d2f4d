"""The perceptual hashes: their published definitions, their orientations, their use."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from lookalike.images import hashes
from lookalike.images.hashes import HASHES, describe_hashes, hash_orientations, pdq_hash
from lookalike.images.orientations import ORIENTATIONS, turn
from lookalike.images.sample_photos import sample
from lookalike.nouns.embeddings import Bytes
from lookalike.nouns.errors import InputError

PHOTOS = ("astronaut", "chelsea", "coffee", "motorcycle_left", "camera")


def photo(name: str) -> Bytes:
    """A photograph from the scikit-image wheel."""
    with Image.open(sample("skimage", f"data/{name}.png")) as image:
        return np.asarray(image.convert("RGB"))


def resized(pixels: Bytes, height: int, width: int) -> Bytes:
    image = Image.fromarray(pixels)
    return np.asarray(image.resize((width, height), Image.Resampling.BILINEAR))


def scene(seed: int, height: int, width: int) -> Bytes:
    """Soft blobs and fine grain."""
    chance = np.random.default_rng(seed)
    coarse = Image.fromarray(chance.integers(0, 256, (6, 6, 3), dtype=np.uint8))
    soft = np.asarray(coarse.resize((width, height), Image.Resampling.BICUBIC)).astype(np.int64)
    grain = chance.integers(-12, 13, (height, width, 3))
    pixels: Bytes = np.clip(soft + grain, 0, 255).astype(np.uint8)
    return pixels


def bits_off(first: Bytes, second: Bytes) -> int:
    return int(np.bitwise_count(first ^ second).sum())


def best_of_eight(first: Bytes, second: Bytes) -> int:
    return int(np.bitwise_count(first ^ second[0]).sum(axis=1).min())


# --- the definitions, written as plainly as they are published


def plain_box(line: np.ndarray, window: int) -> np.ndarray:
    half = (window + 2) // 2
    means = []
    for i in range(len(line)):
        inside = line[max(0, i - (window - half)) : i + half]
        means.append(inside.mean())
    return np.array(means)


def plain_pdq(pixels: Bytes) -> tuple[str, int]:
    """Published PDQ: box filters along every row and column, twice; then 64 x 64 samples."""
    luma = (pixels * np.array([0.299, 0.587, 0.114])).sum(axis=2)
    height, width = luma.shape
    for _ in range(2):
        luma = np.array([plain_box(row, -(-width // 128)) for row in luma])
        luma = np.array([plain_box(column, -(-height // 128)) for column in luma.T]).T
    rows = [int((i + 0.5) * height / 64) for i in range(64)]
    columns = [int((j + 0.5) * width / 64) for j in range(64)]
    small = luma[np.ix_(rows, columns)]
    steps = np.concatenate([np.diff(small, axis=0).ravel(), np.diff(small, axis=1).ravel()])
    quality = min(100, sum(int(abs(step) * 100 / 255) for step in steps) // 90)
    cosines = np.array(
        [[np.cos(np.pi / 128 * u * (2 * x + 1)) for x in range(64)] for u in range(1, 17)]
    )
    block = (cosines @ small @ cosines.T).ravel()
    number = sum(1 << k for k in range(256) if block[k] > np.sort(block)[127])
    return f"{number:064x}", quality


def plain_grey(pixels: Bytes, width: int, height: int) -> np.ndarray:
    small = Image.fromarray(pixels).convert("L").resize((width, height), Image.Resampling.LANCZOS)
    return np.asarray(small).astype(np.float64)


def plain_average(pixels: Bytes) -> np.ndarray:
    cells = plain_grey(pixels, 8, 8)
    return np.array(cells > cells.mean())


def plain_difference(pixels: Bytes) -> np.ndarray:
    cells = plain_grey(pixels, 9, 8)
    return np.array([[row[i + 1] > row[i] for i in range(8)] for row in cells])


def plain_perceptual(pixels: Bytes) -> np.ndarray:
    cells = plain_grey(pixels, 32, 32)
    x = 2 * np.arange(32) + 1
    waves = [np.cos(np.pi * u * x / 64) for u in range(8)]
    block = np.array([[(cells * np.outer(v, u)).sum() for u in waves] for v in waves])
    return np.array(block > np.median(block))


def plain_wavelet(pixels: Bytes) -> np.ndarray:
    """Haar all the way down, the last low-pass taken out, back up to 8 x 8."""
    side = 8
    while side * 2 <= min(pixels.shape[:2]):
        side *= 2
    low = plain_grey(pixels, side, side) / 255
    while len(low) > 8:
        low = (low[::2, ::2] + low[1::2, ::2] + low[::2, 1::2] + low[1::2, 1::2]) / 2
    cells = low - low.mean()
    return np.array(cells > np.median(cells) + 1e-12)


PLAIN = {
    "average": plain_average,
    "difference": plain_difference,
    "perceptual": plain_perceptual,
    "wavelet": plain_wavelet,
}


@pytest.mark.parametrize("name", PHOTOS)
@pytest.mark.parametrize("kind", PLAIN)
def test_64_bit_hashes_follow_their_definition(kind: str, name: str) -> None:
    pixels = photo(name)
    assert np.array_equal(HASHES[kind](pixels), np.packbits(PLAIN[kind](pixels).ravel()))


@pytest.mark.parametrize("size", [(64, 64), (150, 200), (129, 128), (301, 47), (20, 33)])
def test_pdq_follows_its_definition(size: tuple[int, int]) -> None:
    pixels = scene(3, *size)
    wanted, quality = plain_pdq(pixels)
    found, found_quality = pdq_hash(pixels)
    # Single and double precision may part on a coefficient that equals the median.
    assert bits_off(found, np.frombuffer(bytes.fromhex(wanted), np.uint8)) <= 2
    assert abs(found_quality - quality) <= 1


@pytest.mark.parametrize("name", PHOTOS[:2])
def test_the_steady_hash_is_pdq_of_the_picture_resized(name: str) -> None:
    rows, quality = describe_hashes(photo(name))
    wanted, wanted_quality = plain_pdq(resized(photo(name), 320, 320))
    # Pillow rounds the resized picture to whole levels.
    assert bits_off(rows[0], np.frombuffer(bytes.fromhex(wanted), np.uint8)) <= 4
    assert abs(quality - wanted_quality) <= 1


@pytest.mark.parametrize("name", PHOTOS)
@pytest.mark.parametrize("scale", [0.3, 0.5, 0.77, 1.4])
def test_the_steady_hash_of_a_resized_copy_is_near(name: str, scale: float) -> None:
    pixels = photo(name)
    copy = resized(pixels, round(scale * pixels.shape[0]), round(scale * pixels.shape[1]))
    assert bits_off(describe_hashes(pixels)[0][0], describe_hashes(copy)[0][0]) <= 12


def test_hashes_of_known_photographs_stay(golden: Callable[..., None]) -> None:
    """All but the steady ones equal those of ImageHash 4.3.2 and pdqhash 0.2.8."""
    numbers = {
        name: {
            **{kind: HASHES[kind](photo(name)).tobytes().hex() for kind in HASHES},
            "steady": describe_hashes(photo(name))[0][0].tobytes().hex(),
            "quality": pdq_hash(photo(name))[1],
        }
        for name in PHOTOS
    }
    golden("hashes.json", numbers)


# --- orientations


def test_turns_are_mirror_first_then_quarter_turns_left() -> None:
    pixels = scene(1, 5, 7)
    for g in range(8):
        mirrored = pixels[:, ::-1] if g >= 4 else pixels
        assert np.array_equal(turn(pixels, g), np.rot90(mirrored, g % 4))
    assert len(ORIENTATIONS) == 8


@pytest.mark.parametrize("g", [-1, 8])
def test_a_ninth_turn_is_refused(g: int) -> None:
    with pytest.raises(InputError, match="eight orientations"):
        turn(scene(1, 4, 4), g)


@given(st.integers(0, 2**32), st.integers(1, 300), st.integers(1, 300))
@settings(max_examples=30, deadline=None)
def test_pdq_orientations_are_the_hashes_of_the_turned_pictures(
    seed: int, height: int, width: int
) -> None:
    pixels = scene(seed, height, width)
    steady, quality = describe_hashes(pixels)
    published = hash_orientations(pixels, "pdq")
    # A coefficient within a rounding error of the median may fall on either side.
    for g in range(8):
        turned, turned_quality = describe_hashes(turn(pixels, g))
        assert bits_off(steady[g], turned[0]) <= 2
        assert abs(turned_quality - quality) <= 1
        assert bits_off(published[g], pdq_hash(turn(pixels, g))[0]) <= 2


@pytest.mark.parametrize(("kind", "side"), [("average", 8), ("perceptual", 32), ("wavelet", 64)])
@given(seed=st.integers(0, 2**32))
@settings(max_examples=20, deadline=None)
def test_orientations_are_exact_where_nothing_is_reduced(kind: str, side: int, seed: int) -> None:
    pixels = scene(seed, side, side)
    rows = hash_orientations(pixels, kind)
    for g in range(8):
        assert np.array_equal(rows[g], HASHES[kind](turn(pixels, g)))


@pytest.mark.parametrize("kind", HASHES)
@pytest.mark.parametrize("name", PHOTOS)
def test_orientations_of_photographs_are_within_rounding(kind: str, name: str) -> None:
    pixels = photo(name)
    rows = hash_orientations(pixels, kind)
    for g in range(8):
        assert bits_off(rows[g], HASHES[kind](turn(pixels, g))) <= 4


def test_an_orientation_tells_how_a_copy_was_turned() -> None:
    pixels = photo("chelsea")
    rows = hash_orientations(pixels, "pdq")
    for g in range(8):
        copy = HASHES["pdq"](turn(pixels, g))
        assert int(np.argmin(np.bitwise_count(rows ^ copy).sum(axis=1))) == g


# --- any input, and the use of it


@pytest.mark.parametrize("kind", HASHES)
@given(seed=st.integers(0, 99), height=st.integers(1, 80), width=st.integers(1, 80))
@settings(max_examples=20, deadline=None)
def test_any_size_has_a_hash_of_fixed_length(kind: str, seed: int, height: int, width: int) -> None:
    pixels = scene(seed, height, width)
    kept = pixels.copy()
    rows = hash_orientations(pixels, kind)
    assert rows.shape == (8, HASHES[kind].bits // 8) and rows.dtype == np.uint8
    assert np.array_equal(rows, hash_orientations(pixels, kind))
    assert np.array_equal(pixels, kept)


@pytest.mark.parametrize("shape", [(1, 5000), (3000, 2), (2500, 40)])
def test_long_pictures_are_read_in_bands_without_a_seam(shape: tuple[int, int]) -> None:
    pixels = scene(5, *shape)
    tall, wide = describe_hashes(pixels), describe_hashes(np.swapaxes(pixels, 0, 1))
    transposed = ORIENTATIONS.index("mirrored, quarter turn left")
    assert bits_off(tall[0][transposed], wide[0][0]) <= 2
    assert tall[1] == wide[1]


@pytest.mark.parametrize("kind", HASHES)
def test_copies_are_near_and_others_are_far(kind: str) -> None:
    originals = [photo(name) for name in PHOTOS]
    copies = [
        turn(np.asarray(Image.fromarray(p).resize((p.shape[1] // 2, p.shape[0] // 2))), g)
        for g, p in enumerate(originals, start=2)
    ]
    bits = HASHES[kind].bits
    for i, original in enumerate(originals):
        rows = hash_orientations(original, kind)
        for j, copy in enumerate(copies):
            off = best_of_eight(rows, hash_orientations(copy, kind))
            assert off <= bits // 8 if i == j else off > bits // 8


def test_named_functions_are_the_registry() -> None:
    pixels = photo("camera")
    for kind in ("average", "difference", "perceptual", "wavelet"):
        named = getattr(hashes, f"{kind}_hash")(pixels)
        assert np.array_equal(named, hash_orientations(pixels, kind)[0])
    assert np.array_equal(pdq_hash(pixels)[0], HASHES["pdq"](pixels))
    for name, known in HASHES.items():
        assert known.name == name and known.source and known.bits % 8 == 0


@pytest.mark.parametrize(
    "pixels",
    [
        np.zeros((4, 4, 3), np.float32),
        np.zeros((4, 4, 4), np.uint8),
        np.zeros((0, 4, 3), np.uint8),
        np.zeros(4, np.uint8),
    ],
)
def test_what_is_no_picture_is_refused(pixels: Bytes) -> None:
    for describe in (*HASHES.values(), describe_hashes, pdq_hash):
        with pytest.raises(InputError):
            describe(pixels)


def test_an_unknown_hash_is_refused_with_the_known_ones() -> None:
    with pytest.raises(InputError, match="perceptual"):
        hash_orientations(scene(1, 9, 9), "md5")
