"""Runs the blocks of code in a page, in order, in the working folder.

    ```python   executed; all blocks of a page share their names
    ```sh       each line is a `lookalike` command, run through the command line; `> FILE` is
                understood, a line may go on after a backslash
    anything else is shown, not run: ```, ```text, ```json, ```toml, ```csv, ```html

A comment on the line before a block changes that: `<!-- not run -->` (set-up lines),
`<!-- set-up:NAME -->` (run by .ci/run or by hand), `<!-- exits 2 -->` (a command that fails),
`<!-- file:NAME -->` (the block is written into that file).
"""

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from click.testing import CliRunner

SHOWN = {"", "text", "json", "toml", "csv", "html"}
NOT_RUN = re.compile(r"<!-- (not run|set-up:\w+) -->")
FILE = re.compile(r"<!-- file:([\w.-]+) -->")
EXITS = re.compile(r"<!-- exits (\d+) -->")


class PageError(Exception):
    """A block that does not do what the page says."""


@dataclass(frozen=True)
class Block:
    """One fenced block: where its first line of code stands, its language, comment and code."""

    where: str
    line: int
    language: str
    comment: str
    code: str


def blocks(text: str, name: str) -> Iterator[Block]:
    """The fenced blocks of a page, indented ones (in lists) too."""
    lines = text.splitlines()
    start: int | None = None
    for number, line in enumerate(lines, start=1):
        fence = re.fullmatch(r"(\s*)```(\S*)", line)
        if fence and start is None:
            start, indent, language = number, len(fence[1]), fence[2]
        elif fence and start is not None and not fence[2]:
            comment = lines[start - 2].strip() if start > 1 else ""
            code = "\n".join(part[indent:] for part in lines[start : number - 1])
            yield Block(f"{name}:{start + 1}", start + 1, language, comment, code)
            start = None
    if start is not None:
        raise PageError(f"{name}:{start}: the block is never closed")


def run_page(text: str, name: str) -> int:
    """Runs every block; how many were run."""
    names: dict[str, object] = {"__name__": "__main__"}
    n_run = 0
    for block in blocks(text, name):
        if block.language not in {"python", "sh", *SHOWN}:
            raise PageError(f"{block.where}: write python, sh or text, not {block.language}")
        if written := FILE.fullmatch(block.comment):
            Path(written[1]).write_text(block.code + "\n", encoding="utf-8")
            continue
        if block.language in SHOWN or NOT_RUN.fullmatch(block.comment):
            continue
        n_run += 1
        if block.language == "python":
            # Empty lines in front, so that a traceback names the line of the page.
            code = compile("\n" * (block.line - 1) + block.code, name, "exec")
            exec(code, names)
        else:
            run_commands(block)
    return n_run


def run_commands(block: Block) -> None:
    """Each line of a sh block."""
    wanted = int(found[1]) if (found := EXITS.fullmatch(block.comment)) else 0
    for line in block.code.replace("\\\n", " ").splitlines():
        words = shlex.split(line, comments=True)
        if not words:
            continue
        if words[0] != "lookalike" or any(set(word) <= set("|&;") for word in words if word):
            raise PageError(f"{block.where}: mark as <!-- not run --> what is no command: {line}")
        run_command(words[1:], wanted, f"{block.where}: {line}")


def run_command(words: list[str], wanted: int, where: str) -> None:
    """One command, its output into the file after `>` if there is one."""
    from lookalike.cli.main import main

    target = None
    if len(words) > 1 and words[-2] == ">":
        target, words = Path(words[-1]), words[:-2]
    result = CliRunner().invoke(main, words, prog_name="lookalike")
    if result.exit_code != wanted:
        raise PageError(f"{where}\nexit {result.exit_code}, not {wanted}\n{result.output}") from (
            result.exception
        )
    if target is not None:
        target.write_bytes(result.stdout_bytes)
