"""The next step, as a line that can be typed."""

import os
import shlex
import subprocess
from pathlib import Path

from rich.console import Console
from rich.text import Text

from lookalike.pages.words import visible


def command(*words: str | Path) -> str:
    """A command line in the manner of the shell; paths below the working folder are shortened."""
    parts = ["lookalike", *(_near(word) if isinstance(word, Path) else word for word in words)]
    line = subprocess.list2cmdline(parts) if os.name == "nt" else shlex.join(parts)
    return visible(line)


def _near(path: Path) -> str:
    here = Path.cwd()
    return str(path.relative_to(here)) if path.is_relative_to(here) else str(path)


def collection(folder: Path, index: Path) -> tuple[str | Path, ...]:
    """The words that name a collection again, with its index where that lies elsewhere."""
    own = index.parent == folder and index.name == ".lookalike"
    return (folder,) if own else (folder, "--index", index)


def show(out: Console, *steps: tuple[str, str]) -> None:
    """What one may want next, and the line that does it; the lines begin below each other."""
    width = max(len(what) for what, _ in steps) + 2
    out.print()
    for what, line in steps:
        out.print(Text.assemble((f"{what}:".ljust(width), "dim"), line), soft_wrap=True)
