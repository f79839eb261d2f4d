"""Features of frozen backbones: computed once, and computed anew where anything else is asked."""

import numpy as np
import pytest
import torch
from tiny_runs import DATA, changed, material

from lookalike.training.device import as_input
from lookalike.training.embedder import build_embedder
from lookalike.training.features import FeatureFeed
from lookalike.training.framing import Framing, as_picture

pytestmark = pytest.mark.usefixtures("one_thread")

FROZEN = changed(backbone={"trained": "none"}, fit={"feature_views": 3})


def feed(recipe, cache, given=None, embedder=None):
    counted = []
    made = FeatureFeed(
        recipe,
        embedder or build_embedder(recipe),
        given or material(),
        cache=cache,
        progress=lambda done, total: counted.append((done, total)),
    )
    return made, counted


def files(cache):
    return {path.name for path in cache.glob("features-*.npy")}


def test_validation_features_are_those_of_the_pictures_themselves(tmp_path):
    recipe, given = FROZEN, material()
    embedder = build_embedder(recipe).eval()
    made, _ = feed(recipe, tmp_path, given, embedder)
    frame = Framing(embedder.size_px, embedder.preprocessing.crop_share)
    for batch in made.validation(as_training=False):
        pictures = [frame(as_picture(given.store.get(row))) for row in batch.rows.tolist()]
        with torch.no_grad():
            wanted = embedder.features(as_input(torch.stack(pictures)))
        assert torch.allclose(batch.pictures, wanted, atol=1e-5)
        assert batch.labels.tolist() == DATA.labels[batch.rows].tolist()


def test_what_was_computed_is_found_again(tmp_path):
    first, counted = feed(FROZEN, tmp_path)
    n = 3 * len(DATA.rows("train")) + len(DATA.rows("validation"))
    assert counted[-1] == (n, n)
    stamps = {path.name: path.stat().st_mtime_ns for path in tmp_path.iterdir()}
    other_head = FROZEN.changed({"head": {"widths": [5]}, "loss": {"name": "supcon"}})
    second, _ = feed(other_head, tmp_path)
    assert {path.name: path.stat().st_mtime_ns for path in tmp_path.iterdir()} == stamps
    pairs = zip(first.train(), second.train(), strict=True)
    assert all(torch.equal(one.pictures, other.pictures) for one, other in pairs)


def test_more_views_add_to_those_there_are(tmp_path):
    feed(FROZEN, tmp_path)
    before = files(tmp_path)
    feed(FROZEN.changed({"fit": {"feature_views": 4}}), tmp_path)
    assert len(files(tmp_path) - before) == 1


@pytest.mark.parametrize(
    ("change", "files_shared"),
    [
        ({"augment": {"strength": 0.5}}, 1),  # validation pictures are not changed
        ({"augment": {"name": "light"}}, 1),
        ({"fit": {"seed": 1}}, 0),  # another network from scratch
        ({"backbone": {"size_px": 32}}, 0),
    ],
)
def test_whatever_decides_the_numbers_decides_the_file(change, files_shared, tmp_path):
    feed(FROZEN, tmp_path / "one")
    feed(FROZEN.changed(change), tmp_path / "other")
    assert len(files(tmp_path / "one") & files(tmp_path / "other")) == files_shared


def test_other_pictures_have_other_features(tmp_path):
    feed(FROZEN, tmp_path / "one")
    shifted = DATA.take(np.roll(np.arange(len(DATA)), 1))
    feed(FROZEN, tmp_path / "other", material(shifted))
    assert not files(tmp_path / "one") & files(tmp_path / "other")


def test_a_picture_that_comes_twice_comes_in_two_views(tmp_path):
    views = FROZEN.changed({"batch": {"kind": "views", "pictures": 3}, "loss": {"name": "nt-xent"}})
    made, _ = feed(views, tmp_path)
    for batch in made.train():
        for row in batch.rows.unique():
            seen = batch.pictures[batch.rows == row]
            assert len(seen) == 3
            assert len(torch.unique(seen, dim=0)) == 3


def test_another_epoch_takes_other_views(tmp_path):
    made, _ = feed(FROZEN, tmp_path)
    loader = made.train()
    by_epoch = []
    for epoch in (0, 1, 0):
        loader.sampler.set_epoch(epoch)
        rows, features = zip(*((batch.rows, batch.pictures) for batch in loader), strict=True)
        order = torch.cat(rows).argsort()
        by_epoch.append(torch.cat(features)[order])
    assert torch.equal(by_epoch[0], by_epoch[2])
    assert not torch.equal(by_epoch[0], by_epoch[1])


def test_one_view_is_the_picture_itself(tmp_path):
    one = FROZEN.changed({"fit": {"feature_views": 1}})
    feed(one, tmp_path / "one")
    feed(one.changed({"augment": {"name": "light"}}), tmp_path / "other")
    assert files(tmp_path / "one") == files(tmp_path / "other")


def test_a_half_written_file_is_not_taken_for_a_whole_one(tmp_path, monkeypatch):
    embedder = build_embedder(FROZEN)
    embedder.features = None  # breaks in the midst of computing
    with pytest.raises(TypeError):
        feed(FROZEN, tmp_path, embedder=embedder)
    assert not list(tmp_path.iterdir())
