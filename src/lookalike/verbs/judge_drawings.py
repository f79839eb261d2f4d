"""An evaluation as a page: what each protocol shows is drawn, and the pictures are laid out."""

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from importlib.util import find_spec
from pathlib import Path

import numpy as np

from lookalike.images.budget import DecodeBudget
from lookalike.metrics.verification import precision_recall_curve, roc_curve
from lookalike.nouns.drawing import Drawing
from lookalike.nouns.embeddings import Ints
from lookalike.nouns.errors import MissingExtra
from lookalike.nouns.evaluation_report import EvaluationReport, Judged
from lookalike.nouns.exhibits import (
    Bars,
    Confusion,
    Curve,
    Exhibit,
    Reliability,
    ScoredPairs,
)
from lookalike.pages.evaluation_page import evaluation_page
from lookalike.verbs.judge_bench import Bench, Part
from lookalike.verbs.show import small, with_pictures, write_page

MAPPED = 1000
"""Pictures on a map at most; t-SNE takes seconds for so many, and more make no better map."""

MAP_PX = 56


def check_extra() -> None:
    """Refuse a page that could not be drawn, before anything is read.

    Raises:
        MissingExtra: matplotlib or scikit-learn is not installed.
    """
    for package in ("matplotlib", "sklearn"):
        if find_spec(package) is None:
            raise MissingExtra("plots", what=f"The page needs {package}, which is not installed")


def save_evaluation(report: EvaluationReport, bench: Bench, path: str | Path) -> Path:
    """Write the report as one self-contained HTML file.

    Args:
        report: what was found.
        bench: the pictures that it was found on.
        path: the file to write; an older one is replaced only when the new one is whole.

    Returns:
        The absolute path of the file.

    Raises:
        InputError: the file cannot be written.
        MissingExtra: matplotlib or scikit-learn is not installed.
    """
    check_extra()
    drawings = {judged.protocol: tuple(_drawn(judged)) for judged in report.judged}
    drawings["maps"] = tuple(_maps(bench))
    text = with_pictures(lambda picture: evaluation_page(report, drawings, picture))
    return write_page(text, path)


def _drawn(judged: Judged) -> Iterator[Drawing]:
    from lookalike.plots.curves import top_figure

    for place, exhibit in enumerate(judged.exhibits):
        yield from _drawings(exhibit, f"{judged.protocol}-{place}")
    if curves := judged.of_kind(Curve):
        yield top_figure(curves, key=f"{judged.protocol}-top")


def _drawings(exhibit: Exhibit, key: str) -> Iterator[Drawing]:
    """The figures of one exhibit; a classification report is a table, and curves share one."""
    from lookalike.plots.bars import bars_figure
    from lookalike.plots.confusions import confusion_figure
    from lookalike.plots.curves import reliability_curve

    match exhibit:
        case ScoredPairs():
            yield from _of_pairs(exhibit, key)
        case Confusion():
            yield confusion_figure(exhibit, key=key)
        case Bars():
            yield bars_figure(exhibit, key=key)
        case Reliability():
            yield reliability_curve(exhibit, key=key)


def _of_pairs(pairs: ScoredPairs, key: str) -> Iterator[Drawing]:
    from lookalike.plots.curves import precision_recall_figure, roc_figure
    from lookalike.plots.histograms import score_histogram

    yield score_histogram(pairs, key=f"{key}-scores")
    roc = roc_curve(pairs.scores, pairs.same)
    yield roc_figure(roc, pairs.threshold, key=f"{key}-roc")
    curve = precision_recall_curve(pairs.scores, pairs.same)
    yield precision_recall_figure(curve, pairs.threshold, key=f"{key}-pr")


def _maps(bench: Bench) -> Iterator[Drawing]:
    """The judged pictures laid out by what the model makes of them."""
    from lookalike.plots.maps import picture_map, shown_rows
    from lookalike.plots.projections import FEWEST, neighbour_map, principal_axes

    part = _some(bench.judged, bench.judge.seed)
    if len(part) < FEWEST:
        return
    points, share = principal_axes(part.vectors)
    kinds = [
        ("pca", "Principal axes (PCA)", f"These two axes hold {share:.0%} of the variance.", points)
    ]
    nearby = neighbour_map(part.vectors, seed=bench.judge.seed)
    words = "Near pictures are alike to the model; distances across the map mean little."
    kinds.append(("t-sne", "Neighbourhoods (t-SNE)", words, nearby))
    for key, title, caption, places in kinds:
        thumbnails = _thumbnails(part, shown_rows(places))
        yield picture_map(
            places,
            part.data.labels,
            part.data.classes,
            thumbnails,
            title=title,
            caption=caption,
            key=f"map-{key}",
        )


def _some(part: Part, seed: int) -> Part:
    if len(part) <= MAPPED:
        return part
    chance = np.random.default_rng(seed)
    return part.take(np.sort(chance.choice(len(part), MAPPED, replace=False)))


def _thumbnails(part: Part, rows: Ints) -> dict[int, bytes]:
    budget = DecodeBudget()

    def make(row: int) -> bytes | None:
        return small(part.data.path(row), MAP_PX, budget)

    with ThreadPoolExecutor(os.cpu_count() or 1, thread_name_prefix="lookalike") as pool:
        made = zip(rows.tolist(), pool.map(make, rows.tolist()), strict=True)
        return {row: picture for row, picture in made if picture is not None}
