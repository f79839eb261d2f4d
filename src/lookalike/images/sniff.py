"""Which picture format a file holds, told by its first bytes and never by its name."""

import re
from collections.abc import Callable

HEAD_BYTES = 64
"""How many bytes from the start of a file `sniff` wants to see; fewer are allowed."""

PICTURE_SUFFIXES = frozenset(
    f".{suffix}"
    for suffix in (
        "jpg jpeg jpe jfif png apng webp gif tif tiff bmp dib avif heic heif hif jp2 j2k jpx psd "
        "dds qoi ico cur ppm pgm pbm pnm pam sgi rgb pcx tga"
    ).split()
)
"""Endings of names that promise a picture; they decide only whether a broken promise is told."""

# Formats whose plug-in starts another program (EPS, PDF, WMF) or that carry no magic bytes (TGA)
# are left out on purpose.
_MAGIC: tuple[tuple[str, tuple[bytes, ...]], ...] = (
    ("JPEG", (b"\xff\xd8\xff",)),
    ("PNG", (b"\x89PNG\r\n\x1a\n",)),
    ("GIF", (b"GIF87a", b"GIF89a")),
    ("TIFF", (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+", b"MM*\0", b"II\0*")),
    ("JPEG2000", (b"\0\0\0\x0cjP  \r\n\x87\n", b"\xff\x4f\xff\x51")),
    ("PSD", (b"8BPS\0\x01",)),
    ("DDS", (b"DDS \x7c\0\0\0",)),
    ("QOI", (b"qoif",)),
)

_AVIF_BRANDS = frozenset({b"avif", b"avis"})
_HEIC_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs"})
_STILL_BRANDS = frozenset({b"mif1", b"msf1", b"mif2"})


def sniff(head: bytes) -> str | None:
    """The picture format that a file starts like, or None where it is no picture.

    Args:
        head: the first HEAD_BYTES bytes, or the whole of a shorter file.

    Returns:
        "JPEG" (MPO as well), "PNG", "WEBP", "GIF", "TIFF", "BMP", "AVIF", "HEIC", "JPEG2000",
        "PSD", "DDS", "QOI", "ICO", "CUR", "PPM" (the whole family), "SGI" or "PCX".
    """
    for name, starts in _MAGIC:
        if head.startswith(starts):
            return name
    return next((name for name, fits in _SHAPES if fits(head)), None)


def _is_webp(head: bytes) -> bool:
    return head[:4] == b"RIFF" and head[8:12] == b"WEBP"


def _brands(head: bytes) -> list[bytes]:
    """The brands of an ISO base media file, the major one first."""
    if head[4:8] != b"ftyp":
        return []
    end = min(int.from_bytes(head[:4], "big"), len(head))
    return [head[8:12]] + [head[at : at + 4] for at in range(16, end - 3, 4)]


def _is_avif(head: bytes) -> bool:
    brands = _brands(head)
    if not brands or brands[0] in _HEIC_BRANDS:
        return False
    return brands[0] in _AVIF_BRANDS or (
        brands[0] in _STILL_BRANDS and not _AVIF_BRANDS.isdisjoint(brands)
    )


def _is_heic(head: bytes) -> bool:
    return bool(brands := _brands(head)) and brands[0] in _HEIC_BRANDS | _STILL_BRANDS


def _is_bmp(head: bytes) -> bool:
    # "BM" alone starts many a text; the size of the second header tells them apart.
    return head[:2] == b"BM" and head[14:18] in _BMP_HEADERS


_BMP_HEADERS = frozenset(n.to_bytes(4, "little") for n in (12, 16, 40, 52, 56, 64, 108, 124))


def _is_icon(head: bytes, kind: bytes) -> bool:
    # A TGA file may start with the same four bytes; there the number of pictures would be 0.
    return (
        head[:4] == b"\0\0" + kind + b"\0"
        and head[5:6] == b"\0" != head[4:5]
        and head[9:10] == b"\0"
    )


def _is_ppm(head: bytes) -> bool:
    # A number or a comment must follow, or it may be any text that starts with "P1 ".
    return _PPM_START.match(head) is not None


_PPM_START = re.compile(rb"P[1-6f]\s+[-#0-9]")


def _is_sgi(head: bytes) -> bool:
    return (
        len(head) >= 12
        and head[:2] == b"\x01\xda"
        and head[2:3] in b"\0\x01"
        and head[3:4] in b"\x01\x02"
    )


def _is_pcx(head: bytes) -> bool:
    return (
        len(head) >= 64
        and head[0] == 10
        and head[1] in (0, 2, 3, 5)
        and head[2] == 1
        and head[3] in (1, 2, 4, 8)
    )


_SHAPES: tuple[tuple[str, Callable[[bytes], bool]], ...] = (
    ("WEBP", _is_webp),
    ("AVIF", _is_avif),
    ("HEIC", _is_heic),
    ("BMP", _is_bmp),
    ("ICO", lambda head: _is_icon(head, b"\x01")),
    ("CUR", lambda head: _is_icon(head, b"\x02")),
    ("PPM", _is_ppm),
    ("SGI", _is_sgi),
    ("PCX", _is_pcx),
)
