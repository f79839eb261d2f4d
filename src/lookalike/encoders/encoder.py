"""What every encoder can do: turn pictures into vectors whose cosine is a score."""

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from lookalike.nouns.card import ModelCard
from lookalike.nouns.embeddings import Bytes, Floats
from lookalike.nouns.errors import InputError


class Encoder(Protocol):
    """Turns pictures into L2-normalised vectors. Several threads may call `encode` at once."""

    @property
    def card(self) -> ModelCard:
        """What the model is and what its scores mean."""

    @property
    def name(self) -> str:
        """Short name, for people."""

    @property
    def fingerprint(self) -> str:
        """Equal for two encoders only if their vectors may be compared with each other."""

    @property
    def d(self) -> int:
        """Dimensions of each vector."""

    @property
    def short_side_px(self) -> int:
        """Pictures whose short side is at least this long lose nothing by being decoded scaled."""

    def encode(self, pictures: Sequence[Bytes]) -> Floats:
        """One vector a picture.

        Args:
            pictures: b arrays (h, w, 3) uint8 RGB, of any sizes.

        Returns:
            (b, d) float32, each row of length 1, or all zeros for a picture without any content.

        Raises:
            InputError: an array is no picture.
        """


def check_pictures(pictures: Sequence[Bytes]) -> None:
    """Refuses arrays that are no pictures, telling which one.

    Raises:
        InputError: an array is not uint8 (h, w, 3) with at least one pixel.
    """
    for place, pixels in enumerate(pictures):
        fits = pixels.ndim == 3 and pixels.shape[2] == 3 and 0 not in pixels.shape
        if not fits or pixels.dtype != np.uint8:
            raise InputError(
                f"An encoder needs uint8 pixels of shape (h, w, 3), not {pixels.dtype} "
                f"of shape {pixels.shape}",
                where=f"picture {place} of {len(pictures)}",
                mend="give RGB pictures as they come from the decoder",
            )


def unit_rows(vectors: NDArray[np.floating]) -> Floats:
    """The rows scaled to length 1; rows of zeros stay as they are.

    Args:
        vectors: (b, d) of any float type.

    Returns:
        (b, d) float32.
    """
    wide = vectors.astype(np.float64)
    lengths = np.sqrt((wide * wide).sum(axis=1, keepdims=True))
    lengths[lengths == 0] = 1
    rows: Floats = (wide / lengths).astype(np.float32)
    return rows
