"""`models add`: a published encoder becomes a file that gives what torch gives."""

import numpy as np
import pytest
from click.testing import CliRunner
from scenes import scene

import lookalike
from lookalike.cli.main import main
from lookalike.encoders.preprocess import network_input
from lookalike.nouns.errors import InputError, RecipeError
from lookalike.verbs.add_model import file_stem

torch = pytest.importorskip("torch")
timm = pytest.importorskip("timm")
torch.set_num_threads(1)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """An empty models folder."""
    monkeypatch.setenv("LOOKALIKE_MODELS", str(tmp_path / "models"))
    monkeypatch.delenv("LOOKALIKE_DATA", raising=False)
    return tmp_path


def drawn(name):
    torch.manual_seed(0)
    return timm.create_model(name, num_classes=0).eval()


def as_torch(net, report, pictures):
    """What torch itself gives, with the mean and deviation that timm tells."""
    card = lookalike.read_card(report.model)
    config = timm.data.resolve_data_config({}, model=net)
    mean, std = (torch.tensor(config[key]).view(1, 3, 1, 1) for key in ("mean", "std"))
    x = torch.from_numpy(network_input(pictures, card.preprocessing))
    with torch.no_grad():
        return torch.nn.functional.normalize(net((x - mean) / std), dim=1).numpy()


@pytest.mark.parametrize("name", ["test_vit", "test_resnet"])
def test_weights_that_are_here_become_a_model_that_can_be_named(folder, name):
    net = drawn(name)
    torch.save(net.state_dict(), folder / "weights.pt")
    report = lookalike.add_model(name, weights=folder / "weights.pt")
    assert report.model == folder / "models" / f"{name}.onnx"
    pictures = [np.asarray(scene(seed, (200, 170))) for seed in range(3)]
    given = lookalike.load_encoder(name).encode(pictures)  # by its name alone
    assert np.abs(given - as_torch(net, report, pictures)).max() < 1e-3
    assert name in [line.card.name for line in lookalike.models().models]
    assert report.relations == () and "--data" in report.remarks[0]


def test_a_repository_that_is_here_is_taken_as_it_is(folder):
    net = drawn("test_resnet")
    timm.models.save_for_hf(net, folder / "my-encoder", safe_serialization=True)
    report = lookalike.add_model(str(folder / "my-encoder"))
    assert report.name == "my-encoder"
    pictures = [np.asarray(scene(5, (200, 170)))]
    given = lookalike.load_encoder("my-encoder").encode(pictures)
    assert np.abs(given - as_torch(net, report, pictures)).max() < 1e-3


def test_it_is_calibrated_on_pictures_without_labels(folder):
    torch.save(drawn("test_resnet").state_dict(), folder / "w.pt")
    (folder / "pictures").mkdir()
    for seed in range(30):
        scene(seed, (96, 72)).save(folder / "pictures" / f"{seed}.png")
    part = lookalike.DataPart(str(folder / "pictures"), validation=0.9, test=0.0)
    report = lookalike.add_model(
        "test_resnet", weights=folder / "w.pt", data=part, size_px=64, out=folder / "own.onnx"
    )
    assert report.size_px == 64 and report.model == folder / "own.onnx"
    assert report.relations == ("edited copy",)
    assert "edited copies" in lookalike.read_card(report.model).calibrations[0].learned_on


def test_without_a_network_the_error_names_the_cure(folder, monkeypatch):
    def fail(*_, **__):
        raise OSError("no route to host")

    monkeypatch.setattr(timm, "create_model", fail)
    for name in ("test_vit", "timm:test_vit"):
        with pytest.raises(InputError, match="no route to host") as caught:
            lookalike.add_model(name)
        assert "--weights FILE" in caught.value.mend and "copy the .onnx" in caught.value.mend
    result = CliRunner().invoke(main, ["models", "add", "test_vit"])
    assert result.exit_code == 2 and "try: --weights" in result.output
    assert not (folder / "models").exists() or not list((folder / "models").iterdir())


def test_unknown_names_are_refused(folder):
    with pytest.raises(RecipeError, match="No backbone"):
        lookalike.add_model("resnet5O")


@pytest.mark.parametrize(
    ("name", "stem"),
    [
        ("timm:resnet50.a1_in1k", "resnet50.a1_in1k"),
        ("hf-hub:timm/vit_small", "vit_small"),
        ("/a b/my encoder/", "my-encoder"),
        ("..", "model"),
    ],
)
def test_file_names(name, stem):
    assert file_stem(name) == stem
