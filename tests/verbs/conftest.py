"""A fixture that counts decodes, and a small model."""

from pathlib import Path

import pytest
from networks import network

import lookalike.verbs.describe as describe_module
from lookalike.encoders.model_file import write_model
from lookalike.nouns.card import ModelCard, Preprocessing


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
