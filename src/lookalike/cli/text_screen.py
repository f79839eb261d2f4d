"""A search by words for a person at a terminal."""

from rich.text import Text

from lookalike.cli.screen import console, name, put, table
from lookalike.nouns.text_report import TextAnswer, TextSearchReport
from lookalike.pages.text_page import NO_VERDICT, quoted, text_sentence
from lookalike.pages.words import count, pixels, size


def show_text_search(report: TextSearchReport) -> None:
    """A table for each text, nearest first."""
    out = console()
    out.print(Text(text_sentence(report), style="bold"))
    for answer in report.answers:
        out.print()
        if len(report.answers) > 1:
            out.print(Text("to ", style="dim").append(quoted(answer.text)), soft_wrap=True)
        if answer.hits:
            _show(answer)
        else:
            out.print(Text("  nothing to compare it with", style="dim"))
    out.print()
    out.print(Text(NO_VERDICT, style="dim"))


def _show(answer: TextAnswer) -> None:
    wide = table("place", "score", "picture", "pixels", "size", right=("place", "score", "size"))
    narrow = table("place", "score", "picture", right=("place", "score"))
    for place, hit in enumerate(answer.hits, start=1):
        picture = name(hit.path)
        if hit.also_at:
            others = count(len(hit.also_at), "more file", "more files")
            picture.append(f"  and {others} with the same bytes", style="dim")
        ranked = f"{place}", f"{hit.score:.3f}"
        facts = pixels(hit.facts.width_px, hit.facts.height_px), size(hit.size_bytes)
        wide.add_row(*ranked, picture, *facts)
        narrow.add_row(*ranked, picture)
    put(console(), wide, narrow, indent=2)
