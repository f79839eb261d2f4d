"""What an index knows of one picture and of the files that hold it."""

from dataclasses import dataclass

from lookalike.nouns.embeddings import Bytes, Floats, read_only
from lookalike.nouns.picture import Facts


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file of the collection.

    Attributes:
        path: relative to the collection's folder, with "/" between parts.
        size_bytes: when it was indexed.
        mtime_ns: when it was indexed.
    """

    path: str
    size_bytes: int
    mtime_ns: int


@dataclass(frozen=True, slots=True)
class Entry:
    """One picture of the collection: one content, held by one file or more.

    Attributes:
        row: where its vector lies.
        digest: BLAKE2b-256 of the file's bytes, in hexadecimal.
        facts: what the file tells.
        files: all files with exactly these bytes, in order of path; at least one.
        scaled_digest: of the pixels as they were decoded for the index; see `Described`.
    """

    row: int
    digest: str
    facts: Facts
    files: tuple[StoredFile, ...]
    scaled_digest: bytes = b""

    @property
    def path(self) -> str:
        """The first of its files."""
        return self.files[0].path


@dataclass(frozen=True, slots=True, eq=False)
class Described:
    """A picture ready to be stored: facts, hashes and vector.

    Attributes:
        digest: BLAKE2b-256 of the file's bytes, 32 bytes.
        facts: what the file tells.
        hashes: (8, 32) uint8, the 256-bit PDQ hash of each of the eight orientations.
        hash_quality: PDQ's quality number, 0 (flat) to 100.
        vector: (d,) float32.
        scaled_digest: of the pixels as they were decoded for the index, upright and scaled; equal
            pixels that came by the same way have an equal one.
    """

    digest: bytes
    facts: Facts
    hashes: Bytes
    hash_quality: int
    vector: Floats
    scaled_digest: bytes = b""

    def __post_init__(self) -> None:
        object.__setattr__(self, "hashes", read_only(self.hashes))
        object.__setattr__(self, "vector", read_only(self.vector))
