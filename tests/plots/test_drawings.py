"""Drawings: well-formed, self-contained, in the page's colours, the same every time."""

import re
from dataclasses import replace
from xml.etree import ElementTree

import numpy as np
import pytest
from sklearn.metrics import precision_recall_curve, roc_curve

from lookalike.nouns.curves import PrecisionRecallCurve, RocCurve
from lookalike.nouns.exhibits import Bar, Bars, Confusion, Curve, Reliability, ScoredPairs
from lookalike.plots.bars import SHOWN, bars_figure
from lookalike.plots.confusions import MOST_CLASSES, PAIRS_SHOWN, confusion_figure
from lookalike.plots.curves import (
    POINTS,
    precision_recall_figure,
    reliability_curve,
    roc_figure,
    top_figure,
)
from lookalike.plots.histograms import score_histogram
from lookalike.plots.maps import picture_map

HOSTILE = ("<script>alert(1)</script>", 'a "b" & c', "$x$ and \\frac", "_hidden", "海 \x1b ok", "")


def some_pairs(n=400, *, shift=0.4):
    chance = np.random.default_rng(0)
    same = np.arange(n) % 2 == 0
    scores = chance.normal(0, 0.2, n) + shift * same
    return ScoredPairs("balanced pairs", scores.astype(np.float32), same, 0.2)


def roc_of(pairs):
    false, true, thresholds = roc_curve(pairs.same, pairs.scores, drop_intermediate=False)
    return RocCurve(false, true, thresholds.astype(np.float64))


def precision_of(pairs):
    precision, recall, thresholds = precision_recall_curve(pairs.same, pairs.scores)
    columns = (precision[-2::-1], recall[-2::-1], thresholds[::-1].astype(np.float64))
    return PrecisionRecallCurve(*(column.copy() for column in columns))


def a_confusion(c):
    counts = np.random.default_rng(1).integers(0, 9, (c, c)) + 30 * np.eye(c, dtype=int)
    names = [*HOSTILE, *(f"class {i}" for i in range(c))][:c]
    return Confusion("by nearest class mean", tuple(names), counts.astype(np.int64))


def some_bars(n):
    names = [*HOSTILE, *(f"class {i}" for i in range(n))][:n]
    each = [Bar(name, i / n, i / n, min(1.0, i / n + 0.1), 20) for i, name in enumerate(names)]
    return Bars("5-way 1-shot, by class", tuple(each), 0.2, "at random")


def a_map(n=60, thumbnails=None):
    points = np.random.default_rng(2).normal(0, 1, (n, 2))
    labels = np.arange(n) % len(HOSTILE) - 1
    words = {"title": "Map", "caption": "how to read it", "key": "map-x"}
    return picture_map(points, labels, HOSTILE, thumbnails or {}, **words)


def a_curve():
    at = np.arange(1, 16)
    share = 1 - 0.6 * 0.8**at
    low, high = share - 0.04, share + 0.04
    return Curve("targets against sources", at, share, low, high, at / 100, "at random")


SIX = np.linspace(0.05, 0.95, 6)
DRAWINGS = {
    "scores": lambda: score_histogram(some_pairs(), key="a-scores"),
    "roc": lambda: roc_figure(roc_of(some_pairs()), 0.2, key="a-roc"),
    "pr": lambda: precision_recall_figure(precision_of(some_pairs()), 0.2, key="a-pr"),
    "top": lambda: top_figure([a_curve(), replace(a_curve(), name="perceptual hash")], key="a-top"),
    "reliability": lambda: reliability_curve(
        Reliability("P(same class)", SIX, SIX**2, np.arange(1, 7)), key="a-reliability"
    ),
    "confusion": lambda: confusion_figure(a_confusion(6), key="a-confusion"),
    "confusion-large": lambda: confusion_figure(a_confusion(50), key="a-confusion"),
    "bars": lambda: bars_figure(some_bars(6), key="a-bars"),
    "bars-many": lambda: bars_figure(some_bars(90), key="a-bars"),
    "map": lambda: a_map(thumbnails={0: b"jpeg", 7: b"jpeg"}),
}


@pytest.fixture(scope="module")
def made():
    return {name: draw() for name, draw in DRAWINGS.items()}


@pytest.mark.parametrize("name", DRAWINGS)
def test_a_drawing_is_well_formed_and_loads_nothing(made, name):
    svg = made[name].svg
    tree = ElementTree.fromstring(svg)
    assert tree.tag == "svg"
    tags = {element.tag for element in tree.iter()}
    assert not tags & {"script", "style", "metadata", "foreignObject", "a"}
    for element in tree.iter():
        for key, value in element.attrib.items():
            assert not key.startswith("on")
            if key == "href":
                assert value.startswith(("#", "data:image/"))
    assert not re.search(r"https?:|url\((?!#)|@import", svg)


@pytest.mark.parametrize("name", DRAWINGS)
def test_who_cannot_see_a_drawing_is_told_what_it_shows(made, name):
    root = ElementTree.fromstring(made[name].svg)
    assert root.attrib["role"] == "img"
    assert root.attrib["aria-label"] == made[name].alt
    assert re.search(r"\d", made[name].alt) and made[name].title


