"""A picture reads alike however it lies, and at whatever scale it is decoded."""

import io

import numpy as np
import pytest
import zoo
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from lookalike.images.decode import pixel_digest, read_picture

TAGGED = ("PNG", "TIFF", "WEBP")


def lying(pixels, orientation, format="PNG", **options):
    stored = np.ascontiguousarray(zoo.UNDONE[orientation](pixels))
    if format == "WEBP":
        options["lossless"] = True
    return zoo.encoded(stored, format, exif=zoo.exif(orientation), **options)


@pytest.mark.parametrize("format", TAGGED)
@pytest.mark.parametrize("orientation", range(1, 9))
def test_eight_turns_read_alike(orientation, format):
    upright = zoo.slope(37, 23)
    data = lying(upright, orientation, format)
    picture = read_picture(data, short_side_px=None)
    assert np.array_equal(picture.pixels, upright)
    assert (picture.facts.width_px, picture.facts.height_px) == (37, 23)
    assert picture.facts.orientation == orientation
    assert pixel_digest(data) == pixel_digest(zoo.encoded(upright, "BMP"))


@settings(max_examples=40, deadline=None)
@given(
    width=st.integers(1, 90),
    height=st.integers(1, 90),
    orientation=st.integers(2, 8),
    short_side_px=st.integers(1, 40),
)
def test_eight_turns_shrink_alike(width, height, orientation, short_side_px):
    upright = zoo.slope(width, height)
    plain = read_picture(zoo.encoded(upright, "PNG"), short_side_px=short_side_px)
    turned = read_picture(lying(upright, orientation), short_side_px=short_side_px)
    assert np.array_equal(turned.pixels, plain.pixels)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_large_pictures_are_turned_strip_by_strip(orientation, monkeypatch):
    monkeypatch.setattr("lookalike.images.strips.STRIP_PIXELS", 100)
    upright = zoo.slope(61, 47)
    data = lying(upright, orientation)
    assert np.array_equal(read_picture(data, short_side_px=None).pixels, upright)
    wanted = np.asarray(Image.fromarray(upright).reduce(5))
    assert np.array_equal(read_picture(data, short_side_px=9).pixels, wanted)
    assert pixel_digest(data) == pixel_digest(zoo.encoded(upright, "PPM"))


@pytest.mark.parametrize("orientation", range(1, 9))
def test_eight_turns_of_a_jpeg_read_alike(orientation):
    upright = zoo.photo()[:400, :320]
    data = lying(upright, orientation, "JPEG", quality=95, subsampling=0)
    for short_side_px in (None, 160, 40):
        picture = read_picture(data, short_side_px=short_side_px)
        wanted = read_picture(zoo.encoded(upright, "PNG"), short_side_px=short_side_px)
        assert (picture.facts.width_px, picture.facts.height_px) == (320, 400)
        assert np.abs(picture.pixels.astype(int) - wanted.pixels).mean() < 3


@pytest.mark.parametrize("orientation", [2, 5, 6])
def test_orientation_that_stands_in_xmp_only(orientation):
    upright = zoo.slope(32, 24)
    stored = np.ascontiguousarray(zoo.UNDONE[orientation](upright))
    data = zoo.encoded(stored, "WEBP", lossless=True, xmp=zoo.pattern_xmp(orientation))
    assert np.array_equal(read_picture(data).pixels, upright)


@pytest.mark.parametrize("orientation", [3, 6, 7])
def test_avif_is_turned_once(orientation):
    upright = zoo.photo()[:96, :128]
    picture = read_picture(lying(upright, orientation, "AVIF", quality=97), short_side_px=None)
    assert np.abs(picture.pixels.astype(int) - upright).mean() < 3


