"""What cannot be read is refused with its reason, and before memory is spent."""

import io
import os
import struct
import tracemalloc
import warnings
from pathlib import Path

import numpy as np
import pytest
import zoo
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageFile

from lookalike.images import load as load_module
from lookalike.images.bounds import check_bounds
from lookalike.images.decode import pixel_digest, read_picture
from lookalike.images.digest import content_digest
from lookalike.nouns.errors import InputError, UnreadableImage

FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "TIFF", "BMP", "AVIF", "JPEG2000", "PPM", "SGI", "ICO")


def refusal(source, **options):
    with pytest.raises(UnreadableImage) as caught:
        read_picture(source, **options)
    return caught.value


def test_an_empty_file():
    assert refusal(b"").what == "The file is empty"


@pytest.mark.parametrize("data", [b"<html>" + bytes(80), b"PK\x03\x04" + bytes(80), b"%!PS-Adobe"])
def test_no_picture(data):
    assert "no picture format" in refusal(data).what


@pytest.mark.parametrize("format", FORMATS)
def test_truncated_pictures(format):
    noise = np.random.default_rng(0).integers(0, 255, (90, 90, 3), np.uint8)
    data = zoo.encoded(noise, format)
    error = refusal(data[: len(data) * 3 // 5])
    assert format in error.what
    if format in ("JPEG", "PNG", "GIF", "BMP", "PPM"):
        assert "cut short" in error.what


def test_a_truncated_jpeg_is_refused_at_every_scale():
    data = zoo.encoded(zoo.photo(), "JPEG")
    for short_side_px in (None, 256, 64):
        assert "cut short" in refusal(data[: len(data) // 2], short_side_px=short_side_px).what


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(FORMATS), st.data())
def test_any_damage_is_read_or_refused(format, data):
    damaged = bytearray(zoo.encoded(zoo.slope(24, 20), format))
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(damaged) - 1))
        damaged[at] = data.draw(st.integers(0, 255))
    try:
        picture = read_picture(bytes(damaged), limit_bytes=50_000_000)
    except UnreadableImage as error:
        assert error.what
    else:
        assert picture.pixels.shape[2] == 3


LEAKED = [
    OSError("x"),
    SyntaxError("x"),
    ValueError("x"),
    struct.error("x"),
    KeyError("x"),
    IndexError(),
    TypeError("x"),
    OverflowError("x"),
    EOFError("x"),
    MemoryError(),
    RuntimeError("x"),
    AttributeError("x"),
    NotImplementedError("x"),
    ZeroDivisionError("x"),
    RecursionError("x"),
    Image.DecompressionBombError("x"),
]


@pytest.mark.parametrize("error", LEAKED, ids=lambda error: type(error).__name__)
def test_whatever_a_decoder_raises_is_a_refusal(error, monkeypatch, tmp_path):
    def broken(format, file):
        raise error

    monkeypatch.setattr(load_module, "open_as", broken)
    path = tmp_path / "a.png"
    path.write_bytes(zoo.encoded(zoo.slope(4, 4), "PNG"))
    caught = refusal(path)
    assert caught.where == str(path)
    # The decoder's frames would keep a half-decoded picture alive in a list of failures.
    assert caught.__cause__ is None and caught.__context__ is None


@pytest.mark.parametrize("error", [KeyboardInterrupt, SystemExit])
def test_stopping_is_not_a_refusal(error, monkeypatch):
    def stopped(format, file):
        raise error

    monkeypatch.setattr(load_module, "open_as", stopped)
    with pytest.raises(error):
        read_picture(zoo.encoded(zoo.slope(4, 4), "PNG"))


BOMBS = {
    "PNG": zoo.png(60000, 60000),
    "grey PNG": zoo.png(60000, 60000, depth=1, colour=0),
    "GIF": zoo.gif_claiming(65535, 65535),
    "BMP": zoo.bmp_claiming(60000, 60000),
    "PPM": b"P6 60000 60000 255\n" + bytes(30),
    "icon with a large PNG": zoo.icon_holding(zoo.png(12000, 12000)),
    "icon with a large bitmap": zoo.icon_holding(zoo.bmp_claiming(12000, 24000)[14:]),
    "progressive JPEG": zoo.jpeg_claiming(65000, 65000, progressive=True),
}


@pytest.mark.parametrize("kind", BOMBS)
def test_bombs_are_refused_before_any_pixel_is_made(kind, monkeypatch):
    def spent(*_):
        raise AssertionError("pixels were about to be decoded")

    monkeypatch.setattr(ImageFile.ImageFile, "load", spent)
    tracemalloc.start()
    try:
        error = refusal(BOMBS[kind])
        assert tracemalloc.get_traced_memory()[1] < 5_000_000
    finally:
        tracemalloc.stop()
    assert error.what.startswith("Too big to decode safely")


def test_the_refusal_names_size_and_need():
    what = refusal(zoo.png(60000, 60000)).what
    assert "60000 x 60000 pixels (3600 megapixels)" in what
    assert "MB of memory, above the limit of 419 MB" in what


@pytest.mark.parametrize(("width", "height"), [(0, 5), (5, 0), (2**31, 1), (0, 0)])
def test_absurd_sizes(width, height):
    assert refusal(zoo.png(width, height)).what


@pytest.mark.parametrize("size", [(0, 5), (5, 0), (-3, 5), (2**31, 1), (1, 2**40)])
def test_sizes_that_no_picture_has_are_refused_whatever_they_cost(size):
    with pytest.raises(UnreadableImage, match="no size of a picture"):
        check_bounds(size, 1, 10**30)


def test_the_limit_counts_what_scaling_saves():
    data = zoo.encoded(Image.new("RGB", (1600, 1600)), "JPEG")
    limit = 4_000_000
    assert read_picture(data, short_side_px=200, limit_bytes=limit).pixels.shape == (200, 200, 3)
    assert "Too big" in refusal(data, short_side_px=None, limit_bytes=limit * 5).what
    progressive = zoo.encoded(Image.new("RGB", (1600, 1600)), "JPEG", progressive=True)
    assert "Too big" in refusal(progressive, short_side_px=200, limit_bytes=limit).what


def test_a_photograph_above_pillows_own_limit_is_read(monkeypatch):
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 1000)
    for format in ("JPEG", "PNG", "BMP"):
        picture = read_picture(zoo.encoded(zoo.slope(200, 100), format), short_side_px=None)
        assert picture.facts.width_px == 200
    assert Image.MAX_IMAGE_PIXELS == 1000


