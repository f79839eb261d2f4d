"""Deletes what lies in the quarantine, only when told."""

import math
import stat
import time
from contextlib import closing
from pathlib import Path

from lookalike.nouns.clean_report import CleanReport, Moved, Skipped, State
from lookalike.nouns.errors import InputError
from lookalike.quarantine import disk
from lookalike.quarantine import record as records
from lookalike.quarantine.journal import Journal
from lookalike.quarantine.layout import JOURNAL, Home
from lookalike.quarantine.lock import clear_errors, one_at_a_time
from lookalike.quarantine.put_back import prune
from lookalike.quarantine.record import File, Record, Unit

_DAY_S = 86_400
_MEND = "then purge again"


def purge(folder: Path, *, older_than_days: float, now: float | None = None) -> CleanReport:
    """Delete for good what complete operations moved aside more than so many days ago.

    An operation that was interrupted is left alone. So is a picture whose copy that stayed is
    gone since: the one in the quarantine may be the last.

    Args:
        folder: the collection.
        older_than_days: 0 or more; 0 takes all.
        now: seconds since 1970.

    Raises:
        InputError: no such folder, a number that makes no sense, or a journal that is damaged or
            newer than this lookalike; or a file cannot be deleted.
        BusyIndex: another operation is at work on the collection.
    """
    if not (math.isfinite(older_than_days) and older_than_days >= 0):
        raise InputError("A number of days is 0 or more", where=str(older_than_days))
    home = Home.of(folder)
    latest_ns = ((time.time() if now is None else now) - older_than_days * _DAY_S) * 1e9
    done: list[str] = []
    moved: list[Moved] = []
    skipped: list[Skipped] = []
    with clear_errors(home, mend=_MEND):
        has_any = bool(home.ids())
    if has_any:
        with one_at_a_time(home, mend=_MEND):
            every = records.read_all(home)
            held = _held(every)
            due = (r for r in every if r.when_ns <= latest_ns)
            for record in (r for r in due if r.state in (State.COMPLETE, State.PURGED)):
                units, kept = _choose(home, record, held)
                skipped += kept
                deleted = _delete(home, record, units)
                moved += deleted
                done += [record.id] if deleted else []
    return CleanReport(
        "purge", home.folder, tuple(done), tuple(moved), tuple(skipped), home.quarantine
    )


def _choose(
    home: Home, record: Record, held: dict[str, list[Path]]
) -> tuple[list[Unit], list[Skipped]]:
    """The units that may go, and the pictures that may be the last of their kind."""
    if record.state is State.COMPLETE and disk.look(record.root) is None:
        return [], [Skipped(str(record.root), "this quarantine is not there")]
    units, kept = [], []
    for unit in record.units.values():
        if unit.number in record.purged or _has_copy(home, record, unit, held):
            units.append(unit)
        else:
            reason = f"the copy that stayed, {unit.keeper}, is gone; this may be the last one"
            kept.append(Skipped(unit.files[0].path, reason))
    return units, kept


def _has_copy(home: Home, record: Record, unit: Unit, held: dict[str, list[Path]]) -> bool:
    """The copy stands where it stood, or lies, with the same bytes, in a quarantine itself."""
    if record.reference is not None:
        return _is_file(record.reference / unit.keeper)
    if _is_file(home.folder / unit.keeper):
        return True
    return unit.is_same and any(_is_file(place) for place in held.get(unit.keeper, []))


def _held(every: list[Record]) -> dict[str, list[Path]]:
    """Where the pictures lie that are in the quarantine, by their paths in the collection."""
    held: dict[str, list[Path]] = {}
    for record in every:
        if record.state is State.COMPLETE:
            for unit in record.units.values():
                held.setdefault(unit.files[0].path, []).append(record.at(unit.files[0]))
    return held


def _is_file(path: Path) -> bool:
    status = disk.look(path)
    return status is not None and stat.S_ISREG(status.st_mode) and status.st_size > 0


def _delete(home: Home, record: Record, units: list[Unit]) -> list[Moved]:
    present: list[File] = [
        file for unit in units for file in unit.files if disk.look(record.at(file)) is not None
    ]
    untold = [unit.number for unit in units if unit.number not in record.purged]
    if not present and not untold:
        return []
    if untold:
        with closing(Journal.resume(home.quarantine / record.id / JOURNAL)) as journal:
            journal.write("purge", numbers=untold)
        record.purged.update(untold)
    for file in present:
        disk.remove(record.at(file))
    prune(record.root)
    disk.remove_folder(record.root)
    return [Moved(file.path, "", file.size_bytes) for file in present]
