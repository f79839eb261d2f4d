"""The pages: well-formed, self-contained, safe against names, legible, the same every time."""

import base64
import dataclasses
import io
import re
import shutil
from pathlib import Path

import made_reports as made
import pytest
from page_reader import Page
from PIL import Image
from scenes import scene

import lookalike
from lookalike.nouns.search_report import Answer, Hit, SearchReport
from lookalike.pages.compare_page import compare_page
from lookalike.pages.duplicates_page import MEMBERS_SHOWN, PICTURES_SHOWN, duplicates_page
from lookalike.pages.search_page import search_page
from lookalike.pages.style import DARK, INKS_ON, LIGHT, STYLE
from lookalike.verbs.show import page_of

HOSTILE = "\"'><script>alert(1)</script>&amp;<img src=x onerror=y>\x1b\u202e\udcff.jpg"


def small(path: Path, long_side_px: int) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (long_side_px, 9)).save(out, "JPEG")
    return out.getvalue()


def hostile_search() -> SearchReport:
    hit = Hit(f"{HOSTILE}/{HOSTILE}", made.EDITED, made.PHOTO, 10, (HOSTILE,))
    failed = (dataclasses.replace(made.TORN, path=Path(HOSTILE)),)
    return SearchReport(Path(f"/{HOSTILE}"), HOSTILE, 1, (Answer(Path(HOSTILE), (hit,)),), failed)


PAGES = {
    "search": lambda: search_page(made.a_search(), small),
    "search-nothing": lambda: search_page(SearchReport(Path("/x"), "classic", 0, ()), small),
    "search-no-hits": lambda: search_page(
        SearchReport(Path("/x"), "classic", 0, (Answer(Path("q.jpg"), ()),)), small
    ),
    "search-hostile": lambda: search_page(hostile_search(), small),
    "duplicates": lambda: duplicates_page(made.a_duplicates(), small),
    "duplicates-none": lambda: duplicates_page(made.duplicates_of(), small),
    "duplicates-many": lambda: duplicates_page(made.duplicates_of(*made.groups(700, 2)), small),
    "duplicates-big": lambda: duplicates_page(made.duplicates_of(*made.groups(1, 60)), small),
    "duplicates-gone": lambda: duplicates_page(made.a_duplicates(), lambda *_: None),
    "compare": lambda: compare_page(made.a_compare(), small),
    "compare-three": lambda: compare_page(made.a_compare(3), small),
}


@pytest.mark.parametrize("name", PAGES)
def test_pages_are_well_formed_and_load_nothing(name):
    text = PAGES[name]()
    page = Page(text)
    (policy,) = [m["content"] for m in page.all("meta") if m.get("http-equiv")]
    assert policy == "default-src 'none'; img-src data:; style-src 'unsafe-inline'"
    assert not page.all("script") and not page.all("iframe") and not page.all("base")
    for tag, attrs in page.tags:
        assert not [key for key in attrs if key.startswith("on")], tag
        for key in ("src", "href", "action", "srcset", "style"):
            assert str(attrs.get(key, "data:")).startswith("data:"), (tag, attrs)
    assert not re.search(r"https?://|url\(|@import", text)


@pytest.mark.parametrize("name", PAGES)
def test_pages_can_be_read_by_everybody(name):
    page = Page(PAGES[name]())
    assert page.all("html") == [{"lang": "en"}]
    assert len(page.all("h1")) == len(page.all("main")) == len(page.all("title")) == 1
    assert all(image["alt"] for image in page.all("img"))
    assert all(cell.get("scope") for cell in page.all("th"))
    names = [attrs["id"] for _, attrs in page.tags if "id" in attrs]
    assert len(names) == len(set(names))
    assert len(page.all("details")) == len(page.all("summary"))


@pytest.mark.parametrize("name", PAGES)
def test_the_same_report_gives_the_same_page(name):
    assert PAGES[name]() == PAGES[name]()


