"""Connections that send or take nothing: closed after a while, so that they hold up nobody."""

import asyncio
from typing import Any

from uvicorn.protocols.http.h11_impl import H11Protocol

HEAD_S = 15.0
"""How long the head of a request may take, from the opening of its connection."""

STALL_S = 30.0
"""How long a client may leave an answer lying that it does not take."""


class PatientProtocol(H11Protocol):
    """HTTP/1.1 with an end to its patience."""

    head_s = HEAD_S
    stall_s = STALL_S

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """A client is there."""
        super().connection_made(transport)
        self._head_timer: asyncio.TimerHandle | None = None
        self._stall_timer: asyncio.TimerHandle | None = None
        self._await_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """It is gone."""
        self._quit(self._head_timer)
        self._quit(self._stall_timer)
        super().connection_lost(exc)

    def on_response_complete(self) -> None:
        """An answer is out: the next request, if any, begins."""
        super().on_response_complete()
        self._await_head()

    def pause_writing(self) -> None:
        """The client takes nothing more for now."""
        super().pause_writing()
        self._quit(self._stall_timer)
        self._stall_timer = self.loop.call_later(self.stall_s, self.transport.abort)

    def resume_writing(self) -> None:
        """It takes again."""
        self._quit(self._stall_timer)
        super().resume_writing()

    def _await_head(self) -> None:
        self._quit(self._head_timer)
        self._head_timer = self.loop.call_later(self.head_s, self._give_up)

    def _give_up(self) -> None:
        cycle: Any = self.cycle
        if (cycle is None or cycle.response_complete) and not self.transport.is_closing():
            self.transport.abort()

    @staticmethod
    def _quit(timer: asyncio.TimerHandle | None) -> None:
        if timer is not None:
            timer.cancel()
