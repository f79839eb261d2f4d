"""Which parts of two pictures make them alike."""

import base64
from dataclasses import replace
from pathlib import Path

from fastapi import APIRouter
from starlette.responses import Response

from lookalike.verbs.explain import explain, explanation_pictures
from lookalike.verbs.shown import as_jpeg
from lookalike.web.documents import answers
from lookalike.web.documents_tasks import ExplainDocument
from lookalike.web.problems import Json
from lookalike.web.routes_compare import ModelName, Named, Picture, files_of
from lookalike.web.server import Serving

router = APIRouter(tags=["compare"])


@router.post("/explain", responses=answers(ExplainDocument, 408, 413, 415))
async def explain_pictures(
    server: Serving,
    a: Picture = None,
    b: Picture = None,
    a_digest: Named = "",
    b_digest: Named = "",
    model: ModelName = "",
) -> Response:
    """Which parts of two pictures make them alike, as `lookalike explain --json`.

    Beside that, both pictures with these parts marked, as data addresses.
    """

    def run() -> dict[str, object]:
        encoder = server.models.load(model)
        with files_of(server, [("a", a, a_digest), ("b", b, b_digest)]) as files:
            report = explain(*files, model=encoder)
            shown = [_address(as_jpeg(pixels)) for pixels in explanation_pictures(report)]
            sides = [replace(side, path=Path(files[side.path])) for side in report.sides]
        told = replace(report, first=sides[0], second=sides[1]).to_dict()
        return {**told, "pictures": dict(zip(("first", "second"), shown, strict=True))}

    return Json(await server.looking(run))


def _address(jpeg: bytes) -> str:
    return f"data:image/jpeg;base64,{base64.b64encode(jpeg).decode('ascii')}"
