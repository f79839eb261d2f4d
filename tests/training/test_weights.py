"""Weights get from files into networks, and only where they belong."""

import hashlib
import pickle

import numpy as np
import pytest
import timm
import torch
from safetensors.torch import save_file
from small_backbones import noise, settled
from torch import nn

from lookalike.nouns.errors import InputError, LookalikeError, WrongModel
from lookalike.training import known_weights
from lookalike.training.backbones import build_backbone
from lookalike.training.embedder import load_embedder
from lookalike.training.known_weights import HALVES, KnownWeights
from lookalike.training.weights import load_weights


@pytest.fixture
def source():
    """A network of 10 classes, as somebody else trained it."""
    torch.manual_seed(1)
    return timm.create_model("test_resnet", num_classes=10)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """An empty LOOKALIKE_DATA/weights."""
    monkeypatch.setenv("LOOKALIKE_DATA", str(tmp_path / "data"))
    (tmp_path / "data/weights").mkdir(parents=True)
    return tmp_path / "data/weights"


def save(state, path):
    if path.suffix == ".npz":
        np.savez(path, **{name: value.numpy() for name, value in state.items()})
    elif path.suffix == ".safetensors":
        save_file(state, path)
    else:
        torch.save(state, path)
    return path


def same(backbone, source):
    own = source.state_dict()
    return all(torch.equal(value, own[name]) for name, value in backbone.trunk.state_dict().items())


@pytest.mark.parametrize("suffix", [".npz", ".pt", ".pth", ".safetensors", ".ckpt"])
def test_every_kind_of_file_is_read_and_the_classifier_left_out(tmp_path, source, suffix):
    path = save(source.state_dict(), tmp_path / f"mine{suffix}")
    assert same(build_backbone("test_resnet", str(path)), source)
    assert not same(build_backbone("test_resnet", "none"), source)


@pytest.mark.parametrize("wrapper", ["state_dict", "model", "model_state_dict"])
@pytest.mark.parametrize("prefix", ["module.", "model.module.", "_orig_mod."])
def test_wrappers_are_taken_off(tmp_path, source, wrapper, prefix):
    state = {f"{prefix}{name}": value for name, value in source.state_dict().items()}
    torch.save({"epoch": 3, wrapper: state}, tmp_path / "whole.pt")
    assert same(build_backbone("test_resnet", str(tmp_path / "whole.pt")), source)


def test_half_precision_weights_are_taken(tmp_path, source):
    state = {n: v.half() if v.is_floating_point() else v for n, v in source.state_dict().items()}
    loaded = build_backbone("test_resnet", str(save(state, tmp_path / "half.npz")))
    for name, value in loaded.trunk.state_dict().items():
        torch.testing.assert_close(value, source.state_dict()[name], rtol=1e-3, atol=1e-3)
        assert value.dtype == source.state_dict()[name].dtype


@pytest.mark.parametrize("weights", ["hub", "local", "test_resnet", "test_resnet.npz"])
def test_the_data_folder_comes_before_a_download(folder, source, weights):
    save(source.state_dict(), folder / "test_resnet.npz")
    assert same(build_backbone("test_resnet", weights), source)


def test_the_name_as_it_was_typed_is_looked_for_too(folder):
    source = timm.create_model("mobilenetv2_100")
    save(source.state_dict(), folder / "mobilenet_v2.safetensors")
    assert same(build_backbone("mobilenet_v2", "hub", size_px=32), source)


@pytest.mark.parametrize("weights", ["local", "nowhere.pt", "nowhere"])
def test_a_file_that_is_not_there_is_an_error_with_a_cure(folder, weights):
    with pytest.raises(InputError, match="no file of weights") as told:
        build_backbone("test_resnet", weights)
    assert str(folder) in told.value.mend


def test_without_a_data_folder_the_cure_names_the_variable(monkeypatch):
    monkeypatch.delenv("LOOKALIKE_DATA", raising=False)
    with pytest.raises(InputError) as told:
        build_backbone("resnet20", "cifar10")
    assert "LOOKALIKE_DATA" in told.value.mend


@pytest.mark.parametrize(
    "error", [OSError("no connection"), RuntimeError("No pretrained weights"), Exception("refused")]
)
def test_without_a_network_the_cure_is_a_local_file(folder, monkeypatch, error):
    def no_network(name, **options):
        raise error

    monkeypatch.setattr(timm, "create_model", no_network)
    with pytest.raises(LookalikeError, match=str(error)) as told:
        build_backbone("vit_b_16", "hub")
    assert "LOOKALIKE_DATA" in told.value.mend
    assert "local file" in told.value.mend


def test_the_hub_has_no_weights_of_our_own_networks(folder):
    with pytest.raises(InputError, match="hub has no weights") as told:
        build_backbone("resnet56", "hub")
    assert "resnet56.npz" in told.value.mend


def test_weights_of_another_network_are_counted_and_named(tmp_path, source):
    state = source.state_dict()
    del state[next(iter(state))]
    state["stranger.weight"] = torch.zeros(3)
    name = next(n for n, v in state.items() if v.dim() == 4)
    state[name] = state[name][:1]
    path = save(state, tmp_path / "wrong.pt")
    with pytest.raises(WrongModel) as told:
        build_backbone("test_resnet", str(path))
    text = told.value.what
    assert "1 missing" in text
    assert "1 not known (stranger.weight)" in text
    assert f"1 of another shape ({name})" in text
    assert told.value.where == str(path)


