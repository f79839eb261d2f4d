"""What is committed in one go."""

from collections.abc import Sequence
from dataclasses import dataclass

from lookalike.nouns.entry import Described
from lookalike.nouns.errors import InputError


@dataclass(frozen=True, slots=True, eq=False)
class Batch:
    """Files that were looked at, and the new pictures they hold.

    Attributes:
        pictures: contents; those that the index has already, or that come twice, are stored once.
        files: (relative path, size in bytes, mtime in ns, digest) of each file that is a picture.
        failures: (relative path, size, mtime, reason) of each file that could not be read.
        others: (relative path, size, mtime) of each file that is no picture.
    """

    pictures: Sequence[Described] = ()
    files: Sequence[tuple[str, int, int, bytes]] = ()
    failures: Sequence[tuple[str, int, int, str]] = ()
    others: Sequence[tuple[str, int, int]] = ()

    def __post_init__(self) -> None:
        held = {digest for *_, digest in self.files}
        for picture in self.pictures:
            if len(picture.digest) != 32:
                raise InputError("A digest needs 32 bytes")
            if picture.hashes.shape != (8, 32) or picture.hashes.dtype != "uint8":
                raise InputError("Hashes need a uint8 array of shape (8, 32)")
            if picture.digest not in held:
                raise InputError("A new picture needs a file of the same batch that holds it")
