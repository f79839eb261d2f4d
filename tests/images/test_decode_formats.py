"""Every format and every way of storing pixels is read as what it shows."""

import io
import sys

import numpy as np
import pytest
import zoo
from PIL import Image

from lookalike.images.decode import read_picture
from lookalike.images.rgb import to_mode
from lookalike.images.sniff import HEAD_BYTES, sniff
from lookalike.nouns.errors import UnreadableImage

EXACT = {
    "PNG": {},
    "BMP": {},
    "TIFF": {"compression": "tiff_lzw"},
    "PPM": {},
    "SGI": {},
    "PCX": {},
    "DDS": {},
    "ICO": {"sizes": [(48, 40)], "bitmap_format": "png"},
    "QOI": {},
    "JPEG2000": {"irreversible": False},
    "WEBP": {"lossless": True},
}
LOSSY = {
    "JPEG": {"quality": 98, "subsampling": 0},
    "AVIF": {"quality": 98},
    "HEIC": {"quality": 98},
}


def save(pixels, format, **options):
    if format != "QOI":
        return zoo.encoded(pixels, format, **options)
    # Written here by the rules of qoiformat.org: each pixel as a full RGB block.
    body = b"".join(b"\xfe" + bytes(pixel) for pixel in pixels.reshape(-1, 3))
    size = pixels.shape[1].to_bytes(4, "big") + pixels.shape[0].to_bytes(4, "big")
    return b"qoif" + size + b"\x03\0" + body + bytes(7) + b"\x01"


def read(data, **options):
    return read_picture(data, short_side_px=None, **options)


@pytest.mark.parametrize("format", EXACT)
def test_lossless_formats_come_back_exactly_under_any_name(format, tmp_path):
    pixels = zoo.slope(48, 40)
    path = tmp_path / "holiday.txt"
    path.write_bytes(save(pixels, format, **EXACT[format]))
    picture = read(path)
    assert np.array_equal(picture.pixels, pixels)
    assert picture.facts.format == format
    assert (picture.facts.width_px, picture.facts.height_px) == (48, 40)


@pytest.mark.parametrize("format", LOSSY)
def test_lossy_formats_come_back_nearly(format, tmp_path):
    if format == "HEIC":
        pytest.importorskip("pillow_heif")
    pixels = zoo.photo()[:96, :120]
    path = tmp_path / "photo.png"
    path.write_bytes(zoo.encoded(pixels, format, **LOSSY[format]))
    picture = read(path)
    assert np.abs(picture.pixels.astype(int) - pixels).mean() < 3
    assert picture.facts.format == format


def test_gif_gives_its_first_frame():
    frames = [Image.new("P", (9, 7), value) for value in (0, 1, 2)]
    for frame in frames:
        frame.putpalette([250, 0, 0, 0, 250, 0, 0, 0, 250])
    data = zoo.encoded(frames[0], "GIF", save_all=True, append_images=frames[1:])
    picture = read(data)
    assert picture.facts.format == "GIF"
    assert (picture.pixels == (250, 0, 0)).all()


@pytest.mark.parametrize("format", ["PNG", "WEBP", "AVIF", "TIFF"])
def test_animations_give_their_first_frame(format):
    frames = [Image.new("RGB", (32, 24), colour) for colour in ((240, 16, 16), (0, 0, 255))]
    picture = read(zoo.encoded(frames[0], format, save_all=True, append_images=frames[1:]))
    assert np.abs(picture.pixels.astype(int) - (240, 16, 16)).max() < 12


def test_the_stored_mode_is_told():
    assert read(zoo.encoded(Image.new("CMYK", (4, 4)), "TIFF")).facts.mode == "CMYK"
    assert read(zoo.encoded(Image.new("1", (4, 4)), "PNG")).facts.mode == "1"


def on_white(rgb, alpha):
    """The picture as it shows on a white page, by the definition of "over"."""
    share = alpha[..., None].astype(float) / 255
    return rgb * share + 255 * (1 - share)


@pytest.mark.parametrize("format", ["PNG", "WEBP", "TIFF"])
def test_transparent_pictures_show_on_white(format):
    rgb = zoo.slope(40, 30)
    alpha = np.tile(np.linspace(0, 255, 40).astype(np.uint8), (30, 1))
    options = {"lossless": True, "exact": True} if format == "WEBP" else {}
    data = zoo.encoded(np.dstack([rgb, alpha]), format, **options)
    assert np.abs(read(data).pixels - on_white(rgb, alpha)).max() <= 1


