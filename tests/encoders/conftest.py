"""A small model file, made once."""

import pytest
from networks import network

from lookalike.encoders.model_file import write_model
from lookalike.nouns.card import ModelCard, Preprocessing


@pytest.fixture(scope="session")
def card():
    return ModelCard("small", 16, Preprocessing(32, 32, mean=(0.5,) * 3, std=(0.25,) * 3))


@pytest.fixture(scope="session")
def model_path(card, tmp_path_factory):
    path = tmp_path_factory.mktemp("models") / "small.onnx"
    write_model(path, network(), card)
    return path
