"""The OpenAPI document tells the truth: made-up requests find no fault and no other shape."""

import json

import pytest
from hypothesis import HealthCheck, given, settings

import lookalike

schemathesis = pytest.importorskip("schemathesis")
from schemathesis import checks  # noqa: E402

API = "/api/v1"
EXAMPLES = 4
HELD_TO = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_schema_conformance",
)


@pytest.fixture(scope="module")
def app(tmp_path_factory):
    from fastapi.testclient import TestClient
    from scenes import album_of_copies

    from lookalike.web.app import create_app
    from lookalike.web.settings import Settings

    folder = album_of_copies(tmp_path_factory.mktemp("schema") / "album")
    lookalike.index(folder)
    app = create_app(Settings(folder, token="t", index_at_start=False))
    with TestClient(app, base_url="http://127.0.0.1", headers={"authorization": "Bearer t"}) as c:
        job = c.post(f"{API}/jobs", json={"kind": "duplicates"}).json()["job"]
        jobs = app.state.server.jobs
        assert jobs.get(job).wait(60)
        start = jobs.start

        def start_and_wait(*asked):
            begun = start(*asked)
            begun.wait(60)  # work beside the test would import modules while hypothesis lists them
            return begun

        jobs.start = start_and_wait
        yield app


def document(app):
    return app.openapi()


def test_made_up_requests_find_no_fault_and_no_other_shape(app):
    schema = schemathesis.openapi.from_asgi(
        f"{API}/openapi.json", app, headers={"host": "127.0.0.1"}
    )
    held_to = checks.CHECKS.get_by_names(HELD_TO)
    n_asked = 0
    for found in schema.get_all_operations():
        operation = found.ok()

        @settings(
            max_examples=EXAMPLES,
            deadline=None,
            derandomize=True,
            database=None,
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy())
        def holds(case):
            nonlocal n_asked
            n_asked += 1
            answer = case.call(headers={"authorization": "Bearer t", "host": "127.0.0.1"})
            case.validate_response(answer, checks=held_to)

        holds()
    assert n_asked > 60


def test_every_route_is_described_and_every_object_lists_its_fields(app):
    told = document(app)
    for path, methods in told["paths"].items():
        assert path.startswith(API)
        for method, operation in methods.items():
            assert operation["description"], (path, method)
            codes = set(operation["responses"])
            assert {"401", "403", "503"} <= codes, (path, method)
            assert codes & {"200", "202"}
    for name, shape in told["components"]["schemas"].items():
        if shape.get("type") == "object" and name.endswith("Document"):
            assert shape.get("additionalProperties") is False, name
            assert shape["properties"], name
    assert "http" not in json.dumps(told["paths"]), "nothing is loaded from elsewhere"


def test_every_route_is_in_the_guide(app):
    from pathlib import Path

    guide = (Path(__file__).parents[3] / "docs/guides/serve.md").read_text(encoding="utf-8")
    for path in document(app)["paths"]:
        first = path.removeprefix(f"{API}/").split("/")[0].partition("{")[0]
        assert f"{first}" in guide, path
