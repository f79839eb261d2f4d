"""The collection as a map: one point a picture, near ones alike."""

from typing import Annotated

import numpy as np
from fastapi import APIRouter, Body, Query
from pydantic import Field
from starlette.responses import Response

from lookalike.nouns.map_report import NONE, MapReport
from lookalike.nouns.picture_list import ListedPicture
from lookalike.verbs.map import map_pictures
from lookalike.verbs.opened import Opened
from lookalike.web.documents import Document, answers, bytes_of
from lookalike.web.documents_tasks import MapDocument, PlacesDocument
from lookalike.web.jobs import Job, Result
from lookalike.web.problems import Json, refuse
from lookalike.web.server import Server, Serving

router = APIRouter(tags=["map"])
PAGE = 500
_MOST_COLOURS = 2**15 - 1
Places = Annotated[
    str, Query(pattern="^[0-9]+(,[0-9]+)*$", max_length=5000, description="such as 3,1,4")
]


class Lasso(Document):
    """Points that were chosen."""

    places: Annotated[list[Annotated[int, Field(ge=0, le=10**9)]], Field(max_length=1_000_000)]
    offset: int = Field(0, ge=0, le=10**9)
    limit: int = Field(PAGE, ge=1, le=PAGE)


def start_map(server: Server) -> Job:
    """Lay the collection out; its answer replaces the last one."""

    def run(job: Job) -> Result:
        report = map_pictures(server.source, on_phase=job.begin)
        with server.held.use():
            server.map = report
        return {"pictures": len(report), "method": report.method}

    return server.jobs.start("map", "Laying out", run)


@router.get("/map", responses=answers(MapDocument))
async def map_of_all(server: Serving) -> Response:
    """What the map shows, without the points; a job of kind "map" makes it."""
    report = _made(server)
    told = report.to_dict()
    for column in ("paths", "x", "y", "cluster"):
        del told[column]
    told["colourings"] = [{"name": c.name, "names": list(c.names)} for c in report.colourings]
    return Json({**told, "revision": server.held.revision})


@router.get("/map/points", responses=bytes_of("application/octet-stream"))
async def points(server: Serving) -> Response:
    """Where each picture lies: pairs of little-endian 32-bit floats in [0, 1], in order."""
    made = _made(server).points
    low = made.min(axis=0)
    span = max(float((made.max(axis=0) - low).max()), 1e-9)
    return _numbers(((made - low) / span).astype("<f4"))


@router.get("/map/colours", responses=bytes_of("application/octet-stream"))
async def colours(server: Serving, by: Annotated[str, Query(max_length=40)]) -> Response:
    """For each picture a place in the names of a colouring, -1 for none: 16-bit integers."""
    colouring = _made(server).colouring(by)
    if colouring is None:
        raise refuse(404, "The map has no such colouring", where=by, mend="see GET map")
    named = np.where(colouring.of <= _MOST_COLOURS, colouring.of, NONE)
    return _numbers(named.astype("<i2"))


@router.get("/map/digests", responses=answers(PlacesDocument))
async def digests(server: Serving, places: Places) -> Response:
    """The pictures at some places of the map; those that are gone are left out."""
    wanted = [int(place) for place in places.split(",")[:PAGE]]
    return Json(await server.reading(lambda: _pictures(server, wanted, 0, PAGE)))


@router.post("/map/places", responses=answers(PlacesDocument))
async def chosen(server: Serving, asked: Annotated[Lasso, Body()]) -> Response:
    """A page of the pictures at many places."""

    def run() -> dict[str, object]:
        return _pictures(server, asked.places, asked.offset, asked.limit)

    return Json(await server.reading(run))


def _pictures(server: Server, places: list[int], offset: int, limit: int) -> dict[str, object]:
    report = _made(server)
    known = [place for place in places if place < len(report)]
    with server.held.use() as opened:
        shown = known[offset : offset + limit]
        found = [(place, _listed(opened, report.paths[place])) for place in shown]
    return {
        "total": len(known),
        "offset": offset,
        "limit": limit,
        "pictures": [{"place": place, **told} for place, told in found if told],
    }


def _listed(opened: Opened, path: str) -> dict[str, object]:
    row = opened.reader.find_path(path)
    return ListedPicture(opened.reader.entries([row])[0]).to_dict() if row is not None else {}


def _made(server: Server) -> MapReport:
    if server.map is None:
        raise refuse(
            409,
            "The map has not been made yet",
            where="map",
            mend='POST /api/v1/jobs {"kind": "map"}',
        )
    return server.map


def _numbers(values: "np.ndarray[tuple[int, ...], np.dtype[np.generic]]") -> Response:
    return Response(values.tobytes(), media_type="application/octet-stream")
