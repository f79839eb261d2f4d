"""Who may ask: the right Host and Origin, and the token. And what every answer carries.

Host is checked against names bound to this server, so that a foreign site whose name was made to
point here gets nothing. Origin must be the server's own, so that no foreign page can send anything.
"""

import hmac
import ipaddress
import json
import socket
from http.cookies import CookieError, SimpleCookie

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from lookalike.web.settings import LOOPBACK, Settings

API = "/api/"
OPEN = ("/api/v1/openapi.json",)
"""What tells nothing of the collection, and needs no token."""

CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; "
    "connect-src 'self'; font-src 'self'; manifest-src 'self'; worker-src 'self'; "
    "form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "content-security-policy": CSP,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "x-frame-options": "DENY",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
}


class Guard:
    """The outermost layer: nothing else runs for a request that it refuses."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self._app = app
        self._settings = settings
        self._names = _names(settings)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse, or hand on."""
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await self._app(scope, receive, send)
            return

        async def dressed(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers[name] = value
                headers.setdefault("cache-control", "no-store")
            await send(message)

        refusal = self._refusal(scope)
        if refusal is None:
            await self._app(scope, receive, dressed)
            return
        status, what, mend = refusal
        await _answer(dressed, status, {"error": what, "where": "", "mend": mend})

    def _refusal(self, scope: Scope) -> tuple[int, str, str] | None:
        headers = Headers(scope=scope)
        hosts = headers.getlist("host")
        if len(hosts) != 1 or not self._is_own(hosts[0]):
            name = hosts[0] if len(hosts) == 1 else ""
            return 403, f"This server is not called {_short(name)}", "start it with --name NAME"
        origins = headers.getlist("origin")
        if any(origin not in self._origins(scope["scheme"], hosts[0]) for origin in origins):
            return 403, "Another site may not ask this server", "use the page of this server"
        if headers.get("sec-fetch-site", "none") not in ("none", "same-origin") and (
            scope["path"].startswith(API) or scope["method"] not in ("GET", "HEAD")
        ):
            return 403, "Another site may not ask this server", "use the page of this server"
        if self._needs_token(scope) and not shows_token(headers, self._settings):
            mend = "open the address that the terminal shows, or send Authorization: Bearer TOKEN"
            return 401, "The token is missing or wrong", mend
        return None

    def _is_own(self, host: str) -> bool:
        name = _without_port(host)
        if name in self._names:
            return True
        return not self._settings.is_loopback and _is_address(name)

    def _origins(self, scheme: str, host: str) -> set[str]:
        """Its own; under a name that was given, a server before this one may speak HTTPS."""
        schemes = {scheme}
        if _without_port(host) in (name.lower() for name in self._settings.names):
            schemes.add("https")
        return {f"{each}://{host}" for each in schemes}

    def _needs_token(self, scope: Scope) -> bool:
        path = scope["path"]
        return path not in OPEN and (
            path.startswith(API) or scope["method"] not in ("GET", "HEAD", "OPTIONS")
        )


def cookie_name(settings: Settings) -> str:
    """Of its own for each port: browsers send a cookie to every port of a host."""
    return f"lookalike-{settings.port}"


def shows_token(headers: Headers, settings: Settings) -> bool:
    """Whether a request shows the token, in its header or its cookie."""
    kind, _, given = headers.get("authorization", "").partition(" ")
    if kind.lower() == "bearer":
        return same_secret(given.strip(), settings.token)
    try:
        morsel = SimpleCookie(headers.get("cookie", "")).get(cookie_name(settings))
    except CookieError:
        return False
    return morsel is not None and same_secret(morsel.value, settings.token)


def same_secret(given: str, token: str) -> bool:
    """Whether a secret is the right one, in a time that tells nothing of where it differs."""
    return hmac.compare_digest(given.encode("utf-8", "replace"), token.encode())


def _names(settings: Settings) -> frozenset[str]:
    names = {*LOOPBACK, *(name.lower() for name in settings.names)}
    if not settings.is_loopback:
        own = socket.gethostname().lower()
        names |= {own, f"{own}.local", settings.host.lower()}
    return frozenset(names)


def _without_port(host: str) -> str:
    name = host.lower()
    if name.startswith("["):
        return name.partition("]")[0] + "]"
    return name.rpartition(":")[0] if ":" in name else name


def _is_address(name: str) -> bool:
    """Whether a host is an address in figures, which no foreign name server can lend."""
    try:
        ipaddress.ip_address(name.strip("[]"))
    except ValueError:
        return False
    return True


def _short(name: str) -> str:
    return repr(name[:80])


async def _answer(send: Send, status: int, told: dict[str, str]) -> None:
    body = json.dumps(told).encode("ascii")
    headers = [
        (b"content-type", b"application/json"),
        (b"content-length", str(len(body)).encode()),
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
