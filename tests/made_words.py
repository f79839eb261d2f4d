"""The words' side of a made model: each word stands for a vector that is given."""

import json
from collections.abc import Mapping
from pathlib import Path

import numpy as np
from onnx import TensorProto, helper, numpy_helper
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers

from lookalike.encoders.model_file import read_model
from lookalike.encoders.text_file import TextCard, text_path, write_text_side

LENGTH = 6


def tokenizer_of(words) -> Tokenizer:
    """Splits at blanks; words that are not known stand for nothing."""
    known = {"[pad]": 0, **{word: place for place, word in enumerate(words, start=1)}}
    tokenizer = Tokenizer(models.WordLevel(known, unk_token="[pad]"))
    tokenizer.normalizer = normalizers.Lowercase()
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.enable_truncation(LENGTH)
    tokenizer.enable_padding(length=LENGTH, pad_id=0, pad_token="[pad]")
    return tokenizer


def graph_of(vectors: np.ndarray) -> bytes:
    """The mean of the vectors (v, d) of a text's tokens."""
    table = np.concatenate([np.zeros((1, vectors.shape[1]), np.float32), vectors])
    nodes = [
        helper.make_node("Gather", ["table", "tokens"], ["each"], axis=0),
        helper.make_node("ReduceMean", ["each"], ["embeddings"], axes=[1], keepdims=0),
    ]
    graph = helper.make_graph(
        nodes,
        "words",
        [helper.make_tensor_value_info("tokens", TensorProto.INT64, ["N", LENGTH])],
        [helper.make_tensor_value_info("embeddings", TensorProto.FLOAT, ["N", table.shape[1]])],
        [numpy_helper.from_array(table.astype(np.float32), "table")],
    )
    opset = [helper.make_opsetid("", 17)]
    whole: bytes = helper.make_model(graph, opset_imports=opset, ir_version=8).SerializeToString()
    return whole


def give_words(model: Path, words: Mapping[str, np.ndarray], *, pictures: str = "") -> Path:
    """Writes the words' side of a model file: each word's vector is the one given."""
    vectors = np.array(list(words.values()), np.float32)
    fingerprint = pictures or read_model(model).fingerprint
    tokenizer = tokenizer_of(words).to_str()
    assert json.loads(tokenizer)["padding"]
    card = TextCard(fingerprint, vectors.shape[1], tokenizer)
    write_text_side(text_path(model), graph_of(vectors), card)
    return text_path(model)
