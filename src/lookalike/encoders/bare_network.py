"""What a network without a card gives: found out by running it once."""

from pathlib import Path

import numpy as np
import onnxruntime

from lookalike.nouns.errors import WrongModel

_ERRORS_ONLY = 3


def output_width(path: Path, side_px: int) -> int:
    """Dimensions of the vectors that an ONNX network gives for one black picture.

    Args:
        path: the network; one input (N, 3, side_px, side_px) of floats, first output (N, d).
        side_px: of the picture.

    Raises:
        WrongModel: it cannot be opened or run, or gives something else.
    """
    options = onnxruntime.SessionOptions()
    options.log_severity_level = _ERRORS_ONLY
    try:
        session = onnxruntime.InferenceSession(
            str(path), options, providers=["CPUExecutionProvider"]
        )
        (taken,) = session.get_inputs()
        kind = np.float16 if taken.type == "tensor(float16)" else np.float32
        picture = np.zeros((1, 3, side_px, side_px), kind)
        given = np.asarray(session.run(None, {taken.name: picture})[0])
    except Exception as error:  # its errors have no root of their own
        raise WrongModel(f"The network cannot be run: {error}", where=str(path)) from error
    if given.ndim != 2 or len(given) != 1:
        raise WrongModel(
            f"The network gives shape {given.shape} for one picture",
            where=str(path),
            mend="export it so that its first output is one vector a picture",
        )
    return int(given.shape[1])
