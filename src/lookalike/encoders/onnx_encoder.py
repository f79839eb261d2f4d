"""One-file models through ONNX Runtime."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from lookalike.encoders.file_encoder import FileEncoder
from lookalike.encoders.graph_check import check_shapes
from lookalike.encoders.model_file import read_model
from lookalike.nouns.embeddings import Floats
from lookalike.nouns.errors import InputError, WrongModel

_PROVIDERS = {
    "cpu": "CPUExecutionProvider",
    "cuda": "CUDAExecutionProvider",
    "coreml": "CoreMLExecutionProvider",
    "directml": "DmlExecutionProvider",
}
_INPUT_TYPES = {"tensor(float)": np.float32, "tensor(float16)": np.float16}
_ERRORS_ONLY = 3


class OnnxEncoder(FileEncoder):
    """A one-file model run by ONNX Runtime.

    Each call computes on the thread that makes it, so several threads keep several cores busy
    without getting into each other's way.
    """

    def __init__(self, path: str | Path, *, providers: Sequence[str] = ("auto",)) -> None:
        """Opens a model and tries it on one black picture.

        Args:
            path: a one-file model.
            providers: "cpu", "cuda", "coreml" or "directml", in order of preference; "auto" is
                "cpu".

        Raises:
            InputError: a provider is not available here, or the file cannot be opened.
            WrongModel: the file is no good model, or its network does not fit its card.
        """
        super().__init__(read_model(path))
        self._session = _session(self._file.path, providers)
        inputs, outputs = self._session.get_inputs(), self._session.get_outputs()
        if len(inputs) != 1 or inputs[0].type not in _INPUT_TYPES or not outputs:
            raise WrongModel(
                "The network needs exactly one input of floats, a batch of pictures",
                where=str(path),
                mend="export the model again with one image input",
            )
        self._input, self._output = inputs[0].name, outputs[0].name
        self._type = _INPUT_TYPES[inputs[0].type]
        self._fixed = check_shapes(inputs[0].shape, outputs[0].shape, self._file)
        self._batch = self._fixed or self._batch
        self._try_once()

    def _run(self, batch: Floats) -> NDArray[Any]:
        b = len(batch)
        missing = self._fixed - b if self._fixed else 0
        if missing:
            batch = np.concatenate([batch, np.zeros((missing, *batch.shape[1:]), np.float32)])
        feed = {self._input: batch.astype(self._type, copy=False)}
        try:
            output = self._session.run([self._output], feed)[0]
        except Exception as error:  # its errors have no root of their own
            raise WrongModel(
                f"The network cannot be run: {error}", where=str(self._file.path)
            ) from error
        return np.asarray(output)[:b] if missing else np.asarray(output)


def available_providers() -> list[str]:
    """The providers, by our names, that the installed ONNX Runtime offers."""
    offered = set(onnxruntime.get_available_providers())
    return [name for name, long in _PROVIDERS.items() if long in offered]


def _session(path: Path, providers: Sequence[str]) -> onnxruntime.InferenceSession:
    wanted = ["cpu" if name == "auto" else name for name in providers]
    available = available_providers()
    for name in wanted:
        if name not in available:
            raise InputError(
                f"The provider {name!r} is not available here",
                where="provider",
                mend=f"choose one of: {', '.join(available)}",
            )
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = _ERRORS_ONLY
    onnxruntime.disable_telemetry_events()
    try:
        return onnxruntime.InferenceSession(
            str(path), options, providers=[_PROVIDERS[name] for name in wanted]
        )
    except Exception as error:  # its errors have no root of their own
        raise WrongModel(f"The network cannot be opened: {error}", where=str(path)) from error
