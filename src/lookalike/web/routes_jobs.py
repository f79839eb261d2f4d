"""How the server is, and its long work with progress."""

import asyncio
import json
import threading
from collections.abc import AsyncIterator
from enum import StrEnum
from importlib.metadata import version
from typing import Annotated

from fastapi import APIRouter, Body
from pydantic import Field
from starlette.responses import Response, StreamingResponse

from lookalike.nouns.errors import InputError, LookalikeError
from lookalike.verbs.info import info as info_of
from lookalike.web.documents import (
    Document,
    InfoDocument,
    JobDocument,
    JobsDocument,
    StatusDocument,
    accepted,
    answers,
    bytes_of,
)
from lookalike.web.jobs import STOPPABLE, Job
from lookalike.web.problems import Json, refuse
from lookalike.web.routes_map import start_map
from lookalike.web.routes_match import MatchRequest, start_match
from lookalike.web.routes_pictures import PAGE
from lookalike.web.routes_search import MOST
from lookalike.web.server import Server, Serving

router = APIRouter(tags=["work"])
FEATURES = (
    *("search", "duplicates", "clean", "compare", "explain"),
    *("recognise", "match", "map"),
)
TICK_S = 0.2
STREAMS = 64
"""Watchers at a time."""

_watching = 0


class Kind(StrEnum):
    """What can be begun."""

    INDEX = "index"
    DUPLICATES = "duplicates"
    MAP = "map"
    MATCH = "match"


class JobRequest(Document):
    """Which work to begin."""

    kind: Kind
    retry: bool = Field(False, description="index: read the files again that could not be read")
    match: MatchRequest | None = Field(None, description="match: which folders")


@router.get("/status", responses=answers(StatusDocument))
async def status(server: Serving) -> Response:
    """What is served, what is at work and what can be asked."""
    return Json(await server.reading(lambda: _status(server)))


@router.get("/info", responses=answers(InfoDocument))
async def info(server: Serving) -> Response:
    """What the index holds, as `lookalike info --json`."""

    def run() -> dict[str, object]:
        with server.held.use():
            return info_of(server.place.folder, index=server.place.index).to_dict()

    return Json(await server.reading(run))


@router.get("/jobs", responses=answers(JobsDocument))
async def jobs(server: Serving) -> Response:
    """All work that is remembered, oldest first."""
    return Json({"jobs": [job.to_dict() for job in server.jobs.all()]})


@router.post("/jobs", status_code=202, responses=accepted(JobDocument))
async def begin(server: Serving, asked: Annotated[JobRequest, Body()]) -> Response:
    """Begin long work; work of the same kind that is running is given instead."""
    if asked.kind is Kind.INDEX:
        job = server.start_index(retry=asked.retry)
    elif asked.kind is Kind.MATCH:
        if asked.match is None:
            raise InputError("Two folders are needed", where="match", mend="GET /api/v1/folders")
        match = asked.match
        job = await server.reading(lambda: start_match(server, match))
    elif asked.kind is Kind.MAP:
        job = start_map(server)
    else:
        job = server.start_duplicates()
    return Json(job.to_dict(), 202)


@router.get("/jobs/{name}", responses=answers(JobDocument))
async def job(server: Serving, name: str) -> Response:
    """How far a piece of work is."""
    return Json(_found(server, name).to_dict())


@router.delete("/jobs/{name}", responses=answers(JobDocument))
async def stop(server: Serving, name: str) -> Response:
    """Interrupt work; what it has done is kept."""
    job = _found(server, name)
    if job.kind not in STOPPABLE and job.state == "running":
        raise refuse(409, "This work is not interrupted half way", where=name, mend="wait for it")
    job.stop()
    return Json(job.to_dict())


@router.get("/jobs/{name}/events", responses=bytes_of("text/event-stream"))
async def events(server: Serving, name: str) -> Response:
    """The progress of a piece of work, sent as it happens."""
    job = _found(server, name)
    if _watching >= STREAMS:
        raise refuse(503, "Too many are watching", mend="ask for the job itself now and then")
    return StreamingResponse(_told(job, server.ending), media_type="text/event-stream")


async def _told(job: Job, ending: threading.Event) -> AsyncIterator[bytes]:
    global _watching
    _watching += 1
    try:
        seen = -1
        while job.state == "running" and not ending.is_set():
            if job.changes != seen:
                seen = job.changes
                yield _event("job", job)
            await asyncio.sleep(TICK_S)
        yield _event("end", job)
    finally:
        _watching -= 1


def _event(name: str, job: Job) -> bytes:
    return f"event: {name}\ndata: {json.dumps(job.to_dict())}\n\n".encode("ascii")


def _found(server: Server, name: str) -> Job:
    job = server.jobs.get(name)
    if job is None:
        raise refuse(404, "There is no such work", where=name)
    return job


def _status(server: Server) -> dict[str, object]:
    told: dict[str, object] = {
        "version": version("lookalike"),
        "folder": str(server.place.folder),
        "name": server.place.folder.name,
        "state": "missing",
        "pictures": 0,
        "files": 0,
        "unreadable": 0,
        "model": "",
        "revision": "",
        "jobs": [job.to_dict() for job in _latest(server)],
        "features": list(FEATURES),
        "limits": {"upload_bytes": server.settings.upload_bytes, "page": PAGE, "k": MOST},
        "copies": _copies(server),
        "map": "none" if server.map is None else "ready",
        "error": None,
    }
    server.held.look()
    trouble: LookalikeError | None = server.held.trouble
    told["error"] = trouble.to_dict() if trouble is not None else None
    if server.held.revision:
        with server.held.use() as opened:
            counts = opened.reader.counts()
            told |= {
                "state": "ready",
                "pictures": counts.pictures,
                "files": counts.files,
                "unreadable": counts.failures,
                "model": opened.model.name,
                "revision": server.held.revision,
            }
    return told


def _latest(server: Server) -> list[Job]:
    """What is running, and of each kind the last that is over."""
    last = {job.kind: job for job in server.jobs.all()}
    return [job for job in server.jobs.all() if job.state == "running" or last[job.kind] is job]


def _copies(server: Server) -> str:
    if server.found is None:
        return "none"
    with server.held.use() as opened:
        return "ready" if server.found.mark == opened.mark else "stale"
