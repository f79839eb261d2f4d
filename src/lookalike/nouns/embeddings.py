"""Embeddings, and the letters that name array axes everywhere.

n images, q queries, k neighbours, d dimensions, b batch, p pairs, h height, w width.
"""

from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from lookalike.nouns.errors import InputError

Floats = NDArray[np.float32]
"""Vectors or scores."""
Halves = NDArray[np.float16]
"""Vectors as they lie on disk."""
Bytes = NDArray[np.uint8]
"""Pixels (h, w, 3) in RGB, or packed hash bits (n, bits / 8)."""
Ints = NDArray[np.int64]
"""Ids and rows."""
Bools = NDArray[np.bool_]
"""Masks."""


_Array = TypeVar("_Array", bound=NDArray[Any])


def read_only(array: _Array) -> _Array:
    """The same array, which can no longer be written through this name."""
    view = array.view()
    view.flags.writeable = False
    return view


@dataclass(frozen=True, slots=True, eq=False)
class Embeddings:
    """L2-normalised vectors of n images, made by one model.

    Attributes:
        vectors: (n, d) float32, each row of length 1 (or all zeros for a picture without content).
        fingerprint: of the model that made them; vectors of different models never meet.
    """

    vectors: Floats
    fingerprint: str

    def __post_init__(self) -> None:
        if self.vectors.ndim != 2 or self.vectors.dtype != np.float32:
            raise InputError("Embeddings need a float32 array of shape (n, d)")
        if not np.isfinite(self.vectors).all():
            raise InputError("Embeddings hold a value that is not finite")
        object.__setattr__(self, "vectors", read_only(self.vectors))

    def __len__(self) -> int:
        return len(self.vectors)

    @property
    def d(self) -> int:
        """Dimensions of each vector."""
        return int(self.vectors.shape[1])
