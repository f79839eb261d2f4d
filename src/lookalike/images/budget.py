"""Memory for decoding, shared by all threads."""

import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager

from lookalike.nouns.errors import InputError

DECODE_TOTAL_BYTES = 512 * 2**20
"""What all threads together may hold for decoding, where nothing else is said."""


class DecodeBudget:
    """A counting semaphore over bytes, first come first served.

    A large picture waits until enough is given back; smaller ones that came later wait behind it,
    so that it cannot wait for ever. A thread must not hold twice at a time.

    Attributes:
        total_bytes: what may be held at once.
    """

    def __init__(self, total_bytes: int = DECODE_TOTAL_BYTES) -> None:
        if total_bytes < 1:
            raise InputError("A decode budget needs at least one byte", where=str(total_bytes))
        self.total_bytes = total_bytes
        self._held_bytes = 0
        self._queue: deque[object] = deque()
        self._changed = threading.Condition()

    @contextmanager
    def hold(self, cost_bytes: int) -> Iterator[None]:
        """Holds this many bytes while the block runs, after waiting for them to be free.

        Raises:
            InputError: more than the total is asked for, which would wait for ever.
        """
        if not 0 <= cost_bytes <= self.total_bytes:
            raise InputError(
                f"{cost_bytes} bytes do not fit a decode budget of {self.total_bytes} bytes"
            )
        self._take(cost_bytes)
        try:
            yield
        finally:
            with self._changed:
                self._held_bytes -= cost_bytes
                self._changed.notify_all()

    def _take(self, cost_bytes: int) -> None:
        ticket = object()
        with self._changed:
            self._queue.append(ticket)
            try:
                self._changed.wait_for(
                    lambda: (
                        self._queue[0] is ticket
                        and self._held_bytes + cost_bytes <= self.total_bytes
                    )
                )
                self._held_bytes += cost_bytes
            finally:
                self._queue.remove(ticket)
                self._changed.notify_all()
