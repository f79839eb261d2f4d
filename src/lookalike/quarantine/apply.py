"""Moves what a plan names into the quarantine."""

import stat
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Literal

from lookalike.nouns.clean_plan import CleanPlan, Removal
from lookalike.nouns.clean_report import CleanReport, Moved, Skipped
from lookalike.nouns.errors import InputError
from lookalike.quarantine import disk, move
from lookalike.quarantine.check import Checker, Digest, Refused
from lookalike.quarantine.journal import Journal
from lookalike.quarantine.layout import JOURNAL, Home, Places
from lookalike.quarantine.lock import one_at_a_time
from lookalike.quarantine.put_back import PutBack
from lookalike.quarantine.record import File, Record, Unit

ReplaceWith = Literal["hardlink"] | None
Progress = Callable[[int, int], None]


def apply(
    plan: CleanPlan,
    *,
    digest: Digest,
    quarantine: Path | None = None,
    replace_with: ReplaceWith = None,
    progress: Progress | None = None,
    now: float | None = None,
) -> CleanReport:
    """Move the files of a plan aside, each after a last look at it and at the copy that stays.

    A picture and its companions move together or not at all. A file is left alone, with the
    reason in the report, where it or the copy that stays has changed, is gone, is a link, is
    another name of the same file, is read-only or protected, or cannot be moved. Before each
    move a line in the journal tells it, so that `undo` works whenever this is broken off.

    Args:
        plan: what goes and what stays.
        digest: BLAKE2b-256 of an open file, as in the plan.
        quarantine: a folder to move to; inside the collection's `.lookalike` unless given. On
            another disk files are copied and compared before they go.
        replace_with: "hardlink" puts a hard link to the copy that stays in the file's place, for
            files of the same bytes on one disk; companions then stay.
        progress: called with removals done and removals to do.
        now: seconds since 1970, of the operation's date.

    Raises:
        InputError: no such folder, a quarantine inside the collection, or the journal cannot be
            written; what was moved before can be undone.
        BusyIndex: another operation is at work on the collection.
    """
    home = Home.of(plan.folder)
    if replace_with not in (None, "hardlink"):
        raise InputError("A file can be replaced with a hardlink only", where=str(replace_with))
    if replace_with is not None and plan.reference is not None:
        raise InputError(
            "A link to a file of the reference would let changes reach into it",
            where=str(plan.reference),
            mend="move the files aside instead",
        )
    elsewhere = None if quarantine is None else _outside(home, Path(quarantine))
    checker = Checker.of(home.folder, plan, digest, to_link=replace_with is not None)
    when_ns = int((time.time() if now is None else now) * 1_000_000_000)
    with one_at_a_time(home):
        work = _Work(home, checker, elsewhere, when_ns)
        try:
            for done, removal in enumerate(plan.removals):
                if progress is not None:
                    progress(done, len(plan.removals))
                work.remove(removal)
            work.end()
        finally:
            work.close()
    if progress is not None:
        progress(len(plan.removals), len(plan.removals))
    return work.report()


@dataclass(slots=True)
class _Begun:
    """An operation that has a journal."""

    record: Record
    journal: Journal
    places: Places


