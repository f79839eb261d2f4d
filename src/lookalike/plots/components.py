"""Principal components of many vectors, a block of them in memory at a time."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lookalike.nouns.embeddings import Floats, Halves
from lookalike.nouns.errors import InputError

BLOCK = 8192


@dataclass(frozen=True, slots=True, eq=False)
class Components:
    """The directions in which vectors vary most.

    Attributes:
        mean: (d,) float64 of the vectors.
        axes: (c, d) float64, orthonormal, most important first; of each the largest weight is
            positive.
        shares: (c,) share of the whole variance that each holds.
    """

    mean: NDArray[np.float64]
    axes: NDArray[np.float64]
    shares: NDArray[np.float64]

    def of(self, vectors: Floats | Halves) -> Floats:
        """The vectors along these directions.

        Args:
            vectors: (n, d).

        Returns:
            (n, c) float32.
        """
        placed = np.empty((len(vectors), len(self.axes)), np.float32)
        for low in range(0, len(vectors), BLOCK):
            part = vectors[low : low + BLOCK].astype(np.float64) - self.mean
            placed[low : low + BLOCK] = part @ self.axes.T
        return placed


def principal_components(vectors: Floats | Halves, n_components: int) -> Components:
    """The first directions of a principal component analysis (PCA).

    Args:
        vectors: (n, d), n at least 1; memory maps are read in blocks.
        n_components: how many, at least 1; no more than min(n, d) are given.

    Raises:
        InputError: no vectors, or fewer than one direction asked for.

    Source:
        Pearson 1901, "On lines and planes of closest fit to systems of points in space".
    """
    n, d = vectors.shape
    if not n or n_components < 1:
        raise InputError("Principal components need a vector, and one direction or more")
    starts = range(0, n, BLOCK)
    blocks = (vectors[low : low + BLOCK].astype(np.float64) for low in starts)
    mean = np.asarray(sum(block.sum(axis=0) for block in blocks) / n)
    spread = np.zeros((d, d))
    for low in starts:
        part = vectors[low : low + BLOCK].astype(np.float64) - mean
        spread += part.T @ part
    sizes, axes = np.linalg.eigh(spread)
    keep = min(n_components, n, d)
    axes, sizes = axes.T[::-1][:keep], np.maximum(sizes[::-1], 0)
    signs = np.sign(axes[np.arange(keep), np.abs(axes).argmax(axis=1)])
    total = float(sizes.sum())
    shares = sizes[:keep] / total if total else np.zeros(keep)
    return Components(mean, axes * np.where(signs == 0, 1, signs)[:, None], shares)
