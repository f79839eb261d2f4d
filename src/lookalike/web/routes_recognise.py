"""Which class a picture is of, known from an example or a few of each."""

from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, File, Form, UploadFile
from starlette.responses import Response

from lookalike.nouns.errors import InputError
from lookalike.nouns.recognise_report import Guess, Recognised, RecogniseOptions, RecogniseReport
from lookalike.verbs.recognise import recognise
from lookalike.web.documents import answers
from lookalike.web.documents_tasks import RecogniseDocument
from lookalike.web.problems import Json
from lookalike.web.routes_compare import ModelName
from lookalike.web.server import Serving
from lookalike.web.uploads import kept

router = APIRouter(tags=["recognise"])
MOST = 200
ENOUGH_TO_REJECT = 3
"""Classes; from fewer nothing is learned of what is of no class."""

QUERY = "query"
Label = Annotated[str, Form(min_length=1, max_length=200)]


@router.post("/recognise", responses=answers(RecogniseDocument, 408, 413, 415))
async def recognise_picture(
    server: Serving,
    examples: Annotated[list[UploadFile], File(min_length=2, max_length=MOST)],
    labels: Annotated[list[Label], Form(min_length=2, max_length=MOST)],
    query: Annotated[UploadFile, File()],
    model: ModelName = "",
) -> Response:
    """Say which class a picture is of, or none of these, as `lookalike recognise --json`.

    Each example comes with its label, in the same order; with two classes nothing is rejected.
    """
    if len(examples) != len(labels):
        raise InputError("Each example needs one label", where="labels")

    def run() -> dict[str, object]:
        encoder = server.models.load(model)
        with ExitStack() as stack:
            named: dict[str, list[Path]] = {}
            names: dict[Path, str] = {}
            for place, (upload, label) in enumerate(zip(examples, labels, strict=True)):
                path = stack.enter_context(kept(upload))
                named.setdefault(label, []).append(path)
                names[path] = f"example {place + 1}"
            asked = stack.enter_context(kept(query))
            names[asked] = QUERY
            options = RecogniseOptions(top=len(named))
            if len(named) < ENOUGH_TO_REJECT:
                options = replace(options, reject=0)
            report = recognise(named, asked, options, encoder=encoder)
            return _renamed(report, names).to_dict()

    return Json(await server.looking(run))


def _renamed(report: RecogniseReport, names: dict[Path, str]) -> RecogniseReport:
    """The report with names of pictures instead of files that are gone by then."""

    def guess(each: Guess) -> Guess:
        return replace(each, example=Path(names[each.example]))

    def recognised(each: Recognised) -> Recognised:
        return replace(each, path=Path(names[each.path]), guesses=tuple(map(guess, each.guesses)))

    failed = tuple(replace(f, path=Path(names.get(f.path, QUERY))) for f in report.failed)
    return replace(report, recognised=tuple(map(recognised, report.recognised)), failed=failed)
