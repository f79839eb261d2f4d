"""Batches for training and for looking at pictures, the same on one process or on many.

Which pictures meet depends on (seed, epoch) alone, and how one is changed on (seed, epoch, row, how
often the row came before in that epoch): neither on the number of workers, nor on what was drawn
before. `loader.sampler.set_epoch(e)` moves on to another epoch; Lightning calls it by itself.

Where torch.distributed runs, each process gets its share of the batches, equally many as any other:
the sampler is a DistributedSampler, so that Lightning leaves it as it is. In training the batches
left over are skipped; otherwise some come twice (tell by their rows).
"""

import os
from collections.abc import Mapping, Sequence
from functools import partial

import cv2
import numpy as np
import torch
from torch import Tensor
from torch.utils.data import DataLoader, Dataset

from lookalike.nouns.card import Fit, Interpolation
from lookalike.nouns.embeddings import Ints
from lookalike.nouns.errors import InputError
from lookalike.nouns.labelled import Labelled
from lookalike.nouns.recipe import Recipe
from lookalike.training.augment import build_change
from lookalike.training.batch import Batch
from lookalike.training.chance import seed_of, torch_kept
from lookalike.training.copies import Edit
from lookalike.training.framing import Change, as_picture
from lookalike.training.pictures import PictureStore
from lookalike.training.plans import Plan, plain_planner, training_planner
from lookalike.training.sampler import EpochPlans

__all__ = ["Batch", "EpochPlans", "Loader", "build_loader", "loader_of", "planned"]

Loader = DataLoader[Batch]
_MOST_WORKERS = 12
_AHEAD = 4  # batches that each worker prepares before they are asked for


def build_loader(
    store: PictureStore,
    data: Labelled,
    rows: Ints,
    recipe: Recipe,
    *,
    size_px: int,
    epoch: int = 0,
    edits: Mapping[str, Edit] | None = None,
    train: bool = True,
    changed: bool | None = None,
    crop_share: float = 1.0,
    interpolation: Interpolation = "bicubic",
    fit: Fit = "crop",
) -> Loader:
    """A loader of `Batch`, to be iterated once an epoch.

    For training, batches are put together as `recipe.batch` says; see `training_planner`. Otherwise
    all rows come in order, `recipe.batch.size` at a time. Unreadable pictures are left out.

    Args:
        store: n pictures.
        data: the same n, with what is known about them.
        rows: those to use.
        recipe: batch, augment and fit (workers, seed) are heeded.
        size_px: side of the pictures in a batch.
        epoch: the first one.
        edits: for augmentations that need some, by name.
        train: put batches together for training.
        changed: change pictures as `recipe.augment` says; None for the same as `train`.
        crop_share: of the network's preprocessing; see `Framing`.
        interpolation: likewise.
        fit: likewise.

    Raises:
        InputError: the data do not allow such batches.
        RecipeError: the recipe asks for what is not there.
    """
    if len(store) != len(data):
        raise InputError(
            f"{len(store)} pictures are kept, but {len(data)} are known", where=data.name
        )
    rows = store.readable(np.asarray(rows, np.int64))
    if changed is None:
        changed = train
    change = partial(
        build_change,
        recipe.augment if changed else None,
        size_px,
        edits=edits,
        crop_share=crop_share,
        interpolation=interpolation,
        fit=fit,
    )
    changes = [change(view=view) for view in range(max(1, len(recipe.augment.view_strengths)))]
    pictures = _Pictures(store, rows, changes, size_px, recipe.fit.seed)
    plain = plain_planner(data, rows, recipe.batch.size)
    planner = training_planner(data, rows, recipe.batch, recipe.fit.seed) if train else plain
    plans = EpochPlans(planner, epoch, repeat=not train)
    return loader_of(pictures, plans, workers=recipe.fit.workers)


def loader_of(batches: Dataset[Batch], plans: EpochPlans, *, workers: int) -> Loader:
    """A loader that fetches one planned batch at a time.

    Args:
        batches: turns a plan into a batch.
        plans: of each epoch.
        workers: processes; -1 takes as many as help on this machine.
    """
    workers = _workers() if workers < 0 else workers
    return DataLoader(
        batches,
        batch_size=None,
        sampler=plans,
        collate_fn=_as_it_is,
        num_workers=workers,
        pin_memory=torch.cuda.is_available(),
        persistent_workers=workers > 0,
        prefetch_factor=_AHEAD if workers else None,
        worker_init_fn=_one_thread,
        # With a source of its own, an iteration takes nothing from the one that all others share.
        generator=torch.Generator(),
    )


class _Pictures(Dataset[Batch]):
    """Batches by their plan."""

    def __init__(
        self,
        store: PictureStore,
        rows: Ints,
        changes: Sequence[Change],
        size_px: int,
        seed: int,
    ) -> None:
        self._store, self._rows, self._changes = store, rows, changes
        self._size_px, self._seed = size_px, seed

    def __getitem__(self, plan: Plan) -> Batch:
        size = self._size_px
        pictures = torch.empty((len(plan.rows), 3, size, size), dtype=torch.uint8)
        with torch_kept() as source:
            for place, (row, view) in enumerate(
                zip(plan.rows.tolist(), plan.views.tolist(), strict=True)
            ):
                source.manual_seed(seed_of(self._seed, plan.epoch, row, view))
                change = self._changes[view % len(self._changes)]
                pictures[place] = change(self._picture(row), self._other)
        return planned(plan, pictures)

    def _picture(self, row: int) -> Tensor:
        return as_picture(self._store.get(row))

    def _other(self) -> Tensor:
        return self._picture(int(self._rows[int(torch.randint(len(self._rows), ()))]))


def planned(plan: Plan, pictures: Tensor) -> Batch:
    """The batch of a plan, now that its pictures or features are there."""
    chosen = None
    if plan.chosen is not None:
        chosen = tuple(torch.from_numpy(part.copy()) for part in plan.chosen)
    labels, rows = torch.from_numpy(plan.labels.copy()), torch.from_numpy(plan.rows.copy())
    return Batch(pictures, labels, rows, chosen)


def _as_it_is(batch: object) -> object:
    return batch


def _one_thread(worker: int) -> None:
    """Threads in each of many processes would only stand in each other's way."""
    del worker
    cv2.setNumThreads(0)


def _workers() -> int:
    """Without a GPU the network itself keeps the cores busy, and few processes help."""
    cores = os.cpu_count() or 1
    if hasattr(os, "sched_getaffinity"):
        cores = len(os.sched_getaffinity(0))
    if torch.cuda.is_available():
        return min(cores, _MOST_WORKERS)
    return min(cores // 4, _MOST_WORKERS)
