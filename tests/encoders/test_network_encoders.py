"""What holds for every runtime of one-file models, and what each has of its own."""

import threading
from dataclasses import replace

import numpy as np
import onnx
import onnx.reference
import pytest
from networks import network, pictures
from onnx import TensorProto, helper

from lookalike.encoders.model_file import write_model
from lookalike.encoders.onnx_encoder import OnnxEncoder, available_providers
from lookalike.encoders.preprocess import network_input
from lookalike.nouns.errors import InputError, WrongModel


def openvino_encoder(path, **options):
    pytest.importorskip("openvino")
    from lookalike.encoders.openvino_encoder import OpenVinoEncoder

    return OpenVinoEncoder(path, **options)


RUNTIMES = pytest.mark.parametrize("runtime", [OnnxEncoder, openvino_encoder])


def saved(tmp_path, content, card):
    path = tmp_path / "model.onnx"
    write_model(path, content, card)
    return path


def in_numpy(content, card, given):
    """The test network computed by the onnx package's own reference, in float32."""
    reference = onnx.reference.ReferenceEvaluator(onnx.load_from_string(content))
    vectors = reference.run(None, {"picture": network_input(given, card.preprocessing)})[0]
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


@RUNTIMES
def test_scores_are_those_of_the_network(runtime, model_path, card):
    given = pictures(12)
    vectors, wanted = runtime(model_path).encode(given), in_numpy(network(), card, given)
    assert vectors.shape == (12, 16) and vectors.dtype == np.float32
    assert np.abs(vectors - wanted).max() < 1e-5


@RUNTIMES
def test_a_batch_is_its_pictures(runtime, model_path):
    encoder, given = runtime(model_path), pictures(32)
    together = encoder.encode(given)
    for parts in (1, 3, 8):
        apart = [encoder.encode(given[i : i + parts]) for i in range(0, 32, parts)]
        assert np.abs(together - np.concatenate(apart)).max() <= 1e-6
    assert encoder.encode([]).shape == (0, 16)


@RUNTIMES
def test_threads_share_an_encoder(runtime, model_path):
    encoder, given = runtime(model_path), pictures(8)
    alone = encoder.encode(given)
    gate, found = threading.Barrier(8), []

    def work():
        gate.wait()
        found.extend(encoder.encode(given) for _ in range(5))

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 40
    assert max(np.abs(vectors - alone).max() for vectors in found) <= 1e-6


@RUNTIMES
@pytest.mark.parametrize("batch", [1, 4])
def test_a_fixed_batch_gives_the_same(runtime, batch, tmp_path, model_path, card):
    fixed = runtime(saved(tmp_path, network(batch=batch), card))
    assert np.abs(fixed.encode(pictures(6)) - runtime(model_path).encode(pictures(6))).max() < 1e-5


@RUNTIMES
@pytest.mark.parametrize("kind", ["half_weights", "half_all"])
def test_half_precision_networks_work(runtime, kind, tmp_path, card):
    encoder = runtime(saved(tmp_path, network(**{kind: True}), card))
    vectors, wanted = encoder.encode(pictures(8)), in_numpy(network(), card, pictures(8))
    assert vectors.dtype == np.float32
    assert np.abs(vectors @ vectors.T - wanted @ wanted.T).max() < 5e-3


@RUNTIMES
def test_it_tells_what_it_is(runtime, model_path, card):
    encoder = runtime(model_path)
    assert (encoder.card, encoder.name, encoder.d) == (card, "small", 16)
    assert encoder.short_side_px == 32
    assert encoder.fingerprint == OnnxEncoder(model_path).fingerprint


@RUNTIMES
def test_cards_that_do_not_fit_are_refused(runtime, tmp_path, card):
    wide = replace(card, preprocessing=replace(card.preprocessing, width_px=64))
    with pytest.raises(WrongModel, match="takes"):
        runtime(saved(tmp_path, network(), wide))
    with pytest.raises(WrongModel, match="gives"):
        runtime(saved(tmp_path, network(), replace(card, d=17)))


def test_a_network_that_hides_its_output_shape_is_tried(tmp_path, card):
    model = onnx.load_from_string(network(d=24))
    model.graph.output[0].CopyFrom(helper.make_tensor_value_info("vector", 1, ["N", "D"]))
    with pytest.raises(WrongModel, match="gives"):
        OnnxEncoder(saved(tmp_path, model.SerializeToString(), card))
    path = saved(tmp_path, model.SerializeToString(), replace(card, d=24))
    assert OnnxEncoder(path).encode(pictures(2)).shape == (2, 24)


def test_two_inputs_are_refused(tmp_path, card):
    model = onnx.load_from_string(network())
    model.graph.input.append(helper.make_tensor_value_info("more", TensorProto.FLOAT, [1]))
    with pytest.raises(WrongModel, match="one input"):
        OnnxEncoder(saved(tmp_path, model.SerializeToString(), card))


@RUNTIMES
def test_values_that_are_not_finite_are_refused(runtime, tmp_path, card):
    with pytest.raises(WrongModel, match="not finite"):
        runtime(saved(tmp_path, network(scale=np.inf), card))


def test_a_damaged_network_under_a_good_card_is_refused(tmp_path, card):
    model = onnx.load_from_string(network())
    model.graph.node[0].op_type = "NoSuchThing"
    with pytest.raises(WrongModel, match="cannot be opened"):
        OnnxEncoder(saved(tmp_path, model.SerializeToString(), card))


@RUNTIMES
@pytest.mark.parametrize(
    "wrong",
    [np.zeros((8, 8), np.uint8), np.zeros((8, 8, 4), np.uint8), np.zeros((8, 8, 3), np.float32)],
)
def test_arrays_that_are_no_pictures_are_named(runtime, wrong, model_path):
    with pytest.raises(InputError, match="picture 1 of 2"):
        runtime(model_path).encode([np.zeros((8, 8, 3), np.uint8), wrong])


def test_providers_are_chosen_by_name(model_path):
    assert "cpu" in available_providers()
    assert OnnxEncoder(model_path, providers=("cpu",)).d == 16
    missing = next(n for n in ("directml", "coreml", "cuda") if n not in available_providers())
    with pytest.raises(InputError) as caught:
        OnnxEncoder(model_path, providers=(missing,))
    assert "cpu" in caught.value.mend
