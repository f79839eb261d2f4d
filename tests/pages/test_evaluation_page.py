"""The page of an evaluation: well-formed, self-contained, safe against names, readable by all."""

import io
import re
from pathlib import Path

import made_evaluation as made
import numpy as np
import pytest
from page_reader import Page
from PIL import Image

from lookalike.nouns.evaluation_report import Counted, EvaluationReport
from lookalike.nouns.measure import Measure
from lookalike.pages.evaluation_page import LINES_SHOWN, LISTED, evaluation_page
from lookalike.pages.evaluation_words import (
    beats,
    counted_sentence,
    evaluation_sentence,
    interval,
    is_error,
    mistake_sentence,
)
from lookalike.plots.curves import top_figure

HOSTILE = "\"'><script>alert(1)</script>&amp;\x1b\u202e\udcff.jpg"


def small(path: Path, long_side_px: int) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (long_side_px, 9)).save(out, "JPEG")
    return out.getvalue()


def drawings():
    return {"matching": (top_figure([made.a_curve()], key="matching-0"),)}


def nothing() -> EvaluationReport:
    return EvaluationReport("m", "f", "d", Path("/d"), Counted(3, 0, 0, 0, 0, 3), 0, ())


PAGES = {
    "usual": lambda: evaluation_page(made.an_evaluation(), drawings(), small),
    "gone": lambda: evaluation_page(made.an_evaluation(), {}, lambda *_: None),
    "nothing": lambda: evaluation_page(nothing(), {}, small),
    "hostile": lambda: evaluation_page(made.an_evaluation(HOSTILE), drawings(), small),
    "large": lambda: evaluation_page(made.a_large_evaluation(), {}, small),
}


@pytest.mark.parametrize("name", PAGES)
def test_pages_are_well_formed_and_load_nothing(name):
    text = PAGES[name]()
    page = Page(text)
    assert not page.all("script") and not page.all("iframe") and not page.all("base")
    for tag, attrs in page.tags:
        assert not [key for key in attrs if key.startswith("on")], tag
        for key in ("src", "href", "action", "srcset"):
            assert str(attrs.get(key, "#")).startswith(("data:", "#")), (tag, attrs)
    assert not re.search(r"https?://|url\((?!#)|@import", text)
    text.encode("utf-8")


@pytest.mark.parametrize("name", PAGES)
def test_pages_can_be_read_by_everybody(name):
    page = Page(PAGES[name]())
    assert len(page.all("h1")) == len(page.all("main")) == len(page.all("title")) == 1
    assert all(image["alt"] for image in page.all("img"))
    assert all(svg["aria-label"] for svg in page.all("svg") if svg.get("role") == "img")
    assert all(cell.get("scope") for cell in page.all("th"))
    names = [attrs["id"] for _, attrs in page.tags if "id" in attrs]
    assert len(names) == len(set(names))
    links = [attrs["href"][1:] for attrs in page.all("a")]
    assert set(links) <= set(names)


def test_every_figure_stands_beside_baseline_and_interval():
    text = Page(PAGES["usual"]()).text
    for judged in made.an_evaluation().judged:
        for measure in judged.measures:
            assert measure.name in text and interval(measure) in text
            assert measure.baseline_name in text
    assert text.count("↓") == 1
    for words in ("precision", "recall", "f1-score", "support", "macro average"):
        assert words in text


def test_names_are_shown_and_do_nothing():
    page = Page(PAGES["hostile"]())
    assert "<script>alert(1)</script>&amp;" in page.text
    assert not {"\x1b", "\u202e", "\udcff"} & set(PAGES["hostile"]())


def test_mistakes_are_pairs_of_pictures_with_what_was_wrong():
    page = Page(PAGES["usual"]())
    assert len(page.all("img")) == 2 * len(made.an_evaluation().judged[0].mistakes)
    assert "score 0.930, but daisy and tulips" in page.text
    assert "score -0.200, but the same, tulips" in page.text
    assert Page(PAGES["gone"]()).text.count("can no longer be read") == 4


def test_leaks_failures_and_skipped_protocols_are_told():
    text = Page(PAGES["usual"]()).text
    assert "1 leak, left out of the figures" in text and "train/rose.jpg" in text
    assert "1 picture could not be read" in text and "torn.jpg" in text
    assert "trios: the data lack pictures of three classes" in text


def test_large_reports_stay_pages_that_open():
    text = Page(PAGES["large"]()).text
    assert f"{300 + 2 - LINES_SHOWN} lines left out" in text
    assert "Classification report of 300 classes" in text and "macro average" in text
    assert text.count(f"and {300 - LISTED:,} more, which --json lists") == 2


def test_sentences_count_rightly():
    report = made.an_evaluation()
    assert evaluation_sentence(report).startswith("Are two pictures alike? Accuracy 80.0 %")
    assert "always alike has 50.0 %" in evaluation_sentence(report)
    assert counted_sentence(report).startswith("28 pictures judged, of 4 classes (1 never trained")
    assert evaluation_sentence(nothing()) == "Nothing could be judged."
    assert counted_sentence(nothing()) == "3 pictures judged."
    assert mistake_sentence(made.mistake("a", "b", 0.5, False, "", "")) == (
        "score 0.500, but different"
    )


@pytest.mark.parametrize(
    ("name", "low", "high", "baseline", "better"),
    [
        ("accuracy", 0.6, 0.8, 0.5, True),
        ("accuracy", 0.4, 0.8, 0.5, False),
        ("EER", 0.1, 0.2, 0.5, True),
        ("FNMR at FMR 1 %", 0.1, 0.99, 0.99, False),
        ("Brier score", 0.1, 0.2, 0.25, True),
        ("ECE", 0.1, 0.2, 0.0, True),
    ],
)
def test_a_figure_stands_out_only_if_it_surely_beats_its_baseline(
    name, low, high, baseline, better
):
    measure = Measure(name, float(np.mean([low, high])), low, high, baseline, "x", 9)
    assert beats(measure) == better
    assert is_error(measure) == (name != "accuracy")
