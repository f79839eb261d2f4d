"""The page of `lookalike serve`: what its first paint sends, and how fluently it draws and scrolls.

    python benchmarks/speed/page.py

Needs playwright and Chromium (CHROMIUM names another one); frames are computed without a graphics
card. The library of the scroll is made up by the benchmark, so that only the page is timed.
"""

import os
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from PIL import Image
from playwright.sync_api import Page, Route, sync_playwright

sys.path.insert(0, str(Path(__file__).parents[1]))
from results import write_csv

from lookalike.web.run import running
from lookalike.web.settings import Settings

N_POINTS = 100_000
PLACES = ("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome")
MAP = """async n => {
  const { Plot } = await import("/page/js/map/plot.js");
  const { Cells } = await import("/page/js/map/cells.js");
  const canvas = document.createElement("canvas");
  canvas.style.cssText = "position:fixed;left:0;top:0;width:1280px;height:720px";
  document.body.append(canvas);
  const xy = new Float32Array(2 * n);
  let seed = 1;
  const chance = () => (seed = (seed * 16807) % 2147483647) / 2147483647;
  for (let i = 0; i < 2 * n; i += 1) xy[i] = (chance() + chance() + chance()) / 3;
  const plot = new Plot(canvas, new Cells(xy));
  plot.groups = Int16Array.from({ length: n }, (_, i) => i % 12);
  const frames = 120;
  const start = performance.now();
  for (let frame = 0; frame < frames; frame += 1) {
    await new Promise(requestAnimationFrame);
    plot.zoom(frame < 60 ? 1.03 : 1 / 1.03, 640, 360);
    plot.draw();
  }
  const seconds = (performance.now() - start) / 1000;
  canvas.remove();
  return frames / seconds;
}"""
SCROLL = """async () => {
  const high = document.documentElement.scrollHeight;
  const step = 400;
  const frames = 120;
  const start = performance.now();
  for (let frame = 0; frame < frames; frame += 1) {
    await new Promise(requestAnimationFrame);
    scrollTo(0, high / 2 + step * frame);
  }
  const seconds = (performance.now() - start) / 1000;
  return [frames / seconds, document.querySelectorAll(".cell").length, high];
}"""


def main() -> None:
    """Measure, print and write the CSV."""
    rows: list[dict[str, object]] = []
    with TemporaryDirectory() as scratch, sync_playwright() as started:
        folder = Path(scratch)
        for i in range(8):
            noise = np.random.default_rng(i).integers(0, 255, (12, 16, 3), np.uint8)
            Image.fromarray(noise).resize((640, 480)).save(folder / f"{i}.jpg")
        named = [os.environ.get("CHROMIUM", ""), *PLACES]
        place = next((name for name in named if name and Path(name).is_file()), None)
        browser = started.chromium.launch(executable_path=place, args=["--no-sandbox"])
        with running(Settings(folder=folder, token="bench")) as address:
            page = browser.new_page(viewport={"width": 1280, "height": 800})
            sent = first_paint(page, f"{address}/?token=bench")
            rows.append({"name": "first paint", "value": sent, "unit": "bytes"})
            fluent = page.evaluate(MAP, N_POINTS)
            rows.append(
                {"name": "map, 100 k points", "value": round(fluent, 1), "unit": "frames/s"}
            )
            pretend(page, N_POINTS)
            page.reload()
            page.wait_for_selector(".cell")
            fluent, cells, high = page.evaluate(SCROLL)
            rows.append(
                {"name": "scroll, 100 k pictures", "value": round(fluent, 1), "unit": "frames/s"}
            )
            rows.append({"name": "elements of 100 k pictures", "value": cells, "unit": "cells"})
            rows.append({"name": "height of 100 k pictures", "value": high, "unit": "px"})
        browser.close()
    for row in rows:
        print(f"{row['name']:<28} {row['value']:>12,} {row['unit']}")
    print(write_csv("page", rows))


def first_paint(page: Page, address: str) -> int:
    """Bytes of everything that is sent until pictures begin to come, headers left out."""
    sizes: list[int] = []
    page.on("response", lambda r: None if "/thumbnail" in r.url else sizes.append(_size(r)))
    page.goto(address)
    page.wait_for_selector(".cell .tile")
    return sum(sizes)


def _size(response: object) -> int:
    """The body's length as it was sent."""
    sizes = response.request.sizes()  # type: ignore[attr-defined]
    return int(sizes["responseBodySize"])


def pretend(page: Page, n: int) -> None:
    """Make the page believe in a library of n pictures."""
    known = page.request.get(page.url.split("#")[0] + "api/v1/pictures").json()["pictures"]
    sides = np.random.default_rng(0).integers(400, 800, (n, 2)).astype("<u2")

    def pictures(route: Route) -> None:
        asked = dict(part.split("=") for part in route.request.url.split("?")[1].split("&"))
        offset = int(asked["offset"])
        page_of = [
            {**known[i % len(known)], "path": f"{i}.jpg"} for i in range(offset, offset + 100)
        ]
        route.fulfill(json={"revision": "1", "total": n, "pictures": page_of})

    page.route("**/pictures?*", pictures)
    page.route("**/pictures/shapes*", lambda route: route.fulfill(body=sides.tobytes()))


if __name__ == "__main__":
    main()
