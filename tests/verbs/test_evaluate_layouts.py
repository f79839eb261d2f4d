"""`evaluate` takes every layout of data, and every kind of model."""

import csv
import shutil
from dataclasses import replace

import judged_sets as sets
import pytest
from networks import network

from lookalike.encoders.choose import load_encoder
from lookalike.encoders.model_file import write_model
from lookalike.nouns.card import ModelCard, Preprocessing
from lookalike.nouns.errors import InputError, WrongModel
from lookalike.nouns.exhibits import Bars, Curve
from lookalike.nouns.labelled import PARTS
from lookalike.nouns.recipe import DataPart, JudgePart
from lookalike.verbs.evaluate import evaluate
from lookalike.verbs.judge_foreign import with_card
from lookalike.verbs.judge_parts import read_data, with_parts

FEW = JudgePart(pairs=200, triplets=200, episodes=20, ways=(2, 3))


def few(*protocols, **changes):
    return replace(FEW, protocols=protocols, **changes)


@pytest.fixture(scope="module")
def classes(tmp_path_factory):
    return sets.class_folders(tmp_path_factory.mktemp("sets") / "colours")


def test_one_shot_asks_classes_never_trained_on(tmp_path):
    folder = sets.parts_folders(tmp_path / "data")
    for name in ("cedar", "denim"):
        for part in ("train", "validation"):
            shutil.rmtree(folder / part / name)
    report = evaluate("classic", folder, judge=few("one-shot"))
    assert report.counted.unseen == 2
    assert "2 classes never trained on" in report.protocol("one-shot").about
    names = {bar.name for bar in report.protocol("one-shot").of_kind(Bars)[0].bars}
    assert names == {"cedar", "denim"}


def test_the_runs_that_come_with_the_data_are_judged(tmp_path):
    root = sets.runs_folder(tmp_path / "data" / "pictures")
    measure = evaluate("classic", root, judge=few("one-shot")).measure(
        "one-shot", "4-way 1-shot, 3 official runs"
    )
    assert measure.n == 3 and measure.baseline == 0.25 and measure.value > 0.5
    (root / "runs.csv").write_text("run,item\n1,a.png\n")
    with pytest.raises(InputError, match="run, item and answer"):
        evaluate("classic", root, judge=few("one-shot"))


def test_targets_are_matched_to_their_sources(tmp_path):
    report = evaluate("classic", sets.matched_folders(tmp_path / "pairs"), judge=FEW)
    assert set(report.protocols) == {"matching", "copies"}
    matching = report.protocol("matching")
    assert matching.about == "8 targets against 10 sources, matched by the listed pairs."
    assert matching.measure("top-1").value > 0.7
    assert matching.measure("top-1").baseline == pytest.approx(0.1)
    assert matching.measure("top-1, beside the hash").baseline_name == "perceptual hash"
    assert [len(curve.at) for curve in matching.of_kind(Curve)] == [10, 10]


def test_iconic_pictures_are_the_sources_of_their_class(tmp_path):
    root = tmp_path / "shop"
    sets.class_folders(root / "natural", each=8)
    sets.class_folders(root / "iconic", each=1, first=50)
    rows = [("path", "label")]
    rows += [(p.relative_to(root).as_posix(), p.parent.name) for p in sorted(root.rglob("*.png"))]
    with (root / "manifest.csv").open("w", newline="") as file:
        csv.writer(file).writerows(rows)
    matching = evaluate("classic", root, judge=few("matching")).protocol("matching")
    assert "against 4 sources, matched by class" in matching.about
    assert matching.measure("top-1").baseline == pytest.approx(0.25)
    assert matching.measure("top-1").value > 0.5


def test_true_groups_are_the_copies(tmp_path):
    report = evaluate("classic", sets.groups_folder(tmp_path / "copies"), judge=FEW)
    assert report.protocols == ("copies",)
    copies = report.protocol("copies")
    assert copies.about == "15 pairs of copies among 18 pictures."
    assert copies.measure("micro-AP").value > 0.95
    assert report.counted.judged == 18


