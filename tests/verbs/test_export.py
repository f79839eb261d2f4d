"""export: runs, whole or broken off, and networks of others become model files."""

import shutil
from pathlib import Path

import numpy as np
import pytest
from striped_folders import recipe, striped

from lookalike.encoders.choose import load_encoder
from lookalike.encoders.model_file import read_card, read_model
from lookalike.nouns.errors import InputError, RecipeError, WrongModel
from lookalike.verbs.export import export
from lookalike.verbs.train import train

torch = pytest.importorskip("torch")
torch.set_num_threads(1)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A folder of pictures, a run on it and the model that came of it."""
    place = tmp_path_factory.mktemp("made")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LOOKALIKE_CACHE", str(place / "cache"))
        folder = striped(place / "stripes")
        train(recipe(folder), out=place / "tiny.onnx", runs=place / "run")
    return place


@pytest.fixture(autouse=True)
def place(tmp_path, monkeypatch):
    """An empty working folder."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def weights(place):
    """A file of weights of a network that was made elsewhere, and the network."""
    from lookalike.training.backbones import build_backbone

    torch.manual_seed(0)
    network = build_backbone("resnet20", "none").trunk
    torch.save(network.state_dict(), place / "theirs.pt")
    return place / "theirs.pt"


def test_a_run_is_the_model_that_it_made(made):
    report = export(made / "run")
    assert report.model == Path("tiny.onnx")
    wanted, found = read_model(made / "tiny.onnx"), read_model("tiny.onnx")
    assert found.fingerprint == wanted.fingerprint == report.fingerprint
    assert found.card.calibrations == wanted.card.calibrations
    assert found.card.provenance == wanted.card.provenance
    assert report.relations == ("same class",) and not report.remarks
    assert report.size_bytes == Path("tiny.onnx").stat().st_size


def test_other_data_give_another_calibration(made, place):
    export(made / "run", data=striped(place / "more", each=20))
    found = read_card("tiny.onnx").calibrations
    assert "of more" in found[0].learned_on
    assert found != read_card(made / "tiny.onnx").calibrations


def test_a_run_that_was_broken_off_is_worth_its_best_pass(made, place):
    run = place / "run"
    shutil.copytree(made / "run", run)
    (run / "last.ckpt").unlink()
    assert export(run).fingerprint == read_model(made / "tiny.onnx").fingerprint


def test_a_network_of_others_gives_what_it_gave(weights):
    from lookalike.training.embedder import load_embedder

    report = export(weights, architecture="resnet20")
    assert report.name == "theirs" and report.d == 64 and report.size_px == 32
    assert not report.relations and "--data" in report.remarks[0]
    pictures = np.random.default_rng(0).integers(0, 256, (5, 32, 32, 3), dtype=np.uint8)
    vectors = load_encoder("theirs.onnx", provider="onnxruntime").encode(list(pictures))
    with torch.no_grad():
        x = torch.from_numpy(pictures).permute(0, 3, 1, 2) / 255
        wanted = load_embedder("resnet20", weights)(x).numpy()
    assert np.abs(vectors - wanted).max() < 1e-3


def test_a_network_of_others_can_be_calibrated(weights, made):
    report = export(weights, architecture="resnet20", data=made / "stripes")
    assert set(report.relations) <= {"same class"}
    assert report.relations or report.remarks


def test_half_weights_take_half_the_room(weights):
    whole = export(weights, architecture="resnet20", out="whole.onnx")
    half = export(weights, architecture="resnet20", out="half.onnx", half=True)
    assert half.size_bytes < 0.65 * whole.size_bytes
    assert half.fingerprint != whole.fingerprint


def test_the_report_is_plain(weights):
    report = export(weights, architecture="resnet20")
    header, (row,) = report.to_table()
    told = report.to_dict()
    assert [told[name] for name in header] == list(row)


def test_what_cannot_be_exported_is_told(weights, made, place):
    with pytest.raises(InputError, match="no such run or file"):
        export("nowhere")
    with pytest.raises(InputError, match="does not tell its architecture"):
        export(weights)
    with pytest.raises(RecipeError, match="resnet2O"):
        export(weights, architecture="resnet2O")
    with pytest.raises(WrongModel):
        export(weights, architecture="resnet32")
    with pytest.raises(InputError, match="no finished epoch"):
        export(made / "stripes")
    with pytest.raises(InputError, match=r"ends in \.onnx"):
        export(weights, architecture="resnet20", out="theirs.bin")


def test_a_damaged_checkpoint_is_told(made, place):
    run = place / "run"
    shutil.copytree(made / "run", run)
    whole = (run / "best.ckpt").read_bytes()
    (run / "best.ckpt").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(InputError, match="checkpoint cannot be read"):
        export(run)


def test_a_checkpoint_of_another_network_is_told(made, place):
    run = place / "run"
    shutil.copytree(made / "run", run)
    recipe_file = run / "recipe.toml"
    told = recipe_file.read_text(encoding="utf-8")
    recipe_file.write_text(told.replace('"conv4"', '"resnet20"'), encoding="utf-8")
    with pytest.raises(InputError, match="another network"):
        export(run)
