"""Turns words into vectors that lie among those of pictures."""

from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime

from lookalike.encoders.encoder import Encoder, unit_rows
from lookalike.encoders.text_file import KEY, TextCard, has_words, text_card, text_path
from lookalike.nouns.embeddings import Floats
from lookalike.nouns.errors import InputError, MissingExtra, WrongModel

_ERRORS_ONLY = 3
EXAMPLE = "openai/clip-vit-base-patch32"


class TextEncoder:
    """The words' side of a model, run by ONNX Runtime."""

    def __init__(self, path: Path) -> None:
        """Opens it.

        Raises:
            MissingExtra: the library tokenizers is not installed.
            WrongModel: the file is no good.
        """
        if find_spec("tokenizers") is None:
            raise MissingExtra("text", what="Words need tokenizers, which is not installed")
        from tokenizers import Tokenizer

        self.path = path
        self._session = _session(path)
        told = self._session.get_modelmeta().custom_metadata_map.get(KEY, "")
        self.card: TextCard = text_card(path, told)
        try:
            self._tokenizer: Any = Tokenizer.from_str(self.card.tokenizer)
        except Exception as error:  # a plain Exception is all that the library raises
            raise WrongModel(
                f"The tokenizer cannot be read: {error}",
                where=str(path),
                mend="pip install --upgrade tokenizers",
            ) from error

    def encode(self, texts: Sequence[str]) -> Floats:
        """One vector a text.

        Args:
            texts: in the language that the model was taught; what is too long is cut.

        Returns:
            (b, d) float32, each row of length 1.

        Raises:
            InputError: a text is empty.
            WrongModel: the network fails, or gives something else than its card says.
        """
        if any(not text.strip() for text in texts):
            raise InputError("There are no words to search for", mend="--text 'a red bicycle'")
        vectors = np.zeros((len(texts), self.card.d), np.float32)
        for row, text in zip(vectors, texts, strict=True):
            read = self._tokenizer.encode(text)
            row[:] = self._run(read.ids, read.attention_mask)
        return unit_rows(vectors)

    def _run(self, tokens: list[int], mask: list[int]) -> Floats:
        """The vector of one text; its mask is the second input, where the network takes one."""
        names = [taken.name for taken in self._session.get_inputs()]
        feed = {
            name: np.array([values], np.int64)
            for name, values in zip(names, (tokens, mask), strict=False)
        }
        try:
            output = np.asarray(self._session.run(None, feed)[0])
        except Exception as error:  # its errors have no root of their own
            raise WrongModel(f"The words cannot be run: {error}", where=str(self.path)) from error
        if output.shape != (1, self.card.d) or not np.isfinite(output).all():
            raise WrongModel(
                "The words' network gives something else than its card says",
                where=str(self.path),
                mend="lookalike models add brings both files anew",
            )
        vector: Floats = output[0].astype(np.float32)
        return vector


def words_of(encoder: Encoder) -> TextEncoder:
    """The words' side of a model of pictures.

    Raises:
        InputError: the model knows no words.
        MissingExtra: the library tokenizers is not installed.
        WrongModel: the file is no good, or is another model's.
    """
    path = getattr(encoder, "path", None)
    if not isinstance(path, Path) or not has_words(path):
        raise InputError(
            f"The model {encoder.name!r} knows no words",
            where="text",
            mend=f"lookalike models add {EXAMPLE}, then index the pictures with --model "
            f"{EXAMPLE.rpartition('/')[2]} --rebuild; if a file was meant, check how it is spelt",
        )
    words = TextEncoder(text_path(path))
    if words.card.pictures != encoder.fingerprint:
        raise WrongModel(
            f"The words are not those of the model {encoder.name!r}",
            where=str(words.path),
            mend="lookalike models add brings both files anew",
        )
    return words


def _session(path: Path) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.log_severity_level = _ERRORS_ONLY
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    onnxruntime.disable_telemetry_events()
    try:
        return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    except Exception as error:  # its errors have no root of their own
        raise WrongModel(
            f"The words cannot be opened: {error}",
            where=str(path),
            mend="lookalike models add brings both files anew",
        ) from error
