"""Matching two folders on the page: accepted, rejected, saved."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from scenes import scene

Look = Callable[..., Any]


@pytest.fixture
def two_folders(tmp_path: Path) -> Path:
    """Six originals, and poor copies of two of them."""
    folder = tmp_path / "both"
    for name in ("originals", "poor"):
        (folder / name).mkdir(parents=True)
    for seed in range(6):
        scene(seed).save(folder / "originals" / f"o{seed}.jpg")
    for seed in (2, 4):
        scene(seed).resize((160, 120)).save(folder / "poor" / f"p{seed}.jpg", quality=60)
    return folder


def test_a_match_is_accepted_or_rejected_and_the_accepted_are_saved(
    look: Look, two_folders: Path
) -> None:
    page = look(two_folders)
    page.wait_for_selector("h1:has-text('8 pictures')")
    page.goto(page.url.split("#")[0] + "#/match")
    page.get_by_label("Poor pictures in").select_option("poor")
    page.get_by_label("Originals in").select_option("originals")
    page.get_by_role("button", name="Match", exact=True).click()
    page.get_by_role("heading", name="1 of 2").wait_for()
    page.wait_for_selector(".face figcaption:has-text('o2.jpg')")
    page.keyboard.press("ArrowRight")
    page.wait_for_selector(".face figcaption:has-text('Candidate 2')")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="2 of 2").wait_for()
    page.keyboard.press("r")
    page.wait_for_selector(".foot:has-text('2 pictures decided: 1 accepted')")
    with page.expect_download() as saved:
        page.get_by_role("button", name="Save as CSV").click()
    lines = Path(saved.value.path()).read_text(encoding="utf-8").splitlines()
    assert lines == ["target,source", '"poor/p2.jpg","originals/o2.jpg"']
    page.keyboard.press("u")
    page.wait_for_selector(".foot:has-text('1 picture decided')")


def test_one_folder_is_not_enough(look: Look, tmp_path: Path) -> None:
    scene(1).save(tmp_path / "alone.jpg")
    page = look(tmp_path, "#/match")
    page.wait_for_selector(".empty:has-text('Two folders are needed')")
