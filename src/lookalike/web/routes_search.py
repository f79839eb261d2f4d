"""What is like a picture."""

from typing import Annotated

from fastapi import APIRouter, File, Form, Query, UploadFile
from starlette.responses import Response

from lookalike.web.documents import SearchDocument, answers
from lookalike.web.problems import Json
from lookalike.web.routes_pictures import DigestQuery, WhereText, found
from lookalike.web.server import Serving
from lookalike.web.uploads import kept

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
    digest: DigestQuery,
    k: Annotated[int, Query(ge=1, le=MOST)] = 30,
    where: WhereText = "",
    look: LookQuery = True,
) -> Response:
    """The pictures that are most like one of the collection."""

    def run() -> dict[str, object]:
        with server.held.use() as opened:
            return opened.more_like(found(opened, digest), k=k, where=where, look=look).to_dict()

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
    """The pictures of the collection that are most like one that is sent."""

    def run() -> dict[str, object]:
        with server.held.use() as opened, kept(picture) as path:
            return opened.like_file(path, "upload", k=k, where=where, look=look).to_dict()

    work = server.looking if look else server.glancing
    return Json(await work(run))
