"""Which pictures there are, and how they look."""

from collections.abc import Callable
from contextlib import ExitStack
from enum import StrEnum
from typing import Annotated

import numpy as np
from fastapi import APIRouter, Path, Query, Request
from starlette.responses import Response

from lookalike.nouns.entry import Entry
from lookalike.nouns.picture_list import ListedPicture, iso_time
from lookalike.verbs.opened import Opened
from lookalike.verbs.shown import difference, jpeg_of, laid_over, open_stored
from lookalike.web.documents import DetailsDocument, PicturesDocument, answers, bytes_of
from lookalike.web.problems import Json, refuse
from lookalike.web.server import Server, Serving

router = APIRouter(tags=["pictures"])

Digest = Annotated[str, Path(pattern="^[0-9a-f]{64}$", description="names a picture")]
DigestQuery = Annotated[str, Query(pattern="^[0-9a-f]{64}$")]
WhereText = Annotated[str, Query(max_length=2000, description="as --where of the command line")]
ShownPx = Annotated[int, Query(ge=64, le=2048, description="the longer side of the answer")]
SMALL_PX = (120, 240, 480, 960)
LARGE_PX = (1024, 2048, 4096)
PAGE = 500
_FOR_GOOD = "private, max-age=86400, immutable"
"""A picture is named by its bytes, so what is at its address never changes."""


class Order(StrEnum):
    """How pictures are listed."""

    PATH = "path"
    NEWEST = "newest"
    LARGEST = "largest"
    ADDED = "added"


@router.get("/pictures", responses=answers(PicturesDocument))
async def pictures(
    server: Serving,
    where: WhereText = "",
    order: Order = Order.PATH,
    offset: Annotated[int, Query(ge=0, le=10**9)] = 0,
    limit: Annotated[int, Query(ge=1, le=PAGE)] = 100,
) -> Response:
    """A page of the pictures that meet a filter."""

    def run() -> dict[str, object]:
        with server.held.use() as opened:
            found = opened.pictures(where, order.value, offset=offset, limit=limit)
            return {"revision": server.held.revision, "limit": limit, **found.to_dict()}

    return Json(await server.reading(run))


@router.get("/pictures/shapes", responses=bytes_of("application/octet-stream"))
async def shapes(server: Serving, where: WhereText = "", order: Order = Order.PATH) -> Response:
    """Width and height of all pictures that meet a filter, for laying them out.

    Pairs of little-endian 16-bit numbers, in the order of `pictures`.
    """

    def run() -> tuple[bytes, str]:
        with server.held.use() as opened:
            sizes = opened.sizes(where, order.value)
            most = np.maximum(sizes.max(axis=1, keepdims=True, initial=1) / 65535, 1)
            fitted = np.maximum(sizes / most, 1).astype("<u2")
            return fitted.tobytes(), server.held.revision

    body, revision = await server.reading(run)
    return Response(body, media_type="application/octet-stream", headers={"x-revision": revision})


@router.get("/pictures/at", responses=answers(DetailsDocument))
async def picture_at(
    server: Serving, path: Annotated[str, Query(min_length=1, max_length=4096)]
) -> Response:
    """A picture by the relative path of one of its files, as the index knows it."""

    def run() -> dict[str, object]:
        with server.held.use() as opened:
            row = None if path.startswith("/") else opened.reader.find_path(path)
            if row is None:
                raise _unknown(path)
            return _details(opened, opened.reader.entries([row])[0])

    return Json(await server.reading(run))


@router.get("/pictures/{digest}", responses=answers(DetailsDocument))
async def picture(server: Serving, digest: Digest) -> Response:
    """All that the index knows of a picture."""

    def run() -> dict[str, object]:
        with server.held.use() as opened:
            return _details(opened, found(opened, digest))

    return Json(await server.reading(run))


@router.get("/pictures/{digest}/thumbnail", responses=bytes_of("image/jpeg", 415))
async def thumbnail(
    request: Request,
    server: Serving,
    digest: Digest,
    size: Annotated[int, Query(ge=1, le=SMALL_PX[-1])] = 240,
) -> Response:
    """A small picture, upright."""
    return await _jpeg(request, server, digest, next(px for px in SMALL_PX if px >= size))


