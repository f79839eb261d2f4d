"""Other ways to look at a picture keep what they promise, down to one pixel."""

import numpy as np
import pytest

from lookalike.images.views import VIEWS, WINDOW, windows


@pytest.mark.parametrize("shape", [(1, 1), (1, 9), (50, 80), (81, 33)])
def test_windows_are_the_whole_and_nine_parts_of_it(shape):
    random = np.random.default_rng(0)
    pixels = random.integers(0, 256, (*shape, 3), dtype=np.uint8)
    whole, *parts = windows(pixels)
    assert np.array_equal(whole, pixels) and len(parts) == 9
    wanted = tuple(max(1, round(WINDOW * side)) for side in shape)
    assert {part.shape[:2] for part in parts} == {wanted}
    assert np.array_equal(parts[0], pixels[: wanted[0], : wanted[1]])
    assert np.array_equal(parts[-1], pixels[-wanted[0] :, -wanted[1] :])


@pytest.mark.parametrize("name", sorted(VIEWS))
@pytest.mark.parametrize("shape", [(1, 1), (40, 60)])
def test_every_view_gives_as_many_pictures_whatever_the_shape(name, shape):
    pixels = np.random.default_rng(1).integers(0, 256, (*shape, 3), dtype=np.uint8)
    seen = VIEWS[name](pixels)
    assert len(seen) == len(VIEWS[name](np.zeros((7, 7, 3), np.uint8)))
    assert all(view.dtype == np.uint8 and min(view.shape[:2]) >= 1 for view in seen)
