"""The journal of one operation: a line of JSON for each step, synced before the step is done.

Each line carries a checksum. A crash can only tear the end, so damaged lines after the last whole
one are as good as never written; a damaged line before a whole one means that the file was harmed.
"""

import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from lookalike.nouns.errors import InputError
from lookalike.quarantine import disk

VERSION = 1

Line = Mapping[str, object]


@dataclass(slots=True)
class Journal:
    """A journal that is being written."""

    path: Path
    descriptor: int

    @classmethod
    def create(cls, path: Path, begin: Line) -> "Journal":
        """A new journal, which has its first line from the moment it stands under its name."""
        new = path.with_suffix(".new")
        descriptor = disk.open_new(new)
        try:
            disk.write(descriptor, _encode({"line": "begin", "version": VERSION, **begin}))
            disk.sync(descriptor)
        finally:
            disk.close(descriptor)
        disk.rename(new, path)
        disk.sync_folder(path.parent)
        return cls.resume(path)

    @classmethod
    def resume(cls, path: Path) -> "Journal":
        """A journal that is written on; what a crash tore off is cut away first."""
        whole = sum(len(raw) for raw, _ in _whole_lines(path))
        return cls(path, disk.open_end(path, whole))

    def write(self, line: str, **fields: object) -> None:
        """Add a line and wait until it lies on the medium."""
        disk.write(self.descriptor, _encode({"line": line, **fields}))
        disk.sync(self.descriptor)

    def close(self) -> None:
        """Close the file."""
        disk.close(self.descriptor)


def read(path: Path) -> list[Line]:
    """All whole lines, the first of which begins the operation.

    Raises:
        InputError: it was written by a newer version, or is damaged.
        OSError: it cannot be read.
    """
    lines = [line for _, line in _whole_lines(path)]
    if not lines or lines[0].get("line") != "begin":
        raise damaged(path, "it does not begin")
    version = lines[0].get("version")
    if not isinstance(version, int) or version > VERSION:
        raise InputError(
            f"This clean-up was made by a newer lookalike (its journal has layout {version}; this "
            f"lookalike knows up to {VERSION})",
            where=str(path),
            mend="pip install --upgrade lookalike",
        )
    return lines


def damaged(path: Path, why: str) -> InputError:
    """The error for a journal that cannot be trusted."""
    return InputError(
        f"The journal of a clean-up is damaged: {why}",
        where=str(path),
        mend="its files lie beside it in `files`, under their own paths: move them back by hand",
    )


def _encode(line: Line) -> bytes:
    text = _plain(line)
    return f'{text[:-1]},"sum":"{_sum(text)}"}}\n'.encode("ascii")


def _whole_lines(path: Path) -> list[tuple[bytes, Line]]:
    raws = disk.read_all(path).splitlines(keepends=True)
    decoded = [(raw, _decode(raw)) for raw in raws]
    whole = [(raw, line) for raw, line in decoded if line is not None]
    for number, (_, line) in enumerate(decoded[: len(whole)], start=1):
        if line is None:
            raise damaged(path, f"line {number} is not as it was written")
    return whole


def _decode(raw: bytes) -> Line | None:
    """The line, or None where it is not whole."""
    if not raw.endswith(b"\n"):
        return None
    try:
        data = json.loads(raw.decode("ascii"))
    except ValueError:
        return None
    if not isinstance(data, dict):
        return None
    told = data.pop("sum", None)
    return cast(Line, data) if told == _sum(_plain(data)) else None


def _plain(line: Line) -> str:
    return json.dumps(line, sort_keys=True, separators=(",", ":"))


def _sum(text: str) -> str:
    return f"{zlib.crc32(text.encode('ascii')):08x}"
