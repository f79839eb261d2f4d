"""Puts the files of an operation back, from wherever a crash has left it.

What is still to do is read off the disk, not off the journal: a file is back when it is no longer
in the quarantine. So all of this may be broken off and done again, at any point, any number of
times.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from lookalike.nouns.clean_report import Moved, Skipped
from lookalike.quarantine import disk, move
from lookalike.quarantine.journal import Journal
from lookalike.quarantine.layout import set_folder_time
from lookalike.quarantine.record import File, Record, Unit

_LONGEST_NAME = 255
_GONE = "it is no longer in the quarantine"


@dataclass(slots=True)
class PutBack:
    """One undoing.

    Attributes:
        folder: the collection.
        record: the operation that is undone.
        journal: of that operation, open.
        moved: files that came back.
        skipped: files that did not, and why.
        n_left: units and times that are still to be put back.
    """

    folder: Path
    record: Record
    journal: Journal
    moved: list[Moved] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    n_left: int = 0

    def all(self) -> None:
        """Put every unit back, the last one first, then the times of the folders."""
        if self.record.targets is None:
            targets = self._targets()
            self.journal.write("undo", folders=targets)
            self.record.targets = targets
        self._make_missing_folders()
        for unit in reversed(self.record.units.values()):
            self._try(unit)
        for path, mtime_ns in self.record.targets.items():
            try:
                set_folder_time(self.folder / path, mtime_ns)
            except OSError as error:
                self._leave(path, error)
        if not self.n_left:
            prune(self.record.root)
            self.journal.write("undone")
            self.record.is_undone = True
            disk.remove_folder(self.record.root)

    def _targets(self) -> dict[str, int]:
        """The time each folder is to have: that of before, unless others changed it since.

        A folder that is gone is made again, and its going is no reason to give its parent a new
        time.
        """
        targets: dict[str, int] = {}
        missing = {path for path in self.record.folders if not disk.look(self.folder / path)}
        parents = {path.rpartition("/")[0] or "." for path in missing}
        for path, (before, _) in self.record.folders.items():
            status = disk.look_through(self.folder / path)
            after = (self.record.after or {}).get(path)
            is_ours = status is None or after is None or status.st_mtime_ns == after
            targets[path] = (
                before if status is None or is_ours or path in parents else status.st_mtime_ns
            )
        return targets

    def _make_missing_folders(self) -> None:
        # Parents are in the record too, and sort before their children.
        for path, (mtime_ns, mode) in sorted(self.record.folders.items()):
            folder = self.folder / path
            if disk.look(folder) is None:
                disk.make_folder(folder)
                disk.set_facts(folder, mode=mode, mtime_ns=mtime_ns)

    def _try(self, unit: Unit) -> None:
        try:
            self.unit(unit)
        except OSError as error:
            self._leave(unit.files[0].path, error)

    def _leave(self, path: str, error: OSError) -> None:
        self.n_left += 1
        reason = f"it cannot be put back as it was: {error.strerror or error}"
        self.skipped.append(Skipped(path, reason))

    def unit(self, unit: Unit) -> None:
        """Put the files of one unit back; those that are back already are left alone.

        Raises:
            OSError: a file cannot be put back; it is still in the quarantine.
        """
        for file in unit.files:
            self._report_gone(unit, file)
            move.drop_part(self.record.part(unit, file), whole=self.folder / file.path)
            move.drop_part(self._part(unit, file), whole=self.record.at(file))
        waiting = [file for file in unit.files if disk.look(self.record.at(file)) is not None]
        if not waiting:
            return
        suffix = self._suffix(unit, waiting)
        for file in reversed(waiting):
            target = beside(file.path, unit, suffix)
            is_new = self._file(unit, file, self.folder / target)
            if is_new:
                self.moved.append(Moved(file.path, target, file.size_bytes))

    def _report_gone(self, unit: Unit, file: File) -> None:
        names = (beside(file.path, unit, n) for n in {0, self.record.beside.get(unit.number, 0)})
        if all(
            disk.look(place) is None for place in (self.record.at(file), *map(self._abs, names))
        ):
            reason = "it was purged" if unit.number in self.record.purged else _GONE
            self.skipped.append(Skipped(file.path, reason))

    def _abs(self, path: str) -> Path:
        return self.folder / path

    def _suffix(self, unit: Unit, waiting: list[File]) -> int:
        """The number under which all files of the unit find room, so that they stay together."""
        known = suffix = self.record.beside.get(unit.number, 0)
        while not all(self._has_room(unit, file, suffix) for file in waiting):
            suffix += 1
        if suffix != known:
            self.journal.write("beside", number=unit.number, suffix=suffix)
            self.record.beside[unit.number] = suffix
        return suffix

    def _has_room(self, unit: Unit, file: File, suffix: int) -> bool:
        target = self.folder / beside(file.path, unit, suffix)
        place = self.record.at(file)
        return (
            disk.look(target) is None
            or move.is_there(place, target, mtime_ns=file.mtime_ns)
            or (not suffix and self._is_our_link(unit, place, target))
        )

    def _is_our_link(self, unit: Unit, place: Path, target: Path) -> bool:
        """Whether the target is the link that took the file's place."""
        return unit.is_linked and (
            move.is_same_file(target, self.folder / unit.keeper)
            and not move.is_same_file(target, place)
        )

    def _file(self, unit: Unit, file: File, target: Path) -> bool:
        """Put one file back; False where it was there already."""
        place, part = self.record.at(file), self._part(unit, file)
        if self._is_our_link(unit, place, target):
            move.put_over(place, target, part=part, mode=file.mode, mtime_ns=file.mtime_ns)
            return True
        if move.is_there(place, target, mtime_ns=file.mtime_ns):
            disk.remove(place)
            return False
        move.bring_back(place, target, part=part, mode=file.mode, mtime_ns=file.mtime_ns)
        return True

    def _part(self, unit: Unit, file: File) -> Path:
        name = f".lookalike-{self.record.id}-{unit.number}-{unit.files.index(file)}.part"
        return (self.folder / file.path).with_name(name)


def beside(path: str, unit: Unit, suffix: int) -> str:
    """The path under which a file comes back: 0 its own, 1 "name (restored).jpg", and so on."""
    if not suffix:
        return path
    folder, slash, name = path.rpartition("/")
    stem = os.path.splitext(unit.files[0].path.rpartition("/")[2])[0]
    # "a.jpg.xmp" belongs to "a.jpg": both get the words after the stem that they share.
    if name[: len(stem)].casefold() != stem.casefold():
        stem = os.path.splitext(name)[0]
    head, tail = name[: len(stem)], name[len(stem) :]
    words = " (restored)" if suffix == 1 else f" (restored {suffix})"
    while head and len(os.fsencode(head + words + tail)) > _LONGEST_NAME:
        head = head[:-1]
    return f"{folder}{slash}{head}{words}{tail}"


def prune(root: Path) -> None:
    """Remove the folders of an operation that hold nothing."""
    for name in ("files", "renamed"):
        for folder in _deepest_first(root / name):
            disk.remove_folder(folder)


def _deepest_first(folder: Path) -> Iterator[Path]:
    for path, _, _ in os.walk(folder, topdown=False):
        yield Path(path)
