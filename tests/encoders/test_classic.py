import threading

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from networks import pictures
from PIL import Image

from lookalike.encoders.classic import ClassicEncoder
from lookalike.nouns.errors import InputError

ENCODER = ClassicEncoder()


def photograph(name="astronaut"):
    return np.asarray(getattr(pytest.importorskip("skimage.data"), name)())


def resized(pixels, width, height, kernel=Image.Resampling.LANCZOS):
    return np.asarray(Image.fromarray(pixels).resize((width, height), kernel))


def score(first, second):
    one, two = ENCODER.encode([first, second])
    return float(one @ two)


@pytest.mark.parametrize("name", ["made", "astronaut"])
def test_first_numbers(name, golden):
    pixels = pictures(1)[0] if name == "made" else photograph()
    vector = ENCODER.encode([pixels])[0]
    numbers = {"fingerprint": ENCODER.fingerprint, "d": ENCODER.d}
    shown = [round(float(value), 6) for value in vector[::8]]
    golden(f"classic_{name}.json", {**numbers, "every_8th": shown}, tolerance=2e-4)


def test_a_batch_is_exactly_its_pictures():
    made = pictures(32)
    together = ENCODER.encode(made)
    assert (together == np.concatenate([ENCODER.encode([one]) for one in made])).all()
    assert together.shape == (32, 256) and together.dtype == np.float32
    assert np.abs(np.linalg.norm(together, axis=1) - 1).max() < 1e-6
    assert ENCODER.encode([]).shape == (0, 256)


@settings(max_examples=60)
@given(
    st.integers(1, 70), st.integers(1, 70), st.integers(0, 255), st.integers(0, 60), st.booleans()
)
def test_any_picture_gets_a_unit_vector(height, width, grey, spread, noisy):
    pixels = np.full((height, width, 3), grey, np.uint8)
    if noisy:
        noise = np.random.default_rng(0).integers(-spread, spread + 1, pixels.shape)
        pixels = (pixels + noise).clip(0, 255).astype(np.uint8)
    vector = ENCODER.encode([pixels])[0]
    assert np.isfinite(vector).all() and abs(np.linalg.norm(vector) - 1) < 1e-6


@pytest.mark.parametrize("shape", [(1, 1, 3), (1, 1000, 3), (1000, 1, 3), (3, 50_000, 3)])
def test_odd_shapes_are_told_apart_by_colour(shape):
    red, blue = np.zeros(shape, np.uint8), np.zeros(shape, np.uint8)
    red[..., 0], blue[..., 2] = 200, 200
    assert score(red, red) == pytest.approx(1, abs=1e-6)
    assert score(red, blue) < 0.5


def test_equal_pixels_give_equal_vectors_however_they_lie_in_memory():
    pixels = photograph()
    turned = np.ascontiguousarray(pixels[:, ::-1])[:, ::-1]
    one, two = ENCODER.encode([pixels, turned])
    assert (one == two).all()


@pytest.mark.parametrize("name", ["astronaut", "chelsea", "coffee", "rocket"])
def test_a_scaled_decode_scores_as_the_same(name):
    pixels = photograph(name)
    height, width = pixels.shape[:2]
    whole = ENCODER.encode([pixels])[0]
    for share in (2, 3):
        scaled = resized(pixels, width // share, height // share, Image.Resampling.BOX)
        assert min(scaled.shape[:2]) >= 100
        assert float(ENCODER.encode([scaled])[0] @ whole) > 0.995


def test_copies_score_above_other_pictures():
    names = ("astronaut", "chelsea", "coffee", "rocket", "immunohistochemistry", "retina")
    photographs = [resized(photograph(name), 300, 200) for name in names]
    vectors = ENCODER.encode(photographs)
    others = (vectors @ vectors.T)[~np.eye(len(names), dtype=bool)]
    edits = {
        "small": lambda p: resized(p, 90, 60),
        "dark": lambda p: (p * 0.7).astype(np.uint8),
        "cut": lambda p: p[6:-6, 8:-8],
        "grain": lambda p: (
            (p + np.random.default_rng(0).normal(0, 12, p.shape)).clip(0, 255).astype(np.uint8)
        ),
    }
    for edit in edits.values():
        copies = ENCODER.encode([edit(one) for one in photographs])
        assert (copies * vectors).sum(axis=1).min() > others.max() + 0.1


def test_noise_on_a_flat_picture_is_no_content():
    flat = np.full((80, 80, 3), 120, np.uint8)
    grain = np.random.default_rng(1).integers(-1, 2, flat.shape)
    assert score(flat, (flat + grain).astype(np.uint8)) > 0.85


def test_threads_share_the_encoder():
    made, found = pictures(8), []
    alone, gate = ENCODER.encode(made), threading.Barrier(8)

    def work():
        gate.wait()
        found.extend(ENCODER.encode(made) for _ in range(3))

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 24 and all((vectors == alone).all() for vectors in found)


def test_the_card_says_what_scores_mean():
    card = ENCODER.card
    assert (ENCODER.name, ENCODER.d, card.metric) == ("classic", card.d, "cosine")
    for relation in ("edited copy", "similar"):
        curve = card.calibration(relation)
        assert curve is not None and curve.learned_on
        assert curve.slope + curve.intercept > 0 > curve.intercept, "sure of equals, not of others"


def test_arrays_that_are_no_pictures_are_refused():
    with pytest.raises(InputError, match="picture 0 of 1"):
        ENCODER.encode([np.zeros((0, 4, 3), np.uint8)])
