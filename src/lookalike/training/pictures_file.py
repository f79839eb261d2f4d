"""One file with many decoded pictures: all pixels, one after another, then what they are.

pixels      uint8, h * w * 3 for each picture, none for one that failed; or none at all
shapes      int64 (n, 2): h, w; 0, 0 for one that failed
facts       JSON: short side, failures
footer      MAGIC, bytes of pixels, n, bytes of facts
"""

import json
import os
import struct
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import numpy as np

from lookalike.nouns.embeddings import Bytes, Ints, read_only
from lookalike.nouns.errors import InputError

LAYOUT = 1
_MAGIC = b"lookalike pixels"
_FOOTER = struct.Struct("<16sQQQ")
_MEND = "delete it, and it is made anew"


class PicturesFile:
    """What such a file holds; its pixels are mapped, and mapped again where a copy arrives."""

    def __init__(
        self,
        path: Path | None,
        short_side_px: int,
        shapes: Ints,
        failures: Mapping[int, str],
        pixels: Bytes,
    ) -> None:
        self.path, self.short_side_px = path, short_side_px
        self.shapes, self.failures = read_only(shapes), failures
        self._pixels = read_only(pixels)
        self._starts = np.concatenate([[0], np.cumsum(shapes.prod(axis=1) * 3)])

    @property
    def needed_bytes(self) -> int:
        """What all pixels take, or would take."""
        return int(self._starts[-1])

    def picture(self, row: int) -> Bytes:
        """One picture, (h, w, 3) uint8, as it lies in the file."""
        height, width = self.shapes[row]
        return self._pixels[self._starts[row] : self._starts[row + 1]].reshape(height, width, 3)

    def __reduce__(self) -> tuple[object, ...]:
        if self.path is not None:
            return mapped, (self.path,)
        return PicturesFile, (None, 0, self.shapes, self.failures, self._pixels)


def mapped(path: Path) -> PicturesFile:
    """Opens such a file; its pixels are read only when they are looked at.

    Raises:
        InputError: it is none, or is damaged.
    """
    size = path.stat().st_size
    with path.open("rb") as file:
        file.seek(max(0, size - _FOOTER.size))
        footer = file.read()
        if len(footer) != _FOOTER.size or not footer.startswith(_MAGIC):
            raise InputError("This is no file of pictures", where=str(path), mend=_MEND)
        _, pixel_bytes, n, facts_bytes = _FOOTER.unpack(footer)
        if pixel_bytes + 16 * n + facts_bytes + _FOOTER.size != size:
            raise InputError("The file of pictures is damaged", where=str(path), mend=_MEND)
        file.seek(pixel_bytes)
        shapes = np.frombuffer(file.read(16 * n), "<i8").astype(np.int64).reshape(n, 2)
        facts = json.loads(file.read(facts_bytes))
    failures = {int(row): str(reason) for row, reason in facts["failures"].items()}
    pixels: Bytes = np.empty(0, np.uint8)
    if pixel_bytes:
        # As a plain array it is sliced several times faster.
        pixels = np.asarray(np.memmap(path, np.uint8, "r", shape=(pixel_bytes,)))
    return PicturesFile(path, facts["short_side_px"], shapes, failures, pixels)


class PicturesWriter:
    """Takes pictures in the order of their rows."""

    def __init__(self, file: BinaryIO, short_side_px: int) -> None:
        self._file, self._short_side_px = file, short_side_px
        self._shapes: list[tuple[int, int]] = []
        self._failures: dict[int, str] = {}
        self.pixel_bytes = 0
        self.finished = False

    def add(self, picture: Bytes, *, keep_pixels: bool) -> None:
        """The next picture, (h, w, 3) uint8; without its pixels only how large it is."""
        height, width = picture.shape[:2]
        self._shapes.append((height, width))
        if keep_pixels:
            self._file.write(np.ascontiguousarray(picture).data)
            self.pixel_bytes += picture.size

    def add_failure(self, reason: str) -> None:
        """The next picture cannot be read."""
        self._failures[len(self._shapes)] = reason
        self._shapes.append((0, 0))

    def finish(self) -> None:
        """Writes what makes the file whole."""
        facts = {"short_side_px": self._short_side_px, "failures": self._failures}
        told = json.dumps(facts).encode()
        self._file.write(np.array(self._shapes, "<i8").reshape(-1, 2).tobytes())
        self._file.write(told)
        footer = _FOOTER.pack(_MAGIC, self.pixel_bytes, len(self._shapes), len(told))
        self._file.write(footer)
        self._file.flush()
        os.fsync(self._file.fileno())
        self.finished = True


@contextmanager
def writing(path: Path, short_side_px: int) -> Iterator[PicturesWriter]:
    """A writer whose file appears under `path` once it was finished, and else not at all.

    Only one process at a time may write to a path.
    """
    partial = path.with_name(f"{path.name}.partial")
    try:
        with partial.open("wb") as file:
            writer = PicturesWriter(file, short_side_px)
            yield writer
        if writer.finished:
            os.replace(partial, path)
    finally:
        partial.unlink(missing_ok=True)
