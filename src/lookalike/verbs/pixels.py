"""The pixel rung: do two files show the very same pixels once upright?"""

from collections.abc import Callable
from pathlib import Path

from lookalike.images.decode import pixel_digest
from lookalike.nouns.entry import Entry
from lookalike.nouns.errors import UnreadableImage
from lookalike.nouns.picture import Facts
from lookalike.verdicts.decide import PIXEL_BITS

Locate = Callable[[str], Path]
"""From a path as it is stored to the file."""


def may_be_equal(a: Facts, b: Facts, *, bits: int) -> bool:
    """Whether it is worth reading all pixels: same upright size and nearly the same hash."""
    return bits <= PIXEL_BITS and (a.width_px, a.height_px) == (b.width_px, b.height_px)


def worth_reading(a: Entry, b: Entry, *, bits: int, turned: bool) -> bool:
    """Whether all that is stored of two pictures leaves room for equal pixels.

    Args:
        a: one picture.
        b: the other.
        bits: how many hash bits differ in the best orientation.
        turned: whether that orientation is another than upright.
    """
    if turned or not may_be_equal(a.facts, b.facts, bits=bits):
        return False
    return not _same_codec(a.facts, b.facts) or a.scaled_digest == b.scaled_digest


class EqualPixels:
    """Decides for pairs of stored pictures; each file is read at most once.

    Args:
        first: where the first picture of each pair lies.
        second: where the second one does.
    """

    def __init__(self, first: Locate, second: Locate) -> None:
        self._first, self._second = first, second
        self._digests: dict[Path, bytes | None] = {}

    def __call__(self, a: Entry, b: Entry, *, bits: int, turned: bool) -> bool:
        """Whether the two show equal pixels.

        Args:
            a: one picture.
            b: the other.
            bits: how many hash bits differ in the best orientation.
            turned: whether that orientation is another than upright.
        """
        if not worth_reading(a, b, bits=bits, turned=turned):
            return False
        digest = self._digest(self._first(a.path))
        return digest is not None and digest == self._digest(self._second(b.path))

    def _digest(self, path: Path) -> bytes | None:
        if path not in self._digests:
            try:
                self._digests[path] = pixel_digest(path)
            except UnreadableImage:
                self._digests[path] = None
        return self._digests[path]


def _same_codec(a: Facts, b: Facts) -> bool:
    """Whether equal pixels would also have been equal when decoded scaled."""
    return (a.format == "JPEG") == (b.format == "JPEG") and a.orientation == b.orientation
