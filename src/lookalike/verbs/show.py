"""Write a report as a page with pictures."""

import os
from pathlib import Path

from lookalike.images.thumbnail import thumbnail
from lookalike.nouns.compare_report import CompareReport
from lookalike.nouns.duplicates_report import DuplicatesReport
from lookalike.nouns.errors import InputError, UnreadableImage
from lookalike.nouns.search_report import SearchReport
from lookalike.pages.reports import compare_page, duplicates_page, search_page

Shown = SearchReport | DuplicatesReport | CompareReport


def save_page(report: Shown, path: str | Path) -> Path:
    """Write a report as one self-contained HTML file with small pictures in it.

    Args:
        report: of `search`, `duplicates` or `compare`.
        path: the file to write; an older one is replaced only when the new one is whole.

    Returns:
        The absolute path of the file.

    Raises:
        InputError: the file cannot be written.
    """
    target = Path(path).expanduser().absolute()
    text = page_of(report)
    part = target.with_name(f"{target.name}.part")
    try:
        part.write_text(text, encoding="utf-8", errors="replace")
        os.replace(part, target)
    except OSError as error:
        part.unlink(missing_ok=True)
        why = error.strerror or str(error)
        raise InputError(f"The page cannot be written: {why}", where=str(target)) from error
    return target


def page_of(report: Shown) -> str:
    """The page as text."""
    if isinstance(report, SearchReport):
        return search_page(report, small)
    if isinstance(report, DuplicatesReport):
        return duplicates_page(report, small)
    return compare_page(report, small)


def small(path: Path) -> bytes | None:
    """A thumbnail, or None where the file can no longer be read."""
    try:
        return thumbnail(path)
    except UnreadableImage:
        return None
