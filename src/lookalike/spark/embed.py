"""What an executor does with a batch of files: decode, hash and embed them, or say why not."""

import atexit
import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from lookalike.encoders.choose import load_encoder
from lookalike.encoders.encoder import Encoder
from lookalike.geometry.features import one_thread_each
from lookalike.images.budget import DecodeBudget
from lookalike.nouns.errors import WrongModel
from lookalike.nouns.picture import Stamp
from lookalike.spark.frames import records
from lookalike.verbs.describe import Outcome, describe_held
from lookalike.verbs.local_words import NONE, words_of
from lookalike.verdicts.decide import HASH_QUALITY

BATCH_ROWS = 8
"""Files in memory at a time, and embedded together."""

FILE_SCHEMA = pa.schema(
    [
        ("path", pa.string()),
        ("size", pa.int64()),
        ("modified", pa.int64()),
        ("digest", pa.binary()),
        ("width", pa.int32()),
        ("height", pa.int32()),
        ("format", pa.string()),
        ("mode", pa.string()),
        ("orientation", pa.int32()),
        ("taken", pa.string()),
        ("camera", pa.string()),
        ("scaled_digest", pa.binary()),
        ("quality", pa.int32()),
        ("hashes", pa.binary()),
        ("vector", pa.list_(pa.float32())),
        ("words", pa.binary()),
        ("mirrored_words", pa.binary()),
        ("model", pa.string()),
        ("reason", pa.string()),
        ("gone", pa.bool_()),
    ]
)
"""One row a file that was looked at. A picture has a digest; its facts, `hashes` (8 orientations of
32 bytes), `vector` and words (16 bits each) only where its content was new. A file that could not
be read has a reason; any other file neither. `gone` marks a file that is no longer there."""


@dataclass(frozen=True, slots=True)
class Model:
    """A model as it travels to the executors.

    Attributes:
        name: as `load_encoder` takes it, for a model that is built in.
        content: of its file; None for one that is built in.
        provider: see `load_encoder`.
        fingerprint: what it must turn out to be.
    """

    name: str
    content: bytes | None
    provider: str
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Known:
    """Digests that need no describing, 16 bytes each of them.

    Attributes:
        heads: (n,) the first 8 bytes as a number, rising.
        tails: (n,) the next 8.
    """

    heads: NDArray[np.uint64]
    tails: NDArray[np.uint64]

    @classmethod
    def of(cls, digests: list[bytes]) -> "Known":
        """From whole digests."""
        halves = np.frombuffer(b"".join(digest[:16] for digest in digests), "<u8").reshape(-1, 2)
        order = np.argsort(halves[:, 0], kind="stable")
        return cls(halves[order, 0], halves[order, 1])

    def __call__(self, digest: bytes) -> bool:
        """Whether a digest is among them."""
        head, tail = np.frombuffer(digest[:16], "<u8")
        low = int(np.searchsorted(self.heads, head))
        high = int(np.searchsorted(self.heads, head, side="right"))
        return bool((self.tails[low:high] == tail).any())


_ENCODERS: dict[str, Encoder] = {}
"""One for each model, as long as the process lives."""


def encoder_of(model: Model) -> Encoder:
    """The encoder of this process.

    Raises:
        WrongModel: this machine's model of that name is another one.
    """
    if model.fingerprint not in _ENCODERS:
        encoder = _load(model)
        if encoder.fingerprint != model.fingerprint:
            raise WrongModel(
                f"The executors have another model {model.name!r} than the driver",
                mend="install the same version of lookalike on every machine",
            )
        _ENCODERS[model.fingerprint] = encoder
    return _ENCODERS[model.fingerprint]


def _load(model: Model) -> Encoder:
    if model.content is None:
        return load_encoder(model.name, provider=model.provider, threads=1)
    folder = Path(tempfile.mkdtemp(prefix="lookalike-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    path = folder / f"{model.name}.onnx"
    path.write_bytes(model.content)
    return load_encoder(path, provider=model.provider, threads=1)


def describing(
    model: Model, known: Known
) -> Callable[[Iterator[pa.RecordBatch]], Iterator[pa.RecordBatch]]:
    """From batches of path, size, modified and content to batches of FILE_SCHEMA."""

    def describe(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        encoder, budget = encoder_of(model), DecodeBudget()
        for batch in batches:
            for start in range(0, batch.num_rows, BATCH_ROWS):
                rows = batch.slice(start, BATCH_ROWS).to_pylist()
                held = [
                    (Stamp(Path(row["path"]), row["size"], row["modified"]), row["content"])
                    for row in rows
                ]
                found = describe_held(held, encoder, known=known, budget=budget)
                yield records(
                    (
                        {
                            **_file(row, outcome, budget),
                            "model": model.fingerprint,
                            "gone": False,
                        }
                        for row, outcome in zip(rows, found, strict=True)
                    ),
                    FILE_SCHEMA,
                )

    return describe


def _file(row: dict[str, Any], outcome: Outcome, budget: DecodeBudget) -> dict[str, Any]:
    seen: dict[str, Any] = {name: row[name] for name in ("path", "size", "modified")}
    if outcome.failure is not None:
        return {**seen, "reason": outcome.failure.reason}
    if outcome.is_picture:
        seen["digest"] = outcome.digest
    if (described := outcome.described) is not None:
        facts = described.facts
        seen |= {
            "width": facts.width_px,
            "height": facts.height_px,
            "format": facts.format,
            "mode": facts.mode,
            "orientation": facts.orientation,
            "taken": facts.taken,
            "camera": facts.camera,
            "scaled_digest": described.scaled_digest,
            "quality": described.hash_quality,
            "hashes": described.hashes.tobytes(),
            # As an index on disk keeps it, so that both answer alike.
            "vector": described.vector.astype(np.float16).astype(np.float32),
        }
        if described.hash_quality >= HASH_QUALITY:
            with one_thread_each():
                words = words_of(row["content"], budget) or NONE
            seen |= {"words": _stored(words[0]), "mirrored_words": _stored(words[1])}
    return seen


def _stored(words: NDArray[np.uint16]) -> bytes:
    return words.astype("<u2").tobytes()
