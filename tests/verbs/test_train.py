"""train: one file that is right and complete, whatever happened on the way."""

import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from striped_folders import CLASSES, EACH, manifest, recipe, striped

from lookalike.encoders.choose import load_encoder
from lookalike.encoders.model_file import read_model
from lookalike.nouns.errors import InputError, MissingExtra, RecipeError
from lookalike.nouns.recipe import Recipe
from lookalike.verbs import material
from lookalike.verbs.train import train

torch = pytest.importorskip("torch")
torch.set_num_threads(1)

SCRIPT = Path(__file__).parent / "train_until_killed.py"


@pytest.fixture(autouse=True)
def place(tmp_path, monkeypatch):
    """An empty working folder with a cache of its own."""
    monkeypatch.setenv("LOOKALIKE_CACHE", str(tmp_path / "cache"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def folder(place):
    return striped(place / "stripes")


def test_one_file_with_all_that_is_needed(folder):
    report = train(recipe(folder))
    assert report.model == Path("tiny.onnx")
    file = read_model(report.model)
    card = file.card
    assert {c.relation for c in card.calibrations} == {"same class"}
    assert all("validation pictures of stripes" in c.learned_on for c in card.calibrations)
    told, _, toml = card.provenance.partition("\n\n")
    assert "recipe tiny" in told and str(folder) in told and "torch" in told
    assert Recipe.from_mapping(tomllib.loads(toml)) == recipe(folder)
    assert card.preprocessing.mean == (0, 0, 0) and card.preprocessing.std == (1, 1, 1)
    accuracy = report.judged.measure("verification", "accuracy")
    assert card.metrics["verification: accuracy"] == pytest.approx(accuracy.value, abs=1e-6)
    assert report.judged.fingerprint == file.fingerprint


def test_what_was_learned_is_in_the_file(folder):
    report = train(recipe(folder))
    assert report.judged.measure("verification", "ROC-AUC").value > 0.8
    assert report.best_epoch == 1 + int(np.argmax([e.measure for e in report.epochs]))
    encoder = load_encoder(report.model)
    calibration = encoder.card.calibration("same class")
    pictures = [np.asarray(Image.open(p)) for p in sorted(folder.rglob("*.png"))]
    vectors = encoder.encode(pictures)
    classes = np.repeat(np.arange(CLASSES), EACH)
    alike = classes[:, None] == classes[None]
    np.fill_diagonal(alike, False)
    told = 1 / (1 + np.exp(-(calibration.slope * (vectors @ vectors.T) + calibration.intercept)))
    other = classes[:, None] != classes[None]
    assert told[alike].mean() > told[other].mean() + 0.3


def test_the_parts_add_up(folder):
    report = train(recipe(folder))
    judged = report.judged.counted.judged
    assert report.n_train + report.n_validation + judged == CLASSES * EACH
    assert report.n_validation and judged
    assert report.n_trained == report.n_parameters > 100_000
    assert len(report.to_table()[1]) == len(report.epochs) == 3
    assert report.to_dict()["judged"]["model"] == "tiny"


def test_phases_are_named_and_told_to_their_end(folder):
    told = {}
    phases = []

    def progress(done, total):
        told.setdefault(phases[-1], []).append((done, total))

    train(recipe(folder), on_phase=phases.append, progress=progress)
    assert phases[:3] == ["Looking for repeats", "Decoding", "Training"]
    for steps in told.values():
        assert steps[-1][0] == steps[-1][1]
        assert [done for done, _ in steps] == sorted(done for done, _ in steps)


@pytest.mark.parametrize("steps", [3, 5])
def test_a_killed_training_goes_on_to_the_same_model(steps, folder, place):
    whole = train(recipe(folder), out="whole/tiny.onnx", runs="whole/run")
    words = [str(folder), "run", "tiny.onnx", str(steps)]
    killed = subprocess.run([sys.executable, str(SCRIPT), *words], cwd=place)
    assert killed.returncode == 9
    assert not Path("tiny.onnx").exists()
    passes = []
    report = train(recipe(folder), out="tiny.onnx", runs="run", on_epoch=passes.append)
    assert 0 < len(passes) < 3
    assert Path("tiny.onnx").read_bytes() == Path("whole/tiny.onnx").read_bytes()
    assert report.judged.to_dict() == whole.judged.to_dict()


def test_what_the_test_part_has_too_is_not_trained_on(folder):
    shutil.copyfile(folder / "class 0/00.png", folder / "class 0/copy.png")
    parts = {"class 0/00.png": "test", "class 1/00.png": "test", "class 0/05.png": "validation"}
    # One validation picture alone measures nothing, and is given up.
    manifest(folder, parts)
    report = train(recipe(folder, fit={"epochs": 1}))
    n = CLASSES * EACH + 1
    assert report.n_train == n - 3 - 1 and report.n_validation == 0
    assert any("larger data.validation" in remark for remark in report.remarks)
    (remark,) = [remark for remark in report.remarks if "left out of training" in remark]
    assert "class 0/copy.png" in remark
    assert report.judged.leaks == ()
    assert report.judged.counted.judged == 2


def test_a_picture_that_cannot_be_read_is_told(folder):
    broken = folder / "class 2" / "03.png"
    broken.write_bytes(broken.read_bytes()[:100])
    parts = {
        path.relative_to(folder).as_posix(): "test"
        for path in folder.rglob("*.png")
        if path.stem in ("00", "01")
    }
    manifest(folder, parts)
    report = train(recipe(folder, fit={"epochs": 1}))
    (failure,) = report.failed
    assert failure.path == broken and failure.reason
    assert report.to_dict()["failed"][0]["path"] == str(broken)


def test_none_that_can_be_read_is_an_error(folder):
    for path in folder.rglob("*.png"):
        path.write_bytes(b"no picture")
    with pytest.raises(InputError, match="None of the pictures can be read"):
        train(recipe(folder))


def test_pictures_without_classes_give_edited_copies_a_probability(folder):
    views = {"kind": "views", "size": 8, "pictures": 2}
    report = train(
        recipe(
            striped(folder / "more", each=24),
            data={"layout": "unlabelled"},
            batch=views,
            loss={"name": "nt-xent"},
            fit={"epochs": 1},
            judge={"protocols": ["copies"]},
        )
    )
    calibration = read_model(report.model).card.calibration("edited copy")
    if calibration is None:  # a network that has seen one pass may tell nothing
        assert any("no probabilities" in remark for remark in report.remarks)
    else:
        assert "edited copies" in calibration.learned_on


def test_quick_is_another_run_and_another_model(folder):
    wanted = recipe(folder)
    kept = {name: getattr(wanted, name) for name in wanted.__slots__}
    wanted = Recipe(**{**kept, "quick": {"fit": {"epochs": 1}}})
    report = train(wanted, quick=True)
    assert len(report.epochs) == 1
    assert report.model == Path("tiny-quick.onnx")
    assert report.run_folder == Path("runs/tiny-quick")


def test_another_recipe_in_the_folder_of_a_run_is_refused(folder):
    train(recipe(folder, fit={"epochs": 1}))
    with pytest.raises(InputError, match="another recipe"):
        train(recipe(folder, fit={"epochs": 2}))
    report = train(recipe(folder, fit={"epochs": 2}), resume=False)
    assert len(report.epochs) == 2


def test_a_wrong_name_is_told_before_anything_is_done(folder, place):
    with pytest.raises(InputError, match=r"ends in \.onnx"):
        train(recipe(folder), out="model.pt")
    with pytest.raises(RecipeError, match="augmentation"):
        train(recipe(folder, augment={"name": "lite"}))
    assert not (place / "runs" / "tiny" / "last.ckpt").exists()


def test_without_torch_the_extra_is_named(folder, monkeypatch):
    monkeypatch.setattr(material, "find_spec", lambda name: None)
    with pytest.raises(MissingExtra, match="torch"):
        train(recipe(folder))
