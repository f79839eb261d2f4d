"""Kills a child at every step of a clean-up and of its undoing: kill_everywhere.py FOLDER KIND.

Prints how many were killed in either; fails where a byte was lost or undoing was not whole.
"""

import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path

from clean_steps import Steps, kill_myself
from clean_trees import contents
from test_clean_crashes import Case


def is_killed(case: Case, act: Callable[[Steps], None], at: int) -> bool:
    """Run the act in a child that is killed at that step; False where it came to its end."""
    child = os.fork()
    if not child:
        act(Steps(at, kill_myself))
        os._exit(0)
    _, status = os.waitpid(child, 0)
    if os.WIFEXITED(status) and os.WEXITSTATUS(status) == 0:
        return False
    if not os.WIFSIGNALED(status) or os.WTERMSIG(status) != signal.SIGKILL:
        sys.exit(f"a child ended with status {status} at step {at}")
    if not case.bytes <= contents(case.folder):
        sys.exit(f"bytes were lost at step {at}")
    return True


def main(folder: Path, kind: str) -> None:
    case = Case(folder, kind)
    in_cleaning = in_undoing = 0
    while is_killed(case, case.clean, in_cleaning + 1):
        in_cleaning += 1
        case.check_undone()
        case.fresh()
    while is_killed(case, case.undo, in_undoing + 1):
        in_undoing += 1
        case.check_undone()
        case.fresh()
        case.clean()
    case.check_undone()
    sys.stdout.write(f"{in_cleaning} {in_undoing}\n")


if __name__ == "__main__":
    os.fsync = lambda descriptor: None  # type: ignore[assignment]
    main(Path(sys.argv[1]), sys.argv[2])
