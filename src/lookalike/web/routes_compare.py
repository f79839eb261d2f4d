"""What two or three pictures are to each other, and the models that can say so."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, File, Form, UploadFile
from starlette.responses import Response

from lookalike.nouns.compare_report import CompareReport
from lookalike.nouns.errors import InputError
from lookalike.verbs.compare import compare
from lookalike.web.documents import ModelsDocument, answers
from lookalike.web.documents_tasks import CompareDocument
from lookalike.web.problems import Json
from lookalike.web.routes_pictures import found
from lookalike.web.server import Server, Serving
from lookalike.web.uploads import kept

router = APIRouter(tags=["compare"])
Picture = Annotated[UploadFile | None, File(description="any picture")]
Named = Annotated[str, Form(pattern="^([0-9a-f]{64})?$", description="one of the collection")]
ModelName = Annotated[str, Form(max_length=200, description="as GET /models names it")]
Given = tuple[str, UploadFile | None, str]
"""Letter, what was sent, and the digest of one of the collection."""


@router.get("/models", responses=answers(ModelsDocument))
async def models(server: Serving) -> Response:
    """Which models can be named."""

    def run() -> dict[str, object]:
        return {**server.models.report().to_dict(), "folder": ""}

    return Json(await server.reading(run))


@router.post("/compare", responses=answers(CompareDocument, 408, 413, 415))
async def compare_pictures(
    server: Serving,
    a: Picture = None,
    b: Picture = None,
    c: Picture = None,
    a_digest: Named = "",
    b_digest: Named = "",
    c_digest: Named = "",
    model: ModelName = "",
) -> Response:
    """Say what two pictures are to each other; of three, also which go together."""
    given: list[Given] = [("a", a, a_digest), ("b", b, b_digest)]
    if c is not None or c_digest:
        given.append(("c", c, c_digest))

    def run() -> dict[str, object]:
        encoder = server.models.load(model)
        with files_of(server, given) as files:
            report = compare(*files, model=encoder)
            return _renamed(report, files).to_dict()

    return Json(await server.looking(run))


@contextmanager
def files_of(server: Server, given: list[Given]) -> Iterator[dict[Path, str]]:
    """A file for each picture that was sent or named, and what it is called in an answer.

    Raises:
        InputError: one is neither sent nor named, or both.
        HTTPException: the collection has no such picture.
    """
    files: dict[Path, str] = {}
    with ExitStack() as stack:
        for letter, upload, digest in given:
            if (upload is None) == (not digest):
                raise InputError(
                    f"Picture {letter} must be sent or named, one of the two",
                    where=letter,
                    mend=f"send {letter} as a file, or {letter}_digest",
                )
            if upload is not None:
                files[stack.enter_context(kept(upload))] = letter
            else:
                opened = stack.enter_context(server.held.use())
                entry = found(opened, digest)
                files[stack.enter_context(server.copy_of(entry))] = entry.path
        yield files


def _renamed(report: CompareReport, files: dict[Path, str]) -> CompareReport:
    """The report with the names of pictures instead of files that are gone by then."""
    pairs = tuple(
        replace(pair, first=Path(files[pair.first]), second=Path(files[pair.second]))
        for pair in report.pairs
    )
    return replace(report, pairs=pairs)
