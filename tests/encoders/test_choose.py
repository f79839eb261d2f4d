import logging
import subprocess
import sys
from pathlib import Path

import pytest
from networks import network

from lookalike.encoders.choose import list_models, load_encoder
from lookalike.encoders.models_folder import models_folder
from lookalike.encoders.onnx_encoder import OnnxEncoder
from lookalike.nouns.errors import InputError, MissingExtra, WrongModel


@pytest.fixture
def folder(tmp_path, monkeypatch, model_path):
    """A models folder with one good model, one broken one and one that is no model."""
    monkeypatch.setenv("LOOKALIKE_MODELS", str(tmp_path))
    (tmp_path / "small.onnx").write_bytes(model_path.read_bytes())
    (tmp_path / "cardless.onnx").write_bytes(network())
    (tmp_path / "notes.txt").write_text("not a model")
    return tmp_path


def test_the_built_in_model_is_the_default():
    assert load_encoder().fingerprint == load_encoder("built-in").fingerprint
    assert load_encoder().name == "built-in" and load_encoder("classic").name == "classic"


def test_a_path_and_an_installed_name_give_the_same(folder, model_path):
    by_path, by_name = load_encoder(model_path), load_encoder("small")
    assert by_path.fingerprint == by_name.fingerprint == load_encoder(str(model_path)).fingerprint


def test_models_are_listed_and_broken_ones_too(folder):
    listed = list_models()
    names = [(card.name if card else None) for card, _ in listed]
    assert names == ["built-in", "classic", None, "small"]
    assert "broken" in listed[2][1] and "cardless" in listed[2][1]
    assert listed[3][1] == str(folder / "small.onnx")


def test_a_missing_folder_holds_nothing(tmp_path, monkeypatch):
    monkeypatch.setenv("LOOKALIKE_MODELS", str(tmp_path / "missing"))
    assert [source for _, source in list_models()] == ["built in"] * 2


@pytest.mark.parametrize(
    ("wrong", "hint"), [("clasic", "'classic'"), ("smal", "'small'"), ("zzzzzz", "cardless")]
)
def test_an_unknown_name_gets_the_nearest(folder, wrong, hint):
    with pytest.raises(InputError) as caught:
        load_encoder(wrong)
    assert hint in caught.value.mend


def test_files_that_are_no_models_are_refused(folder):
    with pytest.raises(InputError, match=r"ends in \.onnx"):
        load_encoder(folder / "notes.txt")
    with pytest.raises(InputError, match="no such model"):
        load_encoder(folder / "missing.onnx")
    with pytest.raises(WrongModel, match="no card"):
        load_encoder("cardless")


def test_wrong_options_are_refused(model_path):
    with pytest.raises(InputError, match="provider") as caught:
        load_encoder(model_path, provider="cudda")
    assert "'cuda'" in caught.value.mend
    with pytest.raises(InputError, match="threads"):
        load_encoder(model_path, threads=0)


@pytest.mark.parametrize("provider", ["cpu", "onnxruntime"])
def test_onnx_runtime_when_asked(provider, model_path):
    assert isinstance(load_encoder(model_path, provider=provider), OnnxEncoder)


def test_openvino_by_itself_where_installed(model_path):
    pytest.importorskip("openvino")
    for provider in ("auto", "openvino"):
        encoder = load_encoder(model_path, provider=provider, threads=2)
        assert type(encoder).__name__ == "OpenVinoEncoder"


def test_without_openvino(model_path, monkeypatch):
    monkeypatch.setattr("lookalike.encoders.choose.find_spec", lambda name: None)
    assert isinstance(load_encoder(model_path), OnnxEncoder)
    with pytest.raises(MissingExtra, match="openvino"):
        load_encoder(model_path, provider="openvino")


def test_onnx_runtime_steps_in_where_openvino_fails(model_path, monkeypatch, caplog):
    openvino = pytest.importorskip("openvino")

    def fails(*_, **__):
        raise RuntimeError("no such operation")

    monkeypatch.setattr(openvino.Core, "compile_model", fails)
    with caplog.at_level(logging.WARNING):
        assert isinstance(load_encoder(model_path), OnnxEncoder)
    assert "ONNX Runtime runs it instead" in caplog.text


def test_choosing_imports_no_runtime():
    code = (
        "import sys; from lookalike.encoders import choose; choose.list_models();"
        "print([m for m in ('onnxruntime', 'openvino', 'PIL') if m in sys.modules])"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "[]"


@pytest.mark.parametrize(
    ("system", "variable", "wanted"),
    [
        ("linux", None, "home/.local/share/lookalike/models"),
        ("darwin", None, "home/Library/Application Support/lookalike/models"),
        ("win32", "local", "local/lookalike/models"),
        ("win32", None, "home/AppData/Local/lookalike/models"),
    ],
)
def test_the_models_folder_of_each_system(system, variable, wanted, monkeypatch):
    monkeypatch.delenv("LOOKALIKE_MODELS", raising=False)
    monkeypatch.delenv("LOCALAPPDATA", raising=False)
    monkeypatch.setattr(sys, "platform", system)
    monkeypatch.setattr(Path, "home", lambda: Path("home"))
    if variable:
        monkeypatch.setenv("LOCALAPPDATA", variable)
    assert models_folder() == Path(wanted)