def test_many_strangers_are_named_by_three(tmp_path, source):
    path = save(source.state_dict(), tmp_path / "wrong.npz")
    with pytest.raises(WrongModel, match=r"\d\d missing \([^,]+, [^,]+, [^,]+, \.\.\.\)"):
        build_backbone("resnet20", str(path))


def test_weights_that_are_not_finite_are_refused(tmp_path, source):
    state = source.state_dict()
    name = next(n for n, v in state.items() if v.dim() == 4)
    state[name][0] = torch.nan
    with pytest.raises(WrongModel, match=name):
        build_backbone("test_resnet", str(save(state, tmp_path / "nan.pt")))


class Bomb:
    """Sets a flag if anybody unpickles it."""

    went_off = False

    def __reduce__(self):
        return (setattr, (Bomb, "went_off", True))


def test_nothing_in_a_file_is_executed(tmp_path):
    torch.save({"state_dict": Bomb()}, tmp_path / "bomb.pt")
    with pytest.raises(WrongModel, match="could run code"):
        build_backbone("conv4", str(tmp_path / "bomb.pt"))
    np.savez(tmp_path / "bomb.npz", weights=np.array([Bomb()], dtype=object))
    with pytest.raises(WrongModel):
        build_backbone("conv4", str(tmp_path / "bomb.npz"))
    assert not Bomb.went_off
    pickle.loads(pickle.dumps(Bomb()))
    assert Bomb.went_off  # it would have


@pytest.mark.parametrize("suffix", [".npz", ".pt", ".safetensors"])
@pytest.mark.parametrize("content", [b"", b"no weights at all", b"PK\x03\x04 cut short"])
def test_damaged_files_are_told_apart_from_wrong_ones(tmp_path, suffix, content):
    path = tmp_path / f"damaged{suffix}"
    path.write_bytes(content)
    with pytest.raises(WrongModel) as told:
        build_backbone("conv4", str(path))
    assert told.value.where == str(path)


@pytest.mark.parametrize("content", [[1, 2], {}, {"epoch": 1}, torch.zeros(3)])
def test_a_file_without_named_tensors_is_refused(tmp_path, content):
    torch.save(content, tmp_path / "odd.pt")
    with pytest.raises(WrongModel, match="no weights by name"):
        build_backbone("conv4", str(tmp_path / "odd.pt"))


def test_older_names_are_turned_into_timms(tmp_path):
    """torchvision's VGG calls its layers otherwise and has another shape for two of them."""

    class Small(nn.Module):
        __module__ = "timm.models.vgg"

        def __init__(self):
            super().__init__()
            self.pre_logits = nn.ModuleDict({"fc1": nn.Conv2d(512, 3, 7)})

    own = Small()
    state = {"classifier.0.weight": torch.randn(3, 512 * 49), "classifier.0.bias": torch.randn(3)}
    path = save(state, tmp_path / "vgg.pt")
    load_weights(own, path)
    assert torch.equal(own.pre_logits["fc1"].weight.flatten(1), state["classifier.0.weight"])


def test_places_of_a_transformer_are_stretched_to_another_size(tmp_path):
    source = timm.create_model("test_vit")
    path = save(source.state_dict(), tmp_path / "vit.pt")
    loaded = build_backbone("test_vit", str(path), size_px=64).trunk
    assert loaded.pos_embed.shape[1] < source.pos_embed.shape[1]
    assert torch.equal(loaded.pos_embed[:, 0], source.pos_embed[:, 0])  # of the class token
    assert torch.equal(loaded.blocks[0].mlp.fc1.weight, source.blocks[0].mlp.fc1.weight)


def test_known_weights_get_the_network_and_the_input_that_they_want(folder, monkeypatch):
    """As weights converted from TensorFlow: its padding, its input, one layer without ReLU."""
    torch.manual_seed(2)
    net = timm.create_model("mobilenet_edgetpu_100", pad_type="same")
    net.size_px = 32
    settled(net)
    net.blocks[0][0].bn1.act = nn.Identity()
    path = save(net.state_dict(), folder / "mobilenet_edgetpu_100.npz")
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    row = KnownWeights(
        "mobilenet_edgetpu_100", HALVES, HALVES, 0.875, {"pad_type": "same"}, "blocks.0.0.bn1"
    )
    x = noise(2, 32)
    with torch.no_grad():
        wanted = net.forward_features(x * 2 - 1).mean((2, 3))
        plain = load_embedder("mobilenet_edgetpu_100", "hub", size_px=32)
        assert not torch.allclose(plain.features(x), wanted, atol=1e-2)
        monkeypatch.setitem(known_weights.KNOWN, digest, row)
        loaded = load_embedder("mobilenet_edgetpu_100", "hub", size_px=32)
        torch.testing.assert_close(loaded.features(x), wanted)
    assert loaded.preprocessing.crop_share == 0.875


def test_known_weights_mean_nothing_to_another_network(folder, source, monkeypatch):
    path = save(source.state_dict(), folder / "mine.npz")
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    monkeypatch.setitem(known_weights.KNOWN, digest, KnownWeights("conv4", HALVES, (1, 1, 1)))
    assert build_backbone("test_resnet", "mine").std != (1, 1, 1)
