"""How a verb tells its door how far it is."""

from collections.abc import Callable

Progress = Callable[[int, int], None]
"""Called with (done, total) from the thread that called the verb."""


def silent(done: int, total: int) -> None:
    """The progress of whoever does not look."""
