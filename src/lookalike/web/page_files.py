"""The page itself: a few files that belong to the package, and the way in."""

import hashlib
from pathlib import Path
from urllib.parse import parse_qs

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse, Response

from lookalike.web.guard import cookie_name, same_secret, shows_token
from lookalike.web.problems import refuse
from lookalike.web.server import Server, server_of

router = APIRouter(include_in_schema=False)
FOLDER = Path(__file__).parent / "page"
KINDS = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".ico": "image/x-icon",
    ".woff2": "font/woff2",
    ".json": "application/json",
    ".webmanifest": "application/manifest+json",
}
_LOCKED = """<!doctype html><html lang="en"><meta charset="utf-8">
<meta name="viewport" content="width=device-width"><title>lookalike</title>
<h1>This page needs its key</h1>
<p>Open the whole address that the terminal shows, with everything behind the question mark.</p>
"""
_ENTER = """<!doctype html><html lang="en"><meta charset="utf-8"><title>lookalike</title>
<meta http-equiv="refresh" content="0;url=/"><p><a href="/">Go on</a></p>
"""


@router.get("/")
async def front(request: Request) -> Response:
    """The page for whoever has the token; with the token in the address, the way to it."""
    server = server_of(request)
    given = parse_qs(request.url.query).get("token")
    if given is not None:
        return _enter(server, given[-1])
    if not shows_token(request.headers, server.settings):
        return HTMLResponse(_LOCKED, 401)
    return page_file(request, "index.html")


@router.get("/page/{name:path}")
async def file(request: Request, name: str) -> Response:
    """One file of the page."""
    return page_file(request, name)


def page_file(request: Request, name: str) -> Response:
    """A file of the page by its exact name; names are looked up in a list, never on disk."""
    path = _files().get(name)
    if path is None:
        raise refuse(404, "The page has no such file", where=name)
    body = path.read_bytes()
    tag = f'"{hashlib.blake2b(body, digest_size=16).hexdigest()}"'
    headers = {"etag": tag, "cache-control": "no-cache"}
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers=headers)
    return Response(body, media_type=KINDS[path.suffix], headers=headers)


def _files() -> dict[str, Path]:
    return {
        path.relative_to(FOLDER).as_posix(): path
        for path in FOLDER.rglob("*")
        if path.suffix in KINDS and path.is_file()
    }


def _enter(server: Server, given: str) -> Response:
    """Keep the token in a cookie and go to the page, so that no address holds it any longer."""
    if not same_secret(given, server.settings.token):
        return HTMLResponse(_LOCKED, 401)
    response = HTMLResponse(_ENTER)
    response.set_cookie(
        cookie_name(server.settings),
        server.settings.token,
        httponly=True,
        samesite="strict",
        path="/",
    )
    return response
