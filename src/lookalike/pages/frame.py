"""The frame of every page: head, style, headline and foot."""

from html import escape
from urllib.parse import quote

from lookalike.nouns.verdict import Level
from lookalike.pages.cards import CSS_OF
from lookalike.pages.style import LIGHT, STYLE
from lookalike.pages.words import visible

POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"
MEANINGS = {
    Level.SAME_FILE: "Every byte is the same.",
    Level.SAME_PICTURE: "Every pixel is the same; the files differ in format or in what they tell.",
    Level.EDITED_COPY: "The same capture, changed: resized, turned, mirrored, recoloured, written "
    "over. With a question mark it is less than 90 % sure.",
    Level.SAME_CLASS: "Of one class, as the model was taught them; other models never say so.",
    Level.SIMILAR: "Another capture of the same thing, or of a like one.",
    Level.DIFFERENT: "None of these.",
}
SIGNS = (
    "A percentage is the probability that the verdict holds. Marks are 256 yes-or-no features of "
    "where a picture is light and dark; pictures that have nothing to do with each other share "
    "about half of them. Points are details found in both pictures; they fall into place where "
    "they lie in the same arrangement. The overall look is a number from -1 to 1: the higher, the "
    "more alike."
)


def page(
    title: str, lead: str, sections: list[str], model: str, *, legend: str | None = None
) -> str:
    """A whole page.

    Args:
        title: plain text, the answer in a few words.
        lead: plain text, one or two sentences more.
        sections: HTML, already escaped.
        model: the name of the model that was used.
        legend: HTML that says what the words mean; that of the verdicts unless given.
    """
    words = _legend() if legend is None else legend
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="referrer" content="no-referrer">\n'
        f"<title>{escape(title)}</title>\n"
        f'<link rel="icon" href="data:image/svg+xml,{quote(_icon())}">\n'
        f"<style>{STYLE}</style>\n</head>\n<body>\n<header>\n"
        f'<p class="brand">{_sign("currentColor")}lookalike</p>\n'
        f'<h1>{escape(title)}</h1>\n<p class="lead">{escape(lead)}</p>\n</header>\n<main>\n'
        + "\n".join(sections)
        + f"\n</main>\n<footer>\n{words}\n<p>{escape(_foot(model))}</p>\n</footer>\n"
        "</body>\n</html>\n"
    )


def note(text: str) -> str:
    """A section that only says something."""
    return f"<section><p>{escape(text)}</p></section>"


def _legend() -> str:
    words = "".join(
        f'<dt><span class="verdict {CSS_OF[level]}">{level}</span></dt><dd>{escape(meaning)}</dd>'
        for level, meaning in MEANINGS.items()
    )
    return (
        f"<details><summary>What the words mean</summary><dl>{words}</dl>"
        f"<p>{escape(SIGNS)}</p></details>"
    )


def _foot(model: str) -> str:
    return (
        f"Made by lookalike with the model {visible(model)}. The page is one file with its "
        "pictures inside: it loads nothing from anywhere, and no picture was changed."
    )


def _icon() -> str:
    """The sign as a file of its own."""
    namespace = 'xmlns="http://www.w3.org/2000/svg" '
    return _sign(LIGHT["accent"]).replace("<svg ", f"<svg {namespace}", 1)


def _sign(colour: str) -> str:
    """Two frames, one over the other."""
    return (
        '<svg width="22" height="22" viewBox="0 0 22 22" '
        f'fill="none" stroke="{colour}" stroke-width="2" aria-hidden="true">'
        '<rect x="1.5" y="1.5" width="13" height="13" rx="3"/>'
        f'<rect x="7.5" y="7.5" width="13" height="13" rx="3" fill="{colour}" fill-opacity=".25"/>'
        "</svg>"
    )
