"""Long work: in a thread of its own, with progress that can be watched and a way to stop it."""

import itertools
import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from lookalike.nouns.errors import BusyIndex, LookalikeError

log = logging.getLogger(__name__)

KEPT = 32
"""Jobs that are remembered after their end."""

CHANGING = frozenset({"index", "clean", "undo"})
"""Kinds that change the folder or its index: one of them at a time."""

STOPPABLE = frozenset({"index", "duplicates", "match", "map"})

Result = dict[str, object] | None


class Stopped(Exception):
    """Raised in the thread of a job that is asked to stop; caught where the job runs."""


@dataclass(slots=True, eq=False)
class Job:
    """One piece of long work.

    Attributes:
        id: its name.
        kind: what it does.
        state: "running", "done", "failed" or "stopped".
        phase: what it does now, for people.
        done: how much of the phase is done.
        total: of how much; 0 where that is not known.
        error: what went wrong.
        result: what came of it.
        changes: grows with every change, so that watchers need not compare.
    """

    id: str
    kind: str
    phase: str
    state: str = "running"
    done: int = 0
    total: int = 0
    error: dict[str, str] | None = None
    result: Result = None
    changes: int = 0
    _stop: threading.Event = field(default_factory=threading.Event)
    _over: threading.Event = field(default_factory=threading.Event)

    def __call__(self, done: int, total: int) -> None:
        """The progress of a verb.

        Raises:
            Stopped: somebody asked for it.
        """
        if self._stop.is_set():
            raise Stopped
        self.done, self.total = done, total
        self.changes += 1

    def begin(self, phase: str) -> None:
        """Go on with another phase."""
        self.phase = phase
        self(0, 0)

    def stop(self) -> None:
        """Ask it to stop at its next step."""
        self._stop.set()

    def wait(self, seconds: float | None = None) -> bool:
        """Whether it is over, after waiting for that."""
        return self._over.wait(seconds)

    def end(
        self, state: str, *, result: Result = None, error: LookalikeError | None = None
    ) -> None:
        """It is over."""
        self.result, self.state = result, state
        self.error = error.to_dict() if error is not None else None
        self.changes += 1
        self._over.set()

    def to_dict(self) -> dict[str, object]:
        """Plain values for JSON."""
        return {
            "job": self.id,
            "kind": self.kind,
            "state": self.state,
            "phase": self.phase,
            "done": self.done,
            "total": self.total,
            "error": self.error,
            "result": self.result,
        }


class Jobs:
    """All jobs of a server."""

    def __init__(self) -> None:
        self._jobs: dict[str, Job] = {}
        self._guard = threading.Lock()
        self._numbers = itertools.count(1)

    def start(self, kind: str, phase: str, run: Callable[[Job], Result]) -> Job:
        """Begin a job, or give the one of this kind that is running already.

        Raises:
            BusyIndex: another job is changing the folder.
        """
        with self._guard:
            for job in self._running():
                if job.kind == kind and kind in STOPPABLE:
                    return job
                if kind in CHANGING and job.kind in CHANGING:
                    raise BusyIndex(
                        "The folder is being worked on",
                        where=job.phase,
                        mend="wait until that is done, or stop it",
                    )
            job = Job(f"{kind}-{next(self._numbers)}", kind, phase)
            self._jobs[job.id] = job
            self._forget()
        threading.Thread(target=_run, args=(job, run), name=job.id, daemon=True).start()
        return job

    def get(self, name: str) -> Job | None:
        """A job by its name."""
        return self._jobs.get(name)

    def all(self) -> list[Job]:
        """Every job that is remembered, oldest first."""
        with self._guard:
            return list(self._jobs.values())

    def is_running(self, kind: str) -> bool:
        """Whether a job of this kind is at work."""
        with self._guard:
            return any(job.kind == kind for job in self._running())

    def close(self, seconds: float = 10.0) -> None:
        """Stop what can be stopped, and wait for all of it."""
        for job in self.all():
            if job.kind in STOPPABLE:
                job.stop()
            job.wait(seconds if job.kind in STOPPABLE else None)

    def _running(self) -> list[Job]:
        return [job for job in self._jobs.values() if job.state == "running"]

    def _forget(self) -> None:
        over = [name for name, job in self._jobs.items() if job.state != "running"]
        for name in over[: max(0, len(self._jobs) - KEPT)]:
            del self._jobs[name]


def _run(job: Job, run: Callable[[Job], Result]) -> None:
    try:
        result = run(job)
    except Stopped:
        job.end("stopped")
    except LookalikeError as error:
        job.end("failed", error=error)
    except OSError as error:
        told = LookalikeError(error.strerror or str(error), where=str(error.filename or ""))
        job.end("failed", error=told)
    except Exception:
        log.exception("job %s failed", job.id)
        told = LookalikeError("This is a fault of lookalike", mend="please report it")
        job.end("failed", error=told)
    else:
        job.end("done", result=result)
