"""What `hash_pictures` answers."""

from dataclasses import dataclass
from pathlib import Path

from lookalike.nouns.picture import Failure
from lookalike.nouns.report import Table, failure_dicts


@dataclass(frozen=True, slots=True)
class HashedPicture:
    """A file and its perceptual hash.

    Attributes:
        path: the file.
        hash: hexadecimal, as the hash's authors print it.
        turned: name of each of the eight orientations and the hash that the picture would have
            in it; empty unless asked for.
    """

    path: Path
    hash: str
    turned: tuple[tuple[str, str], ...] = ()

    def to_dict(self) -> dict[str, object]:
        """Plain values for JSON."""
        data: dict[str, object] = {"path": str(self.path), "hash": self.hash}
        return {**data, "orientations": dict(self.turned)} if self.turned else data


@dataclass(frozen=True, slots=True)
class HashReport:
    """The perceptual hashes of files.

    Attributes:
        kind: which hash.
        bits: its length.
        pictures: in the order in which the files were named or found.
        failed: files that could not be read.
    """

    kind: str
    bits: int
    pictures: tuple[HashedPicture, ...]
    failed: tuple[Failure, ...]

    def to_dict(self) -> dict[str, object]:
        """Plain values for JSON."""
        return {
            "kind": self.kind,
            "bits": self.bits,
            "pictures": [picture.to_dict() for picture in self.pictures],
            "failed": failure_dicts(self.failed),
        }

    def to_table(self) -> Table:
        """A row for each picture, or for each orientation of each picture."""
        if any(picture.turned for picture in self.pictures):
            rows: list[tuple[object, ...]] = [
                (hash, str(picture.path), name)
                for picture in self.pictures
                for name, hash in picture.turned
            ]
            return ("hash", "path", "orientation"), rows
        return ("hash", "path"), [(picture.hash, str(picture.path)) for picture in self.pictures]
