"""A map as a page with small pictures in it, or as one picture for print."""

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np

from lookalike.images.budget import DecodeBudget
from lookalike.images.decode import read_picture
from lookalike.images.sheets import sheets_of, tile_of
from lookalike.nouns.embeddings import Bytes, Floats, Ints
from lookalike.nouns.errors import InputError, UnreadableImage
from lookalike.nouns.map_report import MapReport
from lookalike.pages.map_page import Tiles, map_page
from lookalike.verbs.progress import Progress, silent
from lookalike.verbs.show import with_pictures, write_page

TILES = 2500
"""Small pictures in a page at most, about 3 kB each."""

TILE_PX, PER_ROW = 96, 20

FINEST = 9
"""Grids of 4 to 4 << 8 cells a side spread the small pictures."""


def save_map(
    report: MapReport, path: str | Path, *, tiles: int = TILES, progress: Progress = silent
) -> Path:
    """Write a map as one self-contained HTML file to pan and zoom in.

    Args:
        report: of `map_pictures`.
        path: the file to write; an older one is replaced only when the new one is whole.
        tiles: small pictures in the page at most.
        progress: told of small pictures made.

    Returns:
        The absolute path of the file.

    Raises:
        InputError: the file cannot be written.
    """
    return write_page(map_text(report, tiles=tiles, progress=progress), path)


def map_text(report: MapReport, *, tiles: int = TILES, progress: Progress = silent) -> str:
    """The page as text."""
    made = _tiles(report, tiles, progress)
    return with_pictures(lambda picture: map_page(report, made, picture))


def save_map_image(report: MapReport, path: str | Path, *, colour: str = "") -> Path:
    """Write a map as one picture for print.

    Args:
        report: of `map_pictures`.
        path: ends in .png, .svg or .pdf.
        colour: the name of one of its colourings; the first one unless given.

    Returns:
        The absolute path of the file.

    Raises:
        InputError: the map has no such colouring, or the file cannot be written.
        MissingExtra: matplotlib is not installed.
    """
    from lookalike.plots.maps import shown_rows
    from lookalike.plots.print_map import FORMATS, print_map

    target = Path(path).expanduser().absolute()
    if target.suffix.lower() not in FORMATS:
        raise InputError(
            f"A map is printed as {', '.join(FORMATS)}", where=str(target), mend="name it so"
        )
    chosen = report.colouring(colour) if colour else report.colourings[0]
    if chosen is None:
        names = ", ".join(c.name for c in report.colourings)
        raise InputError(f"There is no colouring {colour!r}", mend=f"one of {names}")
    rows = shown_rows(report.points.astype(np.float64))
    made = _pixels(report, rows, silent)
    pictures = {row: pixels for row, pixels in made.items() if pixels is not None}
    try:
        print_map(report.points, chosen, pictures, target)
    except OSError as error:
        raise InputError(
            f"The map cannot be written: {error.strerror or error}",
            where=str(target),
            mend="name another file",
        ) from error
    return target


def _tiles(report: MapReport, most: int, progress: Progress) -> Tiles:
    """Small pictures of rows spread over the map, those that matter most at any zoom first."""
    rows = spread_rows(report.points)[: max(most, 0)]
    made = {row: p for row, p in _pixels(report, rows, progress).items() if p is not None}
    sizes = [(pixels.shape[1], pixels.shape[0]) for pixels in made.values()]
    return Tiles(
        rows=np.array(list(made), np.int64),
        sizes=np.array(sizes, np.uint8).reshape(-1, 2),
        sheets=sheets_of(list(made.values()), side_px=TILE_PX, per_row=PER_ROW),
        side_px=TILE_PX,
        per_row=PER_ROW,
    )


def spread_rows(points: Floats) -> Ints:
    """All rows, so ordered that the first few lie all over the map, however few are taken.

    Of each cell of a coarse grid comes one, then of each cell of a grid twice as fine, and so on.

    Args:
        points: (n, 2).
    """
    low, high = points.min(axis=0), points.max(axis=0)
    place = (points - low) / max(float((high - low).max()), 1e-12)
    level = np.full(len(points), FINEST, np.int64)
    for fineness in range(FINEST - 1, -1, -1):
        cells = 4 << fineness
        cell = np.minimum((place * cells).astype(np.int64), cells - 1)
        first = np.unique(cell[:, 1] * cells + cell[:, 0], return_index=True)[1]
        level[first] = fineness
    return np.argsort(level, kind="stable").astype(np.int64)


def _pixels(report: MapReport, rows: Ints, progress: Progress) -> dict[int, Bytes | None]:
    """Small pixels of some pictures, None where a file can no longer be read."""
    budget = DecodeBudget()

    def make(row: int) -> Bytes | None:
        path = report.folder / report.paths[row]
        try:
            pixels = read_picture(path, short_side_px=TILE_PX, budget=budget).pixels
        except UnreadableImage:
            return None
        return tile_of(pixels, TILE_PX)

    made: dict[int, Bytes | None] = {}
    with ThreadPoolExecutor(os.cpu_count() or 1, thread_name_prefix="lookalike") as pool:
        for row, tile in zip(rows.tolist(), pool.map(make, rows.tolist()), strict=True):
            made[row] = tile
            progress(len(made), len(rows))
    return made