@pytest.mark.parametrize("name", DRAWINGS)
def test_names_inside_a_drawing_meet_no_other_drawing(made, name):
    svg = made[name].svg
    names = re.findall(r'\sid="([^"]+)"', svg)
    assert len(names) == len(set(names))
    key = "map-" if name == "map" else f"a-{name.partition('-')[0]}-"
    assert all(one.startswith(key) for one in names)
    for used in re.findall(r'url\(#([^)]+)\)|href="#([^"]+)"', svg):
        assert "".join(used) in names


@pytest.mark.parametrize("name", DRAWINGS)
def test_colours_follow_the_page(made, name):
    svg = made[name].svg
    assert "#0102" not in svg and "var(--" in svg
    # Black is matplotlib's own colour, which nobody sees in the dark.
    for style in re.findall(r'style="([^"]*)"', svg):
        assert not re.search(r"(fill|stroke): (#000000|black)", style)
    assert "DejaVu" not in svg


@pytest.mark.parametrize("name", ["scores", "confusion", "map"])
def test_the_same_figure_is_drawn_the_same(made, name):
    assert DRAWINGS[name]() == made[name]


def test_class_names_are_told_as_they_are(made):
    for name in ("confusion", "bars", "map"):
        text = "".join(ElementTree.fromstring(made[name].svg).itertext())
        assert "<script>alert(1)</script>" in text
        assert "$x$ and" in text and "\x1b" not in text and "海" in text


def letters(drawing):
    return " ".join("".join(ElementTree.fromstring(drawing.svg).itertext()).split())


def test_a_roc_curve_tells_area_and_threshold():
    perfect = some_pairs(shift=9.0)
    drawing = roc_figure(roc_of(perfect), 4.0, key="x")
    assert "area of 1.000" in drawing.alt
    assert "100.0% of the same pairs are found, and 0.0%" in drawing.alt


@pytest.mark.parametrize("threshold", [-9.0, 9.0])
def test_a_threshold_beyond_all_scores_is_drawn(threshold):
    pairs = some_pairs(40)
    moved = ScoredPairs(pairs.name, pairs.scores, pairs.same, threshold)
    share = "100.0%" if threshold < 0 else "0.0%"
    assert f"{share} of the same" in score_histogram(moved, key="x").alt
    assert f"{share} of the same" in roc_figure(roc_of(pairs), threshold, key="x").alt
    precision_recall_figure(precision_of(pairs), threshold, key="x")


def test_scores_that_are_all_equal_are_drawn():
    pairs = ScoredPairs("x", np.ones(4, np.float32), np.array([True, False, True, False]), 1.0)
    assert "100.0% of the same" in score_histogram(pairs, key="x").alt


def test_long_curves_are_thinned_and_keep_their_ends():
    drawing = roc_figure(roc_of(some_pairs(20_000)), 0.2, key="x")
    longest = max(re.findall(r'd="([^"]*)"', drawing.svg), key=len)
    assert len(longest.split("L")) <= POINTS + 2


def test_many_classes_become_pairs_most_often_confused():
    counts = np.zeros((MOST_CLASSES + 1,) * 2, np.int64)
    counts[3, 5], counts[5, 3], counts[1, 2] = 7, 4, 9
    names = tuple(f"class {i}" for i in range(len(counts)))
    confusion = Confusion("by nearest class mean", names, counts)
    assert confusion.most_confused(9) == [("class 3", "class 5", 11), ("class 1", "class 2", 9)]
    drawing = confusion_figure(confusion, key="x")
    assert "class 3 and class 5, 11 times" in drawing.alt
    assert len(a_confusion(50).most_confused(PAIRS_SHOWN)) == PAIRS_SHOWN


def test_nothing_confused_is_drawn_too():
    confusion = Confusion("x", tuple(map(str, range(30))), np.eye(30, dtype=np.int64))
    assert "none" in confusion_figure(confusion, key="x").alt


def test_of_many_bars_worst_and_best_are_shown(made):
    assert f"{90 - SHOWN} classes between them" in made["bars-many"].caption
    text = letters(made["bars-many"])
    assert "class 83" in text and "class 40" not in text


def test_small_pictures_lie_on_their_points():
    drawing = a_map(60, {0: b"first", 7: b"other"})
    tree = ElementTree.fromstring(drawing.svg)
    images = [element.attrib for element in tree.iter("image")]
    assert [image["href"][-8:] for image in images] == ["Zmlyc3Q=", "b3RoZXI="]
    points = np.random.default_rng(2).normal(0, 1, (60, 2))
    placed = [(float(image["x"]), float(image["y"])) for image in images]
    (x0, y0), (x7, y7) = placed
    assert np.sign(x0 - x7) == np.sign(points[0, 0] - points[7, 0])
    assert np.sign(y0 - y7) == -np.sign(points[0, 1] - points[7, 1])  # pages count downwards
    dots = [(float(use.attrib["x"]), float(use.attrib["y"])) for use in tree.iter("use")]
    for x, y in placed:
        assert min(abs(x + 12.5 - a) + abs(y + 12.5 - b) for a, b in dots) < 0.2
