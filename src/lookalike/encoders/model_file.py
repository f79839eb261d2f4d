"""The one-file model: an ONNX file that carries its card in its own metadata.

Only the outer fields of the file are read, so a model of 400 MB opens as fast as it can be
hashed, and no ONNX package is needed. The card is stored together with a digest of everything
else in the file: a network that was changed under its card is refused.
"""

import contextlib
import hashlib
import json
import os
import threading
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from mmap import ACCESS_READ, mmap
from pathlib import Path

from lookalike.encoders.wire import (
    LENGTH,
    VARINT,
    BadWire,
    Buffer,
    Field,
    fields,
    length_field,
    read_varint,
)
from lookalike.nouns.card import ModelCard
from lookalike.nouns.errors import InputError, WrongModel

CARD_KEY = "lookalike"
_IR_VERSION, _GRAPH, _METADATA = 1, 7, 14  # fields of ModelProto
_INITIALIZER, _DATA_LOCATION, _EXTERNAL = 5, 14, 1  # of GraphProto, of TensorProto, its value
_KEY, _VALUE = 1, 2  # of StringStringEntryProto
_CHUNK_BYTES = 1 << 20
_NO_CARD_MEND = (
    "add one with lookalike.encoders.model_file.write_model(path, path, card), "
    "or take a model that was exported by lookalike"
)


@dataclass(frozen=True, slots=True)
class ModelFile:
    """A model file whose card fits its network.

    Attributes:
        path: the file.
        card: read from the file.
        digest: `graph_digest` of the file.
    """

    path: Path
    card: ModelCard
    digest: str

    @property
    def fingerprint(self) -> str:
        """Equal for two models only if their vectors may be compared.

        It depends on the network, the preprocessing and the metric, and not on the calibrations,
        the licence or the other words of the card.
        """
        parts = {
            "graph": self.digest,
            "preprocessing": asdict(self.card.preprocessing),
            "metric": self.card.metric,
        }
        text = json.dumps(parts, sort_keys=True)
        return hashlib.blake2b(text.encode(), digest_size=8).hexdigest()


def read_model(path: str | Path) -> ModelFile:
    """The card and the digest of a model file, checked against each other.

    Raises:
        WrongModel: the file is no whole ONNX model, keeps its weights in other files, has no
            card, or was changed after its card was written.
        InputError: the file cannot be opened.
    """
    path = Path(path)
    with _mapped(path) as buffer:
        outer = _outer_fields(buffer, path)
        stored = _stored_card(buffer, outer, path)
        digest = _digest(buffer, outer)
    card, wanted = _parsed(stored, path)
    if digest != wanted:
        raise WrongModel(
            "The network does not match the card: the file was changed after the card was written",
            where=str(path),
            mend="take a fresh copy of the model, or export it again",
        )
    return ModelFile(path, card, digest)


def read_card(path: str | Path) -> ModelCard:
    """The card of a model file.

    Raises:
        WrongModel: as in `read_model`.
        InputError: the file cannot be opened.
    """
    return read_model(path).card


def graph_digest(path: str | Path) -> str:
    """BLAKE2b-256 of everything in the file but its metadata, in hexadecimal.

    Raises:
        WrongModel: the file is no whole ONNX model, or keeps its weights in other files.
        InputError: the file cannot be opened.
    """
    path = Path(path)
    with _mapped(path) as buffer:
        return _digest(buffer, _outer_fields(buffer, path))


def write_model(path: str | Path, graph: bytes | Path, card: ModelCard) -> None:
    """Writes a model file that holds this network and this card; all of it or nothing.

    An older card is replaced, other metadata is kept.

    Args:
        path: where to write; a file there is replaced.
        graph: an ONNX model, as bytes or as a file, which may be `path` itself.
        card: to be stored with it.

    Raises:
        WrongModel: `graph` is no whole ONNX model, or keeps its weights in other files.
        InputError: a file cannot be read or written.
    """
    path = Path(path)
    draft = path.with_name(f".{path.name}.{os.getpid()}-{threading.get_ident()}.part")
    try:
        with _source(graph) as (buffer, where), draft.open("wb") as out:
            outer = _outer_fields(buffer, where)
            for field in outer:
                if _is_card(buffer, field, where):
                    continue
                _copy(buffer, field, out.write)
            out.write(_card_field(card, _digest(buffer, outer)))
            out.flush()
            os.fsync(out.fileno())
        os.replace(draft, path)
    except OSError as error:
        raise InputError(f"The model cannot be written: {error}", where=str(path)) from error
    finally:
        draft.unlink(missing_ok=True)


