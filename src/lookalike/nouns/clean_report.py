"""What `clean`, `undo` and `purge` answer, and the operations that can be undone."""

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Literal

from lookalike.nouns.report import Table

Action = Literal["clean", "undo", "purge"]


@dataclass(frozen=True, slots=True)
class Moved:
    """A file that was moved.

    Attributes:
        path: where it stood in the collection, relative.
        to: where it is now: absolute in the quarantine after `clean`, relative to the collection
            after `undo`; empty where `purge` deleted it.
        size_bytes: its length.
    """

    path: str
    to: str
    size_bytes: int

    def to_dict(self) -> dict[str, object]:
        """Plain values for JSON."""
        return {"path": self.path, "to": self.to, "size_bytes": self.size_bytes}


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file that was left where it is.

    Attributes:
        path: relative to the collection.
        reason: one plain sentence.
    """

    path: str
    reason: str

    def to_dict(self) -> dict[str, object]:
        """Plain values for JSON."""
        return {"path": self.path, "reason": self.reason}


@dataclass(frozen=True, slots=True)
class CleanReport:
    """What one clean-up, one undoing or one purge did.

    Attributes:
        action: which of them.
        folder: the collection.
        operations: ids of the clean-ups that were made, undone or purged; empty where there was
            nothing to do.
        moved: files that went into the quarantine, came back, or were deleted out of it.
        skipped: files that were left alone, and why.
        quarantine: where the files lie, or lay.
        undo: the command that brings everything back; empty where there is nothing to bring.
    """

    action: Action
    folder: Path
    operations: tuple[str, ...]
    moved: tuple[Moved, ...]
    skipped: tuple[Skipped, ...]
    quarantine: Path
    undo: str = ""

    @property
    def operation(self) -> str:
        """The id of the last operation; empty where there is none."""
        return self.operations[-1] if self.operations else ""

    @property
    def size_bytes(self) -> int:
        """Length of all files that were moved."""
        return sum(moved.size_bytes for moved in self.moved)

    @property
    def beside(self) -> tuple[Moved, ...]:
        """Files that came back under another name, since something stood in their place."""
        if self.action != "undo":
            return ()
        return tuple(moved for moved in self.moved if moved.to != moved.path)

    def to_dict(self) -> dict[str, object]:
        """Plain values for JSON."""
        return {
            "action": self.action,
            "folder": str(self.folder),
            "operations": list(self.operations),
            "moved": [moved.to_dict() for moved in self.moved],
            "skipped": [skipped.to_dict() for skipped in self.skipped],
            "size_bytes": self.size_bytes,
            "quarantine": str(self.quarantine),
            "undo": self.undo,
        }

    def to_table(self) -> Table:
        """One row for each file: the moved ones, then the ones left alone."""
        header = ("path", "to", "size_bytes", "reason")
        rows: list[tuple[object, ...]] = [(m.path, m.to, m.size_bytes, "") for m in self.moved]
        rows += [(s.path, "", "", s.reason) for s in self.skipped]
        return header, rows


class State(StrEnum):
    """How far an operation is.

    COMPLETE can be undone or purged; INTERRUPTED (the clean-up, or its undoing, was broken off) can
    be undone; UNDONE and PURGED are over.
    """

    COMPLETE = "complete"
    INTERRUPTED = "interrupted"
    UNDONE = "undone"
    PURGED = "purged"


@dataclass(frozen=True, slots=True)
class Operation:
    """One clean-up of a collection.

    Attributes:
        id: as `undo` takes it.
        when_ns: when it began, in nanoseconds since 1970.
        n_files: how many files it moved, companions counted.
        size_bytes: their length.
        state: how far it is.
        quarantine: where its files lie, or lay.
    """

    id: str
    when_ns: int
    n_files: int
    size_bytes: int
    state: State
    quarantine: Path

    @property
    def when(self) -> str:
        """ISO 8601 in universal time, to the second."""
        moment = datetime.fromtimestamp(self.when_ns // 1_000_000_000, UTC)
        return moment.isoformat(timespec="seconds")

    def to_dict(self) -> dict[str, object]:
        """Plain values for JSON."""
        return {
            "operation": self.id,
            "when": self.when,
            "files": self.n_files,
            "size_bytes": self.size_bytes,
            "state": str(self.state),
            "quarantine": str(self.quarantine),
        }


@dataclass(frozen=True, slots=True)
class OperationsReport:
    """The clean-ups of a collection, oldest first."""

    folder: Path
    operations: tuple[Operation, ...]

    def to_dict(self) -> dict[str, object]:
        """Plain values for JSON."""
        return {"folder": str(self.folder), "operations": [o.to_dict() for o in self.operations]}

    def to_table(self) -> Table:
        """One row for each clean-up."""
        header = ("operation", "when", "files", "size_bytes", "state", "quarantine")
        return header, [tuple(o.to_dict()[name] for name in header) for o in self.operations]
