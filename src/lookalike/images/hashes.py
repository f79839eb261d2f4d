"""Perceptual hashes of a picture, in all eight orientations from one reduction of it.

Every hash comes packed, eight bits a byte, first bit highest (the order of `np.packbits`), so
`.tobytes().hex()` is the number that the hash's authors print.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from lookalike.images import grey_hashes, pdq
from lookalike.nouns.embeddings import Bools, Bytes
from lookalike.nouns.errors import InputError


@dataclass(frozen=True, slots=True)
class HashKind:
    """A perceptual hash.

    Attributes:
        name: how users call it.
        bits: its length.
        source: where it was published.
        short_side_px: a decode at least this large on the short side is enough; None where all
            pixels count. At 96 the 64-bit hashes are 0 to 1 bits off those of the full decode on
            average, over seven sets of photographs.
        orient: pixels -> (8, bits) bool, a row for each of `orientations.ORIENTATIONS`.
    """

    name: str
    bits: int
    source: str
    short_side_px: int | None
    orient: Callable[[Bytes], Bools]

    def __call__(self, pixels: Bytes) -> Bytes:
        """The hash of a picture as it is, (bits / 8,) uint8."""
        as_is: Bytes = hash_orientations(pixels, self.name)[0]
        return as_is


def _pdq(pixels: Bytes) -> Bools:
    return pdq.published_bits(pdq.published_products(pixels))


_SCALED_PX = 96

_KINDS = (
    HashKind(
        "average",
        64,
        "N. Krawetz 2011, Looks Like It, hackerfactor.com/blog (aHash)",
        _SCALED_PX,
        grey_hashes.average_bits,
    ),
    HashKind(
        "difference",
        64,
        "N. Krawetz 2013, Kind of Like That, hackerfactor.com/blog (dHash)",
        _SCALED_PX,
        grey_hashes.difference_bits,
    ),
    HashKind(
        "perceptual",
        64,
        "N. Krawetz 2011, Looks Like It, hackerfactor.com/blog (pHash); "
        "Zauner 2010, Implementation and Benchmarking of Perceptual Image Hash Functions",
        _SCALED_PX,
        grey_hashes.perceptual_bits,
    ),
    HashKind(
        "wavelet",
        64,
        "D. Petrov 2016, Wavelet image hash in Python, fullstackml.com (wHash, Haar)",
        _SCALED_PX,
        grey_hashes.wavelet_bits,
    ),
    HashKind(
        "pdq",
        256,
        "Facebook 2019, The TMK+PDQF Video-Hashing Algorithm and the PDQ Image-Hashing Algorithm",
        None,
        _pdq,
    ),
)

HASHES: Mapping[str, HashKind] = MappingProxyType({kind.name: kind for kind in _KINDS})
"""All hashes by name."""

LEAST_SHAPE = 16
"""Of 256 bits about half are set, 32 where a picture is symmetric in every way. Of a slope, a bar
code, or anything else that changes in one direction only, none is: all of those hash alike."""


def average_hash(pixels: Bytes) -> Bytes:
    """The 64-bit average hash (aHash), (8,) uint8, of (h, w, 3) RGB or (h, w) grey pixels."""
    return HASHES["average"](pixels)


def difference_hash(pixels: Bytes) -> Bytes:
    """The 64-bit difference hash (dHash), (8,) uint8, of (h, w, 3) RGB or (h, w) grey pixels."""
    return HASHES["difference"](pixels)


def perceptual_hash(pixels: Bytes) -> Bytes:
    """The 64-bit cosine hash (pHash), (8,) uint8, of (h, w, 3) RGB or (h, w) grey pixels."""
    return HASHES["perceptual"](pixels)


def wavelet_hash(pixels: Bytes) -> Bytes:
    """The 64-bit Haar wavelet hash (wHash), (8,) uint8, of (h, w, 3) RGB or (h, w) grey pixels."""
    return HASHES["wavelet"](pixels)


def pdq_hash(pixels: Bytes) -> tuple[Bytes, int]:
    """The 256-bit PDQ hash as published, of the pixels as they are, and its quality.

    Args:
        pixels: (h, w, 3) RGB or (h, w) grey, uint8.

    Returns:
        (32,) uint8, and the quality: 0 (flat) to 100; below 50 a match means little.

    Raises:
        InputError: the pixels have another type or shape.
    """
    _check(pixels)
    products = pdq.published_products(pixels)
    as_is: Bytes = np.packbits(pdq.published_bits(products)[0])
    return as_is, pdq.published_quality(products)


def describe_hashes(pixels: Bytes) -> tuple[Bytes, int]:
    """What an index keeps: the steady PDQ hash in eight orientations, and its quality.

    Steady means that the picture counts as resized to 320 x 320 first (see `pdq.steady_square`):
    a picture and its reduced copy, or its decode at another scale, then differ by 1 to 2 bits of
    256 on average, instead of 7 to 17.

    Args:
        pixels: (h, w, 3) RGB or (h, w) grey, uint8.

    Returns:
        (8, 32) uint8, a row for each of `orientations.ORIENTATIONS`, and the quality, 0 to 100;
        0 also for a picture without shape, however strong its contrast.

    Raises:
        InputError: the pixels have another type or shape.
    """
    _check(pixels)
    square = pdq.steady_square(pixels)
    bits = pdq.steady_bits(square)
    shapeless = bits[0].sum() < LEAST_SHAPE
    return np.packbits(bits, axis=1), 0 if shapeless else pdq.quality(square)


def hash_orientations(pixels: Bytes, kind: str) -> Bytes:
    """The hash of a picture as if it were turned into each of the eight orientations.

    Row g is what `turn(pixels, g)` hashes to, but for bits that sit on their threshold: reducing
    a picture rounds rows first, so a turned one can round otherwise (on photographs 0.2 bits on
    average, 4 at most were seen; PDQ has no such rounding).

    Args:
        pixels: (h, w, 3) RGB or (h, w) grey, uint8.
        kind: a name in `HASHES`.

    Returns:
        (8, bits / 8) uint8, a row for each of `orientations.ORIENTATIONS`.

    Raises:
        InputError: the kind is not known, or the pixels have another type or shape.
    """
    if kind not in HASHES:
        raise InputError("No such hash", where=kind, mend="choose one of: " + ", ".join(HASHES))
    _check(pixels)
    return np.packbits(HASHES[kind].orient(pixels), axis=1)


def _check(pixels: Bytes) -> None:
    if pixels.dtype != np.uint8 or pixels.size == 0:
        raise InputError("A hash needs at least one pixel, as uint8")
    if pixels.ndim != 2 and not (pixels.ndim == 3 and pixels.shape[2] == 3):
        raise InputError(f"A hash needs pixels (h, w, 3) or (h, w), not {pixels.shape}")