@pytest.mark.parametrize("orientation", [3, 6, 7])
def test_heic_is_turned_once(orientation):
    pytest.importorskip("pillow_heif")
    upright = zoo.photo()[:96, :128]
    stored = Image.fromarray(np.ascontiguousarray(zoo.UNDONE[orientation](upright)))
    stored.info["exif"] = zoo.exif(orientation)
    picture = read_picture(zoo.encoded(stored, "HEIC", quality=97), short_side_px=None)
    assert np.abs(picture.pixels.astype(int) - upright).mean() < 3


@pytest.mark.parametrize("orientation", [0, 9, 77])
def test_an_orientation_that_does_not_exist_is_ignored(orientation):
    data = zoo.encoded(zoo.slope(12, 8), "PNG", exif=zoo.exif(orientation))
    picture = read_picture(data)
    assert np.array_equal(picture.pixels, zoo.slope(12, 8))
    assert picture.facts.orientation == 1


@pytest.mark.parametrize("name", ["astronaut", "coffee", "chelsea"])
@pytest.mark.parametrize("short_side_px", [64, 120])
@pytest.mark.parametrize("options", [{}, {"progressive": True}, {"subsampling": 0}])
def test_a_scaled_decode_shows_what_a_full_one_shows(name, short_side_px, options):
    data = zoo.encoded(zoo.photo(name), "JPEG", quality=92, **options)
    scaled = read_picture(data, short_side_px=short_side_px).pixels
    with Image.open(io.BytesIO(data)) as image:
        full = image.convert("RGB").resize(scaled.shape[1::-1], Image.Resampling.BOX)
    assert scaled.shape[0] < zoo.photo(name).shape[0]
    assert np.abs(scaled.astype(int) - np.asarray(full)).mean() < 3


@settings(max_examples=60, deadline=None)
@given(
    width=st.integers(1, 400),
    height=st.integers(1, 400),
    short_side_px=st.integers(1, 120),
    format=st.sampled_from(["JPEG", "PNG"]),
)
def test_the_short_side_is_as_long_as_promised(width, height, short_side_px, format):
    data = zoo.encoded(Image.new("L", (width, height), 90), format)
    picture = read_picture(data, short_side_px=short_side_px)
    short, own = min(picture.pixels.shape[:2]), min(width, height)
    assert short == own if own < short_side_px else short_side_px <= short
    assert short_side_px == 1 or short < 2 * max(own if own < short_side_px else 1, short_side_px)
    assert (picture.facts.width_px, picture.facts.height_px) == (width, height)


def test_shrinking_takes_the_mean_of_boxes():
    pixels = zoo.slope(60, 36)
    wanted = pixels.reshape(12, 3, 20, 3, 3).mean((1, 3))
    got = read_picture(zoo.encoded(pixels, "PNG"), short_side_px=12).pixels
    assert np.abs(got - wanted).max() < 0.6


def test_equal_pixels_have_equal_digests_whatever_the_file():
    pixels = zoo.slope(30, 20)
    first = pixel_digest(zoo.encoded(pixels, "PNG"))
    clear = np.dstack([pixels, np.full((20, 30), 255, np.uint8)])
    assert len(first) == 32
    for data in (
        zoo.encoded(pixels, "BMP"),
        zoo.encoded(pixels, "WEBP", lossless=True),
        zoo.encoded(clear, "PNG"),
    ):
        assert pixel_digest(data) == first


@given(st.integers(0, 19), st.integers(0, 29), st.integers(0, 2))
@settings(max_examples=15, deadline=None)
def test_one_changed_value_changes_the_digest(y, x, band):
    changed = zoo.slope(30, 20)
    changed[y, x, band] ^= 1
    plain = pixel_digest(zoo.encoded(zoo.slope(30, 20), "PNG"))
    assert pixel_digest(zoo.encoded(changed, "PNG")) != plain


def test_another_shape_has_another_digest():
    flat = np.zeros((4, 6, 3), np.uint8)
    assert pixel_digest(zoo.encoded(flat, "PNG")) != pixel_digest(
        zoo.encoded(flat.reshape(6, 4, 3), "PNG")
    )
