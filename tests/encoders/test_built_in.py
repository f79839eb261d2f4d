"""The encoder inside the package: small, true to its card, the same however it is run."""

from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
from real_photos import photographs
from scenes import scene

import lookalike
from lookalike.encoders import choose
from lookalike.encoders.model_file import read_card
from lookalike.images.edits import EDITS

FILE = Path(choose.__file__).with_name("built_in.onnx")
MOST_BYTES = 8_000_000


@pytest.fixture(scope="module")
def encoder():
    return lookalike.load_encoder(provider="cpu")


@pytest.fixture(scope="module")
def pictures():
    return [np.asarray(scene(seed, (240, 180))) for seed in range(12)]


def test_it_is_small_and_its_card_tells_what_it_is():
    assert FILE.stat().st_size <= MOST_BYTES
    card = read_card(FILE)
    assert card.name == "built-in" and card.d <= 256 and card.licence == "Apache-2.0"
    assert {one.relation for one in card.calibrations} == {"edited copy", "similar"}
    assert all(one.learned_on for one in card.calibrations)
    for told in ("ImageNet", "[fit]", "Limits", "MobileNetV2"):
        assert told in card.provenance


def test_answers_do_not_depend_on_the_batch(encoder, pictures):
    together = encoder.encode(pictures)
    alone = np.concatenate([encoder.encode([one]) for one in pictures])
    assert np.allclose(together, alone, atol=1e-5)
    assert np.allclose(np.linalg.norm(together, axis=1), 1, atol=1e-5)


@pytest.mark.skipif(find_spec("openvino") is None, reason="needs openvino")
def test_runtimes_agree(encoder, pictures):
    other = lookalike.load_encoder(provider="openvino")
    a, b = encoder.encode(pictures), other.encode(pictures)
    assert np.abs(a @ a.T - b @ b.T).max() < 1e-3


@pytest.mark.parametrize("edit", ["mirror", "quarter_turn", "tilt", "crop_40", "caption", "blur"])
def test_an_edited_photograph_is_nearest_to_its_original(encoder, pictures, edit):
    originals = photographs()
    copies = [EDITS[edit](one, seed) for seed, one in enumerate(originals)]
    scores = encoder.encode(copies) @ encoder.encode([*originals, *pictures]).T
    assert (scores.argmax(axis=1) == np.arange(len(originals))).all()
