"""The words' side of a model of pictures and words: a file beside the model's own.

NAME.text beside NAME.onnx is an ONNX file too, with the tokenizer in its metadata. It names the
fingerprint of the model whose pictures its words lie among.
"""

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path

from lookalike.encoders.model_file import graph_digest
from lookalike.encoders.wire import length_field
from lookalike.nouns.errors import InputError, WrongModel

SUFFIX = ".text"
KEY = "lookalike-text"
VERSION = 1
_METADATA, _KEY, _VALUE = 14, 1, 2  # of ModelProto, of StringStringEntryProto
_MEND = "lookalike models add brings both files anew"


@dataclass(frozen=True, slots=True)
class TextCard:
    """What the words' side of a model is.

    Attributes:
        pictures: fingerprint of the model of pictures.
        d: dimensions of a vector.
        tokenizer: JSON of the library tokenizers.
        licence: of the weights.
        version: of this card's layout.
    """

    pictures: str
    d: int
    tokenizer: str
    licence: str = ""
    version: int = VERSION


def text_path(model: Path) -> Path:
    """Where the words' side of a model file lies, if it has one."""
    return model.with_name(f"{model.stem}{SUFFIX}")


def has_words(model: Path) -> bool:
    """Whether a model file has a words' side beside it."""
    return text_path(model).is_file()


def write_text_side(path: Path, graph: bytes, card: TextCard) -> None:
    """Writes the words' side of a model; all of it or nothing.

    Raises:
        WrongModel: `graph` is no whole ONNX model.
        InputError: the file cannot be written.
    """
    draft = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        draft.write_bytes(graph)
        told = json.dumps({"card": asdict(card), "graph": graph_digest(draft)}, sort_keys=True)
        entry = length_field(_KEY, KEY.encode()) + length_field(_VALUE, told.encode())
        with draft.open("ab") as out:  # fields of one message may come in any order
            out.write(length_field(_METADATA, entry))
            out.flush()
            os.fsync(out.fileno())
        os.replace(draft, path)
    except OSError as error:
        raise InputError(f"The words cannot be written: {error}", where=str(path)) from error
    finally:
        draft.unlink(missing_ok=True)


def text_card(path: Path, told: str) -> TextCard:
    """The card in a file's metadata, held against the file.

    Args:
        path: the file.
        told: what its metadata has under KEY; may be empty.

    Raises:
        WrongModel: it is damaged, newer, or another network's.
    """
    try:
        stored = json.loads(told)
        wanted, known = str(stored["graph"]), stored["card"]
        if int(known["version"]) > VERSION:
            raise WrongModel(
                f"The file has layout {known['version']}; this lookalike knows up to {VERSION}",
                where=str(path),
                mend="pip install --upgrade lookalike",
            )
        card = TextCard(**known)
    except (KeyError, TypeError, ValueError) as error:
        raise WrongModel(
            "The file holds no words of a model", where=str(path), mend=_MEND
        ) from error
    if graph_digest(path) != wanted:
        raise WrongModel("The file was changed after it was written", where=str(path), mend=_MEND)
    return card
