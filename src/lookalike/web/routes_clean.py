"""Move copies aside, after a summary was confirmed, and bring them back."""

import logging
from typing import Annotated

from fastapi import APIRouter, Body
from pydantic import Field
from starlette.responses import Response

from lookalike.nouns.clean_report import CleanReport
from lookalike.nouns.errors import LookalikeError
from lookalike.nouns.verdict import Level
from lookalike.verbs.clean import clean, operations, undo
from lookalike.verbs.review import Review, plan_review
from lookalike.verdicts.promise import Promise
from lookalike.web.documents import (
    Document,
    JobDocument,
    accepted,
    answers,
)
from lookalike.web.documents_review import OperationsDocument, PlanDocument
from lookalike.web.jobs import Job, Result
from lookalike.web.problems import Json, refuse
from lookalike.web.server import Server, Serving

router = APIRouter(tags=["clean"])
log = logging.getLogger(__name__)
Name = Annotated[str, Field(min_length=1, max_length=4096)]
Names = Annotated[list[Name], Field(max_length=200_000)]


class ReviewRequest(Document):
    """The choices of a review; paths as the groups name them."""

    wrong_at_most: Annotated[float | None, Field(gt=0, le=0.5)] = None
    least_probability: Annotated[float | None, Field(ge=0.5, lt=1)] = None
    level: Level = Level.SAME_PICTURE
    keep: Names = Field(default_factory=list)
    only: Names | None = None
    skip: Names = Field(default_factory=list)
    protect: Annotated[list[Name], Field(max_length=1000, default_factory=list)]


class Confirmation(Document):
    """What the user saw before saying yes."""

    files: int = Field(ge=0, description="how many files the summary named")


@router.post("/plans", responses=answers(PlanDocument))
async def plan(server: Serving, asked: Annotated[ReviewRequest, Body()]) -> Response:
    """What a clean-up would move aside; nothing is touched."""
    promise = Promise(asked.least_probability, asked.wrong_at_most)
    review = Review(asked.level, asked.keep, asked.only, asked.skip, asked.protect)

    def run() -> dict[str, object]:
        report, _ = server.groups.report(server.held, server.found, promise)
        made = plan_review(report, review)
        sums = {"files": made.n_files, "size_bytes": made.size_bytes}
        return {"plan": server.plans.put(made), **sums, **made.to_dict()}

    return Json(await server.looking(run))


@router.post("/plans/{name}/apply", status_code=202, responses=accepted(JobDocument))
async def apply(server: Serving, name: str, confirmed: Annotated[Confirmation, Body()]) -> Response:
    """Carry out a plan, once, if what was confirmed is what it does."""
    made = server.plans.get(name)
    if made is None:
        raise refuse(404, "There is no such plan, or not any more", where=name, mend="plan anew")
    if confirmed.files != made.n_files:
        raise refuse(
            409,
            f"The plan moves {made.n_files} files, not {confirmed.files}",
            where="files",
            mend="show the summary again and confirm it",
        )

    def run(job: Job) -> Result:
        server.plans.drop(name)
        return _and_then(server, job, clean(made, progress=job))

    return Json(server.jobs.start("clean", "Moving files", run).to_dict(), 202)


@router.get("/operations", responses=answers(OperationsDocument))
async def done_so_far(server: Serving) -> Response:
    """All clean-ups of the folder, oldest first."""
    return Json(await server.reading(lambda: operations(server.place.folder).to_dict()))


@router.post("/operations/{name}/undo", status_code=202, responses=accepted(JobDocument))
async def bring_back(server: Serving, name: str) -> Response:
    """Bring back what a clean-up moved aside."""

    def known() -> bool:
        found = operations(server.place.folder).operations
        return name in {operation.id for operation in found}

    if not await server.reading(known):
        raise refuse(404, "There is no such clean-up", where=name)

    def run(job: Job) -> Result:
        return _and_then(server, job, undo(server.place.folder, name))

    return Json(server.jobs.start("undo", "Bringing files back", run).to_dict(), 202)


def _and_then(server: Server, job: Job, report: CleanReport) -> Result:
    """Bring the index up to date with what has moved; the report stands even if that fails."""
    server.groups.forget()
    try:
        server.read_changes(job)
    except LookalikeError as error:
        log.warning("the index is not up to date: %s", error)
    return report.to_dict()
