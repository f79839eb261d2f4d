"""The pixel rung: do two files show the very same pixels once upright?"""

from lookalike.images.decode import pixel_digest
from lookalike.nouns.entry import Entry
from lookalike.nouns.errors import UnreadableImage
from lookalike.nouns.picture import Facts
from lookalike.verbs.place import Place
from lookalike.verdicts.decide import PIXEL_BITS


def may_be_equal(a: Facts, b: Facts, *, bits: int) -> bool:
    """Whether it is worth reading all pixels: same upright size and nearly the same hash."""
    return bits <= PIXEL_BITS and (a.width_px, a.height_px) == (b.width_px, b.height_px)


class EqualPixels:
    """Decides for pairs of stored pictures; each file is read at most once."""

    def __init__(self, place: Place) -> None:
        self._place = place
        self._digests: dict[int, bytes | None] = {}

    def __call__(self, a: Entry, b: Entry, *, bits: int, turned: bool) -> bool:
        """Whether the two show equal pixels.

        Args:
            a: one picture.
            b: the other.
            bits: how many hash bits differ in the best orientation.
            turned: whether that orientation is another than upright.
        """
        if turned or not may_be_equal(a.facts, b.facts, bits=bits):
            return False
        if _same_codec(a.facts, b.facts) and a.scaled_digest != b.scaled_digest:
            return False
        digest = self._digest(a)
        return digest is not None and digest == self._digest(b)

    def _digest(self, entry: Entry) -> bytes | None:
        if entry.row not in self._digests:
            try:
                digest = pixel_digest(self._place.absolute(entry.path))
            except UnreadableImage:
                digest = None
            self._digests[entry.row] = digest
        return self._digests[entry.row]


def _same_codec(a: Facts, b: Facts) -> bool:
    """Whether equal pixels would also have been equal when decoded scaled."""
    return (a.format == "JPEG") == (b.format == "JPEG") and a.orientation == b.orientation
