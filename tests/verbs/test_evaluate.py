"""`evaluate`: honest figures, thresholds and parts, and refusals that name what is wrong."""

import csv
import json
import shutil
from dataclasses import replace

import judged_sets as sets
import numpy as np
import pytest
from networks import network
from scenes import scene

from lookalike.encoders.model_file import write_model
from lookalike.nouns.card import Calibration, ModelCard, Preprocessing
from lookalike.nouns.errors import InputError, MissingExtra
from lookalike.nouns.exhibits import Bars, Confusion, Reliability, ScoredPairs
from lookalike.nouns.recipe import DataPart, JudgePart
from lookalike.verbs import judge_drawings
from lookalike.verbs.evaluate import PROTOCOLS, evaluate
from lookalike.verbs.judge_parts import read_data, with_parts

FEW = JudgePart(pairs=200, triplets=200, episodes=20, ways=(2, 3))


def few(*protocols, **changes):
    return replace(FEW, protocols=protocols, **changes)


@pytest.fixture(scope="module")
def classes(tmp_path_factory):
    return sets.class_folders(tmp_path_factory.mktemp("sets") / "colours")


@pytest.fixture(scope="module")
def report(classes):
    return evaluate("classic", classes, judge=FEW)


def test_every_protocol_that_the_data_allow_is_run(report):
    lacking = dict(report.skipped)
    assert set(report.protocols) | set(lacking) == set(PROTOCOLS)
    assert set(lacking) == {"matching"} and "targets" in lacking["matching"]
    assert report.counted.judged == 28 and report.counted.validation == 12
    assert report.counted.classes == 4 and not report.failed and not report.leaks


def test_colours_are_easy_and_every_figure_has_its_baseline(report):
    for protocol, name in (
        ("verification", "balanced accuracy"),
        ("triplets", "triplet accuracy, cosine"),
        ("trios", "balanced accuracy"),
        ("one-shot", "2-way 1-shot"),
        ("retrieval", "R@1"),
        ("classes", "accuracy"),
        ("copies", "micro-AP"),
    ):
        measure = report.measure(protocol, name)
        assert measure.value > measure.baseline, (protocol, measure)
    for judged in report.judged:
        for measure in judged.measures:
            assert measure.low <= measure.value <= measure.high
            assert measure.baseline_name and measure.n > 0
    assert report.measure("one-shot", "2-way 1-shot").baseline == 0.5
    with pytest.raises(KeyError):
        report.measure("one-shot", "no such")
    with pytest.raises(KeyError):
        report.protocol("matching")


def test_prevalence_is_that_of_the_judged_pictures(report):
    share = 4 * 7 * 6 / (28 * 27)
    name = f"accuracy at {100 * share:.4g} % alike"
    measure = report.measure("verification", name)
    assert measure.baseline == pytest.approx(1 - share)
    assert measure.baseline_name == "always different"


def test_exhibits_and_mistakes_are_those_of_the_figures(report):
    verification = report.protocol("verification")
    (pairs,) = verification.of_kind(ScoredPairs)
    right = ((pairs.scores >= pairs.threshold) == pairs.same).mean()
    assert verification.measure("accuracy").value == pytest.approx(right)
    different = [m.score for m in verification.mistakes if not m.same]
    assert different == sorted(different, reverse=True)
    assert different[0] == pytest.approx(pairs.scores[~pairs.same].max())
    for mistake in verification.mistakes:
        assert (report.root / mistake.first).is_file()
        assert mistake.same == (mistake.first_class == mistake.second_class)
    (confusion,) = report.protocol("classes").of_kind(Confusion)
    assert confusion.counts.sum() == 28
    assert report.protocol("one-shot").of_kind(Bars)[0].baseline == 0.5
    assert report.protocol("calibration").of_kind(Reliability)


def test_a_repeated_run_gives_the_same_report_and_another_seed_another(classes, report):
    judge = few("verification", "one-shot")
    first, second, other = (
        evaluate("classic", classes, judge=replace(judge, seed=seed)) for seed in (3, 3, 4)
    )
    assert first.to_dict() == second.to_dict() != other.to_dict()
    json.dumps(report.to_dict(), allow_nan=False)
    header, rows = report.to_table()
    assert {len(row) for row in rows} == {len(header)}
    assert len(rows) == sum(len(judged.measures) for judged in report.judged)


def test_the_threshold_comes_from_the_validation_part_alone(tmp_path):
    folder = sets.parts_folders(tmp_path / "data")
    judge = few("verification")
    before = evaluate("classic", folder, judge=judge)
    (pairs,) = before.protocol("verification").of_kind(ScoredPairs)
    for number, path in enumerate(sorted((folder / "test").rglob("*.png"))):
        sets.tinted("fog", 700 + number).save(path)
    sets.tinted("amber", 777).save(folder / "test" / "amber" / "10.png")
    after = evaluate("classic", folder, judge=judge, allow_leaks=True)
    (moved,) = after.protocol("verification").of_kind(ScoredPairs)
    assert moved.threshold == pairs.threshold
    assert not np.array_equal(moved.scores, pairs.scores)


