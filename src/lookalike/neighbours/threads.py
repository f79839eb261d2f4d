"""One Python thread a core, each with a BLAS that keeps to one thread.

Blocked work needs no threads inside a single product. Worse, a threaded BLAS waits by spinning:
on a machine with other work, scanning a million vectors took up to twenty times as long.
"""

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from threading import Lock
from typing import TypeVar

import threadpoolctl  # type: ignore[import-untyped]

from lookalike.nouns.errors import InputError

_Item = TypeVar("_Item")
_Result = TypeVar("_Result")


class _Limit:
    """Counts who needs a single-threaded BLAS, for the setting belongs to the whole process."""

    def __init__(self) -> None:
        self.lock = Lock()
        self.holders = 0
        self.controller: threadpoolctl.ThreadpoolController | None = None
        self.undo: Callable[[], None] = lambda: None

    def enter(self) -> None:
        with self.lock:
            if self.controller is None:
                self.controller = threadpoolctl.ThreadpoolController()
            if self.holders == 0:
                _take_control()
                self.undo = self.controller.limit(limits=1, user_api="blas").restore_original_limits
            self.holders += 1

    def leave(self) -> None:
        with self.lock:
            self.holders -= 1
            if self.holders == 0:
                _take_control()
                self.undo()


def _take_control() -> None:
    """Let this thread set what threadpoolctl from 3.8 on leaves to the first thread that asks.

    Here the last to leave undoes what the first to enter did, and they may be two threads.
    """
    clear = getattr(threadpoolctl.OpenBLASController, "clear_controlling_thread", None)
    if clear is not None:
        clear(force=True)


_LIMIT = _Limit()


@contextmanager
def one_blas_thread() -> Iterator[None]:
    """Keeps BLAS to one thread inside the block; blocks may overlap and nest."""
    _LIMIT.enter()
    try:
        yield
    finally:
        _LIMIT.leave()


def count_of(threads: int | None) -> int:
    """The number of threads to use; by default one for each core this process may use.

    Raises:
        InputError: below one.
    """
    if threads is None:
        free = getattr(os, "sched_getaffinity", None)  # Linux only
        return len(free(0)) if free else os.cpu_count() or 1
    if threads < 1:
        raise InputError("Work needs at least one thread", where=f"threads={threads}")
    return threads


def in_order(
    task: Callable[[_Item], _Result], items: Iterable[_Item], *, threads: int
) -> Iterator[_Result]:
    """The results of a task over items, in the items' order, worked on by several threads.

    At most `2 * threads` results wait at any time, so memory stays bounded while the reader
    is slow. A reader that stops early ends the work after the tasks in hand.
    """
    if threads == 1:
        with one_blas_thread():
            yield from map(task, items)
        return
    waiting: deque[Future[_Result]] = deque()
    with one_blas_thread(), ThreadPoolExecutor(threads) as pool:
        try:
            for item in items:
                waiting.append(pool.submit(task, item))
                if len(waiting) == 2 * threads:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            for future in waiting:
                future.cancel()
