"""The embeddings that a student learns: one or several models' of every picture, kept on disk."""

import hashlib
import math
import os
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from lookalike.encoders.choose import load_encoder
from lookalike.encoders.encoder import Encoder
from lookalike.nouns.embeddings import Floats
from lookalike.nouns.labelled import Labelled
from lookalike.verbs.judge_look import look_at
from lookalike.verbs.progress import Progress


def teacher_embeddings(
    models: Sequence[str | Path], data: Labelled, *, cache: Path, progress: Progress
) -> Floats:
    """Embeddings of every picture, those of several models joined, each counting the same.

    Args:
        models: names or files.
        data: n pictures.
        cache: where they are kept for the next time.
        progress: told of pictures read.

    Returns:
        (n, dt) float32, rows of length 1; zeros where a picture cannot be read.
    """
    joined = [_of_one(load_encoder(model), data, cache, progress) for model in models]
    return np.concatenate(joined, axis=1) / np.float32(math.sqrt(len(joined)))


def _of_one(encoder: Encoder, data: Labelled, cache: Path, progress: Progress) -> Floats:
    path = cache / f"teacher-{_key(encoder, data)}.npy"
    if path.is_file():
        kept: Floats = np.load(path)
        return kept
    part, _ = look_at(data, encoder, progress=progress)
    rows = {name: row for row, name in enumerate(data.paths)}
    vectors = np.zeros((len(data), encoder.d), np.float32)
    vectors[[rows[name] for name in part.data.paths]] = part.vectors
    cache.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with draft.open("wb") as file:
            np.save(file, vectors)
        os.replace(draft, path)
    finally:
        draft.unlink(missing_ok=True)
    return vectors


def _key(encoder: Encoder, data: Labelled) -> str:
    """A name for all that decides these numbers."""
    digest = hashlib.blake2b(encoder.fingerprint.encode(), digest_size=12)
    for row in range(len(data)):
        path = data.path(row)
        facts = path.stat() if path.is_file() else None
        told = f"{facts.st_size} {facts.st_mtime_ns}" if facts else "missing"
        digest.update(f"\n{path}\0{told}".encode("utf-8", "surrogateescape"))
    return digest.hexdigest()
