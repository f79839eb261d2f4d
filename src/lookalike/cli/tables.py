"""Answers for a person at a terminal: the answer first, the details, then a next step."""

from rich.console import Console
from rich.text import Text

from lookalike.cli import hints
from lookalike.cli.screen import console, level, name, put, sure, table, why
from lookalike.nouns.compare_report import CompareReport
from lookalike.nouns.index_report import IndexReport, InfoReport, ModelsReport
from lookalike.nouns.picture import Failure
from lookalike.nouns.search_report import Answer, Hit, SearchReport
from lookalike.pages.sentences import (
    approximation_sentence,
    compare_sentence,
    index_sentence,
    search_sentence,
    trio_sentence,
)
from lookalike.pages.words import count, pixels, size

FAILURES_SHOWN = 10


def show_index(report: IndexReport) -> None:
    """What the run did, what could not be read, and what to do with the index."""
    out = console()
    out.print(Text(index_sentence(report), style="bold"))
    show_failed(out, report.failed, "could not be read")
    if report.n_pictures:
        where = hints.collection(report.folder, report.index)
        hints.show(
            out,
            ("Find its copies", hints.command("duplicates", *where)),
            ("Find a picture", hints.command("search", "PHOTO", "--in", *where)),
        )


def show_search(report: SearchReport) -> None:
    """A table for each query, best first."""
    out = console()
    out.print(Text(search_sentence(report), style="bold"))
    if told := approximation_sentence(report):
        out.print(Text(told, style="dim"))
    for answer in report.answers:
        out.print()
        show_answer(out, answer)
    show_failed(out, report.failed, "could not be searched for")


def show_answer(out: Console, answer: Answer, *, named: bool = True) -> None:
    """One query, if it is to be named, and its hits: a line each where they fit, else two."""
    if named:
        out.print(Text("like ", style="dim").append_text(name(answer.query)), soft_wrap=True)
    if not answer.hits:
        out.print(Text("  nothing to compare it with", style="dim"))
        return
    heads = ("verdict", "sure", "picture", "pixels", "size", "why")
    wide = table(*heads, right=("sure", "pixels", "size"))
    narrow = table("verdict", "sure", "picture", right=("sure",), head=False)
    for hit in answer.hits:
        said = level(hit.verdict), sure(hit.verdict)
        facts = pixels(hit.facts.width_px, hit.facts.height_px), size(hit.size_bytes)
        wide.add_row(*said, _hit(hit), *facts, why(hit.verdict))
        about = Text(", ".join((*facts, hit.verdict.reason)), style="dim")
        narrow.add_row(*said, Text("\n").join((_hit(hit), about)))
    put(out, wide, narrow, indent=2)


def show_compare(report: CompareReport) -> None:
    """The answer; of three pictures also every pair."""
    out = console()
    out.print(Text(compare_sentence(report), style="bold"))
    if len(report.pairs) == 1:
        return
    out.print(Text(trio_sentence(report)))
    pictures = table("letter", "path", head=False)
    for letter, path in zip("ABC", report.paths, strict=True):
        pictures.add_row(Text(letter, style="bold"), name(path))
    pairs = table("pair", "verdict", "sure", "why", right=("sure",), head=False)
    for letters, pair in zip(("A, B", "A, C", "B, C"), report.pairs, strict=True):
        pairs.add_row(letters, level(pair.verdict), sure(pair.verdict), why(pair.verdict))
    for grid in (pictures, pairs):
        out.print()
        put(out, grid, indent=2)


def show_info(report: InfoReport) -> None:
    """What the index holds, and what could not be read."""
    out = console()
    held = f"{report.n_pictures:,}"
    if report.n_files != report.n_pictures:
        held += f" in {count(report.n_files, 'file')}"
    grid = table("name", "value", head=False)
    for key, value in (
        ("folder", name(report.folder)),
        ("pictures", Text(held)),
        ("formats", Text(", ".join(f"{kind} {n:,}" for kind, n in report.formats) or "none")),
        ("other files", Text(f"{report.others:,} that are no pictures")),
        ("unreadable", Text(f"{len(report.failed):,}")),
        ("index", name(report.index).append(f" ({size(report.index_bytes)})")),
        ("model", Text(report.model)),
        *((("tuned by", Text(told)),) if (told := _tuned(report)) else ()),
        ("made with", Text(f"lookalike {report.made_with}")),
    ):
        grid.add_row(Text(key, style="dim"), value)
    put(out, grid)
    show_failed(out, report.failed, "could not be read")


def _tuned(report: InfoReport) -> str:
    """What `tune` knows."""
    own = ["your own pictures"] if report.learned else []
    said = [count(report.n_answers, "answer")] if report.n_answers else []
    return " and ".join(own + said)


def show_models(report: ModelsReport) -> None:
    """A line for each model."""
    out = console()
    grid = table("name", "licence", "source", "what it is")
    for line in report.models:
        if line.card is None:
            grid.add_row("-", "", name(line.source), Text(line.problem, style="red"))
            continue
        card = line.card
        what = card.provenance.partition("\n")[0]
        told = name(f"{what} Knows words." if line.words else what)
        grid.add_row(name(card.name), name(card.licence), name(line.source), told)
    put(out, grid)
    out.print()
    place = name(report.folder)
    out.print(Text("More models: put .onnx files into ", style="dim").append_text(place))


def show_failed(out: Console, failed: tuple[Failure, ...], what: str) -> None:
    """Files that had no part in the answer, each with its reason."""
    if not failed:
        return
    out.print(Text(f"\n{count(len(failed), 'file')} {what}:", style="yellow"))
    for failure in failed[:FAILURES_SHOWN]:
        reason = Text(f": {failure.reason}", style="dim")
        out.print(Text("  ").append_text(name(failure.path)).append_text(reason))
    if (hidden := len(failed) - FAILURES_SHOWN) > 0:
        out.print(Text(f"  and {hidden:,} more, which --json lists", style="dim"))


def _hit(hit: Hit) -> Text:
    text = name(hit.path)
    if hit.also_at:
        others = count(len(hit.also_at), "more file", "more files")
        text.append(f"  and {others} with the same bytes", style="dim")
    return text
