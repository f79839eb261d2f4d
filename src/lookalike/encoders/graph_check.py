"""Does a network do what its card says? Shared by all that run networks."""

from collections.abc import Sequence

import numpy as np

from lookalike.encoders.model_file import ModelFile
from lookalike.nouns.embeddings import Floats
from lookalike.nouns.errors import WrongModel

Shape = Sequence[int | str | None]
"""Lengths of the axes; a word or None where any length will do."""


def check_shapes(taken: Shape, given: Shape, file: ModelFile) -> int | None:
    """Compares a network's declared shapes with its card.

    Args:
        taken: shape of the input.
        given: shape of the first output.
        file: with the card.

    Returns:
        The batch size that the network is fixed to, or None where it takes any.

    Raises:
        WrongModel: input or output cannot be what the card says.
    """
    prepared = file.card.preprocessing
    wanted_in = (3, prepared.height_px, prepared.width_px)
    if len(taken) != 4 or not _fits(taken[1:], wanted_in):
        raise _mismatch("takes", taken, f"[N, {', '.join(map(str, wanted_in))}]", file)
    if len(given) != 2 or not _fits(given[1:], (file.card.d,)):
        raise _mismatch("gives", given, f"[N, {file.card.d}]", file)
    return taken[0] if isinstance(taken[0], int) and taken[0] > 0 else None


def check_output(output: np.ndarray, b: int, file: ModelFile) -> Floats:
    """The first output of a run as vectors.

    Args:
        output: what the network gave.
        b: how many pictures went in.
        file: with the card.

    Returns:
        (b, d) float32, finite.

    Raises:
        WrongModel: it has another shape, or holds a value that is not finite.
    """
    if output.shape != (b, file.card.d):
        raise _mismatch("gives", output.shape, f"[{b}, {file.card.d}]", file)
    if not np.isfinite(output).all():
        raise WrongModel(
            "The network gives values that are not finite",
            where=str(file.path),
            mend="export it with float32 weights",
        )
    return output.astype(np.float32, copy=False)


def _fits(shape: Shape, wanted: tuple[int, ...]) -> bool:
    if len(shape) != len(wanted):
        return False
    return all(
        not isinstance(length, int) or length in (-1, want)
        for length, want in zip(shape, wanted, strict=True)
    )


def _mismatch(verb: str, shape: Shape, wanted: str, file: ModelFile) -> WrongModel:
    has = ", ".join(str(length) for length in shape)
    return WrongModel(
        f"The network {verb} [{has}], but its card says {wanted}",
        where=str(file.path),
        mend="write a card that fits the network, or export it again",
    )
