"""Errors as every answer tells them: what went wrong, where, and what mends it."""

import json
import logging
from collections.abc import Mapping

from fastapi import FastAPI, HTTPException, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException as PlainHTTPException
from starlette.responses import Response

from lookalike.nouns.errors import (
    BusyIndex,
    InputError,
    LookalikeError,
    MissingExtra,
    UnreadableImage,
    WrongIndex,
)

log = logging.getLogger(__name__)

STATUS: tuple[tuple[type[LookalikeError], int], ...] = (
    (BusyIndex, 409),
    (WrongIndex, 409),
    (UnreadableImage, 415),
    (MissingExtra, 501),
    (InputError, 400),
)
_SPOKEN = {
    404: ("There is nothing at this address", "see /api/v1/openapi.json"),
    405: ("This address does not take this method", "see /api/v1/openapi.json"),
}


class Json(Response):
    """JSON in plain ASCII, so that it holds file names of any bytes."""

    media_type = "application/json"

    def render(self, content: object) -> bytes:
        """The text of plain values."""
        return json.dumps(content, allow_nan=False, separators=(",", ":")).encode("ascii")


def refuse(
    status: int,
    what: str,
    *,
    where: str = "",
    mend: str = "",
    headers: Mapping[str, str] | None = None,
) -> HTTPException:
    """The error to raise where no error of lookalike's own fits."""
    told = {"error": what, "where": where, "mend": mend}
    return HTTPException(status, told, dict(headers) if headers else None)


def status_of(error: LookalikeError) -> int:
    """The HTTP status of an error."""
    return next((status for kind, status in STATUS if isinstance(error, kind)), 400)


def add_handlers(app: FastAPI) -> None:
    """Let every error leave the server in one shape."""
    app.add_exception_handler(LookalikeError, _own)
    app.add_exception_handler(FileNotFoundError, _gone)
    app.add_exception_handler(RequestValidationError, _wrong_shape)
    app.add_exception_handler(PlainHTTPException, _plain)
    app.add_exception_handler(Exception, _fault)


async def _own(request: Request, error: Exception) -> Response:
    if not isinstance(error, LookalikeError):
        raise error
    return Json(error.to_dict(), status_of(error))


async def _gone(request: Request, error: Exception) -> Response:
    told = {
        "error": "The file is gone, has changed, or lies outside of the folder",
        "where": str(error),
        "mend": 'POST /api/v1/jobs {"kind": "index"}',
    }
    return Json(told, 404)


async def _wrong_shape(request: Request, error: Exception) -> Response:
    if not isinstance(error, RequestValidationError):
        raise error
    first = error.errors()[0]
    where = ".".join(str(part) for part in first["loc"])
    told = {"error": str(first["msg"]), "where": where, "mend": "see /api/v1/openapi.json"}
    return Json(told, 422)


async def _plain(request: Request, error: Exception) -> Response:
    if not isinstance(error, PlainHTTPException):
        raise error
    told: object = error.detail
    if not isinstance(told, dict):
        what, mend = _SPOKEN.get(error.status_code, (str(error.detail), ""))
        told = {"error": what, "where": request.url.path, "mend": mend}
    return Json(told, error.status_code, dict(error.headers or {}))


async def _fault(request: Request, error: Exception) -> Response:
    log.error("%s %s failed", request.method, request.url.path, exc_info=error)
    told = {"error": "This is a fault of lookalike", "where": "", "mend": "please report it"}
    return Json(told, 500)
