"""Measured figures as a table: each with its interval and beside what needs no model."""

from collections.abc import Iterable
from html import escape

from lookalike.nouns.measure import Measure
from lookalike.pages.evaluation_words import baseline, beats, interval, share


def figures_table(measures: Iterable[Measure]) -> str:
    """A section with a line for each figure."""
    head = "".join(
        f'<th scope="col">{name}</th>'
        for name in ("measure", "value", "95 % interval", "baseline", "of")
    )
    body = "".join(
        f"<tr><td>{escape(m.name)}</td>"
        f'<td class="tight {"good" if beats(m) else "poor"}">{escape(share(m.value))}</td>'
        f'<td class="tight">{escape(interval(m))}</td><td>{escape(baseline(m))}</td>'
        f'<td class="tight">{m.n:,}</td></tr>'
        for m in measures
    )
    return (
        '<section><h2>How many are right</h2><div class="wide"><table class="figures">'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div></section>"
    )