def test_warnings_stay_inside():
    odd = zoo.png(8, 8, rows=(b"\0" + bytes(24)) * 8, before=zoo.chunk(b"acTL", bytes(8)))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert read_picture(odd).pixels.shape == (8, 8, 3)
        with pytest.raises(UserWarning):
            warnings.warn("not Pillow's", UserWarning, stacklevel=1)


def test_libtiff_prints_nothing(capfd):
    data = zoo.encoded(zoo.slope(64, 64), "TIFF", compression="tiff_lzw")
    at = data.index(b"\x80", 8)
    refusal(data[:at] + bytes(40) + data[at + 40 :])
    assert capfd.readouterr() == ("", "")


def test_a_missing_file(tmp_path):
    error = refusal(tmp_path / "gone.jpg")
    assert error.what == "The file is not there, or no longer there"
    assert error.where == str(tmp_path / "gone.jpg")


def test_a_folder(tmp_path):
    assert refusal(tmp_path).what


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read all")
def test_no_permission(tmp_path):
    path = tmp_path / "a.png"
    path.write_bytes(zoo.encoded(zoo.slope(4, 4), "PNG"))
    path.chmod(0)
    assert "permission" in refusal(path).what


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes with names")
def test_a_pipe_is_refused_without_waiting(tmp_path):
    os.mkfifo(tmp_path / "pipe.jpg")
    assert "neither a file" in refusal(tmp_path / "pipe.jpg").what


class Failing(io.BytesIO):
    def read(self, size=-1):
        if self.tell() > 2000:
            raise OSError(5, "Input/output error")
        return super().read(size)


def test_a_disk_that_fails_while_reading():
    data = zoo.encoded(zoo.photo(), "PNG")
    assert refusal(Failing(data)).what == "The file cannot be read: Input/output error"


def test_a_file_that_shrinks_while_it_is_read(tmp_path, monkeypatch):
    path = tmp_path / "a.jpg"
    path.write_bytes(zoo.encoded(zoo.photo(), "JPEG"))
    real = load_module.open_as

    def shrinking(format, file):
        image = real(format, file)
        os.truncate(path, 9000)
        return image

    monkeypatch.setattr(load_module, "open_as", shrinking)
    assert "cut short" in refusal(path).what


@pytest.mark.parametrize("options", [{"short_side_px": 0}, {"limit_bytes": 0}])
def test_options_that_make_no_sense(options):
    with pytest.raises(InputError):
        read_picture(zoo.encoded(zoo.slope(4, 4), "PNG"), **options)


def test_digests_refuse_the_same():
    for data in (b"", zoo.png(60000, 60000)):
        with pytest.raises(UnreadableImage):
            pixel_digest(data)


@given(st.binary(max_size=3000))
def test_content_digest_is_blake2b(data):
    import hashlib

    assert content_digest(io.BytesIO(data)) == hashlib.blake2b(data, digest_size=32).digest()


def test_no_file_stays_open(tmp_path):
    path = Path(tmp_path / "a.tif")
    path.write_bytes(zoo.encoded(zoo.slope(40, 30), "TIFF"))
    read_picture(path)
    path.write_bytes(b"II*\0" + bytes(20))
    refusal(path)
    path.unlink()  # Windows refuses this while a file is open
    assert not path.exists()
