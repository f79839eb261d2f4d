"""Write a report as a page with pictures."""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

from lookalike.images.budget import DecodeBudget
from lookalike.images.thumbnail import thumbnail
from lookalike.nouns.compare_report import CompareReport
from lookalike.nouns.duplicates_report import DuplicatesReport
from lookalike.nouns.errors import InputError, UnreadableImage
from lookalike.nouns.match_report import MatchReport
from lookalike.nouns.recognise_report import RecogniseReport
from lookalike.nouns.search_report import SearchReport
from lookalike.nouns.text_report import TextSearchReport
from lookalike.nouns.verdict import Level
from lookalike.pages.cards import Thumbnail
from lookalike.pages.compare_page import compare_page
from lookalike.pages.duplicates_page import duplicates_page
from lookalike.pages.match_page import match_page
from lookalike.pages.recognise_page import recognise_page
from lookalike.pages.search_page import search_page
from lookalike.pages.text_page import text_page
from lookalike.verbs.clean import plan_clean

Shown = (
    SearchReport
    | TextSearchReport
    | DuplicatesReport
    | CompareReport
    | MatchReport
    | RecogniseReport
)


def save_page(report: Shown, path: str | Path) -> Path:
    """Write a report as one self-contained HTML file with small pictures in it.

    Args:
        report: of `search`, `search_text`, `duplicates`, `compare`, `match` or `recognise`.
        path: the file to write; an older one is replaced only when the new one is whole.

    Returns:
        The absolute path of the file.

    Raises:
        InputError: the file cannot be written.
    """
    return write_page(page_of(report), path)


def write_page(text: str, path: str | Path) -> Path:
    """Write a page's text; an older file is replaced only when the new one is whole.

    Returns:
        The absolute path of the file.

    Raises:
        InputError: the file cannot be written.
    """
    target = Path(path).expanduser().absolute()
    part = target.with_name(f"{target.name}.part")
    try:
        if target.exists() and not target.is_file():  # a device must not be replaced by a file
            target.write_text(text, encoding="utf-8", errors="replace")
            return target
        part.write_text(text, encoding="utf-8", errors="replace")
        os.replace(part, target)
    except OSError as error:
        with suppress(OSError):
            part.unlink()
        why = error.strerror or str(error)
        raise InputError(
            f"The page cannot be written: {why}",
            where=str(target),
            mend="name another file: --html FILE",
        ) from error
    return target


def page_of(report: Shown) -> str:
    """The page as text."""
    kept = _kept(report) if isinstance(report, DuplicatesReport) else {}
    return with_pictures(lambda picture: _lay_out(report, picture, kept))


def _kept(report: DuplicatesReport) -> dict[str, str]:
    """Which files a clean-up of all copies would keep, and why."""
    kept: dict[str, str] = {}
    for removal in plan_clean(report, level=Level.EDITED_COPY).removals:
        kept.setdefault(removal.keeper, removal.reason.partition("; ")[2])
    return kept


def with_pictures(lay_out: Callable[[Thumbnail], str]) -> str:
    """A page with its small pictures.

    It is laid out twice: first to learn which small pictures it needs, which are then made on all
    cores, then with them.

    Args:
        lay_out: makes the text, and asks for each small picture.
    """
    wanted: dict[tuple[Path, int], None] = {}

    def ask(path: Path, long_side_px: int) -> None:
        wanted[path, long_side_px] = None

    lay_out(ask)
    budget = DecodeBudget()
    with ThreadPoolExecutor(os.cpu_count() or 1, thread_name_prefix="lookalike") as pool:
        pictures = pool.map(lambda each: small(each[0], each[1], budget), wanted)
        made = dict(zip(wanted, pictures, strict=True))
    return lay_out(lambda path, long_side_px: made[path, long_side_px])


def _lay_out(report: Shown, picture: Thumbnail, kept: dict[str, str]) -> str:
    if isinstance(report, SearchReport):
        return search_page(report, picture)
    if isinstance(report, TextSearchReport):
        return text_page(report, picture)
    if isinstance(report, DuplicatesReport):
        return duplicates_page(report, picture, kept)
    if isinstance(report, MatchReport):
        return match_page(report, picture)
    if isinstance(report, RecogniseReport):
        return recognise_page(report, picture)
    return compare_page(report, picture)


def small(path: Path, long_side_px: int, budget: DecodeBudget) -> bytes | None:
    """A thumbnail, or None where the file can no longer be read."""
    try:
        return thumbnail(path, long_side_px=long_side_px, budget=budget)
    except UnreadableImage:
        return None
