"""Fingerprints that are equal only for equal bytes, or for equal pixels."""

import hashlib
from pathlib import Path
from typing import BinaryIO

from lookalike.images.bounds import DECODE_LIMIT_BYTES
from lookalike.images.budget import DecodeBudget
from lookalike.images.load import Loaded, load
from lookalike.images.strips import upright_size, upright_strips

_DIGEST_BYTES = 32
_BLOCK_BYTES = 1 << 20


def content_digest(file: BinaryIO) -> bytes:
    """BLAKE2b-256 of all bytes from where the file stands to its end, read block by block.

    Raises:
        OSError: the file cannot be read.
    """
    digest = hashlib.blake2b(digest_size=_DIGEST_BYTES)
    while block := file.read(_BLOCK_BYTES):
        digest.update(block)
    return digest.digest()


def pixel_digest(
    source: Path | bytes | BinaryIO,
    *,
    limit_bytes: int = DECODE_LIMIT_BYTES,
    budget: DecodeBudget | None = None,
) -> bytes:
    """BLAKE2b-256 of a picture's size and of its pixels as `read_picture` gives them in full.

    Two files with one digest show the same picture, whatever their format, their metadata and the
    way they lie; a scaled decode is never used here. Pixels are digested a strip at a time.

    Args:
        source: as in `read_picture`.
        limit_bytes: as in `read_picture`.
        budget: as in `read_picture`.

    Raises:
        UnreadableImage: as in `read_picture`.
    """
    return load(
        source,
        _digest,
        short_side_px=None,
        limit_bytes=limit_bytes,
        budget=budget,
        kept_pixel_bytes=0,
    )


def _digest(loaded: Loaded) -> bytes:
    width, height = upright_size(loaded.image.size, loaded.turn)
    digest = hashlib.blake2b(b"%dx%d RGB\n" % (width, height), digest_size=_DIGEST_BYTES)
    for _, strip in upright_strips(loaded.image, loaded.turn):
        digest.update(strip.tobytes())
    return digest.digest()
