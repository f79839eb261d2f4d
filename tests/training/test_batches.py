"""Batches: the same on any number of processes, from any epoch on, and true to their rows."""

import pickle
from dataclasses import replace

import numpy as np
import pytest
import torch
from picture_sets import labelled, picture, store

from lookalike.nouns.errors import InputError
from lookalike.nouns.recipe import AugmentPart, BatchPart, FitPart, Recipe
from lookalike.training.batches import Batch, build_loader
from lookalike.training.framing import Framing, as_picture
from lookalike.training.pictures import PictureStore, open_pictures

LABELS = [row % 4 for row in range(24)]
KINDS = ("shuffled", "balanced", "pairs", "triplets", "views")

# From Python 3.12 on, forking a process with threads is warned of.
pytestmark = pytest.mark.filterwarnings("ignore:.*multi-threaded.*:DeprecationWarning")


def recipe(kind="shuffled", *, augment="small", workers=0, seed=0, **batch):
    part = BatchPart(kind, **{"size": 6, "classes": 3, "pictures": 2, **batch})
    fit = FitPart(workers=workers, seed=seed)
    return Recipe("test", batch=part, augment=AugmentPart(augment), fit=fit)


def loader(wanted, *, pictures=None, labels=LABELS, **options):
    data = labelled(labels)
    pictures = pictures or store(len(labels))
    return build_loader(pictures, data, data.rows(), wanted, size_px=16, **options)


def same(one, two):
    one, two = list(one), list(two)
    assert len(one) == len(two) > 0
    for a, b in zip(one, two, strict=True):
        assert torch.equal(a.pictures, b.pictures)
        assert torch.equal(a.labels, b.labels) and torch.equal(a.rows, b.rows)
        assert (a.chosen is None) == (b.chosen is None)
        for p, q in zip(a.chosen or (), b.chosen or (), strict=True):
            assert torch.equal(p, q)
    return one


@pytest.mark.parametrize("kind", KINDS)
def test_the_number_of_processes_changes_nothing(kind):
    alone = loader(recipe(kind))
    two = loader(recipe(kind, workers=2))
    same(alone, two)
    for each in (alone, two):
        each.sampler.set_epoch(1)
    same(alone, two)


@pytest.mark.parametrize("kind", KINDS)
def test_an_epoch_is_the_same_whatever_was_before(kind):
    through = loader(recipe(kind))
    for epoch in range(4):
        through.sampler.set_epoch(epoch)
        last = list(through)
        torch.rand(epoch)
    first = same(last, loader(recipe(kind), epoch=3))
    other = loader(recipe(kind, seed=1), epoch=3)
    changed = zip(first, other, strict=True)
    assert any(not torch.equal(a.pictures, b.pictures) for a, b in changed)


def test_what_others_draw_from_is_left_alone():
    def drawn():
        torch.manual_seed(7)
        return torch.rand(3)

    expected, batches = drawn(), loader(recipe())
    torch.manual_seed(7)
    list(batches)
    assert torch.equal(torch.rand(3), expected)


@pytest.mark.parametrize("kind", KINDS)
def test_pictures_belong_to_their_rows(kind):
    for batch in loader(recipe(kind, augment="none")):
        assert batch.pictures.dtype == torch.uint8 and batch.pictures.shape[1:] == (3, 16, 16)
        assert batch.labels.dtype == batch.rows.dtype == torch.int64
        assert len(batch) == len(batch.pictures) == len(batch.labels)
        for place, row in enumerate(batch.rows.tolist()):
            seen = Framing(16)(as_picture(picture(row, (20 + row % 3, 24))))
            assert torch.equal(batch.pictures[place], seen)
            assert batch.labels[place] == (row if kind == "views" else LABELS[row])
        if kind in ("pairs", "triplets"):
            assert all(places.dtype == torch.int64 for places in batch.chosen)
            assert max(int(places.max()) for places in batch.chosen) < len(batch)


@pytest.mark.parametrize("kind", ["views", "balanced"])
def test_a_picture_that_comes_again_is_changed_in_another_way(kind):
    batch = next(iter(loader(recipe(kind, pictures=9, size=2), labels=[0, 0, 1, 1])))
    for row in batch.rows.unique():
        views = batch.pictures[batch.rows == row]
        assert len(views) > 3 and len({v.numpy().tobytes() for v in views}) == len(views)


