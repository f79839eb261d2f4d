"""A fingerprint that is equal only for equal bytes."""

import hashlib
from typing import BinaryIO

import numpy as np

from lookalike.nouns.embeddings import Bytes

DIGEST_BYTES = 32
_BLOCK_BYTES = 1 << 20


def content_digest(file: BinaryIO) -> bytes:
    """BLAKE2b-256 of all bytes from where the file stands to its end, read block by block.

    Raises:
        OSError: the file cannot be read.
    """
    digest = hashlib.blake2b(digest_size=DIGEST_BYTES)
    while block := file.read(_BLOCK_BYTES):
        digest.update(block)
    return digest.digest()


def array_digest(pixels: Bytes) -> bytes:
    """BLAKE2b-256 of the shape and the values of an array.

    Args:
        pixels: (h, w, 3) uint8.
    """
    digest = hashlib.blake2b(repr(pixels.shape).encode(), digest_size=DIGEST_BYTES)
    digest.update(np.ascontiguousarray(pixels).data)
    return digest.digest()
