"""Long work on the page: seen as it goes, and stopped."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from scenes import scene

Look = Callable[..., Any]


def test_new_pictures_appear_and_are_told(look: Look, album: Path) -> None:
    page = look(album)
    page.wait_for_selector("h1:has-text('15 pictures')")
    scene(77).save(album / "new.jpg")
    page.get_by_role("button", name="Read the folder again").click()
    page.wait_for_selector(".toast:has-text('1 new picture')")
    page.wait_for_selector("h1:has-text('16 pictures')")


def test_progress_is_shown_and_can_be_stopped(look: Look, album: Path) -> None:
    page = look(album)
    page.wait_for_selector("h1:has-text('15 pictures')")
    running = {
        "job": "index-9",
        "kind": "index",
        "state": "running",
        "phase": "Reading pictures",
        "done": 30,
        "total": 120,
        "error": None,
        "result": None,
    }
    stopped = {**running, "state": "stopped"}
    asked: list[str] = []

    def status(route: Any) -> None:
        told = route.fetch().json()
        route.fulfill(json={**told, "jobs": [stopped if asked else running]})

    def job(route: Any) -> None:
        asked.append(route.request.method)
        route.fulfill(json=stopped)

    def events(route: Any) -> None:
        import json

        text = f"event: job\ndata: {json.dumps(running)}\n\n"
        route.fulfill(body=text, headers={"content-type": "text/event-stream"})

    page.route("**/api/v1/status", status)
    page.route(
        "**/api/v1/jobs/index-9",
        lambda route: (
            job(route)
            if route.request.method == "DELETE"
            else route.fulfill(json=stopped if asked else running)
        ),
    )
    page.route("**/api/v1/jobs/index-9/events", events)
    page.reload()
    page.wait_for_selector(".running [role=progressbar][aria-valuenow='25']")
    page.wait_for_selector(".running .bar[title='30 of 120']")
    page.locator(".running").get_by_role("button", name="Stop").click()
    page.wait_for_selector(".running", state="detached")
    assert asked == ["DELETE"]


def test_pictures_that_wait_to_be_read_are_announced(look: Look, album: Path) -> None:
    page = look(album)
    page.wait_for_selector("h1:has-text('15 pictures')")
    refused = {"error": "Not indexed yet", "where": "", "mend": ""}
    page.route("**/pictures/shapes*", lambda route: route.fulfill(status=409, json=refused))
    page.reload()
    page.wait_for_selector(".empty:has-text('are being read')")
