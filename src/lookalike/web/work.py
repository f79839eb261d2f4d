"""Work for an answer: in threads, so many at a time, so many waiting, so long and no longer."""

import asyncio
import functools
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

from lookalike.web.problems import refuse

_Result = TypeVar("_Result")


class Work:
    """A few threads and a short queue before them.

    Args:
        name: of the threads.
        threads: how many work at a time.
        waiting: how many may wait; a further one is refused at once.
        seconds: how long an answer may take, its waiting counted.
    """

    def __init__(self, name: str, *, threads: int, waiting: int, seconds: float) -> None:
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix=f"lookalike-{name}")
        self._most = threads + waiting
        self._seconds = seconds
        self._held = 0

    async def __call__(self, call: Callable[[], _Result]) -> _Result:
        """What `call` gives, run in a thread.

        Raises:
            HTTPException: too many are waiting, it took too long, or the server ends meanwhile.
        """
        if self._held >= self._most:
            raise refuse(
                503,
                "Too much is asked at once",
                mend="try again in a moment",
                headers={"retry-after": "1"},
            )
        loop = asyncio.get_running_loop()
        future = self._pool.submit(call)
        self._held += 1
        future.add_done_callback(functools.partial(self._let_go, loop))
        try:
            async with asyncio.timeout(self._seconds):
                return await asyncio.wrap_future(future)
        except TimeoutError:
            raise refuse(
                503, f"This took longer than {self._seconds:g} s", mend="ask for less at once"
            ) from None
        except asyncio.CancelledError:
            raise refuse(503, "The server is ending", mend="start it again") from None

    def _let_go(self, loop: asyncio.AbstractEventLoop, future: "Future[_Result]") -> None:
        """A thread that works on after its time still counts; it ends when its call does."""
        if not loop.is_closed():
            loop.call_soon_threadsafe(self._one_less)

    def _one_less(self) -> None:
        self._held -= 1

    def close(self) -> None:
        """Take no more work, and drop what waits."""
        self._pool.shutdown(wait=False, cancel_futures=True)
