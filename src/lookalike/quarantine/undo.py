"""Undoes operations, and lists them."""

from contextlib import closing
from pathlib import Path

from lookalike.nouns.clean_report import CleanReport, Operation, State
from lookalike.nouns.errors import InputError
from lookalike.quarantine import disk
from lookalike.quarantine import record as records
from lookalike.quarantine.journal import Journal
from lookalike.quarantine.layout import JOURNAL, Home
from lookalike.quarantine.lock import clear_errors, one_at_a_time
from lookalike.quarantine.put_back import PutBack
from lookalike.quarantine.record import Record


def undo(folder: Path, operation: str | None = None) -> CleanReport:
    """Put everything back that an operation moved: names, contents, times and rights.

    Folders that are gone are made again. Where something else stands in a file's place, it is left
    alone and the file comes back beside it as "name (restored).jpg". Whatever a crash has left, of
    the operation or of an earlier undoing, is finished; doing it twice is doing it once.

    Args:
        folder: the collection.
        operation: its id; the latest that is not undone or purged unless given.

    Raises:
        InputError: there is no such folder or operation, it was purged, or its journal is damaged
            or newer than this lookalike.
        BusyIndex: another operation is at work on the collection.
    """
    home = Home.of(folder)
    with clear_errors(home):
        has_any = bool(home.ids())
    if not has_any:
        raise InputError("There is nothing to undo", where=str(home.folder))
    with one_at_a_time(home):
        record = _chosen(home, operation)
        if record.is_undone:
            return CleanReport("undo", home.folder, (record.id,), (), (), record.root)
        if disk.look(record.root) is None:
            raise InputError(
                "The quarantine of this operation is not there",
                where=str(record.root),
                mend="is its disk there? then undo again",
            )
        with closing(Journal.resume(home.quarantine / record.id / JOURNAL)) as journal:
            work = PutBack(home.folder, record, journal)
            work.all()
    return CleanReport(
        action="undo",
        folder=home.folder,
        operations=(record.id,),
        moved=tuple(work.moved),
        skipped=tuple(work.skipped),
        quarantine=record.root,
        undo=home.undo_command(record.id) if work.n_left else "",
    )


def operations(folder: Path) -> list[Operation]:
    """All operations of a collection, oldest first.

    One that is at work at this moment in another process looks interrupted.

    Raises:
        InputError: there is no such folder, or a journal is damaged or newer than this lookalike.
    """
    home = Home.of(folder)
    with clear_errors(home):
        return [record.to_operation() for record in records.read_all(home)]


def _chosen(home: Home, operation: str | None) -> Record:
    if operation is not None:
        if operation not in home.ids():
            raise InputError(
                "There is no such operation",
                where=operation,
                mend=f"there are: {', '.join(home.ids())}",
            )
        record = records.read(home, operation)
        if record.state is State.PURGED:
            raise InputError("This operation was purged; its files are deleted", where=operation)
        return record
    newest_first = list(reversed(records.read_all(home)))
    waiting = (r for r in newest_first if r.state in (State.COMPLETE, State.INTERRUPTED))
    undone = (r for r in newest_first if r.is_undone)
    chosen = next(waiting, None) or next(undone, None)
    if chosen is None:
        raise InputError("There is nothing to undo: all is purged", where=str(home.folder))
    return chosen
