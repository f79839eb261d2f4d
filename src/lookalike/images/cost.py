"""How much memory a picture will need, foretold from its header before any is spent.

The figures per pixel are measured peaks of Pillow 13 and pillow-heif 1.8 on 24-megapixel files,
rounded up. They are what makes several decoding threads stay within one budget.
"""

import io
from typing import BinaryIO

from PIL import ImageFile
from PIL.JpegImagePlugin import JpegImageFile

from lookalike.images.strips import STRIP_PIXELS
from lookalike.nouns.errors import UnreadableImage

_LARGEST_ICON_PX = 1024
_STRIP_PIXEL_BYTES = 24

_STORED_PIXEL_BYTES = {"1": 1, "L": 1, "P": 1, "I;16": 2, "I;16B": 2, "I;16L": 2, "I;16N": 2}
_CODEC_PIXEL_BYTES = {
    "WEBP": 12.5,
    "AVIF": 9.0,
    "HEIC": 4.2,
    "JPEG2000": 1.0,
    "SGI": 2.0,
    "QOI": 5.0,
    "DDS": 5.0,
    "BMP": 1.0,
    "PPM": 4.0,
    "PCX": 1.0,
    "PSD": 1.0,
}
_READ_WHOLE = frozenset({"WEBP", "AVIF", "HEIC", "JPEG2000"})


def shrink_factor(size: tuple[int, int], short_side_px: int | None) -> int:
    """The largest whole number by which this size can shrink and still be large enough."""
    return max(1, min(size) // short_side_px) if short_side_px else 1


def decode_cost_bytes(
    image: ImageFile.ImageFile,
    format: str,
    full_size: tuple[int, int],
    *,
    file_bytes: int,
    short_side_px: int | None,
    kept_pixel_bytes: int = 3,
) -> int:
    """The peak of memory that decoding this picture will take.

    Args:
        image: opened, and set to its scaled size, but not decoded.
        format: as `sniff` names it.
        full_size: before any scaling.
        file_bytes: length of the file.
        short_side_px: what the result is to be shrunk to.
        kept_pixel_bytes: what each pixel of the result takes.
    """
    pixels, full_pixels = _area(image.size), _area(full_size)
    stored = _STORED_PIXEL_BYTES.get(image.mode, 4)
    kept = kept_pixel_bytes * pixels / shrink_factor(image.size, short_side_px) ** 2
    strip = _STRIP_PIXEL_BYTES * min(pixels, max(STRIP_PIXELS, *image.size))
    codec = _CODEC_PIXEL_BYTES.get(format, 0.0) * pixels
    if isinstance(image, JpegImageFile):
        codec = _coefficient_bytes(image) * full_pixels
    elif format == "HEIC" and image.info.get("bit_depth", 8) > 8:
        codec *= 2
    elif format == "JPEG2000":
        codec = (1 + 5 * len(image.getbands())) * pixels
    elif format == "TIFF":
        codec = _tiff_bytes(image, stored * pixels)
    whole_file = file_bytes if format in _READ_WHOLE else 0
    return int(stored * pixels + codec + kept + strip + whole_file)


def check_file(file: BinaryIO, format: str, file_bytes: int, limit_bytes: int) -> None:
    """Refuses what would spend memory while only its header is read.

    Raises:
        UnreadableImage: the whole file is read at once and is too long, or it is an icon that
            holds a picture far larger than icons are.
    """
    if format in _READ_WHOLE and file_bytes > limit_bytes:
        raise UnreadableImage(
            f"Too big to decode safely: a {format} file of {file_bytes / 1e6:.0f} MB"
        )
    if format == "ICO":
        sides = (side for at in _icon_offsets(file) for side in _icon_size(file, at))
        if (largest := max(sides, default=0)) > _LARGEST_ICON_PX:
            raise UnreadableImage(f"Too big to decode safely: an icon {largest} pixels wide")


def _area(size: tuple[int, int]) -> int:
    return size[0] * size[1]


def _coefficient_bytes(image: JpegImageFile) -> float:
    """Per full-size pixel, for a JPEG of several scans: libjpeg keeps all coefficients then."""
    if not image.layer or not (image.info.get("progressive") or _starts_with_part(image)):
        return 0.0
    widest = max(h for _, h, _, _ in image.layer) * max(v for _, _, v, _ in image.layer)
    return 2.0 * sum(h * v for _, h, v, _ in image.layer) / max(1, widest)


def _starts_with_part(image: JpegImageFile) -> bool:
    """Whether the first scan lacks some of the components. The file stands right behind its head.

    That head is: two bytes of length, the number of components, two bytes for each, three more.
    """
    if image.fp is None:
        return False
    after, head_bytes = image.fp.tell(), 6 + 2 * len(image.layer)
    image.fp.seek(max(0, after - head_bytes))
    head = image.fp.read(3)
    image.fp.seek(after)
    return head != head_bytes.to_bytes(2, "big") + bytes([len(image.layer)])


def _tiff_bytes(image: ImageFile.ImageFile, stored_bytes: int) -> int:
    """A compressed strip or tile is unpacked beside the picture; turning takes a second one."""
    tags = getattr(image, "tag_v2", {})
    rows = tags.get(323) or tags.get(278) or image.size[1]
    share = min(1.0, rows / max(1, *image.size)) if isinstance(rows, int) else 1.0
    turning = tags.get(274, 1) not in (0, 1)
    return int(stored_bytes * (share + turning))


def _icon_offsets(file: BinaryIO) -> list[int]:
    file.seek(4)
    number = int.from_bytes(file.read(2), "little")
    table = io.BytesIO(file.read(16 * number))
    return [int.from_bytes(row[12:16], "little") for row in iter(lambda: table.read(16), b"")]


def _icon_size(file: BinaryIO, offset: int) -> tuple[int, int]:
    """Width and height of one of an icon's pictures: a PNG, or a bitmap that counts rows twice."""
    file.seek(offset)
    head = file.read(24)
    if head.startswith(b"\x89PNG"):
        return int.from_bytes(head[16:20], "big"), int.from_bytes(head[20:24], "big")
    width, height = (int.from_bytes(head[at : at + 4], "little", signed=True) for at in (4, 8))
    return abs(width), abs(height) // 2
