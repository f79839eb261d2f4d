"""Answers by class: what they are, what they are good for, and that a run gives them back."""

import numpy as np
import pytest
import torch
from tiny_runs import CLASSES, DATA, Run, changed, same_weights, stripes

from lookalike.encoders.choose import load_encoder
from lookalike.nouns.errors import RecipeError
from lookalike.training.posterior import Posterior
from lookalike.training.restored import restored_run
from lookalike.verbs.finished import finished

pytestmark = pytest.mark.usefixtures("one_thread")

BY_CLASS = changed(
    head={"classes": True},
    loss={"name": "softmax"},
    batch={"kind": "shuffled"},
    fit={"epochs": 4, "lr": 1e-2},
)


PICTURES = np.stack([stripes(int(label), row) for row, label in enumerate(DATA.labels)])


@pytest.fixture(scope="module")
def run(tmp_path_factory, one_thread):
    folder = tmp_path_factory.mktemp("by class") / "run"
    return Run(BY_CLASS, folder, measure=None)  # the best epoch is that of the least loss


@pytest.fixture(scope="module")
def trained(run):
    return run.go()


def embeddings(embedder):
    x = torch.from_numpy(PICTURES).permute(0, 3, 1, 2).float() / 255
    with torch.no_grad():
        return embedder(x).numpy()


def test_probabilities_are_those_of_a_normalised_softmax():
    chance = np.random.default_rng(0)
    directions, x = chance.normal(size=(5, 3)), chance.normal(size=(7, 5))
    x /= np.linalg.norm(x, axis=1, keepdims=True)
    cosines = x @ (directions / np.linalg.norm(directions, axis=0))
    wanted = np.exp(cosines / 0.1) / np.exp(cosines / 0.1).sum(axis=1, keepdims=True)
    told = Posterior(torch.from_numpy(directions), 0.1)(torch.from_numpy(x).float())
    assert np.allclose(told.numpy(), wanted, atol=1e-6)


def test_a_trained_model_answers_with_its_classes(trained):
    answers = embeddings(trained.embedder)
    assert trained.embedder.d == answers.shape[1] == CLASSES
    assert np.allclose(np.linalg.norm(answers, axis=1), 1, atol=1e-6) and (answers >= 0).all()
    kept = DATA.parts == 1
    assert (answers.argmax(axis=1) == DATA.labels)[kept].mean() > 0.5  # at random a quarter


def test_the_run_gives_the_same_model_back(run, trained):
    recipe, again = restored_run(run.folder)
    assert recipe.head.classes
    assert np.array_equal(embeddings(again), embeddings(trained.embedder))


def test_a_finished_run_can_be_used_either_way(run, trained):
    plain = Run(BY_CLASS.changed({"head": {"classes": False}}), run.folder, measure=None).go()
    assert plain.embedder.d == 8 and plain.embedder.posterior is None
    back = run.go()
    assert same_weights(back, trained)


@pytest.mark.parametrize(
    "other",
    [
        {"loss": {"name": "triplet"}, "batch": {"kind": "balanced"}},
        {"fit": {"epochs": 0}},
        {"data": {"unseen_classes": 0.25}},
        {"batch": {"kind": "views"}, "loss": {"name": "nt-xent"}},
    ],
)
def test_what_learns_no_classes_is_refused(other, tmp_path):
    with pytest.raises(RecipeError) as refused:
        Run(BY_CLASS.changed(other), tmp_path / "run").go()
    assert refused.value.where == "head.classes"


def test_the_exported_model_answers_so(trained, tmp_path):
    path = tmp_path / "model.onnx"
    finished(trained.embedder, path, name="tiny", provenance="a test")
    told = load_encoder(str(path), provider="cpu").encode(list(PICTURES[:6]))
    assert told.shape == (6, CLASSES)
    assert np.abs(told - embeddings(trained.embedder)[:6]).max() < 1e-3