def test_a_test_part_of_its_own_is_kept(tmp_path):
    report = evaluate("classic", sets.parts_folders(tmp_path / "data"), judge=few("retrieval"))
    assert report.counted.judged == 28 and report.counted.validation == 24
    assert report.counted.train == 16
    assert report.notes == ("The test part is judged.",)


def test_a_learned_model_is_judged_on_the_part_that_training_keeps_back(classes, tiny_model):
    report = evaluate(tiny_model, classes, judge=few("retrieval"))
    cut, _ = with_parts(read_data(classes, layout="auto", seed=0), DataPart(), whole=False)
    assert report.counted.judged == len(cut.rows("test")) == 8
    assert report.counted.train == len(cut.rows("train"))
    whole = evaluate(tiny_model, classes, judge=few("retrieval"), whole=True)
    assert whole.counted.judged == 28 and not whole.counted.train


@pytest.mark.parametrize("kind", ["file", "near-duplicate"])
def test_what_training_knows_is_refused_or_named_and_left_out(tmp_path, kind):
    folder = sets.parts_folders(tmp_path / "data")
    known = folder / "train" / "brick" / "00.png"
    twin = folder / "test" / "brick" / "twin.png"
    if kind == "file":
        shutil.copyfile(known, twin)
    else:
        scene(5).save(known)
        scene(5).save(twin.with_suffix(".jpg"), quality=85)
    with pytest.raises(InputError, match="known from the other parts") as caught:
        evaluate("classic", folder, judge=few("retrieval"))
    assert "test/brick/twin" in str(caught.value) and "train/brick/00.png" in str(caught.value)
    assert "--allow-leaks" in caught.value.mend
    report = evaluate("classic", folder, judge=few("retrieval"), allow_leaks=True)
    (leak,) = report.leaks
    assert (leak.kind, leak.part, leak.known) == (kind, "train", "train/brick/00.png")
    assert report.counted.judged == 28


def test_a_class_that_training_must_not_see_is_refused(tmp_path):
    data = read_data(sets.parts_folders(tmp_path / "data"), layout="auto", seed=0)
    with pytest.raises(InputError, match="'amber' is unseen"):
        evaluate("classic", replace(data, unseen=(0,)), judge=few("retrieval"))


@pytest.mark.parametrize(
    ("judge", "said"),
    [
        (few("matching"), "cannot be run: the judged part lacks targets and sources"),
        (few("verifcation"), "no protocol 'verifcation'"),
        (few("one-shot", shots=30), "more than 30 pictures each"),
    ],
)
def test_a_protocol_that_cannot_be_run_says_what_is_missing(classes, judge, said):
    with pytest.raises(InputError, match=said) as caught:
        evaluate("classic", classes, judge=judge)
    assert caught.value.mend


def test_wrong_at_most_makes_the_threshold_careful(classes):
    plain, careful = (
        evaluate("classic", classes, judge=few("verification", wrong_at_most=share))
        for share in (0.0, 0.01)
    )
    thresholds = [
        r.protocol("verification").of_kind(ScoredPairs)[0].threshold for r in (plain, careful)
    ]
    assert thresholds[0] < thresholds[1]


def test_without_validation_the_card_gives_the_threshold(tmp_path):
    folder = sets.class_folders(tmp_path / "data")
    rows = [("path", "label", "split")]
    rows += [
        (p.relative_to(folder).as_posix(), p.parent.name, "test") for p in folder.rglob("*.png")
    ]
    with (folder / "manifest.csv").open("w", newline="") as file:
        csv.writer(file).writerows(rows)
    curve = Calibration("same class", 10.0, -5.0)
    card = ModelCard("tiny", 16, Preprocessing(32, 32), calibrations=(curve,))
    write_model(tmp_path / "tiny.onnx", network(), card)
    report = evaluate(tmp_path / "tiny.onnx", folder, judge=FEW)
    (pairs,) = report.protocol("verification").of_kind(ScoredPairs)
    assert pairs.threshold == pytest.approx(0.5, abs=1e-3)
    assert "validation part" in dict(report.skipped)["trios"]


def test_progress_never_falls_and_ends(classes):
    told = []
    evaluate("classic", classes, judge=few("retrieval"), progress=lambda *n: told.append(n))
    done = [n for n, _ in told]
    assert done == sorted(done) and told[-1] == (40, 40)


def test_the_page_holds_all_kinds_of_drawings(tmp_path):
    folder = sets.class_folders(tmp_path / "data", each=6)
    page = tmp_path / "report.html"
    report = evaluate("classic", folder, judge=FEW, html=page)
    text = page.read_text(encoding="utf-8")
    for judged in report.judged:
        assert f'id="protocol-{judged.protocol}"' in text
    # Scores, ROC and PR twice; confusion, bars twice, reliability, two maps.
    assert text.count("<svg role=") == 2 * 3 + 1 + 2 + 1 + 2
    assert text.count("data:image/jpeg;base64,") > 20
    assert not list(tmp_path.glob("*.part"))


def test_a_page_without_the_extra_is_refused_before_anything_is_read(monkeypatch, tmp_path):
    monkeypatch.setattr(judge_drawings, "find_spec", lambda package: None)
    with pytest.raises(MissingExtra, match="matplotlib"):
        evaluate("classic", tmp_path / "nothing here", html=tmp_path / "report.html")
