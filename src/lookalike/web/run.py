"""A server on a real port."""

import signal
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from types import FrameType

import uvicorn

from lookalike.nouns.errors import InputError
from lookalike.web.app import create_app
from lookalike.web.settings import Settings
from lookalike.web.slow import PatientProtocol

CONNECTIONS = 256
"""At a time; browsers open six each."""

CLOSE_S = 3
"""How long answers may take that are under way when the server ends."""


def serve(settings: Settings, *, on_ready: Callable[[str], None]) -> None:
    """Serve a folder until Ctrl-C.

    Args:
        settings: how.
        on_ready: called once with the address, token and all, when it can be opened.

    Raises:
        InputError: the port is taken, or the address is not this machine's.
        LookalikeError: the folder, its index or the model cannot be used.
    """
    with _bound(settings) as (listener, bound):
        server = _server(bound)
        on_ready(f"{address(bound)}/?token={bound.token}")
        with suppress(KeyboardInterrupt):
            server.run(sockets=[listener])


@contextmanager
def running(settings: Settings) -> Iterator[str]:
    """A server in a thread of its own, as long as the block runs.

    Yields:
        Its address, without the token.
    """
    with _bound(replace(settings, port=0)) as (listener, bound):
        server = _server(bound)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            yield address(bound)
        finally:
            server.handle_exit(signal.SIGTERM, None)
            thread.join()


def address(settings: Settings) -> str:
    """What a browser on this machine calls the server."""
    host = "127.0.0.1" if settings.host in ("0.0.0.0", "::") else settings.host
    return f"http://{f'[{host}]' if ':' in host else host}:{settings.port}"


@contextmanager
def _bound(settings: Settings) -> Iterator[tuple[socket.socket, Settings]]:
    """A socket that listens, and the settings with its port."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    # With its protocol named, asyncio sends the parts of an answer at once; without, each body
    # waits up to 40 ms until the client has acknowledged the head.
    with socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP) as listener:
        if hasattr(socket, "SO_EXCLUSIVEADDRUSE"):  # on Windows two could share a port otherwise
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
        else:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((settings.host, settings.port))
            listener.listen(CONNECTIONS)
        except (OSError, OverflowError) as error:
            raise InputError(
                f"The server cannot listen here: {getattr(error, 'strerror', None) or error}",
                where=f"{settings.host}:{settings.port}",
                mend="take another port: --port 0 takes a free one",
            ) from error
        yield listener, replace(settings, port=listener.getsockname()[1])


class _Stopping(uvicorn.Server):
    """A server that tells its watchers before it waits for them to leave."""

    def __init__(self, config: uvicorn.Config, ending: threading.Event) -> None:
        super().__init__(config)
        self._ending = ending

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Ctrl-C, or the end of the block in `running`."""
        self._ending.set()
        super().handle_exit(sig, frame)


def _server(settings: Settings) -> _Stopping:
    app = create_app(settings)
    config = uvicorn.Config(
        app,
        http=PatientProtocol,
        ws="none",
        log_config=None,
        access_log=False,
        server_header=False,
        date_header=False,
        proxy_headers=False,
        limit_concurrency=CONNECTIONS,
        timeout_keep_alive=10,
        timeout_graceful_shutdown=CLOSE_S,
        h11_max_incomplete_event_size=1 << 16,
    )
    return _Stopping(config, app.state.server.ending)
