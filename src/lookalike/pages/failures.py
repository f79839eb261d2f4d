"""Files that had no part in an answer."""

from collections.abc import Iterable
from html import escape

from lookalike.nouns.picture import Failure
from lookalike.pages.words import visible


def failed_section(failed: Iterable[Failure], title: str = "Could not be read") -> str:
    """A section that names each with its reason."""
    lines = "".join(
        f"<li>{escape(visible(str(failure.path)))}: {escape(failure.reason)}</li>"
        for failure in failed
    )
    return f"<section><h2>{escape(title)}</h2><ul>{lines}</ul></section>"