@router.get("/pictures/{digest}/view", responses=bytes_of("image/jpeg", 415))
async def view(
    request: Request,
    server: Serving,
    digest: Digest,
    size: Annotated[int, Query(ge=1, le=LARGE_PX[-1])] = 2048,
) -> Response:
    """A picture for the screen, upright and without metadata."""
    return await _jpeg(request, server, digest, next(px for px in LARGE_PX if px >= size))


@router.get("/difference", responses=bytes_of("image/png", 415))
async def difference_of(
    request: Request, server: Serving, first: DigestQuery, second: DigestQuery, size: ShownPx = 960
) -> Response:
    """Where the second picture differs from the first, once it is laid over it."""
    return await _of_two(request, server, (first, second), size, difference, "image/png")


@router.get("/laid", responses=bytes_of("image/jpeg", 415))
async def laid(
    request: Request, server: Serving, first: DigestQuery, second: DigestQuery, size: ShownPx = 960
) -> Response:
    """The second picture in the frame of the first, on which it lies as their details tell."""
    return await _of_two(request, server, (first, second), size, laid_over, "image/jpeg")


async def _of_two(
    request: Request,
    server: Server,
    digests: tuple[str, str],
    size: int,
    make: Callable[..., tuple[bytes, str]],
    kind: str,
) -> Response:
    tag = f'"{digests[0]}-{digests[1]}-{size}"'
    if _is_known(request, tag):
        return _unchanged(tag)

    def run() -> tuple[bytes, str]:
        with server.held.use() as opened, ExitStack() as files:
            both = []
            for digest in digests:
                entry = found(opened, digest)
                links = server.settings.follow_links
                file = files.enter_context(open_stored(server.place, entry, follow_links=links))
                both.append((opened.library.sight(entry, opened.place.folder), file))
            return make(*both, long_side_px=size, budget=server.budget)

    body, how = await server.looking(run)
    headers = {"etag": tag, "cache-control": _FOR_GOOD, "x-turn": how}
    return Response(body, media_type=kind, headers=headers)


def found(opened: Opened, digest: str) -> Entry:
    """A picture of the collection.

    Raises:
        HTTPException: there is none.
    """
    entry = opened.reader.entry_of(digest)
    if entry is None:
        raise _unknown(digest)
    return entry


async def _jpeg(request: Request, server: Server, digest: str, side: int) -> Response:
    tag = f'"{digest}-{side}"'

    def look_up() -> Entry:
        with server.held.use() as opened:
            return found(opened, digest)

    entry = await server.reading(look_up)
    if _is_known(request, tag):
        return _unchanged(tag)

    def make() -> bytes:
        return jpeg_of(
            server.place,
            entry,
            long_side_px=side,
            follow_links=server.settings.follow_links,
            budget=server.budget,
        )

    def run() -> bytes:
        return server.small.get(tag, make) if side <= SMALL_PX[-1] else make()

    body = await server.looking(run)
    return Response(
        body, media_type="image/jpeg", headers={"etag": tag, "cache-control": _FOR_GOOD}
    )


def _details(opened: Opened, entry: Entry) -> dict[str, object]:
    files = [
        {
            "path": file.path,
            "size_bytes": file.size_bytes,
            "modified": iso_time(file.mtime_ns),
            "there": opened.place.absolute(file.path).exists(),
        }
        for file in entry.files
    ]
    return {**ListedPicture(entry).to_dict(), "files": files}


def _is_known(request: Request, tag: str) -> bool:
    given = request.headers.get("if-none-match", "")
    return tag in (each.strip().removeprefix("W/") for each in given.split(","))


def _unchanged(tag: str) -> Response:
    return Response(status_code=304, headers={"etag": tag, "cache-control": _FOR_GOOD})


def _unknown(name: str) -> Exception:
    return refuse(404, "The collection has no such picture", where=name)
