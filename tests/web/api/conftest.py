"""A server in this process, with an album that is indexed, and what a test asks of it."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("fastapi")
from fastapi.testclient import TestClient

from lookalike.web.app import create_app
from lookalike.web.settings import Settings

HOST = "http://127.0.0.1:8765"
TOKEN = "a-token-for-tests"

Connect = Callable[..., TestClient]


@pytest.fixture
def connect() -> Iterator[Connect]:
    """Serves a folder until the test ends; gives a client that knows the token."""
    with ExitStack() as stack:

        def connect(folder: Path, *, token: str = TOKEN, **options: Any) -> TestClient:
            options.setdefault("index_at_start", False)
            app = create_app(Settings(folder, token=TOKEN, **options))
            headers = {"authorization": f"Bearer {token}"} if token else {}
            client = TestClient(app, base_url=HOST, headers=headers)
            return stack.enter_context(client)

        yield connect


@pytest.fixture(scope="module")
def client(read_album: Path) -> Iterator[TestClient]:
    """A client of an album that is indexed, for tests that change nothing."""
    app = create_app(Settings(read_album, token=TOKEN, index_at_start=False))
    headers = {"authorization": f"Bearer {TOKEN}"}
    with TestClient(app, base_url=HOST, headers=headers) as client:
        yield client


@pytest.fixture
def after() -> Callable[[TestClient, Any], dict[str, Any]]:
    """Waits for the work that an answer began; gives the job when it is over."""

    def after(client: TestClient, answer: Any) -> dict[str, Any]:
        assert answer.status_code == 202, answer.text
        name = answer.json()["job"]
        assert client.app.state.server.jobs.get(name).wait(60)
        job: dict[str, Any] = client.get(f"/api/v1/jobs/{name}").json()
        return job

    return after


@pytest.fixture(scope="module")
def digests(client: TestClient) -> dict[str, str]:
    """The digest of each file of the album, by path."""
    pictures = client.get("/api/v1/pictures?limit=500").json()["pictures"]
    return {path: p["digest"] for p in pictures for path in (p["path"], *p["also_at"])}
