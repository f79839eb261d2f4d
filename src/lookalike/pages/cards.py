"""The parts of a page: a picture with its caption, a verdict, a table."""

import base64
from collections.abc import Callable, Iterable
from html import escape
from pathlib import Path

from lookalike.nouns.picture import Facts
from lookalike.nouns.verdict import Level, Verdict
from lookalike.pages.words import is_doubtful, named, percent, pixels, size, visible

Thumbnail = Callable[[Path, int], bytes | None]
"""From a picture's file and the longer side in pixels to a small JPEG, or None where the picture
can no longer be read."""

SMALL_PX = 256
LARGE_PX = 720

CSS_OF = {
    Level.SAME_FILE: "sure",
    Level.SAME_PICTURE: "sure",
    Level.EDITED_COPY: "copy",
    Level.SAME_CLASS: "kind",
    Level.SIMILAR: "like",
    Level.DIFFERENT: "apart",
}


def figure(path: str, small: bytes | None, *, above: str = "", below: str = "") -> str:
    """A picture with its name, and HTML above and below the name.

    Args:
        path: as it is shown: the file's name stands out, its folder does not.
        small: the picture as a small JPEG; None where it can no longer be read.
        above: HTML.
        below: HTML.
    """
    return (
        f'<figure><div class="well">{_picture(path, small)}</div>'
        f"<figcaption>{above}{_name(path)}{below}</figcaption></figure>"
    )


def facts(what: Facts, size_bytes: int, *, format_stands_out: bool = False) -> str:
    """Size in pixels, size of the file and format, in soft ink."""
    kind = f"<b>{escape(what.format)}</b>" if format_stands_out else escape(what.format)
    parts = (pixels(what.width_px, what.height_px), size(size_bytes))
    spans = "".join(f"<span>{escape(part)}</span>, " for part in parts)
    return f'<span class="facts">{spans}{kind}</span>'


def verdict(what: Verdict) -> str:
    """The verdict's name on a bed of its colour; dashed where it is a copy only perhaps."""
    css = f"{CSS_OF[what.level]} doubt" if is_doubtful(what) else CSS_OF[what.level]
    return f'<span class="verdict {css}">{escape(named(what))}</span>'


def said(what: Verdict) -> str:
    """The verdict and how sure it is."""
    sure = f'<span class="percent">{escape(percent(what.probability))}</span>'
    return f'<span class="said">{verdict(what)}{sure}</span>'


def why(what: Verdict) -> str:
    """What was seen, in soft ink."""
    return f'<span class="why">{escape(what.reason)}</span>'


def stays(reason: str) -> str:
    """That a clean-up would keep the file, and why; nothing at all for an empty reason."""
    return f'<span class="stays"><b>clean keeps it:</b> {escape(reason)}</span>' if reason else ""


def chips(words: Iterable[str]) -> str:
    """Short remarks; nothing at all for none."""
    inside = "".join(f'<span class="chip">{escape(word)}</span>' for word in words)
    return f'<span class="chips">{inside}</span>' if inside else ""


def pairs_table(rows: Iterable[tuple[str, str, Verdict]]) -> str:
    """A line for each pair: both names, and what they are to each other."""
    head = "".join(
        f'<th scope="col">{name}</th>' for name in ("one", "other", "verdict", "sure", "why")
    )
    body = "".join(
        f"<tr><td>{escape(visible(first))}</td><td>{escape(visible(second))}</td>"
        f'<td class="tight">{verdict(what)}</td>'
        f'<td class="tight">{escape(percent(what.probability))}</td>'
        f"<td>{escape(what.reason)}</td></tr>"
        for first, second, what in rows
    )
    table = f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    return f'<div class="wide">{table}</div>'


def _picture(path: str, small: bytes | None) -> str:
    if small is None:
        return '<span class="gone">can no longer be read</span>'
    data = base64.b64encode(small).decode()
    alt = escape(f"Small picture of {visible(path)}")
    return f'<img loading="lazy" decoding="async" alt="{alt}" src="data:image/jpeg;base64,{data}">'


def _name(path: str) -> str:
    folder, slash, file = visible(path).rpartition("/")
    name = f'<span class="file">{escape(file)}</span>'
    return name + (f'<span class="folder">in {escape(folder + slash)}</span>' if slash else "")
