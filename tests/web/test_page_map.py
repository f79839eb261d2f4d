"""The map on the page: zoomed, coloured, and pictures caught by a line."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Look = Callable[..., Any]
pytest.importorskip("sklearn", reason="the extra `plots` is not installed")


def test_the_map_is_made_coloured_and_lassoed(look: Look, read_album: Path) -> None:
    page = look(read_album, "#/map")
    page.wait_for_selector(".legend button", timeout=60_000)
    page.get_by_text("15 pictures laid out").wait_for()
    page.locator(".legend button").first.click()
    page.wait_for_selector(".chosen h2:has-text('picture')")
    page.wait_for_selector(".chosen .cell img")
    page.keyboard.press("Escape")
    page.wait_for_selector(".chosen", state="hidden")
    page.keyboard.press("l")
    box = page.locator("canvas.points").bounding_box()
    corners = [(0.01, 0.01), (0.99, 0.01), (0.99, 0.99), (0.01, 0.99)]
    at = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in corners]
    page.mouse.move(*at[0])
    page.mouse.down()
    for point in at[1:]:
        page.mouse.move(*point, steps=3)
    page.mouse.up()
    page.wait_for_selector(".chosen h2:has-text('15 pictures inside the line')")
    page.locator(".chosen .tile").first.click()
    page.wait_for_selector("dialog.viewer .pairs")


MODEL = """async () => {
  const { Cells } = await import("/page/js/map/cells.js");
  let seed = 7;
  const chance = () => (seed = (seed * 16807) % 2147483647) / 2147483647;
  const xy = Float32Array.from({ length: 4000 }, chance);
  const cells = new Cells(xy);
  const wrong = [];
  for (let trial = 0; trial < 50; trial += 1) {
    const [x, y, reach] = [chance(), chance(), 0.3 * chance()];
    let best = -1;
    let least = reach * reach;
    for (let i = 0; i < 2000; i += 1) {
      const off = (xy[2 * i] - x) ** 2 + (xy[2 * i + 1] - y) ** 2;
      if (off <= least) [best, least] = [i, off];
    }
    if (cells.nearest(x, y, reach) !== best) wrong.push(["nearest", x, y, reach]);
    const [a, b, c, d] = [chance() / 2, chance() / 2, 0.5 + chance() / 2, 0.5 + chance() / 2];
    const caught = new Set(cells.inside([[a, b], [c, b], [c, d], [a, d]]));
    for (let i = 0; i < 2000; i += 1) {
      const within = xy[2 * i] > a && xy[2 * i] < c && xy[2 * i + 1] > b && xy[2 * i + 1] < d;
      if (within !== caught.has(i)) wrong.push(["inside", i, a, b, c, d]);
    }
  }
  return wrong;
}"""


def test_cells_find_what_looking_at_all_points_finds(look: Look, read_album: Path) -> None:
    page = look(read_album)
    assert page.evaluate(MODEL) == []


ROWS = """async () => {
  const { rowsOf } = await import("/page/js/layout.js");
  let seed = 3;
  const chance = () => (seed = (seed * 16807) % 2147483647) / 2147483647;
  const wrong = [];
  for (let trial = 0; trial < 200; trial += 1) {
    const shapes = Array.from({ length: 1 + Math.floor(60 * chance()) }, () => 0.5 + 2 * chance());
    const width = 300 + 1500 * chance();
    const how = { wanted: 190, gap: 8, below: 20, ragged: chance() < 0.5 };
    const { rows, height } = rowsOf(shapes, width, how);
    if (rows.flatMap((row) => row.widths).length !== shapes.length) wrong.push("lost");
    rows.forEach((row, i) => {
      const right = row.lefts.at(-1) + row.widths.at(-1);
      if (right > width + 0.01) wrong.push(["too wide", right, width]);
      const full = i + 1 === rows.length || row.height >= 304 || Math.abs(right - width) < 0.01;
      if (!full) wrong.push(["not full", right, width]);
      if (i && row.top < rows[i - 1].top + rows[i - 1].height + 28 - 0.01) wrong.push("overlap");
    });
    if (height < rows.at(-1).top + rows.at(-1).height) wrong.push("short");
  }
  return wrong;
}"""


def test_rows_hold_every_picture_and_are_as_wide_as_the_grid(look: Look, read_album: Path) -> None:
    page = look(read_album)
    assert page.evaluate(ROWS) == []


def test_what_has_to_be_made_first_is_made_without_a_refusal(look: Look, album: Path) -> None:
    page = look(album)
    page.wait_for_selector(".cell .tile", timeout=60_000)  # the index is there
    refused: list[str] = []
    page.on("response", lambda answer: answer.status >= 400 and refused.append(answer.url))
    for view, there in (("#/duplicates", ".member"), ("#/map", ".legend button")):
        page.goto(page.url.split("#")[0] + view)
        page.wait_for_selector(there, timeout=60_000)
    assert not refused
