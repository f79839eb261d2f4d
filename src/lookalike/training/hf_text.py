"""The words' side of a model of pictures and words, as one ONNX graph with its tokens.

A text becomes tokens by the library tokenizers, from a JSON that holds all it needs, and the graph
makes a vector of them that lies among those of pictures. Both together are held against what
transformers gives for the same words.
"""

import io
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime
import torch
import torch.nn.functional as F
from tokenizers import Tokenizer
from torch import Tensor, nn
from transformers import AutoTokenizer

from lookalike.nouns.errors import WrongModel
from lookalike.training.export import with_half_weights
from lookalike.training.log import silence

TOKENS, MASK, OUTPUT, BATCH = "tokens", "mask", "embeddings", "N"
SAMPLES = (
    "a red bicycle",
    "Two dogs, playing in the SNOW!",
    "an old photograph of a harbour with ships, " * 60,
    "café 1923 東京",
    "x",
)
"""Short and long, of several scripts: what is cut, padded or lowered has to be right in all."""
_OPSET = 17
_LARGEST_ERROR = 1e-3
_LARGEST_ERROR_HALF = 2e-2
_LONGEST = 512
_LEAST_KNOWN = 0.5  # of the tokens: tables of vectors are rounded up, never that far
_ERRORS_ONLY = 3


class TextTower(nn.Module):
    """From tokens (b, length) to vectors of length 1."""

    def __init__(self, model: nn.Module) -> None:
        super().__init__()
        self.model = model

    def forward(self, tokens: Tensor, mask: Tensor | None = None) -> Tensor:
        """Int64 (b, length), and 1 where a place is not filled up, to (b, d) float32."""
        given = {} if mask is None else {"attention_mask": mask}
        return _vectors(self.model, {"input_ids": tokens, **given})


def hf_text(model: nn.Module, folder: Path, *, half: bool = False) -> tuple[bytes, str]:
    """The words' side of a model.

    Args:
        model: opened from `folder`, see `hf_model`.
        folder: with the files of its tokenizer.
        half: store weights as float16.

    Returns:
        The graph, from "tokens" (N, length) int64, and "mask" beside it where the model heeds what
        is filled up, to "embeddings" (N, d) of length 1; and the JSON of its tokenizer, which cuts
        and fills up to that length.

    Raises:
        WrongModel: it has no tokenizer that can be taken along, or what is exported gives other
            vectors than transformers does.
    """
    try:
        with silence():
            theirs: Any = AutoTokenizer.from_pretrained(folder, local_files_only=True)
        pad, length = theirs.pad_token_id, _length(model, theirs)
        ours = Tokenizer.from_str(theirs.backend_tokenizer.to_str())
    except Exception as error:  # of its files, of its kind, of what it needs: no common root
        raise _no_words(f"its tokenizer cannot be taken along ({error})", folder) from error
    _check_known(model, ours, folder)
    pad = 0 if pad is None else int(pad)
    ours.enable_truncation(length)
    ours.enable_padding(length=length, pad_id=pad, pad_token=ours.id_to_token(pad) or "")
    wanted = _given_by_transformers(model, theirs, length)
    tried = [ours.encode(text) for text in SAMPLES]
    tokens = torch.tensor([each.ids for each in tried])
    mask = torch.tensor([each.attention_mask for each in tried])
    allowed = _LARGEST_ERROR_HALF if half else _LARGEST_ERROR
    errors = []
    for given in ({TOKENS: tokens}, {TOKENS: tokens, MASK: mask}):
        graph = _traced(TextTower(model).eval(), given, folder)
        if half:
            graph = with_half_weights(graph)
        errors.append(_error(graph, given, wanted))
        if errors[-1] <= allowed:
            return graph, ours.to_str()
    raise _no_words(f"what is exported differs by {min(errors):.2g}", folder)


def knows_words(model: nn.Module) -> bool:
    """Whether a model of transformers puts words among its pictures."""
    return hasattr(model, "get_image_features") and hasattr(model, "get_text_features")


def _vectors(model: nn.Module, given: dict[str, Tensor]) -> Tensor:
    asked: Any = model
    found = asked.get_text_features(**given)
    return F.normalize(getattr(found, "pooler_output", found).float(), dim=1)


def _length(model: nn.Module, tokenizer: Any) -> int:  # noqa: ANN401  # of transformers
    """How many tokens a text is brought to."""
    config: Any = model.config
    places = getattr(config.text_config, "max_position_embeddings", _LONGEST)
    return int(min(places, tokenizer.model_max_length, _LONGEST))


def _check_known(model: nn.Module, tokenizer: Tokenizer, folder: Path) -> None:
    """Refuses a tokenizer that lacks its files, which transformers opens all the same, empty."""
    config: Any = model.config
    known, wanted = tokenizer.get_vocab_size(), int(config.text_config.vocab_size)
    if known < _LEAST_KNOWN * wanted:
        raise _no_words(f"its tokenizer knows {known:,} of {wanted:,} tokens", folder)


def _given_by_transformers(model: nn.Module, tokenizer: Any, length: int) -> Tensor:  # noqa: ANN401
    given = tokenizer(
        list(SAMPLES), padding="max_length", truncation=True, max_length=length, return_tensors="pt"
    )
    with torch.no_grad():
        return _vectors(model, dict(given))


def _traced(tower: TextTower, given: Mapping[str, Tensor], folder: Path) -> bytes:
    buffer = io.BytesIO()
    try:
        with warnings.catch_warnings(), torch.no_grad():
            warnings.simplefilter("ignore")  # of tracing; what comes out is checked by numbers
            torch.onnx.export(
                tower,
                tuple(each[:2] for each in given.values()),
                buffer,  # type: ignore[arg-type]  # a path is declared, a buffer documented
                dynamo=False,  # the other exporter needs onnxscript as well
                opset_version=_OPSET,
                input_names=list(given),
                output_names=[OUTPUT],
                dynamic_axes={name: {0: BATCH} for name in (*given, OUTPUT)},
            )
    except Exception as error:  # of torch, of transformers: no common root
        reason = str(error).partition("\n")[0]
        raise _no_words(f"it cannot be exported ({reason})", folder) from error
    model = onnx.load_model_from_string(buffer.getvalue())
    graph: bytes = model.SerializeToString(deterministic=True)
    return graph


def _error(graph: bytes, taken: Mapping[str, Tensor], wanted: Tensor) -> float:
    """The largest difference in any number, in a batch and one by one."""
    options = onnxruntime.SessionOptions()
    options.log_severity_level = _ERRORS_ONLY
    session = onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])
    (given,) = session.run([OUTPUT], {name: each.numpy() for name, each in taken.items()})
    (alone,) = session.run([OUTPUT], {name: each[:1].numpy() for name, each in taken.items()})
    if given.shape != tuple(wanted.shape) or not np.isfinite(given).all():
        return float("inf")
    together = np.abs(given - wanted.numpy()).max()
    return float(max(together, np.abs(alone - wanted[:1].numpy()).max()))


def _no_words(reason: str, folder: Path) -> WrongModel:
    return WrongModel(f"The model's words cannot be used: {reason}", where=str(folder))
