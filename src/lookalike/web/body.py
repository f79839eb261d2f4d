"""The body of a request, read ahead within bounds of bytes and of time."""

import asyncio
import json
import tempfile
from typing import IO

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from lookalike.web.settings import Settings

PLAIN_BYTES = 4 << 20
"""The most that a request without files may send: lists of names."""

_IN_MEMORY = 1 << 20
_PIECE = 1 << 16
_AT_ONCE = 16
"""Bodies that are read at a time."""


class BoundedBody:
    """Reads each body whole before anything looks at it, so that none can hold up the work."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self._app = app
        self._settings = settings
        self._reading = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand on a request whose body is there, or refuse it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        if not {"content-length", "transfer-encoding"} & set(headers.keys()):
            await self._app(scope, receive, send)
            return
        is_form = headers.get("content-type", "").startswith("multipart/form-data")
        limit = self._settings.upload_bytes if is_form else PLAIN_BYTES
        refusal = self._foretold(headers, limit)
        if refusal is None:
            with tempfile.SpooledTemporaryFile(_IN_MEMORY) as body:
                refusal = await self._read(receive, body, limit)
                if refusal is None:
                    body.seek(0)
                    await self._app(scope, _replay(body, receive), send)
                    return
        await _refuse(send, *refusal)

    def _foretold(self, headers: Headers, limit: int) -> tuple[int, str, str] | None:
        length = headers.get("content-length", "0")
        if not length.isascii() or not length.isdigit():
            return 400, "The length of the request is no number", ""
        if int(length) > limit:
            return _too_large(limit)
        if self._reading >= _AT_ONCE:
            return 503, "Too many are sending something at once", "try again in a moment"
        return None

    async def _read(
        self, receive: Receive, body: IO[bytes], limit: int
    ) -> tuple[int, str, str] | None:
        """Fill the file; the refusal if it is too much, too slow or broken off."""
        self._reading += 1
        try:
            async with asyncio.timeout(self._settings.upload_s):
                while True:
                    message = await receive()
                    if message["type"] == "http.disconnect":
                        return 400, "The request was broken off", ""
                    piece = message.get("body", b"")
                    if body.tell() + len(piece) > limit:
                        return _too_large(limit)
                    body.write(piece)
                    if not message.get("more_body", False):
                        return None
        except TimeoutError:
            seconds = f"{self._settings.upload_s:g} s"
            return 408, f"The request was not all there after {seconds}", "send it again"
        finally:
            self._reading -= 1


def _replay(body: IO[bytes], receive: Receive) -> Receive:
    done = False

    async def again() -> Message:
        nonlocal done
        if done:
            return await receive()
        piece = body.read(_PIECE)
        done = len(piece) < _PIECE
        return {"type": "http.request", "body": piece, "more_body": not done}

    return again


def _too_large(limit: int) -> tuple[int, str, str]:
    return 413, f"The request is larger than {limit >> 20} MiB", "send less at once"


async def _refuse(send: Send, status: int, what: str, mend: str) -> None:
    body = json.dumps({"error": what, "where": "", "mend": mend}).encode("ascii")
    headers = [
        (b"content-type", b"application/json"),
        (b"content-length", str(len(body)).encode()),
        # What is still on its way is not read; a new connection starts clean.
        (b"connection", b"close"),
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
