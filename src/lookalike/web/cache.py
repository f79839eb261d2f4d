"""Small pictures that were made lately."""

import threading
from collections import OrderedDict
from collections.abc import Callable


class Cache:
    """Bytes by key; what was not asked for the longest goes first.

    Args:
        most_bytes: of all values together.
    """

    def __init__(self, most_bytes: int) -> None:
        self._most, self._held = most_bytes, 0
        self._values: OrderedDict[object, bytes] = OrderedDict()
        self._guard = threading.Lock()

    def get(self, key: object, make: Callable[[], bytes]) -> bytes:
        """The value of a key, made where it is not there."""
        with self._guard:
            if key in self._values:
                self._values.move_to_end(key)
                return self._values[key]
        value = make()
        with self._guard:
            self._held += len(value) - len(self._values.get(key, b""))
            self._values[key] = value
            while self._held > self._most:
                self._held -= len(self._values.popitem(last=False)[1])
        return value