def test_grey_with_alpha_shows_on_white():
    grey = zoo.slope(40, 30)[..., 0]
    alpha = zoo.slope(40, 30)[..., 1]
    data = zoo.encoded(Image.merge("LA", [Image.fromarray(grey), Image.fromarray(alpha)]), "PNG")
    wanted = on_white(np.dstack([grey] * 3), alpha)
    assert np.abs(read(data).pixels - wanted).max() <= 1


def test_palette_with_transparency_shows_on_white():
    image = Image.fromarray(np.array([[0, 1], [2, 3]], np.uint8), "P")
    image.putpalette([10, 20, 30, 100, 0, 0, 0, 100, 0, 0, 0, 100])
    data = zoo.encoded(image, "PNG", transparency=bytes([255, 0, 128, 255]))
    wanted = [[(10, 20, 30), (255, 255, 255)], [(127, 177, 127), (0, 0, 100)]]
    assert np.abs(read(data).pixels - np.array(wanted, int)).max() <= 1


@pytest.mark.parametrize("transparency", [0, b"\x00\xff"])
def test_palette_with_one_clear_colour(transparency):
    image = Image.fromarray(np.array([[0, 1]], np.uint8), "P")
    image.putpalette([0, 0, 0, 9, 8, 7])
    format = "GIF" if transparency == 0 else "PNG"
    data = zoo.encoded(image, format, transparency=transparency)
    assert read(data).pixels.tolist() == [[[255, 255, 255], [9, 8, 7]]]


def test_rgb_with_one_clear_colour():
    data = zoo.encoded(zoo.slope(5, 4), "PNG", transparency=(0, 0, 0))
    wanted = zoo.slope(5, 4)
    wanted[0, 0] = 255
    assert np.array_equal(read(data).pixels, wanted)


def test_one_bit():
    bits = np.array([[0, 1, 1], [1, 0, 1]], bool)
    assert np.array_equal(read(zoo.encoded(bits, "PNG")).pixels[..., 1], bits * 255)


@pytest.mark.parametrize("order", ["<u2", ">u2"])
def test_full_range_16_bit_grey_is_its_8_bit_copy(order):
    small = zoo.slope(50, 40)[..., 0]
    deep = Image.fromarray((small.astype(np.uint16) * 257).astype(order))
    picture = read(zoo.encoded(deep, "TIFF"))
    assert picture.facts.mode.startswith("I;16")
    assert np.array_equal(picture.pixels, np.dstack([small] * 3))


@pytest.mark.parametrize("bits", [8, 10, 12, 14, 16])
def test_sensor_depths_in_16_bit_files_use_their_own_range(bits):
    top = 2**bits - 1
    ramp = np.linspace(0, top, 200).round().astype(np.uint16).reshape(10, 20)
    picture = read(zoo.encoded(ramp, "PNG"))
    assert np.abs(picture.pixels[..., 0] - ramp / top * 255).max() <= 0.51


@pytest.mark.parametrize(("low", "high"), [(0, 1), (0, 200), (-4, 6), (0, 2e6)])
def test_floating_point_grey(low, high):
    ramp = np.linspace(low, high, 600, dtype=np.float32).reshape(20, 30)
    white = 255 if high == 200 else high
    wanted = (ramp - low) / (white - low) * 255
    assert np.abs(read(zoo.encoded(ramp, "TIFF")).pixels[..., 2] - wanted).max() <= 0.51


def test_floating_point_grey_with_holes():
    ramp = np.array([[-10, 0, 10, np.nan, np.inf, -np.inf]], np.float32)
    assert read(zoo.encoded(ramp, "TIFF")).pixels[0, :, 0].tolist() == [0, 128, 255, 0, 255, 0]


def test_32_bit_grey():
    ramp = np.array([[0, 65535, 32768]], np.int32)
    assert read(zoo.encoded(ramp, "TIFF")).pixels[0, :, 0].tolist() == [0, 255, 128]


def test_16_bit_rgb():
    deep = zoo.slope(6, 5).astype(">u2") * 257
    rows = b"".join(b"\0" + row.tobytes() for row in deep)
    data = zoo.png(6, 5, depth=16, colour=2, rows=rows)
    assert np.array_equal(read(data).pixels, zoo.slope(6, 5))


@pytest.mark.parametrize("format", ["TIFF", "JPEG"])
def test_cmyk_means_ink(format):
    ink = Image.new("CMYK", (16, 16), (0, 255, 255, 0))
    pixels = read(zoo.encoded(ink, format)).pixels
    assert np.abs(pixels.astype(int) - (255, 0, 0)).max() <= 4


