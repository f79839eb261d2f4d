"""A crash or an error at any step of a clean-up or of its undoing loses no byte."""

import errno
import random
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from clean_steps import Crash, Faults, Steps, arm
from clean_trees import (
    another_disk,
    contents,
    digest,
    left_in_quarantine,
    small_tree,
    small_tree_of_links,
    snapshot,
)

from lookalike.nouns.errors import InputError
from lookalike.quarantine import disk
from lookalike.quarantine.apply import apply
from lookalike.quarantine.undo import operations, undo

KINDS = {
    "one disk": (small_tree, None, False),
    "two disks": (small_tree, None, True),
    "hard links": (small_tree_of_links, "hardlink", False),
    "hard links, two disks": (small_tree_of_links, "hardlink", True),
}


class Case:
    """One kind of clean-up, made anew in a folder each time."""

    def __init__(self, tmp_path: Path, kind: str) -> None:
        self.folder = tmp_path / "album"
        self.make, self.replace_with, self.two_disks = KINDS[kind]
        self.fresh()

    def fresh(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)
        self.plan = self.make(self.folder)
        self.before = snapshot(self.folder)
        self.bytes = contents(self.folder)

    def clean(self, steps: Steps | Faults | None = None) -> None:
        self._run(steps, lambda: apply(self.plan, digest=digest, replace_with=self.replace_with))

    def undo(self, steps: Steps | Faults | None = None) -> None:
        self._run(steps, lambda: undo(self.folder) if operations(self.folder) else None)

    def _run(self, steps: Steps | Faults | None, act: Callable[[], object]) -> None:
        with pytest.MonkeyPatch.context() as patch:
            if steps is not None:
                arm(patch, self.folder, steps, two_disks=self.two_disks)
            elif self.two_disks:
                for name, stand_in in another_disk(self.folder).items():
                    patch.setattr(disk, name, stand_in)
            act()

    def crash(self, act: Callable[[Steps], None], at: int) -> bool:
        """Whether the act was broken off at that step."""
        try:
            act(Steps(at))
        except Crash:
            assert self.bytes <= contents(self.folder)
            return True
        return False

    def check_undone(self) -> None:
        self.undo()
        self.check_whole()
        self.undo()
        self.check_whole()

    def check_whole(self) -> None:
        assert snapshot(self.folder) == self.before
        assert left_in_quarantine(self.folder) == []


@pytest.fixture(params=KINDS)
def case(request, quick_path) -> Case:
    return Case(quick_path, request.param)


def test_a_crash_at_every_step_of_a_clean_up(case):
    at = 1
    while case.crash(case.clean, at):
        case.check_undone()
        case.fresh()
        at += 1
    assert at > 60
    assert snapshot(case.folder) != case.before
    case.check_undone()


def test_a_crash_at_every_step_of_an_undoing(case):
    at, finished = 1, False
    while not finished:
        case.clean()
        finished = not case.crash(case.undo, at)
        case.check_undone()
        case.fresh()
        at += 1
    assert at > 30


def test_crash_upon_crash(case):
    rng = random.Random(5)
    for _ in range(40):
        case.crash(case.clean, rng.randrange(10, 130))
        for _ in range(3):
            case.crash(case.undo, rng.randrange(1, 80))
        case.check_undone()
        case.fresh()


@pytest.mark.parametrize("turn", [0, 1], ids=["full", "denied"])
def test_an_error_at_every_act_of_a_clean_up(case, turn):
    at, faults = turn - 1, None
    while faults is None or faults.count >= at:
        at += 2
        faults = Faults(at, errno.EACCES if turn else errno.ENOSPC)
        try:
            case.clean(faults)
        except InputError as error:
            assert error.mend
        assert case.bytes <= contents(case.folder)
        case.check_undone()
        case.fresh()
    assert at > 30


def test_an_error_at_every_act_of_an_undoing(case):
    at, faults = 0, None
    while faults is None or faults.count >= at:
        at += 1
        faults = Faults(at, errno.ENOSPC)
        case.clean()
        try:
            case.undo(faults)
        except InputError as error:
            assert error.mend
        assert case.bytes <= contents(case.folder)
        case.check_undone()
        case.fresh()
    assert at > 30
