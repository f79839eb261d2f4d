"""Two layers behind frozen vectors: what they learn, what they leave alone, and their graph."""

import numpy as np
import pytest
from networks import network

from lookalike.encoders.model_file import write_model
from lookalike.encoders.onnx_encoder import OnnxEncoder
from lookalike.nouns.card import ModelCard, Preprocessing
from lookalike.nouns.errors import WrongModel

torch = pytest.importorskip("torch")
torch.set_num_threads(1)

from lookalike.training.adapter import Layers, layers_of, taught  # noqa: E402
from lookalike.training.extended import with_layers  # noqa: E402
from lookalike.training.heads import build_head  # noqa: E402


def unit(vectors):
    return (vectors / np.linalg.norm(vectors, axis=-1, keepdims=True)).astype(np.float32)


def nuisance(n=120, d=16, views=5, seed=0, strength=3.0):
    """Views that share half of their dimensions; the other half is drawn anew for each."""
    chance = np.random.default_rng(seed)
    same = np.repeat(chance.normal(0, 1, (1, n, d // 2)), views, axis=0)
    other = chance.normal(0, strength, (views, n, d // 2))
    return unit(np.concatenate([same, other], axis=2))


def first_places(change, views):
    gallery = change(views[0])
    found = []
    for view in views[1:]:
        scores = change(view) @ gallery.T
        found.append((scores.argmax(axis=1) == np.arange(len(gallery))).mean())
    return float(np.mean(found))


def test_what_changes_between_views_is_left_out_also_of_new_pictures():
    chosen, held = nuisance(60, seed=1), nuisance(60, seed=2)
    layers, value = taught(
        nuisance(), lambda c: first_places(c, chosen), seed=0, progress=lambda *_: None
    )
    before, after = first_places(lambda v: v, held), first_places(layers, held)
    assert before < 0.2 and after > before + 0.3
    assert value == first_places(layers, chosen)


def test_where_nothing_can_be_learned_the_identity_stays():
    chance = np.random.default_rng(0)
    noise = unit(chance.normal(0, 1, (3, 30, 8)))
    layers, value = taught(noise, lambda change: -1.0 if isinstance(change, Layers) else 0.0,
                           seed=0, progress=lambda *_: None)  # fmt: skip
    assert layers is None and value == 0.0


def test_the_same_seed_teaches_the_same():
    views = nuisance(40)
    one, other = (
        taught(views, lambda c: first_places(c, views), seed=3, progress=lambda *_: None)[0]
        for _ in range(2)
    )
    assert (one.w1 == other.w1).all() and (one.b2 == other.b2).all()


def test_layers_begin_as_the_identity_and_compute_as_the_head_does():
    from lookalike.nouns.recipe import HeadPart

    head = build_head(HeadPart("skip", (5,)), 7)
    vectors = unit(np.random.default_rng(0).normal(0, 1, (9, 7)))
    assert np.allclose(layers_of(head)(vectors), vectors, atol=1e-6)
    torch.nn.init.normal_(head.layers.inner[2].weight)
    torch.nn.init.normal_(head.layers.inner[2].bias)
    with torch.no_grad():
        wanted = torch.nn.functional.normalize(head(torch.from_numpy(vectors) * 7**0.5), dim=1)
    assert np.allclose(layers_of(head)(vectors), wanted.numpy(), atol=1e-5)
    assert (layers_of(head)(np.zeros((1, 7), np.float32)) == 0).all()


def drawn_layers(d, inner=6, seed=1):
    chance = np.random.default_rng(seed)
    shapes = (d, inner), (inner,), (inner, d), (d,)
    return Layers(*(chance.normal(0, 0.3, shape).astype(np.float32) for shape in shapes))


@pytest.mark.parametrize("options", [{}, {"batch": 4}, {"half_weights": True}, {"half_all": True}])
def test_the_extended_file_gives_what_the_layers_give(tmp_path, options):
    chance = np.random.default_rng(0)
    pictures = [chance.integers(0, 256, (40, 52, 3), np.uint8) for _ in range(5)]
    card = ModelCard("tiny", 16, Preprocessing(32, 32))
    write_model(tmp_path / "base.onnx", network(**options), card)
    base = OnnxEncoder(tmp_path / "base.onnx")
    path, wanted = tmp_path / "base.onnx", base.encode(pictures)
    for step in range(2):  # an adapted model can be adapted again
        layers = drawn_layers(16, seed=step)
        wanted = layers(wanted)
        new = tmp_path / f"new{step}.onnx"
        write_model(new, with_layers(path, layers), card)
        path = new
    given = OnnxEncoder(path).encode(pictures)
    assert np.abs(given - wanted).max() < (2e-2 if options.get("half_all") else 1e-3)


def test_the_extended_file_runs_in_openvino_on_several_threads(tmp_path):
    pytest.importorskip("openvino")
    from lookalike.encoders.openvino_encoder import OpenVinoEncoder

    card = ModelCard("tiny", 64, Preprocessing(32, 32))
    write_model(tmp_path / "base.onnx", network(d=64), card)
    write_model(tmp_path / "n.onnx", with_layers(tmp_path / "base.onnx", drawn_layers(64)), card)
    pictures = [np.random.default_rng(0).integers(0, 256, (40, 52, 3), np.uint8)]
    given = OpenVinoEncoder(tmp_path / "n.onnx", threads=2).encode(pictures)
    assert np.abs(given - OnnxEncoder(tmp_path / "n.onnx").encode(pictures)).max() < 1e-3


def test_what_is_no_model_is_refused(tmp_path):
    (tmp_path / "x.onnx").write_bytes(b"no model")
    with pytest.raises(WrongModel):
        with_layers(tmp_path / "x.onnx", drawn_layers(4))