def test_edits_make_copies_where_no_groups_are_known(classes):
    copies = evaluate("classic", classes, judge=few("copies")).protocol("copies")
    (bars,) = copies.of_kind(Bars)
    assert sum(bar.n for bar in bars.bars) == 28 and len(bars.bars) == 26
    jpeg = next(bar for bar in bars.bars if bar.name == "jpeg medium")
    assert jpeg.value == 1.0
    assert any("normalised" in measure.name for measure in copies.measures)


def test_listed_pairs_are_judged_as_they_are(tmp_path):
    folder = sets.class_folders(tmp_path / "data")
    rows = [("a", "b", "same", "split")]
    for part, start in (("validation", 0), ("test", 5)):
        for name, other in (("amber", "brick"), ("cedar", "denim")):
            for i in range(start, start + 4):
                rows.append((f"{name}/{i:02}.png", f"{name}/{i + 1:02}.png", 1, part))
                rows.append((f"{name}/{i:02}.png", f"{other}/{i:02}.png", 0, part))
    with (folder / "pairs.csv").open("w", newline="") as file:
        csv.writer(file).writerows(rows)
    report = evaluate("classic", folder / "pairs.csv", judge=FEW)
    verification = report.protocol("verification")
    assert verification.about == "16 listed pairs, 8 of them alike."
    assert not [m for m in verification.measures if "% alike" in m.name]
    assert "trios" in dict(report.skipped)


def test_listed_triplets_are_judged_as_they_are(tmp_path):
    folder = sets.class_folders(tmp_path / "data")
    lines = [f"amber/{i:02}.png amber/{i + 1:02}.png denim/{i:02}.png" for i in range(9)]
    (folder / "triplets.txt").write_text("\n".join(lines))
    report = evaluate("classic", folder / "triplets.txt", judge=few("triplets"))
    assert report.protocol("triplets").about == "9 listed triplets."
    assert report.measure("triplets", "triplet accuracy, l1").value == 1.0


def test_pictures_that_cannot_be_read_are_listed(tmp_path):
    folder = sets.class_folders(tmp_path / "data")
    (folder / "amber" / "torn.png").write_bytes(b"\x89PNG\r\n\x1a\n torn")
    (folder / "brick" / "empty.jpg").touch()
    report = evaluate("classic", folder, judge=few("retrieval"))
    assert {failure.path.name for failure in report.failed} <= {"torn.png", "empty.jpg"}
    assert len(report.failed) == 2 and report.counted.pictures == 40
    for path in folder.rglob("*.png"):
        path.write_bytes(b"\x89PNG\r\n\x1a\n torn")
    with pytest.raises(InputError, match="None of the pictures to be judged can be read"):
        evaluate("classic", folder, judge=few("retrieval"))


def test_a_network_without_a_card_is_judged_when_it_is_told_how_it_is_fed(classes, tmp_path):
    path = tmp_path / "bare.onnx"
    path.write_bytes(network())
    with pytest.raises(WrongModel, match="no card"):
        evaluate(path, classes, judge=few("retrieval"))
    fed = Preprocessing(32, 32, mean=(0.5, 0.5, 0.5), std=(0.2, 0.2, 0.2))
    with with_card(path, fed) as model:
        told = evaluate(model, classes, judge=few("retrieval"))
    write_model(tmp_path / "told.onnx", path, ModelCard("bare", 16, fed))
    same = evaluate(tmp_path / "told.onnx", classes, judge=few("retrieval"))
    assert told.to_dict() == same.to_dict()
    with pytest.raises(WrongModel, match="cannot be run"), with_card(path, Preprocessing(31, 3)):
        pass
    with pytest.raises(InputError, match="no such network"), with_card("gone.onnx", fed):
        pass


def test_an_encoder_and_labelled_data_are_taken_as_they_are(classes):
    data = read_data(classes, layout="auto", seed=0)
    by_hand, _ = with_parts(data, DataPart(), whole=True)
    judge = few("retrieval")
    report = evaluate(load_encoder("classic"), by_hand, judge=judge)
    assert report.counted.judged == int((by_hand.parts == PARTS.index("test")).sum())
    by_source = evaluate("classic", DataPart(str(classes)), judge=judge)
    assert by_source.judged[0].to_dict() == report.judged[0].to_dict()
