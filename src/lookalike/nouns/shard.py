"""One of several equal shares of a collection, for several processes or machines."""

import re
from dataclasses import dataclass
from hashlib import blake2b

from lookalike.nouns.errors import InputError

MOST = 10_000
_EXAMPLE = "write 2/4 for the second of four shares"


@dataclass(frozen=True, slots=True, order=True)
class Shard:
    """The share `number` of `total`: which files it holds follows from their paths alone.

    A file belongs to the share that a hash of its relative path names, so shares are of nearly
    one size, need not know of each other, and do not change when other files come or go.

    Attributes:
        number: which share, from 1.
        total: how many shares there are.
    """

    number: int
    total: int

    def __post_init__(self) -> None:
        if not 1 <= self.number <= self.total <= MOST:
            raise InputError(
                f"There is no share {self.number} of {self.total}",
                where="shard",
                mend=_EXAMPLE,
            )

    def __str__(self) -> str:
        return f"{self.number}/{self.total}"

    @classmethod
    def parse(cls, text: str) -> "Shard":
        """Read "2/4".

        Raises:
            InputError: it is not of this form, or there is no such share.
        """
        found = re.fullmatch(r"\s*(\d{1,6})\s*/\s*(\d{1,6})\s*", text)
        if found is None:
            raise InputError(f"{text!r} is no share", where="shard", mend=_EXAMPLE)
        return cls(int(found[1]), int(found[2]))

    def holds(self, stored: bytes) -> bool:
        """Whether a file belongs to this share.

        Args:
            stored: its path as an index keeps it: relative, "/" between parts, as bytes.
        """
        return share_of(stored, self.total) == self.number


def share_of(stored: bytes, total: int) -> int:
    """Which of `total` shares a file belongs to, from 1.

    Args:
        stored: its path as an index keeps it.
        total: how many shares there are.
    """
    return int.from_bytes(blake2b(stored, digest_size=8).digest(), "little") % total + 1