def test_names_are_shown_and_do_nothing():
    page = Page(PAGES["search-hostile"]())
    assert "<script>alert(1)</script>&amp;<img src=x onerror=y>" in page.text
    assert r"\x1b\u202e\udcff.jpg" in page.text
    assert not {"\x1b", "\u202e", "\udcff"} & set(PAGES["search-hostile"]())
    PAGES["search-hostile"]().encode("utf-8")


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
def test_every_ink_stands_out_from_what_is_below_it(colours):
    def light(colour: str) -> float:
        parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    for bed, inks in INKS_ON.items():
        for ink in inks:
            bright, dim = sorted((light(colours[ink]), light(colours[bed])), reverse=True)
            assert (bright + 0.05) / (dim + 0.05) >= 4.5, (ink, bed)


def test_the_style_uses_only_colours_that_exist():
    assert set(re.findall(r"var\(--([a-z-]+)\)", STYLE)) <= set(LIGHT) == set(DARK)
    assert not re.search(r"#[0-9a-f]{3,6}", STYLE.partition("* {")[2])


def test_within_a_group_what_differs_is_marked():
    text = PAGES["duplicates"]()
    png = text[text.index("Small picture of boat.png") :]
    assert png.index("<b>PNG</b>") < png.index("largest file") < png.index("</figure>")
    same = text[text.index('id="group-2"') : text.index('id="group-3"')]
    assert "chip" not in same and "<b>" not in same


def test_large_reports_stay_pages_that_open():
    many = Page(PAGES["duplicates-many"]())
    assert len(many.all("img")) == PICTURES_SHOWN
    assert f"{700 - PICTURES_SHOWN // 2} smaller groups left out" in many.text
    big = Page(PAGES["duplicates-big"]())
    assert len(big.all("img")) == MEMBERS_SHOWN
    assert f"and {60 - MEMBERS_SHOWN} more files" in big.text
    assert "more pairs" in big.text


def test_empty_answers_say_so():
    assert "No copies in summer" in Page(PAGES["duplicates-none"]()).text
    assert "Nothing to compare it with" in Page(PAGES["search-no-hits"]()).text
    assert "nothing to search for" in Page(PAGES["search-nothing"]()).text


def thumbnails(page: Page) -> list[Image.Image]:
    """Every picture in the page, decoded in full."""
    heads = "data:image/jpeg;base64,"
    pictures = []
    for image in page.all("img"):
        source = str(image["src"])
        assert source.startswith(heads)
        picture = Image.open(io.BytesIO(base64.b64decode(source[len(heads) :], validate=True)))
        picture.load()
        pictures.append(picture)
    return pictures


def test_real_pictures_come_small_upright_and_decodable(read_album):
    report = lookalike.duplicates(read_album)
    page = Page(page_of(report))
    made_small = thumbnails(page)
    assert len(made_small) == sum(len(group.members) for group in report.groups)
    assert all(max(picture.size) <= 256 for picture in made_small)
    large = thumbnails(Page(page_of(lookalike.compare(read_album / "a.jpg", read_album / "c.jpg"))))
    assert [picture.size for picture in large] == [(320, 240)] * 2
    assert page_of(report) == page_of(report)


def test_very_tall_wide_and_tiny_pictures(tmp_path):
    scene(1).resize((3000, 12)).save(tmp_path / "wide.png")
    scene(1).resize((12, 3000)).save(tmp_path / "tall.png")
    scene(1).resize((1, 1)).save(tmp_path / "dot.png")
    report = lookalike.search([tmp_path / "wide.png"], tmp_path)
    sizes = sorted(picture.size for picture in thumbnails(Page(page_of(report))))
    assert sizes[0] == (1, 1)
    assert all(max(size) <= 256 and min(size) >= 1 for size in sizes)


def test_a_picture_that_vanished_leaves_a_place(tmp_path, read_album):
    folder = Path(shutil.copytree(read_album, tmp_path / "album"))
    report = lookalike.duplicates(folder)
    (folder / "a.jpg").unlink()
    text = page_of(report)
    assert text.count("can no longer be read") == 1
    Page(text)


def test_a_page_that_cannot_be_written_leaves_nothing_behind(tmp_path):
    with pytest.raises(lookalike.InputError, match="cannot be written"):
        lookalike.save_page(made.duplicates_of(), tmp_path / "no" / "page.html")
    (tmp_path / "taken").mkdir()
    with pytest.raises(lookalike.InputError, match="cannot be written"):
        lookalike.save_page(made.duplicates_of(), tmp_path / "taken")
    assert [path.name for path in tmp_path.iterdir()] == ["taken"]
