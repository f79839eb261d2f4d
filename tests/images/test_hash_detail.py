"""What hashes make of pictures with little in them: flat, grey, of one direction."""

import numpy as np
import pytest
from PIL import Image
from zoo import photo

from lookalike.images.hashes import HASHES, describe_hashes


@pytest.mark.parametrize("name", ["astronaut", "chelsea", "coffee", "motorcycle_left", "camera"])
def test_pdq_has_half_of_its_bits_set_where_there_is_anything_to_see(name: str) -> None:
    rows, _ = describe_hashes(photo(name))
    assert (np.abs(np.bitwise_count(rows).sum(axis=1) - 128) <= 1).all()


@pytest.mark.parametrize("level", [0, 1, 127, 255])
def test_a_flat_picture_has_no_quality_and_one_hash_at_any_size(level: int) -> None:
    first, quality = describe_hashes(np.full((300, 400, 3), level, np.uint8))
    second, _ = describe_hashes(np.full((77, 33, 3), level, np.uint8))
    assert quality == 0
    assert not first.any() and not second.any()


def test_a_picture_that_changes_in_one_direction_only_has_no_quality() -> None:
    bars = np.repeat(np.random.default_rng(5).integers(0, 256, 40).astype(np.uint8), 8)
    for lines in (np.tile(bars, (200, 1)), np.tile(bars, (200, 1)).T.copy()):
        assert describe_hashes(lines)[1] == 0
    y, x = np.mgrid[:200, :300]
    ring = np.where((x - 150) ** 2 + (y - 100) ** 2 < 4900, 255, 0).astype(np.uint8)
    assert describe_hashes(ring)[1] == 100


@pytest.mark.parametrize("kind", HASHES)
def test_grey_pixels_hash_as_the_same_grey_in_rgb(kind: str) -> None:
    grey = np.asarray(Image.fromarray(photo("coffee")).convert("L"))
    in_rgb = np.repeat(grey[:, :, None], 3, axis=2)
    assert np.bitwise_count(HASHES[kind](grey) ^ HASHES[kind](in_rgb)).sum() <= 1
