"""Questions at the terminal, answered with one key each."""

from contextlib import suppress

import click

from lookalike.nouns.answers import Answer
from lookalike.nouns.questions import QuestionsReport
from lookalike.pages.words import visible

KEYS = {"y": True, "n": False}


def asked(report: QuestionsReport) -> list[Answer]:
    """Ask all questions; Ctrl-C, Ctrl-D and q end them, and what was said until then counts."""
    given: list[Answer] = []
    total = len(report.questions)
    click.echo("One photograph, changed? y = yes, n = no, s = skip, q = stop here", err=True)
    with suppress(EOFError, KeyboardInterrupt):
        for number, question in enumerate(report.questions, start=1):
            names = f"{visible(question.first)}  and  {visible(question.second)}"
            click.echo(f"{number} of {total}: {names} ", nl=False, err=True)
            key = _key()
            click.echo(key, err=True)
            if key == "q":
                break
            if key in KEYS:
                given.append(question.answered(same=KEYS[key]))
    return given


def _key() -> str:
    while True:
        key = click.getchar().lower()
        if key in "ynsq" and key:
            return key
        if not key:
            raise EOFError
