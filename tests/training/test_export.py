"""The exported graph gives what the model gives, in every runtime that will run it."""

import importlib.util

import numpy as np
import onnx
import onnxruntime
import pytest
import torch
from networks import pictures as made_pictures
from onnx import TensorProto
from small_backbones import SMALL, noise, recipe, settled

from lookalike.encoders.model_file import write_model
from lookalike.encoders.onnx_encoder import OnnxEncoder
from lookalike.encoders.preprocess import network_input
from lookalike.nouns.card import ModelCard
from lookalike.nouns.errors import WrongModel
from lookalike.nouns.recipe import HeadPart
from lookalike.training import export
from lookalike.training.embedder import build_embedder
from lookalike.training.export import export_error, export_onnx

ENSEMBLE = ("test_resnet", "conv4")


def built(names, side=0, **options):
    return settled(build_embedder(recipe(names, size_px=side, **options)))


def run(graph, batch):
    session = onnxruntime.InferenceSession(graph, providers=["CPUExecutionProvider"])
    return session.run(None, {"pictures": batch.numpy()})[0]


@pytest.mark.parametrize(
    ("name", "side", "pooling"),
    [
        *((name, side, "avg") for name, side in SMALL.items()),
        ("test_resnet", 64, "gem"),
        ("test_vit", 64, "gem"),
    ],
)
def test_every_backbone_is_exported_true(name, side, pooling):
    embedder = built(name, side, pooling=pooling)
    graph = export_onnx(embedder)
    for count in (1, 2, 5):
        x = noise(count, side, seed=count)
        with torch.no_grad():
            np.testing.assert_allclose(run(graph, x), embedder(x), atol=1e-4, rtol=0)


@pytest.mark.parametrize(
    "head", [HeadPart("linear", (10,)), HeadPart("mlp", (20, 8), 0.5), HeadPart("skip", (9, 7))]
)
def test_every_head_is_exported_true(head):
    embedder = built(ENSEMBLE, head=head)
    x = noise(3, embedder.size_px)
    with torch.no_grad():
        np.testing.assert_allclose(run(export_onnx(embedder), x), embedder(x), atol=1e-4, rtol=0)


def test_the_model_is_left_as_it_was_and_the_same_model_gives_the_same_bytes():
    embedder = build_embedder(recipe("mobilenetv2_100", size_px=32, trained="last 1")).train()
    modes = [module.training for module in embedder.modules()]
    names = [name for name, _ in embedder.named_modules()]
    first = export_onnx(embedder)
    assert [module.training for module in embedder.modules()] == modes
    assert [name for name, _ in embedder.named_modules()] == names
    assert export_onnx(embedder) == first


def test_the_graph_declares_its_shapes():
    model = onnx.load_model_from_string(export_onnx(built("conv4", head=HeadPart("linear", (5,)))))
    onnx.checker.check_model(model)
    given, taken = (
        [axis.dim_value or axis.dim_param for axis in one.type.tensor_type.shape.dim]
        for one in (model.graph.output[0], model.graph.input[0])
    )
    assert taken == ["N", 3, 28, 28]
    assert given == ["N", 5]
    assert {one.name for one in model.graph.input} == {"pictures"}


def test_padding_of_tensorflows_kind_is_worked_out_beforehand():
    embedder = built("tf_mobilenetv3_small_minimal_100", 45)  # an odd side pads unevenly
    graph = export_onnx(embedder)
    x = noise(2, 45)
    with torch.no_grad():
        np.testing.assert_allclose(run(graph, x), embedder(x), atol=1e-4, rtol=0)
    kinds = {node.op_type for node in onnx.load_model_from_string(graph).graph.node}
    assert "Pad" in kinds
    assert "Ceil" not in kinds


def test_half_weights_halve_the_file_and_hardly_change_scores(tmp_path):
    embedder = built("drawings_resnet", 32)
    whole, half = export_onnx(embedder), export_onnx(embedder, half=True)
    assert len(half) < 0.52 * len(whole)
    model = onnx.load_model_from_string(half)
    onnx.checker.check_model(model)
    large = [w for w in model.graph.initializer if np.prod(w.dims) >= 64]
    assert {w.data_type for w in large} <= {TensorProto.FLOAT16, TensorProto.INT64}
    a, b = run(whole, noise(4, 32)), run(half, noise(4, 32))
    assert 0 < np.abs(a @ a.T - b @ b.T).max() < 2e-3


def test_weights_too_large_for_half_stay_whole():
    embedder = built("conv4", head=HeadPart("linear", (5,)))
    with torch.no_grad():
        embedder.head.layers[0].weight.mul_(1e6)
    x = noise(2, 28)
    with torch.no_grad():
        np.testing.assert_allclose(
            run(export_onnx(embedder, half=True), x), embedder(x), atol=2e-2, rtol=0
        )


def test_a_graph_that_differs_is_refused(monkeypatch, tmp_path):
    embedder = built("conv4")
    good = export_onnx(embedder)
    other = export_onnx(built("conv4", seed=1))
    assert export_error(good, embedder, noise(3, 28)) < 1e-5
    assert export_error(other, embedder, noise(3, 28)) > 1e-2
    monkeypatch.setattr(export, "_traced", lambda net, pictures: other)
    with pytest.raises(WrongModel, match="differs"):
        export_onnx(embedder, tmp_path / "m.onnx")
    assert not (tmp_path / "m.onnx").exists()


def test_examples_are_checked_too(monkeypatch):
    embedder = built("conv4")
    seen = []
    monkeypatch.setattr(
        export, "export_error", lambda graph, net, x: seen.append(len(x)) or float(len(x) == 7)
    )
    export_onnx(embedder)
    with pytest.raises(WrongModel):
        export_onnx(embedder, examples=noise(7, 28))
    assert seen == [3, 1, 3, 1, 7]


def runtimes():
    yield OnnxEncoder, 1e-3
    if importlib.util.find_spec("openvino"):
        from lookalike.encoders.openvino_encoder import OpenVinoEncoder

        yield OpenVinoEncoder, 5e-2  # it computes in bfloat16 where the processor does


@pytest.mark.parametrize(
    ("names", "side", "half"),
    [
        ("resnet20", 0, False),
        ("test_vit", 64, False),
        ("mobilenetv1_025", 64, True),
        (("test_resnet", "conv4", "test_vit"), 0, True),
    ],
    ids=str,
)
def test_a_model_file_encodes_pictures_as_the_model_does(tmp_path, names, side, half):
    embedder = built(names, side, head=HeadPart("linear", (16,)))
    path = tmp_path / "model.onnx"
    card = ModelCard("tried", embedder.d, embedder.preprocessing)
    write_model(path, export_onnx(embedder, half=half), card)
    pictures = made_pictures(6)
    with torch.no_grad():
        wanted = embedder(torch.from_numpy(network_input(pictures, embedder.preprocessing))).numpy()
    for encoder, tolerance in runtimes():
        given = encoder(path).encode(pictures)
        np.testing.assert_allclose(given, wanted, atol=max(tolerance, 2e-2 if half else 0), rtol=0)
