"""One clean-up, undoing or purge of a collection at a time; and plain words for errors."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager

from filelock import FileLock, Timeout

from lookalike.nouns.errors import BusyIndex, InputError
from lookalike.quarantine.layout import LOCK, Home

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_MEND = "`lookalike undo` brings back what was moved"


@contextmanager
def one_at_a_time(home: Home, *, mend: str = _MEND) -> Iterator[None]:
    """Keep others out, and turn errors of the system into those that name their mend.

    Raises:
        BusyIndex: another process, or another part of this one, is at work.
        InputError: the disk is full, or does not let us.
    """
    with clear_errors(home, mend=mend):
        home.prepare()
        # The system drops the lock of a process that dies, so no leftover file is an obstacle.
        lock = FileLock(home.quarantine / LOCK, thread_local=False)
        try:
            lock.acquire(timeout=0)
        except Timeout:
            raise BusyIndex(
                "Another clean, undo or purge is at work on this collection",
                where=str(home.folder),
                mend="try again when it has finished",
            ) from None
        try:
            yield
        finally:
            lock.release()


@contextmanager
def clear_errors(home: Home, *, mend: str = _MEND) -> Iterator[None]:
    """Turn errors of the system into those that name their mend."""
    try:
        yield
    except OSError as error:
        why = error.strerror or str(error)
        full = error.errno in _FULL
        raise InputError(
            "The disk is full; no file was lost" if full else f"It went no further: {why}",
            where=str(error.filename or home.folder),
            mend=f"{'free some space' if full else 'check the disk and the rights of the folder'}; "
            f"{mend}",
        ) from error
