"""The bounds that decoding keeps: one picture's memory, and that of all threads together."""

import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager

from lookalike.nouns.errors import InputError, UnreadableImage

DECODE_LIMIT_BYTES = 400 * 2**20
"""What one picture may need, where nothing else is said: a photograph of about 100 megapixels
in full, and of several thousand where JPEG is decoded scaled."""

LARGEST_SIDE_PX = 2**31 - 1

DECODE_TOTAL_BYTES = 512 * 2**20
"""What all threads together may hold for decoding, where nothing else is said."""


def check_bounds(size: tuple[int, int], cost_bytes: int, limit_bytes: int) -> None:
    """Refuses a picture without pixels, and one that would need more memory than it may have.

    Raises:
        UnreadableImage: it is refused; the sentence names its size and its need.
    """
    width, height = size
    if not (0 < width <= LARGEST_SIDE_PX and 0 < height <= LARGEST_SIDE_PX):
        raise UnreadableImage(f"{width} x {height} pixels is no size of a picture")
    if cost_bytes > limit_bytes:
        raise UnreadableImage(
            f"Too big to decode safely: {width} x {height} pixels "
            f"({width * height / 1e6:.0f} megapixels) would need {cost_bytes / 1e6:.0f} MB "
            f"of memory, above the limit of {limit_bytes / 1e6:.0f} MB"
        )


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
