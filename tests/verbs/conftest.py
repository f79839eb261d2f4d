"""An album with copies of every rung, and a fixture that counts decodes."""

import shutil
from pathlib import Path

import pytest
from networks import network
from PIL import Image
from scenes import scene

import lookalike.verbs.describe as describe_module
from lookalike.encoders.model_file import write_model
from lookalike.nouns.card import ModelCard, Preprocessing


@pytest.fixture
def album(tmp_path) -> Path:
    """Eight scenes, copies of four of them, three dark frames, a text and a torn file."""
    folder = tmp_path / "album"
    (folder / "backup").mkdir(parents=True)
    for seed, name in enumerate("abcdefgh"):
        scene(seed).save(folder / (f"{name}.png" if name == "b" else f"{name}.jpg"), quality=92)
    shutil.copyfile(folder / "a.jpg", folder / "backup" / "a.jpg")
    scene(1).save(folder / "b.bmp")
    scene(2).transpose(Image.Transpose.FLIP_LEFT_RIGHT).save(folder / "c-mirrored.jpg")
    scene(2).resize((160, 120)).save(folder / "c-small.jpg")
    scene(3).transpose(Image.Transpose.ROTATE_90).save(folder / "d-turned.jpg")
    for shade in (0, 2, 4):
        Image.new("RGB", (320, 240), (shade,) * 3).save(folder / f"dark-{shade}.png")
    (folder / "notes.txt").write_text("no picture")
    whole = (folder / "e.jpg").read_bytes()
    (folder / "torn.jpg").write_bytes(whole[: len(whole) // 2])
    return folder


@pytest.fixture
def decodes(monkeypatch) -> list[int]:
    """One item for each picture that is decoded."""
    real, seen = describe_module.read_picture, []

    def counting(*arguments, **options):
        seen.append(1)
        return real(*arguments, **options)

    monkeypatch.setattr(describe_module, "read_picture", counting)
    return seen


@pytest.fixture(scope="session")
def tiny_model(tmp_path_factory) -> Path:
    """A model file with random weights."""
    path = tmp_path_factory.mktemp("models") / "tiny.onnx"
    write_model(path, network(), ModelCard("tiny", 16, Preprocessing(32, 32)))
    return path
