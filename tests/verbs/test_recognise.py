"""recognise: known classes get their name, strangers none, at the rate that was stated."""

import csv
import io
import json

import numpy as np
import pytest
from click.testing import CliRunner
from PIL import Image, ImageEnhance
from scenes import scene

import lookalike
from lookalike import RecogniseOptions
from lookalike.cli.main import main
from lookalike.nouns.errors import InputError, UnreadableImage
from lookalike.nouns.recognise_report import NONE_OF_THESE

CLASSES, STRANGERS = 8, 4


def another(seed: int, place: int) -> Image.Image:
    """Another picture of a class: cut and lit otherwise."""
    random = np.random.default_rng([seed, place])
    left, top = random.integers(0, 20, 2).tolist()
    cut = scene(seed).crop((left, top, 300 + left, 220 + top))
    return ImageEnhance.Brightness(cut).enhance(float(random.uniform(0.8, 1.2)))


@pytest.fixture(scope="module")
def places(tmp_path_factory):
    """One and three examples a class, and pictures of classes and of none, in folders."""
    root = tmp_path_factory.mktemp("classes")
    for seed in range(CLASSES):
        for n, kind in ((1, "one"), (3, "three")):
            for place in range(n):
                target = root / kind / f"c{seed}" / f"{place}.png"
                target.parent.mkdir(parents=True, exist_ok=True)
                another(seed, place).save(target)
    (root / "files").mkdir()
    for seed in range(CLASSES):
        another(seed, 0).save(root / "files" / f"c{seed}.png")
    for seed in (*range(CLASSES), *range(50, 50 + STRANGERS)):
        for place in (7, 8):
            target = root / "asked" / f"c{seed}" / f"{place}.jpg"
            target.parent.mkdir(parents=True, exist_ok=True)
            another(seed, place).save(target, quality=90)
    (root / "asked" / "c0" / "torn.jpg").write_bytes(b"\xff\xd8\xff\xe0 no more")
    return root


@pytest.mark.parametrize("kind", ["one", "three", "files"])
@pytest.mark.parametrize("rule", ["prototype", "nearest"])
def test_classes_are_known_and_strangers_rejected(places, kind, rule):
    options = RecogniseOptions(rule=rule, reject=0.9)
    report = lookalike.recognise(places / kind, places / "asked", options, truth="folders")
    assert [name for name, _ in report.classes] == [f"c{seed}" for seed in range(CLASSES)]
    figures = {measure.name: measure for measure in report.measures}
    assert figures["class right, nothing rejected"].n == 2 * CLASSES
    assert figures["class right, nothing rejected"].value >= 0.9
    assert figures["of no class, rejected"].n == 2 * STRANGERS
    assert figures["of no class, rejected"].value >= 0.7
    assert figures["answers right"].value == pytest.approx(
        np.mean([each.right for each in report.recognised])
    )
    assert [failure.path.name for failure in report.failed] == ["torn.jpg"]


def test_rejecting_nothing_names_a_class_for_all(places):
    report = lookalike.recognise(places / "one", places / "asked", RecogniseOptions(reject=0))
    assert report.threshold is None and report.n_known == len(report.recognised)
    assert NONE_OF_THESE not in {each.answer for each in report.recognised}


def test_more_is_rejected_at_a_higher_rate(places):
    thresholds, known = [], []
    for rate in (0.5, 0.8, 0.95, 0.99):
        options = RecogniseOptions(reject=rate)
        report = lookalike.recognise(places / "three", places / "asked", options)
        thresholds.append(report.threshold)
        known.append(report.n_known)
    assert thresholds == sorted(thresholds) and known == sorted(known, reverse=True)


def test_a_higher_prior_is_surer_and_guesses_come_best_first(places):
    low, high = (
        lookalike.recognise(places / "three", places / "asked", RecogniseOptions(prior=prior))
        for prior in (0.2, 0.8)
    )
    for less, more in zip(low.recognised, high.recognised, strict=True):
        assert more.guesses[0].probability >= less.guesses[0].probability
        scores = [guess.score for guess in less.guesses]
        assert scores == sorted(scores, reverse=True) and len(scores) == 3
        assert all(guess.example.parent.name == guess.name for guess in less.guesses)


