"""The frame of every page: head, style, and pictures carried inside."""

import base64
from collections.abc import Callable
from html import escape
from pathlib import Path

from lookalike.nouns.picture import Facts
from lookalike.nouns.verdict import Level, Verdict
from lookalike.pages.words import percent, visible

Thumbnail = Callable[[Path], bytes | None]
"""From a picture's file to a small JPEG, or None where it can no longer be read."""

STYLE = """
:root { color-scheme: light dark; --ink: #1d2329; --soft: #66717c; --paper: #f6f7f8;
  --card: #fff; --line: #dfe3e7; --good: #14713d; --blue: #1857a8; --amber: #8a5a00; }
@media (prefers-color-scheme: dark) { :root { --ink: #e8ebee; --soft: #9aa5b0; --paper: #14171a;
  --card: #1d2125; --line: #333a41; --good: #6fd39b; --blue: #8ab8f5; --amber: #e5b769; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 76rem; padding: 2rem 1.25rem 4rem; color: var(--ink);
  background: var(--paper); font: 1rem/1.5 system-ui, "Segoe UI", Roboto, sans-serif; }
h1 { font-size: 1.6rem; line-height: 1.25; margin: 0 0 .4rem; text-wrap: balance; }
h2 { font-size: 1.05rem; margin: 0 0 .75rem; }
p.lead { margin: 0 0 2rem; color: var(--soft); max-width: 46rem; }
section { background: var(--card); border: 1px solid var(--line); border-radius: .75rem;
  padding: 1rem 1.1rem; margin: 0 0 1rem; }
.row { display: flex; flex-wrap: wrap; gap: 1rem; align-items: flex-start; }
figure { margin: 0; width: 11.5rem; }
figure.query { padding-right: 1rem; border-right: 1px solid var(--line); }
.frame { height: 9.5rem; display: flex; align-items: center; justify-content: center;
  background: var(--paper); border-radius: .5rem; overflow: hidden; }
.frame img { max-width: 100%; max-height: 100%; display: block; }
.frame span { color: var(--soft); font-size: .8rem; }
figcaption { font-size: .82rem; line-height: 1.4; margin-top: .45rem; overflow-wrap: anywhere; }
figcaption .facts { color: var(--soft); }
.verdict { font-weight: 600; white-space: nowrap; }
.sure { color: var(--good); } .copy { color: var(--blue); } .like { color: var(--amber); }
.apart { color: var(--soft); }
details { margin-top: .9rem; font-size: .85rem; } summary { cursor: pointer; color: var(--soft); }
.wide { overflow-x: auto; }
table { border-collapse: collapse; margin-top: .5rem; width: 100%; }
td, th { text-align: left; padding: .25rem .75rem .25rem 0; border-bottom: 1px solid var(--line);
  overflow-wrap: anywhere; vertical-align: top; }
th { color: var(--soft); font-weight: 500; white-space: nowrap; }
footer { color: var(--soft); font-size: .82rem; margin-top: 2rem; }
"""

_CLASS = {
    Level.SAME_FILE: "sure",
    Level.SAME_PICTURE: "sure",
    Level.EDITED_COPY: "copy",
    Level.SIMILAR: "like",
    Level.DIFFERENT: "apart",
}


def page(title: str, lead: str, sections: list[str], foot: str) -> str:
    """A whole page.

    Args:
        title: plain text.
        lead: plain text, one or two sentences that answer the question.
        sections: HTML, already escaped.
        foot: plain text.
    """
    policy = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n"
        f'<h1>{escape(title)}</h1>\n<p class="lead">{escape(lead)}</p>\n<main>\n'
        + "\n".join(sections)
        + f"\n</main>\n<footer>{escape(foot)}</footer>\n</body>\n</html>\n"
    )


def figure(name: str, small: bytes | None, lines: list[str], *, css: str = "") -> str:
    """A picture, as a small JPEG, with its name and further lines of HTML below it."""
    name = escape(visible(name))
    if small is None:
        picture = "<span>no longer readable</span>"
    else:
        data = base64.b64encode(small).decode()
        picture = f'<img loading="lazy" alt="{name}" src="data:image/jpeg;base64,{data}">'
    caption = "<br>".join([name, *lines])
    kind = f' class="{css}"' if css else ""
    return (
        f'<figure{kind}><div class="frame">{picture}</div>'
        f"<figcaption>{caption}</figcaption></figure>"
    )


def verdict_line(verdict: Verdict) -> str:
    """The verdict and its probability, coloured by level."""
    css = _CLASS[verdict.level]
    text = f"{verdict.level} · {percent(verdict.probability)}"
    return f'<span class="verdict {css}" title="{escape(verdict.reason)}">{escape(text)}</span>'


def facts_line(facts: Facts, size_text: str = "") -> str:
    """Size in pixels, format and the like, in soft ink."""
    parts = [f"{facts.width_px} × {facts.height_px}", facts.format]
    if size_text:
        parts.append(size_text)
    return f'<span class="facts">{escape(" · ".join(parts))}</span>'


def table(header: list[str], rows: list[list[str]]) -> str:
    """A table of plain texts."""
    head = "".join(f"<th>{escape(cell)}</th>" for cell in header)
    body = "".join(
        "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in rows
    )
    return f'<div class="wide"><table><tr>{head}</tr>{body}</table></div>'
