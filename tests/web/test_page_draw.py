"""Drawing and comparing on the page."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

Look = Callable[..., Any]


def stroke(page: Any, sheet: int, *points: tuple[float, float]) -> None:
    """A line over a sheet; points as shares of its sides."""
    box = page.locator("canvas.sheet").nth(sheet).bounding_box()
    at = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in points]
    page.mouse.move(*at[0])
    page.mouse.down()
    for point in at[1:]:
        page.mouse.move(*point, steps=3)
    page.mouse.up()


def test_the_answer_follows_the_pen(look: Look, read_album: Path) -> None:
    page = look(read_album, "#/draw")
    page.get_by_text("with your first strokes").wait_for()
    answer = page.locator(".answer .verdict")
    for sheet in (0, 1):
        stroke(page, sheet, (0.2, 0.2), (0.8, 0.2), (0.5, 0.8))
    page.locator(".answer:has-text('% sure')").wait_for()
    same = page.wait_for_function(
        "() => document.querySelector('.answer .verdict').textContent !== 'different'"
    )
    assert same
    page.get_by_role("button", name="Undo").nth(1).click()
    page.get_by_text("with your first strokes").wait_for()
    stroke(page, 1, (0.5, 0.1), (0.5, 0.9))
    for x in (0.1, 0.3, 0.7, 0.9):
        stroke(page, 1, (x, 0.45), (x, 0.55))
    answer.wait_for()
    shares = page.locator(".meter .bar > span").evaluate("bar => bar.style.width")
    assert shares.endswith("%")


def test_fingers_and_pens_draw(look: Look, read_album: Path) -> None:
    page = look(read_album, "#/draw", width=390, has_touch=True)
    box = page.locator("canvas.sheet").first.bounding_box()
    page.touchscreen.tap(box["x"] + 40, box["y"] + 40)
    page.locator("canvas.sheet[aria-label$='1 marks']").wait_for()
    draw = """(sheet, [type, pressure]) => {
        const box = sheet.getBoundingClientRect();
        const how = {pointerType: type, pressure, pointerId: 7, bubbles: true, isPrimary: true};
        sheet.setPointerCapture = () => {};
        for (const [name, at] of [['pointerdown', 30], ['pointermove', 60], ['pointerup', 60]])
            sheet.dispatchEvent(new PointerEvent(name,
                {...how, clientX: box.left + at, clientY: box.top + at, cancelable: true}));
    }"""
    ink = """sheet => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() =>
        done(sheet.getContext('2d').getImageData(0, 0, 448, 448).data
            .filter((value, i) => i % 4 === 0 && value < 128).length))))"""
    second = page.locator("canvas.sheet").nth(1)
    second.evaluate(draw, ["pen", 0.2])
    light = second.evaluate(ink)
    page.get_by_role("button", name="Clear").nth(1).click()
    second.evaluate(draw, ["pen", 1.0])
    assert second.evaluate(ink) > 1.3 * light > 0


def test_a_dropped_picture_is_compared_as_the_file_it_is(look: Look, read_album: Path) -> None:
    page = look(read_album, "#/draw")
    page.get_by_text("with your first strokes").wait_for()
    for sheet in (0, 1):
        with page.expect_file_chooser() as chooser:
            page.get_by_role("button", name="Put a picture here").nth(sheet).click()
        chooser.value.set_files(read_album / "a.jpg")
    page.locator(".answer:has-text('same file')").wait_for()
    page.locator(".answer:has-text('100 % sure')").wait_for()


def test_two_pictures_then_three_are_compared(look: Look, read_album: Path) -> None:
    page = look(read_album, "#/compare")
    page.get_by_text("Drop, paste or choose two pictures").wait_for()
    for name, slot in (("c.jpg", "A"), ("c-mirrored.jpg", "B")):
        with page.expect_file_chooser() as chooser:
            section = page.get_by_role("region", name=f"Picture {slot}", exact=True)
            section.get_by_role("button", name="Choose").click()
        chooser.value.set_files(read_album / name)
    page.locator(".verdict-card:has-text('edited copy')").wait_for()
    with page.expect_file_chooser() as chooser:
        page.get_by_role("region", name="Picture C", exact=True).get_by_text("Choose").click()
    chooser.value.set_files(read_album / "h.jpg")
    page.locator(".trio:has-text('nearer to B than to C')").wait_for()
    assert page.locator(".verdict-card").count() == 3


def test_a_picture_of_the_library_is_compared_with_the_query(look: Look, read_album: Path) -> None:
    page = look(read_album)
    page.get_by_role("button", name="d.jpg", exact=True).focus()
    page.keyboard.press("m")
    page.locator("button.tile[aria-label^='d-turned.jpg: ']").click()
    page.locator("aside.facts").get_by_role("link", name="Compare").click()
    page.locator(".verdict-card:has-text('edited copy')").wait_for()
    assert "a=" in page.url and "b=" in page.url
    page.get_by_role("button", name="Show why").click()
    page.wait_for_selector(".overlays figure:nth-child(2) svg .frame-of", state="attached")
    assert page.locator(".overlays svg .veil").count() >= 2 * 16


def test_a_drawing_is_recognised_from_one_example_each(look: Look, read_album: Path) -> None:
    page = look(read_album, "#/draw")
    page.get_by_text("Waiting for 2 more examples").wait_for()
    page.get_by_label("Name of the class").nth(0).fill("corner")
    bar, corner = ((0.5, 0.1), (0.5, 0.9)), ((0.1, 0.1), (0.1, 0.9), (0.9, 0.9))
    last = page.locator("canvas.sheet").count() - 1
    for sheet, line in ((2, corner), (3, bar), (last, corner)):
        page.locator("canvas.sheet").nth(sheet).scroll_into_view_if_needed()
        stroke(page, sheet, *line)
    page.locator(".one-shot .answer .verdict:has-text('corner')").wait_for()
    assert page.locator(".guesses li").count() == 2
    page.locator(".example.recognised").wait_for()
    page.get_by_role("button", name="Another class").click()
    assert page.locator(".example").count() == 4
