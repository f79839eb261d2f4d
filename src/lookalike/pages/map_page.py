"""A collection in the plane as a page: to pan, to zoom, and to look at single pictures."""

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from lookalike.nouns.embeddings import Bytes, Ints
from lookalike.nouns.map_report import MapReport
from lookalike.pages.cards import SMALL_PX, Thumbnail, figure
from lookalike.pages.frame import note, page
from lookalike.pages.map_words import map_sentence
from lookalike.pages.scripted import with_script
from lookalike.pages.words import count, percent, visible

LARGEST = 65535
CLUSTERS_SHOWN = 48
HOW = (
    "Drag to move, turn the wheel to zoom, point at a picture to see it, click to keep it. "
    "The names below the map show only what they name. With the keyboard: arrows, +, - and 0."
)
WORDS = {
    "near": "Pictures that lie near each other are alike to the model. On a t-SNE or UMAP map, "
    "how far apart two distant heaps lie means little; on a PCA map it means what it says.",
    "cluster": "Pictures that the model puts near one centre, found in all dimensions, not on the "
    "map. It is named after the folder that most of it comes from, or after the picture that is "
    "most like all of it.",
    "kept neighbours": "Of the ten pictures that are most like one, the share that is among the "
    "ten nearest on the map. Two dimensions cannot hold them all.",
}


@dataclass(frozen=True, slots=True, eq=False)
class Tiles:
    """Small pictures on sheets of `per_row` times `per_row`.

    Attributes:
        rows: (t,) which pictures of the map, in the order of their tiles.
        sizes: (t, 2) uint8, width and height of each within its square.
        sheets: JPEGs.
        side_px: of a tile.
        per_row: tiles in a row of a sheet.
    """

    rows: Ints
    sizes: Bytes
    sheets: tuple[bytes, ...]
    side_px: int
    per_row: int


def map_page(report: MapReport, tiles: Tiles, thumbnail: Thumbnail) -> str:
    """The map, its clusters with the picture that stands for each, and what it was made by."""
    lead = f"{map_sentence(report)} {HOW}"
    sections = [_stage(report), _clusters(report, thumbnail)]
    said = [*report.remarks, *_lacking(report, tiles)]
    if report.kept_neighbours is not None:
        kept = percent(report.kept_neighbours)
        said.append(f"{kept} of the ten nearest pictures by the model are so on the map as well.")
    if said:
        sections.append(note(" ".join(said)))
    title = f"Map of {visible(report.folder.name or str(report.folder))}"
    return with_script(
        page(title, lead, sections, report.model, legend=_legend()),
        style=_file("map.css"),
        script=_file("map.js"),
        data=_data(report, tiles),
        name="map-data",
    )


def _file(name: str) -> str:
    return Path(__file__).with_name(name).read_text(encoding="utf-8")


def _stage(report: MapReport) -> str:
    choices = "".join(f"<option>{escape(c.name)}</option>" for c in report.colourings)
    label = escape(f"Map of {count(len(report), 'picture')}; the clusters are listed below it.")
    return (
        '<section><div class="map-bar">'
        f'<label>Colour by <select id="map-colour">{choices}</select></label>'
        '<label>Find <input type="search" id="map-find" placeholder="part of a path"></label>'
        '<label><input type="checkbox" id="map-pictures" checked> small pictures</label>'
        '<span class="keys"><button type="button" id="map-in" aria-label="Zoom in">+</button>'
        '<button type="button" id="map-out" aria-label="Zoom out">−</button>'  # noqa: RUF001
        '<button type="button" id="map-fit">Show all</button></span>'
        '<span id="map-count" role="status"></span></div>'
        f'<div class="map-stage"><canvas id="map" tabindex="0" role="img" aria-label="{label}">'
        '</canvas><div id="map-card" hidden><canvas id="map-small"></canvas>'
        '<span id="map-file"></span><span id="map-folder"></span><span id="map-facts"></span>'
        '</div></div><div class="map-legend" id="map-legend"></div>'
        "<noscript><p>The map itself needs JavaScript; its clusters are below.</p></noscript>"
        "</section>"
    )


def _clusters(report: MapReport, thumbnail: Thumbnail) -> str:
    made = []
    for cluster in report.clusters[:CLUSTERS_SHOWN]:
        small = thumbnail(report.folder / cluster.medoid, SMALL_PX)
        above = (
            f'<span class="said"><b>{escape(visible(cluster.name))}</b>'
            f'<span class="facts">{count(cluster.n, "picture")}</span></span>'
        )
        made.append(figure(cluster.medoid, small, above=above))
    hidden = len(report.clusters) - CLUSTERS_SHOWN
    more = f'<p class="more">and {hidden:,} more, which --json lists</p>' if hidden > 0 else ""
    return (
        "<section><h2>Clusters, and the picture that is most like all of each</h2>"
        f'<div class="grid">{"".join(made)}</div>{more}</section>'
    )


def _lacking(report: MapReport, tiles: Tiles) -> list[str]:
    if len(tiles.rows) == len(report):
        return []
    return [
        f"The page holds small pictures of {len(tiles.rows):,} of the {len(report):,}, spread "
        "over the map; of the others it tells the name."
    ]


def _data(report: MapReport, tiles: Tiles) -> dict[str, object]:
    x, y = _whole(report.points)
    parts = [visible(path).rpartition("/") for path in report.paths]
    folders = list(dict.fromkeys(folder for folder, _, _ in parts))
    places = {folder: place for place, folder in enumerate(folders)}
    tile = np.full(len(report), -1, np.int32)
    tile[tiles.rows] = np.arange(len(tiles.rows))
    return {
        "n": len(report),
        "x": _packed(x.astype("<u2")),
        "y": _packed(y.astype("<u2")),
        "folders": folders,
        "folder": _ints([places[folder] for folder, _, _ in parts]),
        "files": [file for _, _, file in parts],
        "colourings": [
            {"name": c.name, "names": [visible(name) for name in c.names], "of": _ints(c.of)}
            for c in report.colourings
        ],
        "tile": _ints(tile),
        "tileSizes": _packed(tiles.sizes.astype(np.uint8)),
        "tilePx": tiles.side_px,
        "perRow": tiles.per_row,
        "sheets": [
            f"data:image/jpeg;base64,{base64.b64encode(sheet).decode()}" for sheet in tiles.sheets
        ],
    }


def _whole(points: NDArray[np.float32]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """X and y, downwards, as whole numbers up to LARGEST, in one scale."""
    low, high = points.min(axis=0), points.max(axis=0)
    span = float((high - low).max()) or 1.0
    middle = (low + high) / 2
    share = (points - middle).astype(np.float64) / span + 0.5
    whole = np.clip(np.rint(share * LARGEST), 0, LARGEST)
    return whole[:, 0], LARGEST - whole[:, 1]


def _ints(values: Ints | Sequence[int] | NDArray[np.int32]) -> str:
    return _packed(np.asarray(values, "<i4"))


def _packed(values: NDArray[np.generic]) -> str:
    return base64.b64encode(np.ascontiguousarray(values).tobytes()).decode()


def _legend() -> str:
    words = "".join(f"<dt>{escape(k)}</dt><dd>{escape(v)}</dd>" for k, v in WORDS.items())
    return f"<details><summary>What the words mean</summary><dl>{words}</dl></details>"