def test_examples_by_name_answer_as_a_folder_does(places):
    named = {f"c{seed}": places / "three" / f"c{seed}" for seed in range(CLASSES)}
    files = sorted((places / "asked" / "c3").glob("*.jpg"))
    wanted = lookalike.recognise(places / "three", files)
    found = lookalike.recognise(named, files)
    assert found.recognised == wanted.recognised


def test_what_was_learned_on_is_told(places):
    repeated = lookalike.recognise(places / "three", places / "asked" / "c1")
    assert repeated.learned_on == "24 examples, each left out in turn"
    single = lookalike.recognise(places / "one", places / "asked" / "c1")
    assert single.learned_on == "what the card of built-in says of two pictures of one class"


def test_what_the_rejected_share_rests_on_is_told(places):
    few = lookalike.recognise(places / "one", places / "asked" / "c1")
    assert few.rejects_by.startswith("estimated from how alike the classes are")
    assert "shows 78 %; 19 classes would show it" in few.rejects_by
    assert few.to_dict()["rejects_by"] == few.rejects_by
    enough = lookalike.recognise(
        places / "one", places / "asked" / "c1", RecogniseOptions(reject=0.6)
    )
    assert enough.rejects_by.startswith("shown by")
    nothing = lookalike.recognise(
        places / "one", places / "asked" / "c1", RecogniseOptions(reject=0)
    )
    assert nothing.rejects_by == ""


def test_a_model_that_knows_nothing_learns_from_copies(places, tiny_model):
    options = RecogniseOptions(model=tiny_model)
    report = lookalike.recognise(places / "one", places / "asked" / "c1", options)
    assert report.learned_on == f"edited copies of {CLASSES} examples"


@pytest.mark.parametrize(
    "change", [{"rule": "vote"}, {"reject": 0.3}, {"prior": 0}, {"top": 0}, {"seed": -1}]
)
def test_what_cannot_be_asked_is_refused(change):
    with pytest.raises(InputError):
        RecogniseOptions(**change)


def test_too_little_to_go_by_is_refused(places, tmp_path):
    with pytest.raises(InputError, match="Two classes"):
        lookalike.recognise({"a": places / "one" / "c0"}, places / "asked")
    with pytest.raises(InputError, match="no such picture"):
        lookalike.recognise(places / "one", places / "nowhere")
    with pytest.raises(InputError, match="no truth"):
        lookalike.recognise(places / "one", places / "asked", truth="labels")
    torn = places / "asked" / "c0" / "torn.jpg"
    with pytest.raises(InputError, match="Two classes"):
        lookalike.recognise({"a": torn, "b": places / "one" / "c1"}, places / "asked")
    with pytest.raises(UnreadableImage):
        lookalike.recognise(places / "one", torn)


def test_a_class_that_cannot_be_read_is_told_and_left_out(places):
    named = {f"c{seed}": places / "one" / f"c{seed}" for seed in range(CLASSES)}
    torn = places / "asked" / "c0" / "torn.jpg"
    report = lookalike.recognise({**named, "torn": torn}, places / "asked" / "c1")
    assert "torn" not in dict(report.classes) and report.failed[0].path == torn


def test_the_command_answers_in_every_form(places, tmp_path):
    words = ["recognise", str(places / "three"), str(places / "asked"), "--truth", "folders"]
    page = tmp_path / "recognised.html"
    shown = CliRunner().invoke(main, [*words, "--html", str(page)])
    assert shown.exit_code == 0, shown.output
    assert "Of pictures of no class 90 % should be rejected: estimated from" in shown.output
    assert "answers right" in shown.output
    n = 2 * (CLASSES + STRANGERS)
    assert page.read_text().count("<h2>") == n + 2
    data = json.loads(CliRunner().invoke(main, [*words, "--json"]).stdout)
    assert data["classes"] == {f"c{seed}": 3 for seed in range(CLASSES)}
    rows = list(csv.DictReader(io.StringIO(CliRunner().invoke(main, [*words, "--csv"]).stdout)))
    assert len(rows) == len(data["pictures"]) == n
    assert sum(row["answer"] != NONE_OF_THESE for row in rows) == data["known"]
