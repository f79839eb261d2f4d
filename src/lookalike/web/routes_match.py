"""Poor pictures of one folder and their originals in another, both within the collection."""

from dataclasses import replace
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter
from pydantic import Field
from starlette.responses import Response

from lookalike.nouns.errors import InputError
from lookalike.nouns.match_options import MatchOptions
from lookalike.nouns.match_report import Candidate, Matched, MatchReport
from lookalike.verbs.match import match
from lookalike.web.documents import Document, answers
from lookalike.web.documents_tasks import FoldersDocument
from lookalike.web.jobs import Job, Result
from lookalike.web.problems import Json
from lookalike.web.server import Server, Serving

router = APIRouter(tags=["match"])
FolderName = Annotated[str, Field(max_length=4096)]


class MatchRequest(Document):
    """Which folders to match, as `GET folders` names them."""

    targets: FolderName
    sources: FolderName
    model: Annotated[str, Field(max_length=200)] = ""
    top: int = Field(5, ge=1, le=50)
    one_to_one: bool = False


@router.get("/folders", responses=answers(FoldersDocument))
async def folders(server: Serving) -> Response:
    """All folders of the collection that hold pictures, themselves or below; "" is the whole."""

    def run() -> dict[str, object]:
        with server.held.use() as opened:
            return {"folders": opened.folders()}

    return Json(await server.reading(run))


def start_match(server: Server, asked: MatchRequest) -> Job:
    """Look for the original of each picture.

    Raises:
        InputError: the index knows no such folder, or both are one.
    """
    with server.held.use() as opened:
        known = set(opened.folders())
    for name in (asked.targets, asked.sources):
        if name not in known:
            raise InputError(
                "The collection has no such folder", where=name, mend="GET /api/v1/folders"
            )
    if asked.targets == asked.sources:
        raise InputError("Two different folders are needed", where=asked.targets)

    def run(job: Job) -> Result:
        links = server.settings.follow_links
        with server.held.use() as opened:
            targets = opened.files_in(asked.targets, follow_links=links)
            inner = asked.sources == "" or asked.targets.startswith(f"{asked.sources}/")
            sources = opened.files_in(asked.sources, follow_links=links)
        found = match(
            sorted(targets),
            sorted(sources.keys() - (targets.keys() if inner else set())),
            MatchOptions(
                top=asked.top,
                models=(asked.model,) if asked.model else (),
                provider=server.settings.provider,
                one_to_one=asked.one_to_one,
            ),
            progress=job,
            on_phase=job.begin,
        )
        return _told(server.place.folder, found, {**sources, **targets})

    return server.jobs.start("match", "Matching", run)


def _told(folder: Path, report: MatchReport, digests: dict[Path, str]) -> dict[str, object]:
    """The report with relative paths, and the digests of all files that it names."""

    def near(path: Path) -> Path:
        return path.relative_to(folder)

    def candidate(one: Candidate) -> Candidate:
        return replace(one, path=near(one.path))

    def matched(each: Matched) -> Matched:
        listed = tuple(candidate(one) for one in each.candidates)
        return replace(each, target=near(each.target), candidates=listed)

    named = {path for each in report.matched for path in (each.target, *_paths(each))}
    failed = tuple(replace(f, path=near(f.path)) for f in report.failed)
    told = replace(report, matched=tuple(map(matched, report.matched)), failed=failed)
    return {
        **told.to_dict(),
        "digests": {near(path).as_posix(): digests[path] for path in sorted(named)},
    }


def _paths(each: Matched) -> tuple[Path, ...]:
    return tuple(one.path for one in each.candidates)
