"""Nasty pictures, and good ones to hold them against, all made by code."""

import io
import struct
import zlib
from importlib.util import find_spec
from pathlib import Path

import numpy as np
from PIL import ExifTags, Image

TURNS = {
    1: lambda a: a,
    2: lambda a: a[:, ::-1],
    3: lambda a: a[::-1, ::-1],
    4: lambda a: a[::-1],
    5: lambda a: a.swapaxes(0, 1),
    6: lambda a: np.rot90(a, -1),
    7: lambda a: np.rot90(a, 2).swapaxes(0, 1),
    8: lambda a: np.rot90(a, 1),
}
"""What EXIF asks a viewer to do with the stored pixels (EXIF 2.32, tag 274)."""

UNDONE = {**TURNS, 6: TURNS[8], 8: TURNS[6]}
"""From upright pixels to those that are stored beside the tag."""


def photo(name="astronaut"):
    """(h, w, 3) uint8: a photograph from the scikit-image wheel."""
    folder = Path(find_spec("skimage").submodule_search_locations[0]) / "data"
    with Image.open(folder / f"{name}.png") as image:
        return np.asarray(image.convert("RGB"))


def slope(width, height):
    """(h, w, 3) uint8 without any symmetry: every turn of it is another picture."""
    y, x = np.mgrid[:height, :width]
    red, green = 255 * x / max(1, width - 1), 255 * y / max(1, height - 1)
    return np.stack([red, green, (7 * x + 3 * y) % 256], 2).astype(np.uint8)


def encoded(image, format, **options):
    """The bytes of a file; `image` is an array or a Pillow image."""
    if not isinstance(image, Image.Image):
        image = Image.fromarray(image)
    buffer = io.BytesIO()
    if format == "HEIC":
        # Straight from the plug-in: nothing is registered with Pillow, and a picture that lies is
        # stored lying, as a telephone does it.
        from pillow_heif.as_plugin import _save_heif

        image.encoderinfo = options
        _save_heif(image, buffer, "")
    else:
        image.save(buffer, format, **options)
    return buffer.getvalue()


def exif(orientation=None, *, taken=None, digitised=None, changed=None, maker=None, model=None):
    """The bytes of an EXIF block with these tags."""
    tags = Image.Exif()
    base = ExifTags.Base
    named = {
        base.Orientation: orientation,
        base.DateTime: changed,
        base.Make: maker,
        base.Model: model,
    }
    tags.update({tag: value for tag, value in named.items() if value is not None})
    inner = {base.DateTimeOriginal: taken, base.DateTimeDigitized: digitised}
    tags.get_ifd(ExifTags.IFD.Exif).update({t: v for t, v in inner.items() if v is not None})
    return tags.tobytes()


def chunk(kind, data):
    """One chunk of a PNG."""
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width, height, *, depth=8, colour=2, rows=b"", before=b""):
    """A PNG that claims a size, whatever its rows hold."""
    head = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    parts = chunk(b"IHDR", head), before, chunk(b"IDAT", zlib.compress(rows)), chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def gif_claiming(width, height):
    """A GIF whose screen is said to be large, with one pixel in it."""
    head = b"GIF89a" + struct.pack("<HHBBB", width, height, 0x80, 0, 0) + b"\0\0\0\xff\xff\xff"
    frame = b"," + struct.pack("<HHHHB", 0, 0, width, height, 0) + b"\x02\x02\x44\x01\x00"
    return head + frame + b";"


def bmp_claiming(width, height):
    """A BMP header with next to no pixels behind it."""
    head = struct.pack("<IiiHHIIiiII", 40, width, height, 1, 24, 0, 0, 0, 0, 0, 0)
    return b"BM" + struct.pack("<IHHI", 54 + 8, 0, 0, 54) + head + bytes(8)


def icon_holding(picture):
    """An icon whose table says 16 x 16, around any picture."""
    row = struct.pack("<BBBBHHII", 16, 16, 0, 0, 1, 32, len(picture), 22)
    return b"\0\0\x01\0\x01\0" + row + picture


def jpeg_claiming(width, height, *, progressive=False):
    """A real JPEG whose header has been given another size."""
    data = bytearray(encoded(slope(16, 16), "JPEG", progressive=progressive))
    at = data.index(b"\xff\xc2" if progressive else b"\xff\xc0")
    data[at + 5 : at + 9] = struct.pack(">HH", height, width)
    return bytes(data)


def pattern_xmp(orientation):
    """XMP that says how a picture lies, as some editors write it without any EXIF."""
    return (
        '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:Description '
        f'tiff:Orientation="{orientation}"/></x:xmpmeta>'
    ).encode()
