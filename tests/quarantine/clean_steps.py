"""Counts every act on the file system, and breaks off at the chosen one."""

import os
import signal
from collections.abc import Callable
from pathlib import Path

import pytest
from clean_trees import acts, another_disk

from lookalike.quarantine import disk


class Crash(BaseException):
    """The process ends here."""


class Steps:
    """Each act is a step, broken off before it is done; a write also when half of it is.

    After an act is before the next one. From the step `at` on nothing is done any more: a dead
    process does nothing.
    """

    def __init__(self, at: int, end: Callable[[], None] | None = None) -> None:
        self.at, self.count = at, 0
        self.end = end or self.crash

    def crash(self) -> None:
        raise Crash

    def step(self) -> None:
        self.count += 1
        if self.count >= self.at:
            self.end()

    def around(self, act: Callable[..., object]) -> Callable[..., object]:
        def stepped(*args: object, **options: object) -> object:
            self.step()
            return act(*args, **options)

        return stepped

    def by_halves(self, write: Callable[..., object]) -> Callable[..., object]:
        def stepped(descriptor: int, data: bytes) -> None:
            self.step()
            write(descriptor, data[: len(data) // 2])
            self.step()
            write(descriptor, data[len(data) // 2 :])

        return stepped


class Faults:
    """The act number `at` fails with an error of the system; all others work."""

    def __init__(self, at: int, number: int) -> None:
        self.at, self.count, self.number = at, 0, number

    def around(self, act: Callable[..., object]) -> Callable[..., object]:
        def faulty(*args: object, **options: object) -> object:
            self.count += 1
            if self.count == self.at:
                raise OSError(self.number, os.strerror(self.number), "the disk")
            return act(*args, **options)

        return faulty

    def by_halves(self, write: Callable[..., object]) -> Callable[..., object]:
        def faulty(descriptor: int, data: bytes) -> None:
            self.count += 1
            if self.count == self.at:
                write(descriptor, data[: len(data) // 2])
                raise OSError(self.number, os.strerror(self.number), "the disk")
            write(descriptor, data)

        return faulty


def arm(patch: pytest.MonkeyPatch, folder: Path, steps: Steps | Faults, *, two_disks: bool) -> None:
    """Put the steps around every act but the closing of a file, which the system does anyway."""
    real = {name: act for name, act in acts().items() if name != "close"}
    if two_disks:
        real |= another_disk(folder)
    for name, act in real.items():
        wrapped = steps.by_halves(act) if name == "write" else steps.around(act)
        patch.setattr(disk, name, wrapped)


def kill_myself() -> None:
    os.kill(os.getpid(), signal.SIGKILL)