def test_to_look_at_pictures_all_come_in_order_unchanged():
    batches = list(loader(recipe(size=10), train=False))
    assert [len(batch) for batch in batches] == [10, 10, 4]
    assert torch.cat([batch.rows for batch in batches]).tolist() == list(range(24))
    seen = Framing(16)(as_picture(picture(11, (22, 24))))
    assert torch.equal(batches[1].pictures[1], seen)
    framed = next(iter(loader(recipe(), train=False, crop_share=0.5, interpolation="bilinear")))
    seen = Framing(16, 0.5, "bilinear")(as_picture(picture(0, (20, 24))))
    assert torch.equal(framed.pictures[0], seen)


def test_changed_views_in_order_differ_by_epoch():
    views = [list(loader(recipe(), train=False, changed=True, epoch=epoch)) for epoch in (0, 1)]
    for a, b in zip(*views, strict=True):
        assert torch.equal(a.rows, b.rows) and not torch.equal(a.pictures, b.pictures)


def test_unreadable_pictures_are_left_out(tmp_path):
    def read(path, short_side_px):
        if path.stem in "37":
            raise OSError("torn")
        return picture(int(path.stem))

    kept = open_pictures(
        [tmp_path / f"{row}.png" for row in range(8)], read, short_side_px=16, folder=tmp_path
    )
    labels = [row % 2 for row in range(8)]
    for kind in KINDS:
        batches = loader(recipe(kind, size=2, classes=2), pictures=kept, labels=labels)
        rows = {row for batch in batches for row in batch.rows.tolist()}
        assert rows and not rows & {3, 7}
    every = loader(recipe(), pictures=kept, labels=labels, train=False)
    assert sum(len(batch) for batch in every) == 6


def test_the_loader_can_be_sent_to_spawned_processes(tmp_path):
    through = loader(recipe("pairs"))
    plan = next(iter(through.sampler))
    copy = pickle.loads(pickle.dumps(through.dataset))
    same([through.dataset[plan]], [copy[plan]])


def test_a_batch_moves_with_all_that_it_holds():
    places = (torch.tensor([0]), torch.tensor([1]))
    batch = Batch(torch.zeros(2, 3, 4, 4), torch.tensor([1, 1]), torch.tensor([5, 6]), places)
    moved = batch.to("meta")
    assert {moved.pictures.device.type, moved.rows.device.type} == {"meta"}
    assert [p.device.type for p in moved.chosen] == ["meta", "meta"] and moved.teacher is None
    batch.chosen, batch.teacher = None, torch.ones(2, 3)
    assert batch.to("meta").teacher.device.type == "meta" and batch.to("meta").chosen is None


def test_a_store_of_another_set_is_refused():
    with pytest.raises(InputError, match="3 pictures"):
        loader(recipe(), pictures=store(3))
    with pytest.raises(InputError, match="no picture"):
        loader(recipe(), pictures=PictureStore.of([]), labels=[])


def test_labels_of_nobody_pass_through():
    batch = next(iter(loader(recipe(), labels=[-1] * 9)))
    assert batch.labels.tolist() == [-1] * 6 and np.unique(batch.rows.numpy()).size == 6


def test_joined_processes_get_batches_of_their_own(monkeypatch):
    every = [batch.rows.tolist() for batch in loader(recipe(size=3))]
    monkeypatch.setattr(torch.distributed, "is_initialized", lambda: True)
    monkeypatch.setattr(torch.distributed, "get_world_size", lambda: 3)
    shares = []
    for rank in range(3):
        monkeypatch.setattr(torch.distributed, "get_rank", lambda rank=rank: rank)
        own = loader(recipe(size=3))
        # Lightning replaces any other kind of sampler.
        assert isinstance(own.sampler, torch.utils.data.DistributedSampler)
        shares.append([batch.rows.tolist() for batch in own])
        assert len(own) == len(shares[-1]) == 2
    assert every[:6] == [rows for turn in zip(*shares, strict=True) for rows in turn]


def test_views_of_a_picture_differ_in_strength():
    wanted = recipe("views", augment="views")
    part = AugmentPart("views", view_strengths=(0.0, 1.0))
    batches = list(loader(replace(wanted, augment=part)))
    for batch in batches:
        half = len(batch.rows) // 2
        kept = store(len(LABELS))
        plain = torch.stack(
            [Framing(16)(as_picture(kept.get(row))) for row in batch.rows[:half].tolist()]
        )
        assert torch.equal(batch.pictures[:half], plain)
        assert not torch.equal(batch.pictures[half:], plain)
