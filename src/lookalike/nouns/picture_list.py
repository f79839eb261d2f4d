"""What a collection holds, a page at a time."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from lookalike.nouns.entry import Entry
from lookalike.nouns.report import Table


@dataclass(frozen=True, slots=True)
class ListedPicture:
    """One picture of a collection.

    Attributes:
        entry: what the index knows of it.
    """

    entry: Entry

    def to_dict(self) -> dict[str, object]:
        """Plain values for JSON."""
        first, *others = self.entry.files
        return {
            "digest": self.entry.digest,
            "path": first.path,
            "also_at": [file.path for file in others],
            "size_bytes": first.size_bytes,
            "modified": iso_time(first.mtime_ns),
            **self.entry.facts.to_dict(),
        }


@dataclass(frozen=True, slots=True)
class PictureList:
    """Some of the pictures of a collection, in an order.

    Attributes:
        folder: the collection.
        total: how many pictures meet the filter.
        offset: how many of them come before the first one here.
        pictures: those that were asked for.
    """

    folder: Path
    total: int
    offset: int
    pictures: tuple[ListedPicture, ...]

    def to_dict(self) -> dict[str, object]:
        """Plain values for JSON."""
        return {
            "folder": str(self.folder),
            "total": self.total,
            "offset": self.offset,
            "pictures": [picture.to_dict() for picture in self.pictures],
        }

    def to_table(self) -> Table:
        """One row for each picture."""
        header = ("digest", "path", "size_bytes", "modified", "width_px", "height_px", "format")
        return header, [tuple(p.to_dict()[name] for name in header) for p in self.pictures]


def iso_time(mtime_ns: int) -> str:
    """ISO 8601 in universal time, to the second; empty for a time that no calendar has."""
    try:
        return datetime.fromtimestamp(mtime_ns // 1_000_000_000, UTC).isoformat(timespec="seconds")
    except (OverflowError, OSError, ValueError):
        return ""