@dataclass(slots=True)
class _Work:
    home: Home
    checker: Checker
    elsewhere: Path | None
    when_ns: int
    begun: _Begun | None = None
    next_number: int = 0
    moved: list[Moved] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)

    def remove(self, removal: Removal) -> None:
        """Move one picture with its companions, or say why not."""
        going = (removal.path,) if self.checker.to_link else removal.files
        try:
            seen = self.checker.check(removal, going)
        except Refused as refused:
            self.skipped.append(Skipped(removal.path, str(refused)))
            return
        if self.begun is None:
            self.begun = self._begin()
        number, self.next_number = self.next_number, self.next_number + 1
        files = tuple(
            File(
                path=path,
                place=self.begun.places.give(path, f"{number:06d}-{n}"),
                size_bytes=status.st_size,
                mtime_ns=status.st_mtime_ns,
                mode=stat.S_IMODE(status.st_mode),
            )
            for n, (path, status) in enumerate(zip(going, seen, strict=True))
        )
        is_same = removal.digest == removal.keeper_digest
        self._move(self.begun, Unit(number, files, removal.keeper, is_same, self.checker.to_link))

    def _move(self, begun: _Begun, unit: Unit) -> None:
        folders = self._untold_folders(begun.record, unit)
        line = {"line": "move", "unit": unit.to_line(), "folders": folders}
        begun.journal.write("move", unit=line["unit"], folders=folders)
        begun.record.apply(line)
        try:
            self._act(begun.record, unit)
        except OSError as error:
            reason = f"it cannot be moved: {error.strerror or error}"
            self._take_back(begun, unit)
            self.skipped.append(Skipped(unit.files[0].path, reason))
            return
        begun.journal.write("moved", number=unit.number)
        for file in unit.files:
            self.moved.append(Moved(file.path, str(begun.record.at(file)), file.size_bytes))

    def _act(self, record: Record, unit: Unit) -> None:
        for file in unit.files:
            path = self.home.folder / file.path
            move.set_aside(path, record.at(file), part=record.part(unit, file))
        if unit.is_linked:
            path = self.home.folder / unit.files[0].path
            disk.link(self.home.folder / unit.keeper, path)
            disk.sync_folder(path.parent)

    def _take_back(self, begun: _Begun, unit: Unit) -> None:
        PutBack(self.home.folder, begun.record, begun.journal).unit(unit)
        begun.journal.write("taken back", number=unit.number)
        begun.record.apply({"line": "taken back", "number": unit.number})

    def _untold_folders(self, record: Record, unit: Unit) -> dict[str, tuple[int, int]]:
        """Times and rights of the folders above the unit that the journal does not have yet."""
        found = {}
        for parent in PurePosixPath(unit.files[0].path).parents:
            if str(parent) not in record.folders:
                status = (self.home.folder / parent).stat()
                found[str(parent)] = (status.st_mtime_ns, stat.S_IMODE(status.st_mode))
        return found

    def _begin(self) -> _Begun:
        operation = self.home.new_id(self.when_ns)
        own = self.home.quarantine / operation
        disk.make_folder(own)
        root = own
        if self.elsewhere is not None:
            disk.make_folders(self.elsewhere)
            root = _new_folder(self.elsewhere, f"{self.home.folder.name}-{operation}")
        told = None if self.elsewhere is None else str(root)
        keepers = self.checker.keepers
        reference = None if keepers == self.home.folder else str(keepers)
        begin = {"when_ns": self.when_ns, "elsewhere": told, "reference": reference}
        journal = Journal.create(own / JOURNAL, begin)
        places = Places(root, is_foreign=self.elsewhere is not None)
        return _Begun(Record(operation, root, self.when_ns), journal, places)

    def end(self) -> None:
        """Write down that the operation is complete, and how its folders look now."""
        if self.begun is None:
            return
        record, journal = self.begun.record, self.begun.journal
        after = {
            path: status.st_mtime_ns
            for path in record.folders
            if (status := disk.look_through(self.home.folder / path)) is not None
        }
        journal.write("end", folders=after)
        record.after = after
        if not record.units:  # nothing could be moved: leave no operation to be undone
            PutBack(self.home.folder, record, journal).all()

    def close(self) -> None:
        """Close the journal."""
        if self.begun is not None:
            self.begun.journal.close()

    def report(self) -> CleanReport:
        """What was done."""
        begun = self.begun if self.moved else None
        operation = begun.record.id if begun else ""
        return CleanReport(
            action="clean",
            folder=self.home.folder,
            operations=(operation,) if begun else (),
            moved=tuple(self.moved),
            skipped=tuple(self.skipped),
            quarantine=begun.record.root if begun else self.elsewhere or self.home.quarantine,
            undo=self.home.undo_command(operation) if begun else "",
        )


def _outside(home: Home, quarantine: Path) -> Path:
    """The user's quarantine folder, which must not be searched as part of the collection."""
    folder = quarantine.expanduser().resolve()
    if folder == home.folder or home.folder in folder.parents:
        raise InputError(
            "A quarantine inside the collection would be found as part of it",
            where=str(quarantine),
            mend="name a folder outside, or none",
        )
    return folder


def _new_folder(parent: Path, name: str) -> Path:
    """A folder of that name, or with a number after it where it is taken."""
    number = 1
    while True:
        folder = parent / (name if number == 1 else f"{name}-{number}")
        try:
            disk.make_folder(folder)
        except FileExistsError:
            number += 1
        else:
            return folder
