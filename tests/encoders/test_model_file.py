import json
from dataclasses import replace

import onnx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from networks import network
from onnx import TensorProto, helper

from lookalike.encoders.model_file import (
    graph_digest,
    read_card,
    read_model,
    write_model,
)
from lookalike.encoders.wire import fields
from lookalike.nouns.card import Calibration, ModelCard, Preprocessing
from lookalike.nouns.errors import InputError, WrongModel

SIDES = st.integers(1, 4096)
NUMBERS = st.floats(-10, 10)
PREPARED = st.builds(
    Preprocessing,
    SIDES,
    SIDES,
    fit=st.sampled_from(["squash", "crop", "pad"]),
    crop_share=st.floats(0.1, 1),
    interpolation=st.sampled_from(["box", "bilinear", "bicubic", "lanczos"]),
    mean=st.tuples(NUMBERS, NUMBERS, NUMBERS),
    std=st.tuples(*[st.floats(0.01, 10)] * 3),
)
CARDS = st.builds(
    ModelCard,
    st.text(min_size=1),
    st.integers(1, 4096),
    PREPARED,
    calibrations=st.lists(
        st.builds(
            Calibration,
            st.text(),
            st.floats(0.1, 99),
            NUMBERS,
            st.text(),
            st.none() | st.tuples(st.floats(0, 99), NUMBERS),
        )
    ).map(tuple),
    licence=st.text(),
    provenance=st.text(max_size=400),
    metrics=st.dictionaries(st.text(), NUMBERS),
)


def with_metadata(content, **entries):
    model = onnx.load_from_string(content)
    helper.set_model_props(model, entries)
    return model.SerializeToString()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(card=CARDS)
def test_a_card_comes_back_as_it_was_written(card, tmp_path):
    path = tmp_path / "model.onnx"
    write_model(path, network(), card)
    assert read_card(path) == card


def test_the_onnx_package_reads_what_was_written(card, tmp_path):
    path = tmp_path / "model.onnx"
    content = with_metadata(network(), author="somebody", note="x" * 70_000)
    write_model(path, content, card)
    model = onnx.load(path)
    onnx.checker.check_model(model)
    kept = {entry.key: entry.value for entry in model.metadata_props}
    assert kept.keys() == {"author", "note", "lookalike"} and len(kept["note"]) == 70_000
    assert json.loads(kept["lookalike"])["card"]["name"] == card.name
    assert model.graph == onnx.load_from_string(content).graph


def test_a_newer_card_replaces_the_older_in_place(card, tmp_path):
    path = tmp_path / "model.onnx"
    write_model(path, network(), card)
    size = path.stat().st_size
    write_model(path, path, replace(card, name="newer"))
    assert read_card(path).name == "newer"
    assert path.stat().st_size == size + len("newer") - len(card.name)
    assert [p.name for p in tmp_path.iterdir()] == ["model.onnx"]


def test_the_walker_agrees_with_the_onnx_package():
    for content in (network(), network(d=300, half_weights=True), network(batch=1, seed=3)):
        content = with_metadata(content, a="1", b="2" * 300)
        model = onnx.load_from_string(content)
        model.producer_version = "9" * 200
        model.model_version = 2**62  # a varint of nine bytes
        content = model.SerializeToString()
        told = sorted({f.number for f in fields(content, 0, len(content))})
        assert told == sorted(field.number for field, _ in model.ListFields())
        entries = [f for f in fields(content, 0, len(content)) if f.number == 14]
        assert len(entries) == 2
        graph = next(f for f in fields(content, 0, len(content)) if f.number == 7)
        assert content[graph.payload : graph.end] == model.graph.SerializeToString()


def test_the_digest_ignores_metadata_and_nothing_else(card, tmp_path):
    bare, noted, other = (tmp_path / f"{name}.onnx" for name in "abc")
    bare.write_bytes(network())
    noted.write_bytes(with_metadata(network(), note="hello"))
    other.write_bytes(network(seed=1))
    assert graph_digest(bare) == graph_digest(noted) != graph_digest(other)
    write_model(noted, noted, card)
    assert graph_digest(noted) == graph_digest(bare)