def test_ycbcr_tiff():
    image = Image.fromarray(zoo.slope(32, 32)).convert("YCbCr")
    pixels = read(zoo.encoded(image, "TIFF")).pixels
    assert np.abs(pixels.astype(int) - zoo.slope(32, 32)).max() <= 4


def test_lab_tiff():
    # CIE L*a*b* of D50 white, of black and of sRGB red (L 54, a 81, b 70), coded as TIFF does.
    lab = Image.new("LAB", (3, 1))
    lab.putdata([(255, 128, 128), (0, 128, 128), (138, 128 + 81, 128 + 70)])
    pixels = read(zoo.encoded(lab, "TIFF")).pixels[0].astype(int)
    assert np.abs(pixels - [(255, 255, 255), (0, 0, 0), (255, 0, 0)]).max() <= 12


@pytest.mark.parametrize("mode", ["RGBX", "RGBa", "La", "PA", "HSV", "YCbCr", "LA", "RGBA"])
def test_modes_that_plug_ins_may_give_are_understood(mode):
    grey = zoo.slope(20, 10)[..., [0, 0, 0]]
    image = Image.fromarray(grey).convert("RGBA" if mode.endswith("a") else "RGB")
    if mode in ("La", "PA"):
        image = image.convert("LA")
    shown = np.asarray(to_mode(image.convert(mode), None, "RGB"))
    assert np.abs(shown.astype(int) - grey).max() <= 2


def test_heic_without_the_extra_says_how_to_get_it(monkeypatch):
    head = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(100)
    monkeypatch.setitem(sys.modules, "pillow_heif", None)
    with pytest.raises(UnreadableImage) as caught:
        read_picture(head)
    assert caught.value.mend == "pip install 'lookalike[heif]'"


def test_reading_heic_registers_nothing():
    pytest.importorskip("pillow_heif")
    data = zoo.encoded(zoo.slope(64, 64), "HEIC")
    before = dict(Image.OPEN)
    read(data)
    assert before == Image.OPEN


@pytest.mark.parametrize("wrap", [bytes, io.BytesIO])
def test_sources(wrap):
    data = zoo.encoded(zoo.slope(8, 6), "PNG")
    source = wrap(data)
    if isinstance(source, io.BytesIO):
        source.seek(5)
    assert np.array_equal(read(source).pixels, zoo.slope(8, 6))
    if isinstance(source, io.BytesIO):
        assert not source.closed


NO_PICTURES = {
    "text": b"P1 is a text. BM as well, and so on, for many words. " * 3,
    "BMW": b"BMW drivers of the world, please unite now and for ever after. " * 2,
    "html": b"<!DOCTYPE html><html>" + b" " * 60,
    "svg": b'<svg xmlns="http://www.w3.org/2000/svg"/>' + b" " * 60,
    "zip": b"PK\x03\x04" + bytes(60),
    "pdf": b"%PDF-1.7\n" + bytes(60),
    "eps": b"%!PS-Adobe-3.0 EPSF-3.0\n" + bytes(60),
    "eps with preview": b"\xc5\xd0\xd3\xc6" + bytes(60),
    "wmf": b"\xd7\xcd\xc6\x9a\0\0" + bytes(60),
    "emf": b"\x01\0\0\0" + bytes(36) + b" EMF" + bytes(20),
    "tga": b"\0\0\x02\0\0\0\0\0\0\0\0\0\x10\0\x10\0\x18\0" + bytes(60),
    "mp4": b"\0\0\0\x18ftypmp42\0\0\0\0isommp42" + bytes(40),
    "wav": b"RIFF\x24\0\0\0WAVEfmt " + bytes(40),
    "one byte": b"\xff",
    "nothing": b"",
}


@pytest.mark.parametrize("kind", NO_PICTURES)
def test_what_is_no_picture_is_never_opened(kind):
    assert sniff(NO_PICTURES[kind][:HEAD_BYTES]) is None


def test_brands_of_the_shared_container():
    box = b"\0\0\0\x1cftyp%b\0\0\0\0%b%b"
    assert sniff(box % (b"avif", b"mif1", b"miaf")) == "AVIF"
    assert sniff(box % (b"mif1", b"avif", b"miaf")) == "AVIF"
    assert sniff(box % (b"mif1", b"heic", b"miaf")) == "HEIC"
    assert sniff(box % (b"heic", b"mif1", b"avif")) == "HEIC"
