"""Review of copies on the page: by keyboard, undoable, and nothing moves unasked."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

Look = Callable[..., Any]


def files_of(folder: Path) -> set[str]:
    """Pictures of a folder, without lookalike's own files."""
    every = (path.relative_to(folder) for path in folder.rglob("*") if path.is_file())
    return {path.as_posix() for path in every if ".lookalike" not in path.parts}


def opened(look: Look, album: Path) -> Any:
    page = look(album, "#/duplicates")
    page.get_by_role("heading", name="Group 1 of 4").wait_for()
    return page


def selected(page: Any) -> str:
    return str(page.locator(".member[aria-selected=true] .file").inner_text())


def test_a_whole_review_by_keyboard_then_undone(look: Look, album: Path) -> None:
    before = files_of(album)
    page = opened(look, album)
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Group 2 of 4").wait_for()
    page.locator(".foot:has-text('1 group accepted')").wait_for()
    page.keyboard.press("s")
    page.get_by_role("heading", name="Group 3 of 4").wait_for()
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Group 4 of 4").wait_for()
    page.keyboard.press("u")
    page.get_by_role("heading", name="Group 3 of 4").wait_for()
    page.locator(".foot:has-text('1 group accepted')").wait_for()
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Group 4 of 4").wait_for()
    page.keyboard.press("c")
    summary = page.locator("dialog .summary")
    summary.get_by_text("Nothing is deleted").wait_for()
    rows = summary.locator("tbody tr").count()
    assert files_of(album) == before, "nothing moves before it is confirmed"
    summary.get_by_role("button", name=f"Move {rows} file").click()
    page.locator(".toast:has-text('moved aside')").wait_for()
    gone = before - files_of(album)
    assert len(gone) == rows
    page.get_by_role("heading", name="Group 1 of 2").wait_for()
    page.locator(".toast").get_by_role("button", name="Undo").click()
    page.locator(".toast:has-text('back where')").wait_for()
    assert files_of(album) == before


def test_marks_follow_the_keys_and_the_last_file_cannot_go(look: Look, album: Path) -> None:
    page = opened(look, album)
    first = selected(page)
    page.keyboard.press("k")
    assert page.locator(".member.stays").count() == 2
    page.keyboard.press("o")
    assert page.locator(".member.stays .file").all_inner_texts() == [first]
    page.keyboard.press("k")
    page.locator(".toast:has-text('cannot be given up')").wait_for()
    assert page.locator(".member.stays").count() == 1
    page.keyboard.press("ArrowRight")
    assert selected(page) != first
    page.keyboard.press("ArrowLeft")
    assert selected(page) == first


def test_ways_to_compare(look: Look, album: Path) -> None:
    page = opened(look, album)
    page.locator(".face[data-way=side] figure").nth(1).wait_for()
    page.keyboard.press("f")
    page.locator(".face[data-way=flicker] .laid img.away").wait_for(state="attached")
    page.keyboard.press("ArrowDown")
    page.get_by_role("heading", name="Group 2 of 4").wait_for()
    page.keyboard.press("d")
    shown = page.locator(".face[data-way=difference]")
    shown.locator("img, .equal").first.wait_for()


def test_not_a_duplicate_is_heeded_and_can_be_taken_back(look: Look, album: Path) -> None:
    import lookalike

    page = opened(look, album)
    many = page.locator(".member").count()
    page.keyboard.press("n")
    page.wait_for_function("n => document.querySelectorAll('.member').length < n", arg=many)
    assert not any(pair.same for pair in lookalike.tune(album).pairs)
    assert lookalike.tune(album).pairs
    page.keyboard.press("u")
    page.wait_for_function("n => document.querySelectorAll('.member').length === n", arg=many)
    assert not lookalike.tune(album).pairs


def test_the_slider_groups_anew_and_the_address_remembers(look: Look, album: Path) -> None:
    page = opened(look, album)
    page.get_by_label("List").select_option("same file")
    page.get_by_role("heading", name="Group 1 of 1").wait_for()
    page.locator("#wrong").press("ArrowRight")
    page.locator("output:has-text('2 %')").wait_for()
    page.wait_for_function("() => location.hash.includes('wrong=0.02')")
    page.reload()
    page.locator("output:has-text('2 %')").wait_for()
    page.get_by_role("heading", name="Group 1 of 1").wait_for()


def test_everything_listed_but_the_skipped_groups_moves_at_once(look: Look, album: Path) -> None:
    before = files_of(album)
    page = opened(look, album)
    kept = page.locator(".member .file").all_inner_texts()
    page.keyboard.press("s")
    page.get_by_role("heading", name="Group 2 of 4").wait_for()
    page.get_by_role("button", name="Clean up").click()
    page.get_by_text("except the 1 that I skipped").wait_for()
    page.locator("dialog .summary").get_by_role("button", name="Move").click()
    page.locator(".toast:has-text('moved aside')").wait_for()
    gone = {Path(path).name for path in before - files_of(album)}
    assert gone and not gone & set(kept)
    page.get_by_role("heading", name="Group 1 of 1").wait_for()
    page.get_by_role("button", name="Earlier clean-ups").click()
    page.get_by_role("button", name="Bring back").click()
    page.locator(".toast:has-text('back where')").wait_for()
    assert files_of(album) == before
