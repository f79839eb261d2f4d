"""What is like a picture."""

from typing import Annotated

from fastapi import APIRouter, File, Form, Query, UploadFile
from starlette.responses import Response

from lookalike.nouns.errors import InputError
from lookalike.web.documents import SearchDocument, answers
from lookalike.web.problems import Json
from lookalike.web.routes_pictures import WhereText, found
from lookalike.web.server import Serving
from lookalike.web.uploads import NAME

router = APIRouter(tags=["search"])
MOST = 200
"""Hits of one search."""
LOOK = (
    "Lay doubtful hits over the query. Without, the answer comes at once, from hashes and vectors "
    "alone, and marks the doubtful hits."
)
LookQuery = Annotated[bool, Query(description=LOOK)]


@router.get("/search", responses=answers(SearchDocument))
async def more_like(
    server: Serving,
    digest: Annotated[str, Query(pattern="^([0-9a-f]{64})?$", description="of a picture")] = "",
    sent: Annotated[
        str, Query(pattern="^([0-9a-f]{32})?$", description="of a picture that was sent lately")
    ] = "",
    k: Annotated[int, Query(ge=1, le=MOST)] = 30,
    where: WhereText = "",
    look: LookQuery = True,
) -> Response:
    """The pictures that are most like one of the collection, or like one that was sent before."""
    if bool(digest) == bool(sent):
        raise InputError("A search needs a digest, or the name of a picture that was sent")

    def run() -> dict[str, object]:
        with server.held.use() as opened:
            if digest:
                report = opened.more_like(found(opened, digest), k=k, where=where, look=look)
                return report.to_dict()
            with server.sent.again(sent) as picture:
                seen = picture.seen(opened)
                report = opened.like(seen, NAME, k=k, where=where, look=look)
                return {**report.to_dict(), "sent": sent}

    work = server.looking if look else server.glancing
    return Json(await work(run))


@router.post("/search", responses=answers(SearchDocument, 408, 413, 415))
async def search(
    server: Serving,
    picture: Annotated[UploadFile, File(description="any picture")],
    k: Annotated[int, Form(ge=1, le=MOST)] = 30,
    where: Annotated[str, Form(max_length=2000)] = "",
    look: Annotated[bool, Form(description=LOOK)] = True,
) -> Response:
    """The pictures of the collection that are most like one that is sent.

    It is kept for a while under the name `sent` of the answer, for GET search.
    """

    def run() -> dict[str, object]:
        with server.held.use() as opened, server.sent.taken(picture) as new:
            report = opened.like(new.seen(opened), NAME, k=k, where=where, look=look)
            return {**report.to_dict(), "sent": new.name}

    work = server.looking if look else server.glancing
    return Json(await work(run))
