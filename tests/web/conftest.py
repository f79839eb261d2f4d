"""A real browser before a real server: one of each for all tests of the page."""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

TOKEN = "of-the-tests"
PLACES = ("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """Chromium: the one that CHROMIUM names, the system's, or playwright's own."""
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    named = [os.environ.get("CHROMIUM", ""), *PLACES]
    place = next((name for name in named if name and Path(name).is_file()), None)
    with playwright.sync_playwright() as started:
        try:
            browser = started.chromium.launch(executable_path=place, args=["--no-sandbox"])
        except playwright.Error as error:
            pytest.skip(f"no browser: {error.message.splitlines()[0]}")
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def serve(chromium: Any) -> Iterator[Callable[[Path], str]]:
    """From a folder to the address of its server; every folder is served once."""
    pytest.importorskip("fastapi", reason="the extra `web` is not installed")
    from lookalike.web.run import running
    from lookalike.web.settings import Settings

    with ExitStack() as servers:
        known: dict[Path, str] = {}

        def address(folder: Path) -> str:
            if folder not in known:
                settings = Settings(folder=folder, token=TOKEN)
                known[folder] = servers.enter_context(running(settings))
            return known[folder]

        yield address


@pytest.fixture(scope="session")
def known_to() -> dict[str, Any]:
    """Cookies of the servers that a browser was shown to."""
    return {}


@pytest.fixture
def look(
    chromium: Any, serve: Callable[[Path], str], known_to: dict[str, Any]
) -> Iterator[Callable[..., Any]]:
    """Opens a view of the page: `look(folder, "#/duplicates", width=390)`.

    A script error, or a thing that the page's policy forbids, fails the test at its end.
    """
    contexts, wrongs = [], []

    def opened(folder: Path, view: str = "", *, width: int = 1280, **how: Any) -> Any:
        address = serve(folder)
        viewport = {"width": width, "height": 800}
        cookies = known_to.get(address)
        context = chromium.new_context(viewport=viewport, storage_state=cookies, **how)
        contexts.append(context)
        context.set_default_timeout(20_000)
        page = context.new_page()
        page.on("pageerror", lambda error: wrongs.append(str(error)))
        page.on("console", lambda said: _is_wrong(said.text) and wrongs.append(said.text))
        if not cookies:
            page.goto(f"{address}/?token={TOKEN}")
            page.wait_for_selector("nav.tabs a")
            known_to[address] = context.storage_state()
        if cookies or view:
            page.goto(f"{address}/{view}")
        return page

    yield opened
    for context in contexts:
        context.close()
    assert not wrongs


def _is_wrong(text: str) -> bool:
    return "Content Security Policy" in text or "Uncaught" in text
