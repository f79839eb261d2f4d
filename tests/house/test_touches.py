"""A new loss, backbone, augmentation or protocol needs the touches that CONTRIBUTING names.

Each is added here by the row in its table alone, and a recipe that names all of them is run.
"""

import importlib.util
import re
from pathlib import Path

import numpy as np
import pytest
from striped_folders import recipe, striped

from lookalike.nouns.evaluation_report import Judged
from lookalike.nouns.measure import Measure
from lookalike.verbs import evaluate
from lookalike.verbs.judge_bench import Protocol
from lookalike.verbs.train import train

torch = pytest.importorskip("torch")
ROOT = Path(__file__).parents[2]
PATHS = re.compile(
    r"`((?:src|tests|docs|images|encoders|training|verbs|nouns|cli|recipes)/[\w./]+)`"
)


def mean_of_alike(part, sizes):
    """A loss: alike pictures move together."""
    from lookalike.training.loss_modules import ClassLoss

    class Together(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.centres = torch.nn.Parameter(torch.randn(sizes.n_classes, sizes.d))

        def forward(self, embeddings, labels):
            return torch.nn.functional.cross_entropy(embeddings @ self.centres.T, labels)

    return ClassLoss(Together())


def half_grey(frame, strength, edits):
    """An augmentation: nothing but the frame."""
    del strength, edits
    return frame


def count_judged(bench):
    """A protocol: how many pictures are judged."""
    n = len(bench.judged)
    measure = Measure("share judged", 1.0, 1.0, 1.0, 0.0, "nothing judged", n)
    return Judged("made-up", f"{n} pictures.", (measure,))


@pytest.fixture
def added(monkeypatch):
    """One row in each table."""
    from lookalike.training import augment, backbone_names, loss_table
    from lookalike.training.loss_entry import LossEntry

    entry = LossEntry(mean_of_alike, "Together.\n\nMade up.", "nobody", needs=("classes",))
    monkeypatch.setitem(loss_table.LOSSES, "made-up", entry)
    monkeypatch.setitem(backbone_names.ALIASES, "made_up", "test_resnet")
    one = augment.Augmentation("made-up", "nothing", half_grey)
    monkeypatch.setattr(augment, "AUGMENTATIONS", {**augment.AUGMENTATIONS, "made-up": one})
    protocol = Protocol("made-up", lambda bench: "", count_judged)
    monkeypatch.setitem(evaluate.PROTOCOLS, "made-up", protocol)


def test_a_row_in_its_table_is_all_that_a_recipe_needs(added, tmp_path, monkeypatch):
    monkeypatch.setenv("LOOKALIKE_CACHE", str(tmp_path / "cache"))
    torch.set_num_threads(1)
    wanted = recipe(striped(tmp_path / "stripes")).changed(
        {
            "backbone": {"names": "made_up", "weights": "none", "size_px": 64},
            "loss": {"name": "made-up"},
            "augment": {"name": "made-up"},
            "judge": {"protocols": "made-up"},
            "fit": {"epochs": 1},
        }
    )
    report = train(wanted, out=tmp_path / "made.onnx", runs=tmp_path / "run")
    assert np.isfinite(report.epochs[0].loss)
    assert report.judged.protocols == ("made-up",)
    assert report.judged.measure("made-up", "share judged").value == 1.0


def test_the_reference_is_made_of_the_same_tables(added):
    spec = importlib.util.spec_from_file_location("pages", ROOT / "docs/training_pages.py")
    pages = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(pages)
    assert any(line.startswith("| [made-up](#made-up) | Together.") for line in pages.losses_page())
    text = "\n".join(pages.recipe_page())
    assert "| `made-up` | nothing |" in text
    assert "| `made_up` | `test_resnet` |" in text


def test_every_recipe_is_in_the_reference():
    text = (ROOT / "docs/reference/recipes.md").read_text(encoding="utf-8")
    for path in (ROOT / "src/lookalike/recipes").glob("*.toml"):
        assert f"\n| `{path.stem}` |" in text


def test_the_places_that_contributing_names_are_there():
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    named = set(PATHS.findall(text))
    assert {"training/loss_table.py", "training/augment.py"} <= named
    for path in (path for path in named if "NAME" not in path):
        places = (ROOT / path, ROOT / "src/lookalike" / path)
        assert any(place.exists() for place in places), path
