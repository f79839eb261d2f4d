"""Which parts of a picture a score rests on: parts are covered, and what that costs is weighed.

Any encoder will do: only pictures go in and scores come out.
"""

from collections.abc import Callable, Iterator, Sequence

import numpy as np
from PIL import Image

from lookalike.nouns.embeddings import Bools, Bytes, Floats

GRID = 8
"""Cells in a row and in a column."""

WINDOWS = (1, 2, 3)
"""Sides of the windows that are covered, in cells."""

RIDGE = 1.0
SIDE_PX = 256
"""Pictures are looked at in about this size: cells have 32 pixels a side or more."""

BATCH = 32

Encode = Callable[[Sequence[Bytes]], Floats]
"""Pictures to rows of length 1."""


def cell_weights(pixels: Bytes, other: Floats, encode: Encode) -> tuple[Floats, float]:
    """How much each cell of a picture adds to its score with another.

    Windows of several sizes are covered one after the other, wherever they fit. The weights are
    those whose sums over the windows come nearest, by ridge regression, to what covering each
    window cost.

    Args:
        pixels: (h, w, 3) uint8.
        other: (d,) of length 1, the other picture's vector.
        encode: the model.

    Returns:
        (GRID, GRID) float32, how much the score falls when the cell is covered (a cell that
        speaks against likeness is below 0), and the score of the whole picture.

    Source:
        Occlusion: Zeiler and Fergus 2014, arXiv:1311.2901. A linear surrogate fitted on covered
        pictures: Ribeiro et al. 2016 (LIME), arXiv:1602.04938.
    """
    masks = np.stack(list(_windows()))
    scores = covered_scores(pixels, masks, other, encode)
    whole = float(covered_scores(pixels, np.zeros((1, GRID, GRID), bool), other, encode)[0])
    rows = masks.reshape(len(masks), -1).astype(np.float64)
    cost = whole - scores
    # Large windows say more of their sum, and less of each cell: all rows weigh the same.
    square = rows.T @ rows + RIDGE * np.eye(GRID * GRID)
    weights = np.linalg.solve(square, rows.T @ cost)
    return weights.reshape(GRID, GRID).astype(np.float32), whole


def covered_scores(pixels: Bytes, masks: Bools, other: Floats, encode: Encode) -> Floats:
    """Scores of a picture with some of its cells covered by its mean colour.

    Args:
        pixels: (h, w, 3) uint8.
        masks: (m, GRID, GRID) cells to be covered.
        other: (d,) of length 1.
        encode: the model.

    Returns:
        (m,) float32.
    """
    mean = np.rint(pixels.reshape(-1, 3).mean(axis=0)).astype(np.uint8)
    found = []
    for low in range(0, len(masks), BATCH):
        part = [covered(pixels, mask, mean) for mask in masks[low : low + BATCH]]
        found.append(encode(part) @ other)
    return np.concatenate(found).astype(np.float32)


def covered(pixels: Bytes, mask: Bools, colour: Bytes) -> Bytes:
    """The picture with some cells in one colour.

    Args:
        pixels: (h, w, 3) uint8.
        mask: (GRID, GRID) cells.
        colour: (3,) uint8.
    """
    cells = in_pixels(mask, pixels.shape[0], pixels.shape[1])
    out = pixels.copy()
    out[cells] = colour
    return out


def in_pixels(mask: Bools, height: int, width: int) -> Bools:
    """(height, width) which pixels lie in the cells."""
    rows = np.arange(height) * GRID // height
    columns = np.arange(width) * GRID // width
    return mask[rows][:, columns]


def looked_at(pixels: Bytes, side_px: int) -> Bytes:
    """The picture, scaled down where its short side is more than is looked at."""
    scale = side_px / min(pixels.shape[:2])
    if scale >= 1:
        return pixels
    size = (max(1, round(pixels.shape[1] * scale)), max(1, round(pixels.shape[0] * scale)))
    return np.asarray(Image.fromarray(pixels).resize(size, Image.Resampling.BOX))


def _windows() -> Iterator[Bools]:
    for side in WINDOWS:
        for top in range(GRID - side + 1):
            for left in range(GRID - side + 1):
                mask = np.zeros((GRID, GRID), bool)
                mask[top : top + side, left : left + side] = True
                yield mask
