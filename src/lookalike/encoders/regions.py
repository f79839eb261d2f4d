"""From the weights of cells to the few regions that are named, and how much they matter."""

import numpy as np

from lookalike.encoders.occlusion import GRID, Encode, cell_weights, covered_scores
from lookalike.nouns.embeddings import Bools, Bytes, Floats, Ints
from lookalike.nouns.explain_report import Region

NAMED_SHARE = 0.2
"""Of the picture at most."""

LEAST_OF_HEAVIEST = 0.25
"""A cell that weighs less than this share of the heaviest one is not named."""

OTHERS = 8
"""As large regions elsewhere that the named ones are held against."""


def regions_of(weights: Floats) -> tuple[Bools, tuple[Region, ...]]:
    """The heaviest cells, joined where they touch.

    Args:
        weights: (g, g).

    Returns:
        (g, g) cells that are named, and the regions, heaviest first; none where nothing speaks
        for likeness.
    """
    flat = weights.ravel()
    order = np.argsort(-flat, kind="stable")[: round(NAMED_SHARE * flat.size)]
    kept = order[flat[order] > max(LEAST_OF_HEAVIEST * float(flat.max()), 0.0)]
    chosen = np.zeros(flat.size, bool)
    chosen[kept] = True
    named: Bools = chosen.reshape(weights.shape)
    total = float(flat[flat > 0].sum())
    found = []
    for cells in _joined(named):
        top, left = cells.min(axis=0) / GRID
        bottom, right = (cells.max(axis=0) + 1) / GRID
        share = float(weights[tuple(cells.T)].sum()) / total
        found.append(Region((float(left), float(top), float(right), float(bottom)), share))
    return named, tuple(sorted(found, key=lambda region: (-region.weight, region.box)))


def explained(
    pixels: Bytes, other: Floats, encode: Encode, *, seed: int
) -> tuple[Floats, Bools, tuple[Region, ...], float, float]:
    """The weights, the regions, and what covering them does, as against regions elsewhere.

    Args:
        pixels: (h, w, 3) uint8.
        other: (d,) the other picture's vector.
        encode: the model.
        seed: of where the others lie.

    Returns:
        Weights, named cells, regions, the score without them, and the mean score without regions
        of the same shape elsewhere.
    """
    weights, whole = cell_weights(pixels, other, encode)
    named, regions = regions_of(weights)
    if not regions:
        return weights, named, regions, whole, whole
    masks = np.concatenate([named[None], _elsewhere(named, np.random.default_rng(seed))])
    scores = covered_scores(pixels, masks, other, encode)
    return weights, named, regions, float(scores[0]), float(scores[1:].mean())


def _elsewhere(named: Bools, chance: np.random.Generator) -> Bools:
    """The same cells moved around the edges, and flipped or not."""
    moved: list[Bools] = []
    while len(moved) < OTHERS:
        down, across = chance.integers(0, GRID, 2).tolist()
        mask = np.roll(named, (down, across), (0, 1))
        moved.append(mask[::-1] if chance.random() < 0.5 else mask)
    return np.stack(moved)


def _joined(named: Bools) -> list[Ints]:
    """Cells that touch side by side, as (c, 2) rows and columns of each region."""
    left = {(int(row), int(column)) for row, column in np.argwhere(named)}
    found = []
    while left:
        todo = [min(left)]
        left.discard(todo[0])
        cells = []
        while todo:
            row, column = todo.pop()
            cells.append((row, column))
            for near in (
                (row - 1, column),
                (row + 1, column),
                (row, column - 1),
                (row, column + 1),
            ):
                if near in left:
                    left.discard(near)
                    todo.append(near)
        found.append(np.array(sorted(cells), np.int64))
    return found