@contextlib.contextmanager
def _mapped(path: Path) -> Iterator[mmap]:
    try:
        with path.open("rb") as file:
            if os.fstat(file.fileno()).st_size == 0:
                raise _not_onnx(path, "it is empty")
            with mmap(file.fileno(), 0, access=ACCESS_READ) as buffer:
                yield buffer
    except OSError as error:
        raise InputError(f"The model cannot be read: {error.strerror}", where=str(path)) from error


@contextlib.contextmanager
def _source(graph: bytes | Path) -> Iterator[tuple[Buffer, Path]]:
    if isinstance(graph, bytes):
        yield graph, Path("<bytes>")
    else:
        with _mapped(graph) as buffer:
            yield buffer, graph


def _not_onnx(path: Path, why: str) -> WrongModel:
    return WrongModel(
        f"The file is no whole ONNX model: {why}",
        where=str(path),
        mend="give an .onnx file; copy it again if its copy was cut short",
    )


def _outer_fields(buffer: Buffer, path: Path) -> list[Field]:
    try:
        found = list(fields(buffer, 0, len(buffer)))
        kinds = {(field.number, field.wire_type) for field in found}
        if (_IR_VERSION, VARINT) not in kinds or (_GRAPH, LENGTH) not in kinds:
            raise BadWire("it holds no network")
        external = any(_is_external(buffer, f) for f in found if f.number == _GRAPH)
    except BadWire as error:
        raise _not_onnx(path, str(error)) from error
    if external:
        raise WrongModel(
            "The model keeps its weights in other files",
            where=str(path),
            mend="save it as one file: onnx.save(onnx.load(path), path)",
        )
    return found


def _is_external(buffer: Buffer, graph: Field) -> bool:
    for weights in fields(buffer, graph.payload, graph.end):
        if (weights.number, weights.wire_type) != (_INITIALIZER, LENGTH):
            continue
        for part in fields(buffer, weights.payload, weights.end):
            if (part.number, part.wire_type) == (_DATA_LOCATION, VARINT):
                return read_varint(buffer, part.payload, part.end)[0] == _EXTERNAL
    return False


def _digest(buffer: Buffer, outer: list[Field]) -> str:
    state = hashlib.blake2b(digest_size=32)
    for field in outer:
        if field.number != _METADATA:
            _copy(buffer, field, state.update)
    return state.hexdigest()


def _copy(buffer: Buffer, field: Field, take: Callable[[bytes], object]) -> None:
    """Hands over the field's bytes piece by piece, so that a big one never fills memory."""
    for start in range(field.start, field.end, _CHUNK_BYTES):
        take(bytes(buffer[start : min(start + _CHUNK_BYTES, field.end)]))


def _metadata(buffer: Buffer, field: Field, path: Path) -> tuple[bytes, bytes]:
    """Key and value of one metadata entry; as protobuf has it, the last of each counts."""
    found = {_KEY: b"", _VALUE: b""}
    try:
        for part in fields(buffer, field.payload, field.end):
            if part.wire_type == LENGTH:
                found[part.number] = bytes(buffer[part.payload : part.end])
    except BadWire as error:
        raise _not_onnx(path, f"its metadata is damaged, {error}") from error
    return found[_KEY], found[_VALUE]


def _is_card(buffer: Buffer, field: Field, path: Path) -> bool:
    if (field.number, field.wire_type) != (_METADATA, LENGTH):
        return False
    return _metadata(buffer, field, path)[0] == CARD_KEY.encode()


def _stored_card(buffer: Buffer, outer: list[Field], path: Path) -> bytes:
    cards = [_metadata(buffer, f, path)[1] for f in outer if _is_card(buffer, f, path)]
    if not cards:
        raise WrongModel("The model has no card", where=str(path), mend=_NO_CARD_MEND)
    if len(cards) > 1:
        raise WrongModel(
            "The model has more than one card", where=str(path), mend="export it again"
        )
    return cards[0]


def _card_field(card: ModelCard, digest: str) -> bytes:
    stored = json.dumps({"card": json.loads(card.to_json()), "graph": digest}, sort_keys=True)
    entry = length_field(_KEY, CARD_KEY.encode()) + length_field(_VALUE, stored.encode())
    return length_field(_METADATA, entry)


def _parsed(stored: bytes, path: Path) -> tuple[ModelCard, str]:
    try:
        outer = json.loads(stored)
        return ModelCard.from_json(json.dumps(outer["card"])), str(outer["graph"])
    except (KeyError, TypeError, ValueError) as error:
        raise WrongModel(
            "The card of the model cannot be read", where=str(path), mend=_NO_CARD_MEND
        ) from error
    except WrongModel as error:
        raise WrongModel(
            error.what, where=str(path), mend=error.mend or "export the model again"
        ) from error
