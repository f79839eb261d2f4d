"""The files of an index, and how paths of pictures are written in it."""

import os
import re
import shlex
from pathlib import Path

from lookalike.nouns.errors import InputError
from lookalike.nouns.shard import Shard

DATABASE = "index.sqlite"
LOCK = "lock"
HOLDER = "writer.json"
IGNORE = ".gitignore"
SHARDS = "shards"
IGNORE_TEXT = "*\n"
_VECTORS = re.compile(r"vectors-(\d+)\.f16")
_GRAPHS = re.compile(r"graph-(\d+)\.usearch(\.\d+\.part)?")
_USUAL_NAME = ".lookalike"


def vector_path(folder: Path, generation: int) -> Path:
    """The vector file of a generation; compacting begins the next one."""
    return folder / f"vectors-{generation}.f16"


def vector_files(folder: Path) -> dict[int, Path]:
    """All vector files that lie in the folder, by generation."""
    found = ((_VECTORS.fullmatch(path.name), path) for path in folder.iterdir())
    return {int(match[1]): path for match, path in found if match}


def graph_path(folder: Path, generation: int) -> Path:
    """The graph over the vectors of a generation; there need be none."""
    return folder / f"graph-{generation}.usearch"


def graph_files(folder: Path) -> dict[Path, int | None]:
    """All graphs that lie in the folder, with their generation; None for one that is not whole."""
    found = ((path, _GRAPHS.fullmatch(path.name)) for path in folder.iterdir())
    return {path: None if match[2] else int(match[1]) for path, match in found if match}


def database_files(folder: Path) -> list[Path]:
    """The database and what SQLite lays beside it, in the order that is safe to remove."""
    return [folder / f"{DATABASE}{suffix}" for suffix in ("", "-wal", "-shm", "-journal")]


def prepare(folder: Path) -> None:
    """Make the folder if it is missing, and keep it out of version control if it was.

    Raises:
        InputError: it holds other things, and never held an index.
    """
    if folder.is_dir():
        names = {path.name for path in folder.iterdir()}
        if names == {SHARDS}:  # made on the way to the index of a share
            _ignore(folder)
        elif names and folder.name != _USUAL_NAME and not names & {DATABASE, LOCK}:
            raise InputError(
                "This folder holds other things than an index",
                where=str(folder),
                mend=f"name a new folder: --index {shlex.quote(str(folder / _USUAL_NAME))}",
            )
        return
    folder.mkdir(parents=True)
    _ignore(folder)


def shard_folder(index: Path, shard: Shard) -> Path:
    """Where the index of a share lies, within the folder of the whole index."""
    return index / SHARDS / f"{shard.number}-of-{shard.total}"


def _ignore(folder: Path) -> None:
    (folder / IGNORE).write_text(IGNORE_TEXT, encoding="ascii", newline="\n")


def index_command(folder: Path, extra: str = "") -> str:
    """The command that makes this index."""
    if folder.name == _USUAL_NAME:
        command = f"lookalike index {shlex.quote(str(folder.parent))}"
    else:
        command = f"lookalike index FOLDER --index {shlex.quote(str(folder))}"
    return f"{command} {extra}".rstrip()


def path_to_bytes(path: str) -> bytes:
    """A relative path as it is stored: the system's own bytes, "/" between parts.

    Raises:
        InputError: the path is empty or absolute.
    """
    if os.sep == "\\":
        path = path.replace("\\", "/")
    if not path or path.startswith("/"):
        raise InputError("A stored path must be relative to the collection", where=path)
    return os.fsencode(path)


def path_from_bytes(stored: bytes) -> str:
    """The path of `path_to_bytes`; bytes that are no text come back as lone surrogates."""
    try:
        return os.fsdecode(stored)
    except UnicodeDecodeError:  # a name from another system that Windows cannot have
        return stored.decode("utf-8", "surrogateescape")