def test_the_fingerprint_hears_of_what_changes_vectors_only(card, tmp_path):
    def fingerprint(card, seed=0):
        write_model(tmp_path / "m.onnx", network(seed=seed), card)
        return read_model(tmp_path / "m.onnx").fingerprint

    first = fingerprint(card)
    quiet = replace(card, name="b", licence="MIT", calibrations=(Calibration("similar", 1, 2),))
    assert fingerprint(quiet) == first
    loud = replace(card, preprocessing=replace(card.preprocessing, interpolation="box"))
    assert fingerprint(loud) != first
    assert fingerprint(card, seed=1) != first


def test_every_cut_is_refused_or_harmless(card, tmp_path):
    whole = tmp_path / "whole.onnx"
    tiny = helper.make_model(
        helper.make_graph(
            [helper.make_node("Identity", ["x"], ["y"])],
            "g",
            [helper.make_tensor_value_info("x", TensorProto.FLOAT, [1, 3, 4, 4])],
            [helper.make_tensor_value_info("y", TensorProto.FLOAT, [1, 3, 4, 4])],
        )
    )
    write_model(whole, tiny.SerializeToString(), card)
    content = whole.read_bytes()
    cut = tmp_path / "cut.onnx"
    for length in range(len(content)):
        cut.write_bytes(content[:length])
        with pytest.raises(WrongModel) as caught:
            read_model(cut)
        assert caught.value.mend and str(cut) == caught.value.where


def test_a_changed_network_is_refused(card, tmp_path):
    path = tmp_path / "model.onnx"
    write_model(path, network(), card)
    model = onnx.load(path)
    model.graph.initializer[0].raw_data = bytes(len(model.graph.initializer[0].raw_data))
    path.write_bytes(model.SerializeToString())
    with pytest.raises(WrongModel, match="does not match"):
        read_card(path)


def test_a_model_without_a_card_says_how_to_get_one(tmp_path):
    path = tmp_path / "bare.onnx"
    path.write_bytes(network())
    with pytest.raises(WrongModel, match="no card") as caught:
        read_card(path)
    assert "write_model" in caught.value.mend


@pytest.mark.parametrize(
    "value", ["", "nonsense", "[]", "3", '{"card": {}}', '{"card": {"name": ""}, "graph": "x"}']
)
def test_a_card_that_cannot_be_read_is_refused(value, tmp_path):
    path = tmp_path / "odd.onnx"
    path.write_bytes(with_metadata(network(), lookalike=value))
    with pytest.raises(WrongModel) as caught:
        read_card(path)
    assert caught.value.where == str(path) and caught.value.mend


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7 and more", b"\x89PNG\r\n\x1a\n", b"\x08\x08"])
def test_other_files_are_refused(content, tmp_path):
    path = tmp_path / "other.onnx"
    path.write_bytes(content)
    with pytest.raises(WrongModel, match="no whole ONNX model"):
        read_card(path)
    with pytest.raises(WrongModel):
        graph_digest(path)


def test_files_that_cannot_be_opened_are_told(tmp_path, card):
    with pytest.raises(InputError):
        read_card(tmp_path / "missing.onnx")
    with pytest.raises(InputError):
        read_card(tmp_path)
    with pytest.raises(InputError):
        write_model(tmp_path / "no folder" / "m.onnx", network(), card)


def test_weights_in_other_files_are_refused(tmp_path, card):
    path = tmp_path / "split.onnx"
    onnx.save_model(
        onnx.load_from_string(network()),
        path,
        save_as_external_data=True,
        location="weights.bin",
        size_threshold=0,
    )
    with pytest.raises(WrongModel, match="other files"):
        write_model(tmp_path / "out.onnx", path, card)
    assert not (tmp_path / "out.onnx").exists()


def test_a_failed_write_leaves_the_older_file(tmp_path, card):
    path = tmp_path / "model.onnx"
    write_model(path, network(), card)
    before = path.read_bytes()
    with pytest.raises(WrongModel):
        write_model(path, b"\x08\x08 no network", card)
    assert path.read_bytes() == before and len(list(tmp_path.iterdir())) == 1
