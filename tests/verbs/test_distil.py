"""distil: a student learns what its teachers say, and asks them once."""

import numpy as np
import pytest
from striped_folders import recipe, striped

from lookalike.encoders.choose import load_encoder
from lookalike.encoders.model_file import read_model
from lookalike.nouns.errors import InputError, RecipeError
from lookalike.nouns.recipe import LossPart
from lookalike.verbs import teacher
from lookalike.verbs.distil import as_student, distil
from lookalike.verbs.judge_parts import read_data
from lookalike.verbs.teacher import teacher_embeddings

torch = pytest.importorskip("torch")
torch.set_num_threads(1)


@pytest.fixture(autouse=True)
def place(tmp_path, monkeypatch):
    """An empty working folder with a cache of its own."""
    monkeypatch.setenv("LOOKALIKE_CACHE", str(tmp_path / "cache"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def folder(place):
    return striped(place / "stripes")


def test_a_student_comes_nearer_to_its_teacher(folder):
    shuffled = {"kind": "shuffled", "size": 8}
    wanted = recipe(folder, batch=shuffled, fit={"epochs": 6}, augment={"name": "none"})
    report = distil(wanted, teachers=["classic"])
    assert report.epochs[-1].loss < 0.8 * report.epochs[0].loss
    assert report.measured == "minus the loss"
    assert 'models = ["classic"]' in read_model(report.model).card.provenance
    assert report.judged.measure("verification", "ROC-AUC").value > 0.6


def test_teachers_are_asked_once(folder, place, monkeypatch):
    data = read_data(folder, layout="auto", seed=0)
    first = teacher_embeddings(["classic"], data, cache=place / "c", progress=lambda a, b: None)

    def never(*_, **__):
        raise AssertionError

    monkeypatch.setattr(teacher, "look_at", never)
    again = teacher_embeddings(["classic"], data, cache=place / "c", progress=lambda a, b: None)
    assert np.array_equal(first, again)


def test_scores_of_several_teachers_are_the_mean_of_theirs(folder, place, monkeypatch):
    data = read_data(folder, layout="auto", seed=0)
    one = teacher_embeddings(["classic"], data, cache=place / "c", progress=lambda a, b: None)

    class Turned:
        """Another teacher: classic upside down."""

        d, name, fingerprint, short_side_px = 256, "turned", "turned", 64

        def encode(self, pictures):
            return load_encoder("classic").encode([picture[::-1].copy() for picture in pictures])

    encoders = {"classic": load_encoder("classic"), "turned": Turned()}
    monkeypatch.setattr(teacher, "load_encoder", encoders.__getitem__)
    told = {"cache": place / "c", "progress": lambda a, b: None}
    other = teacher_embeddings(["turned"], data, **told)
    both = teacher_embeddings(["classic", "turned"], data, **told)
    assert np.allclose(both @ both.T, (one @ one.T + other @ other.T) / 2, atol=1e-5)
    assert np.allclose(np.linalg.norm(both, axis=1), 1, atol=1e-5)
    assert not np.allclose(one, other)


def test_what_a_teacher_cannot_read_is_zero(folder, place):
    (folder / "class 1" / "02.png").write_bytes(b"no picture")
    data = read_data(folder, layout="auto", seed=0)
    found = teacher_embeddings(["classic"], data, cache=place / "c", progress=lambda a, b: None)
    lengths = np.linalg.norm(found, axis=1)
    broken = data.paths.index("class 1/02.png")
    assert lengths[broken] == 0
    assert np.allclose(np.delete(lengths, broken), 1, atol=1e-5)


def test_losses_give_way_to_the_one_that_learns_from_a_teacher(folder):
    wanted = recipe(folder)
    student = as_student(wanted, ["a.onnx", "b.onnx"])
    assert student.loss == (LossPart("distil"),)
    assert student.teacher.models == ("a.onnx", "b.onnx")
    kept = {name: getattr(wanted, name) for name in wanted.__slots__}
    both = type(wanted)(**{**kept, "loss": (LossPart("distil"), LossPart("koleo", weight=0.1))})
    assert as_student(both, ["a.onnx"]).loss == both.loss


def test_teachers_of_the_recipe_count_unless_others_are_named(folder):
    wanted = recipe(folder, teacher={"models": ["mine.onnx"]})
    assert as_student(wanted, []).teacher.models == ("mine.onnx",)
    assert as_student(wanted, ["other.onnx"]).teacher.models == ("other.onnx",)


def test_a_student_without_a_teacher_is_refused(folder):
    with pytest.raises(RecipeError, match="needs a teacher"):
        distil(recipe(folder))
    with pytest.raises(InputError, match="no such model"):
        distil(recipe(folder), teachers=["nobody.onnx"])
