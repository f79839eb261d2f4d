"""Each recipe runs end to end on a tiny set of its kind, and the rest takes its model at once."""

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import stand_in_sets as sets
from click.testing import CliRunner

from lookalike.cli.main import main
from lookalike.verbs.recipes import load_recipe, recipe_names

torch = pytest.importorskip("torch")
torch.set_num_threads(1)

SMALLER = {
    "imagenette-siamese": ["backbone.size_px=64"],
    "imagenette-trios": ["backbone.size_px=64"],
    "food-triplets": ["backbone.names=test_resnet"],
    "photos-nt-xent": ["backbone.names=test_vit"],
    "photos-distil": ["backbone.names=test_efficientnet"],
    "photos-nt-xent-ensemble": ["backbone.names=test_vit,test_resnet,test_convnext"],
}
"""Networks of timm's that are its families in miniature, or smaller pictures."""

SETS: dict[str, Callable[[Path], None]] = {
    "imagenette-siamese": sets.imagenette,
    "imagenette-trios": sets.imagenette,
    "indoor-contrastive": sets.indoor67,
    "cifar100-classes": sets.cifar100,
    "cifar100-triplets": sets.cifar100,
    "mnist-triplets": sets.mnist,
    "omniglot-one-shot": sets.omniglot,
    "food-triplets": sets.food,
    "photos-nt-xent": sets.unlabelled,
    "photos-nt-xent-ensemble": sets.unlabelled,
    "photos-distil": sets.unlabelled,
}

OWN_DATA = {
    "food-triplets": "train_triplets.txt",
    "photos-nt-xent": "photos",
    "photos-nt-xent-ensemble": "photos",
    "photos-distil": "photos",
}
"""What `--data` names, where a recipe is for no standard set."""

SKIPPED = {
    "photos-nt-xent": {"matching"},  # photographs alone are no targets
    "photos-nt-xent-ensemble": {"matching"},
    "omniglot-one-shot": {"verification"},  # validation has one drawing of each character
}
"""Protocols that a recipe asks for and the stand-in does not allow."""

BACKBONES = (
    *("vit_b_16", "swin_t", "convnext_small", "resnet50"),
    *("vgg16", "efficientnet_v2_m", "regnet"),
)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """The folder of stand-ins that a recipe learns from, made once."""
    folders: dict[Callable[[Path], None], Path] = {}

    def of(recipe: str) -> Path:
        make = SETS[recipe]
        if make not in folders:
            folders[make] = tmp_path_factory.mktemp("data")
            make(folders[make])
        return folders[make]

    return of


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty working folder with a cache of its own."""
    monkeypatch.setenv("LOOKALIKE_CACHE", str(tmp_path / "cache"))
    monkeypatch.chdir(tmp_path)
    yield tmp_path


def run(*words: str | Path) -> dict:
    """What a command answers as JSON."""
    result = CliRunner().invoke(main, [*map(str, words), "--json"], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def test_every_recipe_is_tried_here():
    assert sorted(SETS) == recipe_names()


@pytest.mark.parametrize("name", sorted(SETS))
def test_a_recipe_ends_in_one_file_that_the_rest_takes(name, made, place, monkeypatch):
    data = made(name)
    monkeypatch.setenv("LOOKALIKE_DATA", str(data))
    source = ["--data", data / OWN_DATA[name]] if name in OWN_DATA else []
    settings = ["backbone.weights=none", "fit.workers=0", *SMALLER.get(name, [])]
    verb = ["distil", "--teacher", "classic"] if name == "photos-distil" else ["train"]
    told = run(
        *(*verb, name, "--quick", *source),
        *(word for setting in settings for word in ("--set", setting)),
    )
    assert told["train_pictures"] > 0 and told["trained_parameters"] > 0
    assert len(told["epochs"]) == load_recipe(name).quickened().fit.epochs
    assert not told["failed"]
    wanted = load_recipe(name).judge.protocols
    judged = {protocol["protocol"] for protocol in told["judged"]["protocols"]}
    assert judged
    if wanted:
        skipped = set(told["judged"]["skipped"])
        assert judged | skipped == set(wanted)
        # Tiny sets may give no curve to be judged.
        assert skipped - {"calibration"} == SKIPPED.get(name, set())
    taken_at_once(Path(told["model"]), next(data.rglob("*.[jJp]*[gG]")).parent)


def taken_at_once(model: Path, pictures: Path) -> None:
    """Index, search and compare know the model by its file alone."""
    first, second, *_ = sorted(path for path in pictures.iterdir() if path.is_file())
    index = ["--index", "album.index"]
    indexed = run("index", pictures, "--model", model, *index)
    assert indexed["failed"] == []
    assert indexed["model"] == model.stem
    shutil.copyfile(first, "query")  # what lies in the folder does not find itself
    found = run("search", "query", "--in", pictures, "--model", model, *index)
    hits = found["answers"][0]["hits"]
    assert hits[0]["verdict"] == "same file"
    compared = run("compare", first, second, "--model", model)
    assert compared["model"] == model.stem


def test_a_validation_part_that_measures_nothing_is_given_up(made, place):
    source = made("food-triplets") / "train_triplets.txt"
    lines = source.read_text(encoding="utf-8").splitlines(keepends=True)
    few = source.with_name("few.txt")
    few.write_text("".join(lines[:80]), encoding="utf-8")
    settings = ("backbone.weights=none", "backbone.names=test_resnet", "data.test=0")
    told = run(
        *("train", "food-triplets", "--quick", "--data", few),
        *(word for setting in settings for word in ("--set", setting)),
    )
    assert told["validation_pictures"] == 0
    assert told["judged"] is None
    assert told["best_epoch"] == 1
    assert any("larger data.validation" in remark for remark in told["remarks"])


@pytest.mark.parametrize("name", sorted(SETS))
def test_the_networks_of_a_recipe_are_known_and_fit_its_head(name):
    built(name)


@pytest.mark.parametrize("backbone", BACKBONES)
def test_photos_can_be_matched_with_each_of_these_networks(backbone):
    embedder = built("photos-nt-xent", names=[backbone])
    assert embedder.frozen
    assert embedder.d == 1000


def built(name: str, **backbone: object):
    """The recipe's network, without the memory for its weights."""
    from lookalike.training.embedder import build_embedder

    recipe = load_recipe(name, {"backbone": {"weights": "none", **backbone}})
    with torch.device("meta"):
        embedder = build_embedder(recipe)
    assert len(embedder.backbones) == len(recipe.backbone.names)
    assert embedder.d == (recipe.head.widths or (embedder.width,))[-1]
    return embedder
