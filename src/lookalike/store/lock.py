"""One writer at a time, and who it is."""

import json
import os
import platform
import sys
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from filelock import FileLock, Timeout

from lookalike.nouns.errors import BusyIndex
from lookalike.store.layout import HOLDER, LOCK


class WriterLock:
    """The right to write an index, held until released or until the process dies."""

    def __init__(self, folder: Path, *, wait_s: float = 0.0) -> None:
        """Take the lock.

        Args:
            folder: of the index.
            wait_s: how long to wait for another writer; below 0 for ever.

        Raises:
            BusyIndex: another writer had it all that time.
        """
        self._holder = folder / HOLDER
        # The system drops the lock of a process that dies, so no leftover file is an obstacle.
        self._lock = FileLock(folder / LOCK, thread_local=False)
        try:
            self._lock.acquire(timeout=wait_s)
        except Timeout:
            raise _busy(folder, self._holder) from None
        try:
            self._holder.write_text(json.dumps(_myself()), encoding="utf-8")
        except BaseException:
            self._lock.release()
            raise

    def release(self) -> None:
        """Let the next writer in; harmless when done twice."""
        if self._lock.is_locked:
            with suppress(OSError):  # Windows: somebody is reading it
                self._holder.unlink()
            self._lock.release()


def _myself() -> dict[str, str | int]:
    return {
        "pid": os.getpid(),
        "host": platform.node(),
        "since": datetime.now().astimezone().isoformat(timespec="seconds"),
        "command": " ".join(sys.argv),
    }


def _busy(folder: Path, holder: Path) -> BusyIndex:
    try:
        told = json.loads(holder.read_text(encoding="utf-8"))
        since = datetime.fromisoformat(told["since"]).astimezone()
        day = "" if since.date() == datetime.now().date() else f"{since:%Y-%m-%d} "
        host = "" if told["host"] == platform.node() else f" on {told['host']}"
        who = f"process {int(told['pid'])}{host} since {day}{since:%H:%M}"
    except (OSError, ValueError, KeyError, TypeError):  # it has only just taken the lock
        who = "another process"
    return BusyIndex(
        f"The index is being written by {who}",
        where=str(folder),
        mend="try again when it has finished",
    )
