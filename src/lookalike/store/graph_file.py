"""A graph over the vectors, kept in a file beside them: lost or unfit, it is made again.

The file holds the graph as its library wrote it, then a line of JSON that says what it is of, the
line's length, and a mark. It is written under another name, synced and renamed. Before a byte of
it is handed out, its length and digest are checked, and that it is of these very vectors: the
library that reads it trusts what it reads.
"""

import json
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import Any

import numpy as np

from lookalike.nouns.embeddings import Bytes, Halves
from lookalike.store import disk
from lookalike.store.faults import clear_errors
from lookalike.store.layout import graph_path

VERSION = 1
_MARK = b"lookalike graph"
_LENGTH = 8
_PIECE = 16 * 2**20
_LOOKED_AT = 256
"""Rows by which vectors are known again."""


@dataclass(frozen=True, slots=True, eq=False)
class StoredGraph:
    """A graph that was found whole and of the right vectors.

    Attributes:
        path: of the file.
        body: (size,) the graph itself, mapped.
        n_rows: so many of the first rows are in it.
        facts: what was kept with it, text by name.
    """

    path: Path
    body: Bytes
    n_rows: int
    facts: dict[str, str]


class GraphFile:
    """Where the graph of one index lies.

    Args:
        folder: of the index.
        generation: of its vectors.
        vectors: (n, d) all of them.
        fingerprint: of the model that made them.
    """

    def __init__(self, folder: Path, generation: int, vectors: Halves, fingerprint: str) -> None:
        self._path = graph_path(folder, generation)
        self._vectors, self._fingerprint = vectors, fingerprint

    def read(self) -> StoredGraph | None:
        """The graph, or None where there is none that can be trusted."""
        try:
            body, said = _taken_apart(_mapped(self._path))
            n_rows = int(said["rows"])
            facts = {str(name): str(text) for name, text in said["facts"].items()}
            fits = 0 < n_rows <= len(self._vectors) and said == self._told(n_rows, body, facts)
        except (OSError, ValueError, KeyError, TypeError, AttributeError, OverflowError):
            return None
        return StoredGraph(self._path, body, n_rows, facts) if fits else None

    def write(self, n_rows: int, facts: dict[str, str], save: Callable[[Path], None]) -> None:
        """Put a graph in the place of the one that is there, wholly or not at all.

        Args:
            n_rows: so many of the first rows are in it.
            facts: to be kept with it.
            save: writes the graph itself to a path.

        Raises:
            InputError: it cannot be written here, or the disk is full.
        """
        folder = self._path.parent
        fresh = self._path.with_name(f"{self._path.name}.{os.getpid()}.part")
        with clear_errors(folder):
            try:
                save(fresh)
                said = json.dumps(self._told(n_rows, _mapped(fresh), facts)).encode()
                with fresh.open("ab") as file:
                    file.write(said + len(said).to_bytes(_LENGTH, "little") + _MARK)
                    file.flush()
                    disk.sync(file.fileno())
                fresh.replace(self._path)
                disk.sync_folder(folder)
            finally:
                with suppress(OSError):
                    fresh.unlink()

    def _told(self, n_rows: int, body: Bytes, facts: dict[str, str]) -> dict[str, object]:
        """What the file says of itself if it is right."""
        return {
            "version": VERSION,
            "rows": n_rows,
            "d": self._vectors.shape[1],
            "vectors": self._known_by(n_rows),
            "size": len(body),
            "digest": _digest(body, json.dumps(facts)),
            "facts": facts,
        }

    def _known_by(self, n_rows: int) -> str:
        """Equal only for the same vectors of the same model, as far as some of them tell."""
        some = np.unique(np.linspace(0, n_rows - 1, _LOOKED_AT).astype(np.int64))
        held = np.ascontiguousarray(self._vectors[some])
        return blake2b(held.tobytes() + self._fingerprint.encode(), digest_size=16).hexdigest()


def _mapped(path: Path) -> Bytes:
    """(size,) all bytes of a file; ValueError where there are none."""
    return np.asarray(np.memmap(path, np.uint8, mode="r"))


def _taken_apart(stored: Bytes) -> tuple[Bytes, dict[str, Any]]:
    """The graph, and what the file says of itself.

    Raises:
        ValueError: it is cut short, or no such file.
    """
    end = len(stored) - len(_MARK) - _LENGTH
    if end < 0 or stored[end + _LENGTH :].tobytes() != _MARK:
        raise ValueError("no mark")
    size = end - int.from_bytes(stored[end : end + _LENGTH].tobytes(), "little")
    if size < 0:
        raise ValueError("no room for what it says")
    return stored[:size], json.loads(stored[size:end].tobytes())


def _digest(body: Bytes, facts: str) -> str:
    """Of the facts and of the digests of the body's pieces, which are made on all cores."""
    pieces = (body[low : low + _PIECE] for low in range(0, len(body), _PIECE))
    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        digests = pool.map(lambda piece: blake2b(piece, digest_size=32).digest(), pieces)
        return blake2b(b"".join(digests) + facts.encode(), digest_size=32).hexdigest()
