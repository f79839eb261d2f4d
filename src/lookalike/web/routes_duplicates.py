"""The copies in the collection, and what the user says of them."""

from dataclasses import replace
from typing import Annotated, Any

from fastapi import APIRouter, Body, Query
from pydantic import Field
from starlette.responses import Response

from lookalike.nouns.answers import Answer
from lookalike.nouns.duplicates_report import DuplicatesReport
from lookalike.nouns.errors import InputError
from lookalike.nouns.verdict import Level
from lookalike.verbs.clean import suggested
from lookalike.verbs.tune import known_answers
from lookalike.verdicts.promise import Promise
from lookalike.web.documents import Document, answers
from lookalike.web.documents_review import DuplicatesDocument, TuneDocument
from lookalike.web.problems import Json
from lookalike.web.server import Serving

router = APIRouter(tags=["duplicates"])
PAGE = 200
Share = Annotated[float | None, Query(gt=0, le=0.5, description="as --wrong-at-most")]
Least = Annotated[float | None, Query(ge=0.5, lt=1, description="as --least-probability")]
Hex = Annotated[str, Field(pattern="^[0-9a-f]{64}$")]


class SaidPair(Document):
    """What the user says of two pictures; null takes it back."""

    a: Hex
    b: Hex
    same: bool | None


class SaidPairs(Document):
    """What the user says."""

    pairs: Annotated[list[SaidPair], Field(min_length=1, max_length=2000)]


@router.get("/duplicates", responses=answers(DuplicatesDocument))
async def duplicates(
    server: Serving,
    wrong_at_most: Share = None,
    least_probability: Least = None,
    level: Level = Level.EDITED_COPY,
    offset: Annotated[int, Query(ge=0, le=10**9)] = 0,
    limit: Annotated[int, Query(ge=1, le=PAGE)] = 50,
) -> Response:
    """A page of the groups of a level or a higher one; the sums are those of all such groups."""
    promise = Promise(least_probability, wrong_at_most)

    def run() -> dict[str, object]:
        report, stale = server.groups.report(server.held, server.found, promise)
        told = _page(report, level, offset, limit)
        return {**told, "revision": server.held.revision, "stale": stale}

    return Json(await server.reading(run))


@router.get("/answers", responses=answers(TuneDocument))
async def said(server: Serving) -> Response:
    """All that the user has said of pairs, as `lookalike tune --json`."""

    def run() -> dict[str, object]:
        with server.held.use():
            return known_answers(server.place).to_dict()

    return Json(await server.reading(run))


@router.post("/answers", responses=answers(TuneDocument))
async def say(server: Serving, asked: Annotated[SaidPairs, Body()]) -> Response:
    """Say of pairs whether they are copies; `duplicates` heeds it at once."""

    def run() -> dict[str, object]:
        with server.held.use() as opened:
            for pair in asked.pairs:
                if pair.a == pair.b:
                    raise InputError("A pair needs two different pictures", where=pair.a)
                for digest in (pair.a, pair.b):
                    if pair.same is not None and opened.reader.entry_of(digest) is None:
                        raise InputError("The collection has no such picture", where=digest)
            given = [Answer.of(p.a, p.b, same=p.same) for p in asked.pairs if p.same is not None]
            back = [(pair.a, pair.b) for pair in asked.pairs if pair.same is None]
            report = opened.answer(given, back)
        server.held.load()
        return report.to_dict()

    return Json(await server.reading(run))


def _page(report: DuplicatesReport, level: Level, offset: int, limit: int) -> dict[str, Any]:
    whole = _of_level(report, level)
    groups = whole.groups[offset : offset + limit]
    related = whole.related if offset == 0 else ()
    kept = suggested(report.folder, groups)
    return {
        **whole.summary(),
        "total_groups": len(whole.groups),
        "offset": offset,
        "limit": limit,
        "groups": [group.to_dict() for group in groups],
        "keepers": [{"path": path, "reason": reason} for path, reason in kept],
        "related": [pair.to_dict() for pair in related],
    }


def _of_level(report: DuplicatesReport, level: Level) -> DuplicatesReport:
    """Only the groups and pairs that are at least this much to each other."""
    if level.rank <= Level.EDITED_COPY.rank:
        return report
    groups = (g for g in report.groups if g.least_sure.verdict.level.rank >= level.rank)
    related = (pair for pair in report.related if pair.verdict.level.rank >= level.rank)
    return replace(report, groups=tuple(groups), related=tuple(related))
