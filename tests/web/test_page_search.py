"""Search on the page: the library, a query from the library, a query that is brought."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

Look = Callable[..., Any]


def test_the_library_shows_every_picture_once(look: Look, read_album: Path) -> None:
    page = look(read_album)
    page.wait_for_selector("h1:has-text('15 pictures')")
    page.wait_for_function("() => document.querySelectorAll('.cell img').length === 15")
    loaded = "() => [...document.querySelectorAll('.cell img')].every(i => i.naturalWidth)"
    page.wait_for_function(loaded)


def test_pictures_appear_where_they_were_asked_for_just_before_there_was_an_index(
    look: Look, read_album: Path
) -> None:
    page = look(read_album)
    page.wait_for_selector(".cell .tile")
    body = '{"error": "There is no index yet", "where": "", "mend": "wait"}'
    early = {"status": 409, "content_type": "application/json", "body": body}
    page.route("**/pictures?*", lambda route: route.fulfill(**early), times=1)
    page.reload()
    page.get_by_text("The pictures are being read").wait_for()
    page.keyboard.press("r")  # the first state that the view hears of is that of the whole index
    page.wait_for_selector(".cell .tile")


def test_no_two_pictures_of_the_grid_overlap_and_rows_are_full(
    look: Look, read_album: Path
) -> None:
    page = look(read_album)
    page.wait_for_selector(".cell .tile")
    boxes = page.evaluate(
        "[...document.querySelectorAll('.cell')].map(c => c.getBoundingClientRect().toJSON())"
    )
    width = page.evaluate("document.querySelector('.grid').clientWidth")
    left = page.evaluate("document.querySelector('.grid').getBoundingClientRect().left")
    for i, one in enumerate(boxes):
        for other in boxes[i + 1 :]:
            beside = one["right"] <= other["left"] + 0.1 or other["right"] <= one["left"] + 0.1
            above = one["bottom"] <= other["top"] + 0.1 or other["bottom"] <= one["top"] + 0.1
            assert beside or above
    tops = sorted({round(box["top"]) for box in boxes})
    for top in tops[:-1]:
        right = max(box["right"] for box in boxes if round(box["top"]) == top)
        assert abs(right - left - width) < 1


def test_more_like_this_finds_the_copies_and_the_address_holds_the_search(
    look: Look, read_album: Path
) -> None:
    page = look(read_album)
    page.get_by_role("button", name="c.jpg", exact=True).focus()
    page.keyboard.press("m")
    page.wait_for_selector(".headline:has-text('2 copies')")
    page.wait_for_selector("button.tile[aria-label^='c-mirrored.jpg: edited copy']")
    page.reload()
    page.wait_for_selector(".headline:has-text('2 copies')")
    page.go_back()
    page.wait_for_selector("h1:has-text('15 pictures')")


class Held:
    """Holds back the second, whole answers of searches until it is told to let them go."""

    def __init__(self, page: Any) -> None:
        self.waiting: list[Any] = []
        page.route("**/search?*look=true*", lambda route: self.waiting.append(route))

    def let_go(self) -> None:
        while self.waiting:
            self.waiting.pop().continue_()


def test_the_first_answer_shows_at_once_and_the_look_only_changes_its_words(
    look: Look, read_album: Path
) -> None:
    page = look(read_album)
    held = Held(page)
    page.get_by_role("button", name="b.png", exact=True).focus()
    page.keyboard.press("m")
    page.wait_for_selector(".headline:has-text('checking')")
    marked = page.locator("button.tile[aria-label='b.bmp: edited copy, checking']")
    marked.wait_for()
    assert page.locator(".checking").count() >= 1
    last = page.locator(".cell .tile").last
    last.focus()
    name = last.get_attribute("aria-label")
    page.evaluate("scrollBy(0, 40)")
    where = "[scrollY, document.activeElement.getBoundingClientRect().top]"
    before = page.evaluate(where)
    held.let_go()
    page.wait_for_selector("button.tile[aria-label^='b.bmp: same picture, 100 %']")
    page.wait_for_selector(".checking", state="detached")
    page.wait_for_selector(".headline:not(:has-text('checking'))")
    page.wait_for_function("() => document.activeElement.className === 'tile'")
    assert page.evaluate("document.activeElement.getAttribute('aria-label')") == name
    assert page.evaluate(where) == before


def test_a_newer_query_cancels_the_look_of_the_older(look: Look, read_album: Path) -> None:
    page = look(read_album)
    held = Held(page)
    page.get_by_role("button", name="b.png", exact=True).focus()
    page.keyboard.press("m")
    page.wait_for_selector(".checking")
    with page.expect_event("requestfailed", lambda asked: "look=true" in asked.url):
        page.keyboard.press("Escape")
    page.wait_for_selector("h1:has-text('15 pictures')")
    held.waiting.clear()
    page.get_by_role("button", name="c.jpg", exact=True).focus()
    page.keyboard.press("m")
    page.wait_for_selector(".headline:has-text('2 copies')")


def test_a_chosen_picture_is_searched_for(look: Look, read_album: Path, tmp_path: Path) -> None:
    from scenes import scene

    query = tmp_path / "query.png"
    scene(3).rotate(180).save(query)
    page = look(read_album)
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Choose a picture").click()
    chooser.value.set_files(query)
    page.wait_for_selector(".headline:has-text('2 copies')")
    page.wait_for_selector("button.tile[aria-label^='d.jpg: edited copy']")
    page.wait_for_selector(".query:has-text('Like query.png')")


def test_a_dropped_picture_is_searched_for_and_other_files_are_refused(
    look: Look, read_album: Path
) -> None:
    from io import BytesIO

    from scenes import scene

    inside = BytesIO()
    scene(0).resize((200, 150)).save(inside, "PNG")
    page = look(read_album)
    page.wait_for_selector(".cell .tile")
    drop = """([bytes, name, type]) => {
        const data = new DataTransfer();
        data.items.add(new File([new Uint8Array(bytes)], name, {type}));
        for (const event of ['dragenter', 'dragover', 'drop'])
            document.body.dispatchEvent(
                new DragEvent(event, {dataTransfer: data, bubbles: true, cancelable: true}));
    }"""
    page.evaluate(drop, [[1, 2, 3], "notes.txt", "text/plain"])
    page.wait_for_selector(".toast:has-text('no picture file')")
    sent: list[str] = []
    page.on("request", lambda asked: asked.method == "POST" and sent.append(asked.url))
    page.evaluate(drop, [list(inside.getvalue()), "small.png", "image/png"])
    page.wait_for_selector("button.tile[aria-label^='a.jpg: edited copy']")
    page.wait_for_function(
        "() => !document.querySelector('.headline').textContent.includes('checking')"
    )
    assert len(sent) == 1, "the look at doubtful answers needs no second upload"
    page.evaluate(drop, [[1, 2, 3], "torn.png", "image/png"])
    page.wait_for_selector(".problem .mend")


def test_a_drawing_is_searched_for(look: Look, read_album: Path) -> None:
    page = look(read_album)
    page.wait_for_selector(".cell .tile")
    page.keyboard.press("d")
    box = page.locator("dialog canvas").bounding_box()
    page.mouse.move(box["x"] + 30, box["y"] + 40)
    page.mouse.down()
    page.mouse.move(box["x"] + 180, box["y"] + 160, steps=4)
    page.mouse.up()
    page.get_by_role("button", name="Find what is like it").click()
    page.wait_for_selector(".query:has-text('your drawing')")
    page.wait_for_selector(".cell .under")


def test_filters_narrow_the_library_and_say_what_is_wrong(look: Look, read_album: Path) -> None:
    page = look(read_album)
    page.wait_for_selector("h1:has-text('15 pictures')")
    page.get_by_role("button", name="Filter", exact=True).click()
    page.get_by_label("Name or folder holds").fill("dark")
    page.keyboard.press("Enter")
    page.wait_for_selector("h1:has-text('3 pictures')")
    assert "name=dark" in page.url
    page.get_by_label("Format").select_option("JPEG")
    page.wait_for_selector(".empty:has-text('No picture meets the filters')")
    page.get_by_role("button", name="Remove the filter: JPEG").click()
    page.wait_for_selector("h1:has-text('3 pictures')")
    page.get_by_label("Taken from").fill("yesterday")
    page.keyboard.press("Enter")
    page.wait_for_selector(".problem:has-text('is not a date') .mend:has-text('taken >=')")


def test_a_picture_opens_in_full_size_with_its_facts_and_the_reason(
    look: Look, read_album: Path
) -> None:
    page = look(read_album)
    page.get_by_role("button", name="c.jpg", exact=True).click()
    facts = page.locator("aside.facts")
    facts.get_by_text("320 × 240").wait_for()
    page.wait_for_function("() => document.querySelector('img.full').naturalWidth === 320")
    facts.get_by_role("link", name="More like this").click()
    page.wait_for_selector(".headline:has-text('2 copies')")
    page.locator(".cell .tile").first.click()
    facts.get_by_text("marks match").wait_for()
    shown = page.locator(".facts h2").inner_text()
    page.keyboard.press("ArrowRight")
    page.wait_for_function(
        "before => document.querySelector('.facts h2').textContent !== before", arg=shown
    )
    page.keyboard.press("Escape")
    page.wait_for_selector("dialog.viewer", state="detached")
    assert page.evaluate("document.activeElement.className") == "tile"


def test_the_grid_is_walked_by_arrows(look: Look, read_album: Path) -> None:
    page = look(read_album)
    page.wait_for_selector(".cell .tile")
    at = "Number(document.activeElement.closest('.cell')?.dataset.index ?? -1)"
    page.keyboard.press("ArrowDown")
    page.wait_for_function(f"() => {at} === 0")
    page.keyboard.press("ArrowRight")
    page.wait_for_function(f"() => {at} === 1")
    page.keyboard.press("ArrowDown")
    page.wait_for_function(f"() => {at} > 3")
    page.keyboard.press("End")
    page.wait_for_function(f"() => {at} === 14")
    page.keyboard.press("Home")
    page.wait_for_function(f"() => {at} === 0")
