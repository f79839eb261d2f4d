"""`adapt`: a model learns a collection where that helps, and stays as it is where it does not."""

import json

import numpy as np
import pytest
from click.testing import CliRunner
from networks import network
from scenes import scene

import lookalike
from lookalike.cli.main import main
from lookalike.encoders.model_file import read_model, write_model
from lookalike.nouns.card import ModelCard, Preprocessing
from lookalike.nouns.errors import InputError
from lookalike.verbs import adapt as module
from lookalike.verbs.adapt_views import changed_views, look_over

torch = pytest.importorskip("torch")
torch.set_num_threads(1)
N = 48


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Made pictures, one of them twice, and a torn file."""
    place = tmp_path_factory.mktemp("collection")
    for seed in range(N):
        scene(seed, (96, 72)).save(place / f"{seed}.png")
    scene(0, (96, 72)).save(place / "again.png")
    (place / "torn.png").write_bytes((place / "1.png").read_bytes()[:500])
    return place


@pytest.fixture(scope="module")
def base(tmp_path_factory):
    """A model with drawn weights."""
    path = tmp_path_factory.mktemp("base") / "tiny.onnx"
    write_model(path, network(d=24), ModelCard("tiny", 24, Preprocessing(32, 32)))
    return path


@pytest.fixture(scope="module")
def report(folder, base, tmp_path_factory):
    return lookalike.adapt([folder], base, out=tmp_path_factory.mktemp("out") / "new.onnx")


def test_the_answer_counts_every_picture_once(report):
    assert report.n_pictures == N and report.n_learned + report.n_held_out < N
    assert [failure.path.name for failure in report.failed] == ["torn.png"]
    assert report.accepted == (report.model is not None)
    json.dumps(report.to_dict())
    header, rows = report.to_table()
    assert len(rows) == 5 and all(len(row) == len(header) for row in rows)


def test_it_is_never_worse(report, base):
    """Taken only where the whole interval of the gain lies above nothing."""
    first_before, first_after = report.before[0].value, report.after[0].value
    if report.accepted:
        assert report.gain.low > 0 and first_after >= first_before
    else:
        assert report.gain.low <= 0 or first_after < first_before
    assert report.gain.low <= report.gain.value <= report.gain.high
    assert read_model(base).card.name == "tiny"


class Better:
    """Layers in whose stead every vector becomes the mean of what it had been: all alike."""

    def __call__(self, vectors):
        return np.repeat(vectors[:1], len(vectors), axis=0)


def test_what_is_worse_is_refused_and_leaves_no_file(folder, base, tmp_path, monkeypatch):
    monkeypatch.setattr(module, "_taught", lambda *_: Better())
    report = lookalike.adapt([folder], base, out=tmp_path / "worse.onnx")
    assert not report.accepted and not list(tmp_path.iterdir())
    assert report.gain.high < 0 and report.after[0].value == 0


def test_what_helps_is_written_with_its_calibration(folder, base, tmp_path, monkeypatch):
    """The places are those of a model that became better; the file is a real one."""
    from lookalike.training.adapter import Layers

    zeros = Layers(*(np.zeros(s, np.float32) for s in ((24, 3), (3,), (3, 24), (24,))))
    monkeypatch.setattr(module, "_taught", lambda *_: zeros)
    gains = iter([np.full((4, 10), 3), np.full((4, 10), 1)])
    monkeypatch.setattr(module, "places_of", lambda *_: next(gains))
    report = lookalike.adapt([folder], base, out=tmp_path / "better.onnx")
    assert report.accepted and report.model == tmp_path / "better.onnx"
    card = read_model(report.model).card
    assert card.name == "better" and "adapted without labels" in card.provenance
    assert [c.relation for c in card.calibrations] in ([], ["edited copy"])
    picture = [np.asarray(scene(3, (96, 72)))]
    one, other = (lookalike.load_encoder(p).encode(picture) for p in (base, report.model))
    assert np.allclose(one, other, atol=1e-5)  # layers of zeros change nothing
    assert (
        lookalike.load_encoder(base).fingerprint != lookalike.load_encoder(report.model).fingerprint
    )


def test_views_are_the_same_for_the_same_seed(folder, base):
    encoder = lookalike.load_encoder(base)
    looked = look_over([folder], encoder, 0, lambda *_: None)
    rows = np.array([3, 1])
    one, other = (changed_views(looked, rows, encoder, 3, 5, lambda *_: None) for _ in range(2))
    assert one.shape == (3, 2, 24) and (one == other).all()
    alone = changed_views(looked, rows[1:], encoder, 3, 5, lambda *_: None)
    assert np.allclose(alone[:, 0], one[:, 1], atol=1e-5)


def test_two_folders_are_learned_together_each_picture_once(folder, base, tmp_path):
    for seed in (0, N, N + 1):  # the first is in the other folder too
        scene(seed, (96, 72)).save(tmp_path / f"scan-{seed}.png")
    looked = look_over([folder, tmp_path], lookalike.load_encoder(base), 0, lambda *_: None)
    assert len(looked.paths) == N + 2
    assert {path.parent for path in looked.paths} == {folder, tmp_path}


def test_what_cannot_be_adapted_is_refused(folder, base, tmp_path):
    assert module.file_of("built-in").is_file()
    with pytest.raises(InputError, match="classic is no network") as caught:
        lookalike.adapt([folder], "classic")
    assert "export" in caught.value.mend
    with pytest.raises(InputError, match="no such model"):
        lookalike.adapt([folder], "nothing.onnx")
    with pytest.raises(InputError, match="no such folder"):
        lookalike.adapt([tmp_path / "none"], base)
    scene(1).save(tmp_path / "one.png")
    with pytest.raises(InputError, match="1 different pictures"):
        lookalike.adapt([tmp_path], base)


def test_the_command_says_what_came_of_it(folder, base, tmp_path, monkeypatch):
    monkeypatch.setattr(module, "_taught", lambda *_: None)
    words = ["adapt", str(folder), "--model", str(base), "--out", str(tmp_path / "n.onnx")]
    said = CliRunner().invoke(main, words).output
    assert "the model stays as it is (+0.0 points of 100" in said and "torn.png" in said
