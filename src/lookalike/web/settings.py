"""What a server is told at its start."""

import secrets
from dataclasses import dataclass, field
from pathlib import Path

DEFAULT_HOST = "127.0.0.1"
DEFAULT_PORT = 8765
LOOPBACK = ("localhost", "127.0.0.1", "[::1]")
"""What a browser on this machine calls it."""


def new_token() -> str:
    """A secret that nobody guesses."""
    return secrets.token_urlsafe(24)


@dataclass(frozen=True, slots=True)
class Settings:
    """How one folder is served.

    Attributes:
        folder: the collection.
        index: where its index lies; inside the collection unless named.
        model: name or file of the index's model; the one that it has, else the default.
        provider: what runs models, see `load_encoder`.
        host: the address to listen on.
        port: the port; 0 takes a free one.
        names: further names by which browsers may call this server.
        models: files of further models to compare pictures with.
        follow_links: whether pictures are shown that a link names and that lie outside the folder.
        index_at_start: whether new and changed files are read when the server starts.
        upload_bytes: the most that one request may send.
        upload_s: how long it may take to send that, in seconds.
        work_s: how long one answer may take, in seconds; long work is a job and not bound by it.
        token: what every call must show.
    """

    folder: Path
    index: Path | None = None
    model: str | Path | None = None
    provider: str = "auto"
    host: str = DEFAULT_HOST
    port: int = DEFAULT_PORT
    names: tuple[str, ...] = ()
    models: tuple[Path, ...] = ()
    follow_links: bool = False
    index_at_start: bool = True
    upload_bytes: int = 64 << 20
    upload_s: float = 60.0
    work_s: float = 60.0
    token: str = field(default_factory=new_token)

    @property
    def is_loopback(self) -> bool:
        """Whether only this machine can reach the server."""
        return self.host in ("localhost", "::1") or self.host.startswith("127.")
