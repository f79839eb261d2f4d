"""The grey decode: the grey of the RGB decode, of every format, upright, in the same bounds."""

import numpy as np
import pytest
import zoo
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from lookalike.images.budget import DecodeBudget
from lookalike.images.decode import read_grey, read_picture
from lookalike.images.hashes import HASHES
from lookalike.nouns.errors import InputError, UnreadableImage

PHOTOS = ("astronaut", "chelsea", "coffee", "motorcycle_left")


def in_grey(pixels):
    return np.asarray(Image.fromarray(pixels).convert("L")).astype(int)


def modes():
    """The same photograph, stored in many ways."""
    image = Image.fromarray(zoo.photo()[:200, :240])
    clear = image.convert("RGBA")
    clear.putalpha(Image.linear_gradient("L").resize(image.size))
    yield "PNG", image
    yield "PNG", image.convert("P")
    yield "PNG", image.convert("1")
    yield "PNG", image.convert("L")
    yield "PNG", image.convert("LA")
    yield "PNG", clear
    yield "PNG", Image.fromarray(np.asarray(image.convert("L")).astype(np.uint16) * 257)
    yield "TIFF", image.convert("CMYK")
    yield "TIFF", image.convert("LAB")
    yield "JPEG", image.convert("CMYK")
    yield "JPEG", image.convert("L")


@pytest.mark.parametrize(("format", "image"), list(modes()))
def test_any_way_of_storing_gives_the_grey_of_its_rgb(format, image):
    data = zoo.encoded(image, format)
    wanted = in_grey(read_picture(data, short_side_px=None).pixels)
    assert np.abs(read_grey(data, short_side_px=None) - wanted).max() <= 1


@pytest.mark.parametrize("name", PHOTOS)
@pytest.mark.parametrize("short_side_px", [None, 256, 96, 40])
def test_a_jpeg_gives_the_grey_of_its_rgb(name, short_side_px):
    data = zoo.encoded(zoo.photo(name), "JPEG", quality=90)
    grey = read_grey(data, short_side_px=short_side_px)
    wanted = in_grey(read_picture(data, short_side_px=short_side_px).pixels)
    # Colours that RGB cannot show are cut there; few photographs have many.
    assert grey.shape == wanted.shape
    assert np.abs(grey - wanted).mean() <= 0.7


def test_a_jpeg_that_stores_rgb_is_weighed_like_any_other():
    data = zoo.encoded(zoo.photo(), "JPEG", keep_rgb=True)
    wanted = in_grey(read_picture(data, short_side_px=None).pixels)
    assert np.abs(read_grey(data, short_side_px=None) - wanted).max() <= 1


@given(
    width=st.integers(1, 90),
    height=st.integers(1, 90),
    orientation=st.integers(1, 8),
    short_side_px=st.one_of(st.none(), st.integers(1, 40)),
)
@settings(max_examples=40, deadline=None)
def test_turned_and_shrunk_alike(width, height, orientation, short_side_px):
    stored = np.ascontiguousarray(zoo.UNDONE[orientation](zoo.slope(width, height)))
    data = zoo.encoded(stored, "PNG", exif=zoo.exif(orientation))
    wanted = in_grey(read_picture(data, short_side_px=short_side_px).pixels)
    # Grey first and then the mean, or the other way round: each rounds once.
    assert np.abs(read_grey(data, short_side_px=short_side_px) - wanted).max() <= 1


@pytest.mark.parametrize("kind", [k for k, known in HASHES.items() if known.short_side_px])
def test_hashes_of_a_scaled_grey_decode_are_steady(kind):
    off = []
    for name in PHOTOS:
        for width in (320, 640, 2000):
            image = Image.fromarray(zoo.photo(name))
            image = image.resize((width, round(width * image.height / image.width)))
            data = zoo.encoded(image, "JPEG", quality=90)
            scaled = HASHES[kind](read_grey(data, short_side_px=HASHES[kind].short_side_px))
            full = HASHES[kind](read_picture(data, short_side_px=None).pixels)
            off.append(int(np.bitwise_count(scaled ^ full).sum()))
    assert np.mean(off) <= 1 and max(off) <= 6


def test_the_bounds_are_those_of_any_decode():
    photo = zoo.encoded(zoo.photo(), "JPEG")
    with pytest.raises(UnreadableImage, match="cut short"):
        read_grey(photo[: len(photo) // 2], short_side_px=96)
    with pytest.raises(UnreadableImage, match="Too big"):
        read_grey(zoo.jpeg_claiming(60_000, 60_000), short_side_px=None)
    with pytest.raises(UnreadableImage, match="Too big"):
        read_grey(photo, short_side_px=None, budget=DecodeBudget(10_000))
    with pytest.raises(InputError):
        read_grey(photo, short_side_px=0)
