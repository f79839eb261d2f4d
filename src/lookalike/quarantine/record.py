"""What a journal tells: which files an operation moved, and how far it is."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import cast

from lookalike.nouns.clean_plan import check_inside
from lookalike.nouns.clean_report import Operation, State
from lookalike.nouns.errors import InputError
from lookalike.quarantine import journal
from lookalike.quarantine.journal import Line, damaged
from lookalike.quarantine.layout import JOURNAL, Home


@dataclass(frozen=True, slots=True)
class File:
    """A file of a unit.

    Attributes:
        path: in the collection, relative.
        place: in the quarantine, relative to the operation's root.
        size_bytes: its length.
        mtime_ns: its time of last change.
        mode: its rights.
    """

    path: str
    place: str
    size_bytes: int
    mtime_ns: int
    mode: int


@dataclass(frozen=True, slots=True)
class Unit:
    """Files that move together or not at all: a picture, then its companions.

    Attributes:
        number: 0 for the first of the operation.
        files: the picture first.
        keeper: path of the copy that stays.
        is_same: the copy that stays has the same bytes.
        is_linked: the picture's path becomes a hard link to the copy that stays.
    """

    number: int
    files: tuple[File, ...]
    keeper: str
    is_same: bool
    is_linked: bool

    def to_line(self) -> dict[str, object]:
        """As the journal keeps it."""
        return {**asdict(self), "files": [asdict(file) for file in self.files]}

    @classmethod
    def from_line(cls, line: Line) -> "Unit":
        """The unit that `to_line` described."""
        files = tuple(
            File(
                path=_inside(raw["path"]),
                place=_inside(raw["place"]),
                size_bytes=_whole(raw["size_bytes"]),
                mtime_ns=_whole(raw["mtime_ns"]),
                mode=_whole(raw["mode"]),
            )
            for raw in cast(list[Line], line["files"])
        )
        return cls(
            number=_whole(line["number"]),
            files=files,
            keeper=_inside(line["keeper"]),
            is_same=bool(line["is_same"]),
            is_linked=bool(line["is_linked"]),
        )


@dataclass(slots=True)
class Record:
    """An operation as its journal tells it.

    Attributes:
        id: of the operation.
        root: under which its files lie.
        when_ns: when it began.
        units: those that were begun and not taken back.
        folders: each folder that was touched: its time and rights before.
        after: their times when the operation ended; None where it was broken off.
        targets: the times they are to have when it is undone; None before that began.
        beside: units that come back under another name, with the number in that name.
        purged: numbers of units that were deleted for good.
        is_undone: everything is back.
        reference: the other collection in which the copies lie that stayed; None for the same.
    """

    id: str
    root: Path
    when_ns: int
    units: dict[int, Unit] = field(default_factory=dict)
    folders: dict[str, tuple[int, int]] = field(default_factory=dict)
    after: dict[str, int] | None = None
    targets: dict[str, int] | None = None
    beside: dict[int, int] = field(default_factory=dict)
    purged: set[int] = field(default_factory=set)
    is_undone: bool = False
    reference: Path | None = None

    @property
    def state(self) -> State:
        """How far it is."""
        if self.is_undone:
            return State.UNDONE
        if self.targets is not None or self.after is None:
            return State.INTERRUPTED
        return State.PURGED if self.units.keys() <= self.purged else State.COMPLETE

    def to_operation(self) -> Operation:
        """As a user sees it."""
        files = [file for unit in self.units.values() for file in unit.files]
        size_bytes = sum(file.size_bytes for file in files)
        return Operation(self.id, self.when_ns, len(files), size_bytes, self.state, self.root)

    def at(self, file: File) -> Path:
        """Where the file lies in the quarantine."""
        return self.root / file.place

    def part(self, unit: Unit, file: File) -> Path:
        """Where the file lies while it is copied into the quarantine."""
        return self.root / f"{unit.number}-{unit.files.index(file)}.part"

    def apply(self, line: Line) -> None:
        """Take in one more line."""
        kind = line["line"]
        if kind == "move":
            unit = Unit.from_line(cast(Line, line["unit"]))
            self.units[unit.number] = unit
            for path, pair in cast(Mapping[str, list[int]], line["folders"]).items():
                self.folders.setdefault(_inside_or_root(path), (_whole(pair[0]), _whole(pair[1])))
        elif kind == "taken back":
            del self.units[_whole(line["number"])]
        elif kind == "end":
            self.after = _times(line)
        elif kind == "undo":
            self.targets = _times(line)
        elif kind == "beside":
            self.beside[_whole(line["number"])] = _whole(line["suffix"])
        elif kind == "purge":
            self.purged.update(_whole(number) for number in cast(list[object], line["numbers"]))
        elif kind == "undone":
            self.is_undone = True
        elif kind != "moved":
            raise ValueError(f"an unknown line {kind!r}")


def read(home: Home, operation: str) -> Record:
    """The record of one operation.

    Raises:
        InputError: its journal was written by a newer version, or is damaged.
        OSError: it cannot be read.
    """
    path = home.quarantine / operation / JOURNAL
    begin, *lines = journal.read(path)
    try:
        elsewhere = begin["elsewhere"]
        root = path.parent if elsewhere is None else Path(str(elsewhere))
        record = Record(operation, root, _whole(begin["when_ns"]))
        if (reference := begin.get("reference")) is not None:  # older journals do not have it
            record.reference = Path(str(reference))
        for line in lines:
            record.apply(line)
    except (KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
        why = error.what if isinstance(error, InputError) else f"{error!r} makes no sense"
        raise damaged(path, why) from error
    return record


def read_all(home: Home) -> list[Record]:
    """The records of all operations, oldest first."""
    return [read(home, operation) for operation in home.ids()]


def _whole(value: object) -> int:
    if not isinstance(value, int):
        raise TypeError(f"{value!r} is no whole number")
    return value


def _inside(value: object) -> str:
    """A path that leads nowhere else, whoever wrote the journal."""
    if not isinstance(value, str):
        raise TypeError(f"{value!r} is no path")
    check_inside(value)
    return value


def _inside_or_root(path: str) -> str:
    return path if path == "." else _inside(path)


def _times(line: Line) -> dict[str, int]:
    times = cast(Mapping[str, object], line["folders"])
    return {_inside_or_root(path): _whole(time) for path, time in times.items()}
