"""From many dimensions to two that can be drawn."""

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from lookalike.nouns.embeddings import Floats
from lookalike.nouns.errors import InputError, MissingExtra

Points = NDArray[np.float64]

FEWEST = 5
"""Of fewer pictures than this no neighbourhood can be drawn."""

PERPLEXITY = 30.0
ROUNDS = 500


def principal_axes(vectors: Floats) -> tuple[Points, float]:
    """The vectors along the two directions in which they vary most (PCA).

    The sign of each direction is chosen so that its largest weight is positive.

    Args:
        vectors: (n, d), at least one.

    Returns:
        (n, 2) points, and the share of the variance that these two directions hold.

    Raises:
        InputError: no vectors.
    """
    if not len(vectors):
        raise InputError("A map needs at least one picture")
    centred = vectors.astype(np.float64) - vectors.mean(axis=0, dtype=np.float64)
    _, sizes, axes = np.linalg.svd(centred, full_matrices=False)
    axes = axes[:2]
    signs = np.sign(axes[np.arange(len(axes)), np.abs(axes).argmax(axis=1)])
    points = centred @ (axes * np.where(signs == 0, 1, signs)[:, None]).T  # (n, <= 2)
    points = np.pad(points, ((0, 0), (0, 2 - points.shape[1])))
    total = float((sizes**2).sum())
    return points, float((sizes[:2] ** 2).sum() / total) if total else 1.0


def neighbour_map(vectors: Floats, *, seed: int) -> Points:
    """A map on which near neighbours stay near (t-SNE); distances across it mean little.

    Args:
        vectors: (n, d) of length 1, n at least FEWEST.
        seed: of all chance; begins with the principal axes.

    Returns:
        (n, 2) points.

    Raises:
        InputError: fewer pictures than FEWEST.
        MissingExtra: scikit-learn is not installed.

    Source:
        van der Maaten and Hinton 2008, "Visualizing Data using t-SNE".
    """
    if len(vectors) < FEWEST:
        raise InputError(f"A map of neighbours needs {FEWEST} pictures or more")
    try:
        from sklearn.manifold import TSNE
    except ModuleNotFoundError as missing:
        raise MissingExtra("plots", what="The t-SNE map needs scikit-learn") from missing
    start = principal_axes(vectors)[0]
    start *= 1e-4 / max(float(start[:, 0].std()), 1e-12)
    perplexity = min(PERPLEXITY, (len(vectors) - 1) / 3)
    model = TSNE(
        init=start.astype(np.float32), perplexity=perplexity, max_iter=ROUNDS, random_state=seed
    )
    with threadpool_limits(1):  # so few pictures gain nothing from more, and busy cores wait
        return np.asarray(model.fit_transform(vectors), np.float64)
