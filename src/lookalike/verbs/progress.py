"""How a verb tells its door how far it is."""

from collections.abc import Callable

Progress = Callable[[int, int], None]
"""Called with (done, total) from the thread that called the verb."""

OnPhase = Callable[[str], None]
"""Called when a verb of several phases begins another, with its name: "Training"."""


def silent(done: int, total: int) -> None:
    """The progress of whoever does not look."""


def unnamed(phase: str) -> None:
    """The phases of whoever does not look."""


def phase(name: str, progress: Progress, on_phase: OnPhase) -> Progress:
    """The progress of one phase, which is named when it first has something to tell.

    Args:
        name: of the phase.
        progress: told of what is done and what is to do in it.
        on_phase: told the name.
    """
    begun = False

    def told(done: int, total: int) -> None:
        nonlocal begun
        if not begun:
            on_phase(name)
            begun = True
        progress(done, total)

    return told
