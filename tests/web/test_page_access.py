"""The page for everybody: without a mouse, with a screen reader, on a phone, by night."""

from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

Look = Callable[..., Any]
FIRST_PAINT_BYTES = 200_000
READY = {
    "#/search": ".cell img",
    "#/search?name=nothing-like-this": ".empty",
    "#/duplicates": ".member",
    "#/compare": ".hint-line",
    "#/draw": "canvas.sheet",
    "#/match": ".empty",
    "#/match?targets=backup&sources=": ".face figure",
}
if find_spec("sklearn"):  # of the extra `plots`
    READY["#/map"] = ".legend button"
GRAVE = {"serious", "critical"}


def grave(page: Any) -> list[str]:
    """What axe finds that keeps people out, with the elements."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")
    found = axe.Axe().run(page).response["violations"]
    return [
        f"{one['id']}: {[node['html'][:160] for node in one['nodes'][:3]]}"
        for one in found
        if one["impact"] in GRAVE
    ]


@pytest.fixture
def opened(look: Look, read_album: Path) -> Iterator[Callable[..., Any]]:
    """One browser context in which view after view is opened."""
    page = look(read_album)

    def opened(view: str) -> Any:
        page.goto(page.url.split("#")[0] + view)
        page.wait_for_selector(READY[view], timeout=60_000)  # a map has to be made first
        return page

    yield opened


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_grave_in_any_view(opened: Callable[..., Any], scheme: str) -> None:
    found = {}
    for view in READY:
        page = opened(view)
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        page.wait_for_function(
            "want => document.documentElement.dataset.theme === want", arg=scheme
        )
        found[view] = grave(page)
    assert not any(found.values()), found


def test_axe_finds_nothing_grave_in_sheets(opened: Callable[..., Any]) -> None:
    page = opened("#/search")
    page.keyboard.press("?")
    page.wait_for_selector("dialog .keys-list")
    found = grave(page)
    page.keyboard.press("Escape")
    page.locator(".tile").first.click()
    page.wait_for_selector("dialog.viewer .pairs")
    found += grave(page)
    page.keyboard.press("Escape")
    page = opened("#/duplicates")
    page.keyboard.press("c")
    page.wait_for_selector("dialog .summary")
    found += grave(page)
    assert not found


def test_every_view_fits_a_phone(opened: Callable[..., Any]) -> None:
    wide = {}
    for view in READY:
        page = opened(view)
        page.set_viewport_size({"width": 360, "height": 740})
        page.wait_for_function("() => innerWidth === 360")
        wide[view] = page.evaluate("document.documentElement.scrollWidth")
        tabs = page.locator("nav.tabs a")
        for i in range(tabs.count()):
            assert tabs.nth(i).bounding_box()["y"] > 600, "the views are chosen below, by the thumb"
    assert all(width <= 360 for width in wide.values()), wide


def test_the_theme_follows_the_system_until_it_is_chosen(opened: Callable[..., Any]) -> None:
    page = opened("#/search")
    is_now = "want => document.documentElement.dataset.theme === want"
    page.emulate_media(color_scheme="dark")
    page.wait_for_function(is_now, arg="dark")
    page.keyboard.press("t")
    page.wait_for_function(is_now, arg="light")
    page.reload()
    page.wait_for_selector(".cell img")
    page.wait_for_function(is_now, arg="light")


def test_views_are_reached_by_keys_and_by_tab(opened: Callable[..., Any]) -> None:
    page = opened("#/search")
    for key, title in (("2", "Duplicates"), ("3", "Compare"), ("4", "Draw"), ("1", "Search")):
        page.keyboard.press(key)
        page.wait_for_selector(f"nav.tabs a[aria-current=page]:has-text('{title}')")
        assert page.title() == f"{title} · lookalike"
    page.reload()
    page.wait_for_selector(".cell img")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "To the content"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    assert "#/search" in page.url


def test_the_first_paint_is_light(look: Look, read_album: Path) -> None:
    sent: dict[str, int] = {}
    page = look(read_album)
    page.on("response", lambda r: sent.update({r.url: r.request.sizes()["responseBodySize"]}))
    page.route(
        "**/*",
        lambda route: route.continue_(headers={**route.request.headers, "if-none-match": ""}),
    )
    page.reload()
    page.wait_for_selector(".cell .tile")
    light = {url: size for url, size in sent.items() if "/thumbnail" not in url}
    assert len(light) > 10
    assert sum(light.values()) < FIRST_PAINT_BYTES


def test_nothing_comes_from_elsewhere(look: Look, read_album: Path) -> None:
    page = look(read_album)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    for view, ready in READY.items():
        page.goto(page.url.split("#")[0] + view)
        page.wait_for_selector(ready)
    here = page.url.split("#")[0]
    assert asked
    assert all(url.startswith((here, "blob:", "data:")) for url in asked)


def test_a_server_that_is_gone_is_told(look: Look, read_album: Path) -> None:
    page = look(read_album)
    page.wait_for_selector(".cell .tile")
    page.route("**/api/v1/**", lambda route: route.abort())
    page.get_by_label("Order").select_option("newest first")
    page.wait_for_selector(
        ".problem:has-text('no longer answers') .mend:has-text('lookalike serve')"
    )
    page.unroute("**/api/v1/**")
    page.get_by_role("button", name="Try again").click()
    page.wait_for_selector("h1:has-text('15 pictures')")
