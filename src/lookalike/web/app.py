"""The application: all routes behind the guard."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from importlib.metadata import version

from fastapi import APIRouter, FastAPI
from starlette.concurrency import run_in_threadpool

from lookalike.neighbours.threads import one_blas_thread
from lookalike.nouns.errors import BusyIndex
from lookalike.web import (
    page_files,
    routes_clean,
    routes_compare,
    routes_duplicates,
    routes_explain,
    routes_jobs,
    routes_map,
    routes_match,
    routes_pictures,
    routes_recognise,
    routes_search,
)
from lookalike.web.body import BoundedBody
from lookalike.web.guard import Guard
from lookalike.web.problems import add_handlers
from lookalike.web.server import Server
from lookalike.web.settings import Settings

PREFIX = "/api/v1"
ROUTES: tuple[APIRouter, ...] = (
    routes_jobs.router,
    routes_pictures.router,
    routes_search.router,
    routes_compare.router,
    routes_duplicates.router,
    routes_clean.router,
    routes_explain.router,
    routes_match.router,
    routes_recognise.router,
    routes_map.router,
)


def create_app(settings: Settings) -> FastAPI:
    """An application that serves one folder.

    Args:
        settings: how.

    Raises:
        LookalikeError: the folder, its index or the model cannot be used.
    """
    server = Server(settings)
    server.open()
    app = FastAPI(
        title="lookalike",
        version=version("lookalike"),
        summary="Which pictures of a folder are alike, and how sure it is.",
        openapi_url=f"{PREFIX}/openapi.json",
        docs_url=None,
        redoc_url=None,
        lifespan=_lifespan,
    )
    app.state.server = server
    for router in ROUTES:
        app.include_router(router, prefix=PREFIX)
    app.include_router(page_files.router)
    add_handlers(app)
    app.add_middleware(BoundedBody, settings=settings)
    app.add_middleware(Guard, settings=settings)
    return app


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    server: Server = app.state.server
    if server.settings.index_at_start:
        with suppress(BusyIndex):
            server.start_index()
    try:
        # Many ask at once, so that no single answer gains anything from more than one thread.
        with one_blas_thread():
            yield
    finally:
        await run_in_threadpool(server.close)
