"""Features of a frozen backbone: computed once, kept on disk, and trained on in their stead."""

import os
from collections.abc import Callable
from hashlib import blake2b
from pathlib import Path

import numpy as np
import torch
from torch.utils.data import Dataset

from lookalike.nouns.embeddings import Floats, Ints
from lookalike.nouns.recipe import Recipe
from lookalike.training.batch import Batch
from lookalike.training.batches import EpochPlans, Loader, build_loader, loader_of, planned
from lookalike.training.chance import generator_of
from lookalike.training.device import as_input, best_device
from lookalike.training.embedder import Embedder
from lookalike.training.feed import Material, Still
from lookalike.training.plans import Plan, plain_planner, training_planner

LAYOUT = 2
Progress = Callable[[int, int], None]

PLAIN = -1
"""The view of a picture as it is when the model is used."""


class FeatureFeed:
    """Features of the pictures, of each in several views where it is changed for training."""

    from_features = True

    def __init__(
        self,
        recipe: Recipe,
        embedder: Embedder,
        material: Material,
        *,
        cache: Path,
        progress: Progress,
    ) -> None:
        """Computes what is not in the cache yet; that is kept view by view.

        Args:
            recipe: batch, augment, and how many views.
            embedder: with frozen backbones.
            material: what is trained on.
            cache: a folder.
            progress: told (pictures done, all pictures).
        """
        self._recipe, self._data = recipe, material.data
        maker = _Maker(recipe, embedder, material, cache, progress)
        least = recipe.batch.pictures if recipe.batch.kind == "views" else 1
        views = max(recipe.fit.feature_views, least)
        self._train_rows, self._validation_rows = material.train_rows, material.validation_rows
        changed = list(range(views)) if views > 1 else [PLAIN]
        asked = [PLAIN] if recipe.batch.kind != "views" else [PLAIN, *range(least)]
        maker.todo = len(changed) * len(self._train_rows) + len(asked) * len(self._validation_rows)
        self._train = [maker.view(self._train_rows, view) for view in changed]
        self._plain, *self._changed = (maker.view(self._validation_rows, view) for view in asked)

    def train(self) -> Loader:
        """See `Feed`."""
        return self._planned(self._train_rows, self._train)

    def validation(self, *, as_training: bool) -> Still | None:
        """See `Feed`; pictures are changed only where a batch has several views of each."""
        rows, recipe = self._validation_rows, self._recipe
        if not len(rows):
            return None
        if as_training:
            return Still(self._planned(rows, self._changed or [self._plain]))
        plans = EpochPlans(plain_planner(self._data, rows, recipe.batch.size), 0, repeat=True)
        return Still(loader_of(_Features(rows, [self._plain], 0), plans, workers=0))

    def _planned(self, rows: Ints, views: list[Floats]) -> Loader:
        batch, seed = self._recipe.batch, self._recipe.fit.seed
        plans = EpochPlans(training_planner(self._data, rows, batch, seed), 0, repeat=False)
        return loader_of(_Features(rows, views, seed), plans, workers=0)


class _Features(Dataset[Batch]):
    """Batches by their plan; a row that comes again in an epoch comes in another view."""

    def __init__(self, rows: Ints, views: list[Floats], seed: int) -> None:
        self._rows, self._views, self._seed = rows, views, seed

    def __getitem__(self, plan: Plan) -> Batch:
        places = np.searchsorted(self._rows, plan.rows)
        chance = generator_of(self._seed, "view", plan.epoch)
        first = chance.integers(len(self._views), size=len(self._rows))[places]
        wanted = (first + plan.views) % len(self._views)
        features = np.empty((len(places), self._views[0].shape[1]), np.float32)
        for view in np.unique(wanted).tolist():
            features[wanted == view] = self._views[view][places[wanted == view]]
        return planned(plan, torch.from_numpy(features))


class _Maker:
    """Computes features, or finds them."""

    def __init__(
        self,
        recipe: Recipe,
        embedder: Embedder,
        material: Material,
        cache: Path,
        progress: Progress,
    ) -> None:
        self._recipe, self._embedder, self._material = recipe, embedder, material
        self._cache, self._progress = cache, progress
        self._network = _network_digest(embedder)
        self.todo, self._done = 0, 0

    def view(self, rows: Ints, view: int) -> Floats:
        """(len(rows), width), mapped from a file that appears whole or not at all."""
        if not len(rows):
            return np.empty((0, self._embedder.width), np.float32)
        path = self._cache / f"features-{self._key(rows, view)}.npy"
        if not path.is_file():
            self._cache.mkdir(parents=True, exist_ok=True)
            draft = path.with_name(f".{path.name}.{os.getpid()}.part")
            try:
                self._compute(rows, view, draft)
                os.replace(draft, path)
            finally:
                draft.unlink(missing_ok=True)
        else:
            self._tell(len(rows))
        found: Floats = np.load(path, mmap_mode="r")
        return found

    def _compute(self, rows: Ints, view: int, path: Path) -> None:
        shape = (len(rows), self._embedder.width)
        out = np.lib.format.open_memmap(path, "w+", np.float32, shape)
        device = best_device()
        network = self._embedder.to(device).eval()
        done = 0
        with torch.inference_mode():
            for batch in self._loader(rows, view):
                found = network.features(as_input(batch.pictures.to(device))).float().cpu()
                out[done : done + len(found)] = found.numpy()
                done += len(found)
                self._tell(len(found))
        out.flush()
        del out
        network.cpu()

    def _tell(self, done: int) -> None:
        self._done += done
        self._progress(self._done, self.todo)

    def _loader(self, rows: Ints, view: int) -> Loader:
        wanted, material = self._embedder.preprocessing, self._material
        return build_loader(
            material.store,
            material.data,
            rows,
            self._recipe,
            size_px=wanted.width_px,
            epoch=max(view, 0),
            edits=material.edits,
            train=False,
            changed=view != PLAIN,
            crop_share=wanted.crop_share,
            interpolation=wanted.interpolation,
            fit=wanted.fit,
        )

    def _key(self, rows: Ints, view: int) -> str:
        """A name for all that decides these numbers."""
        recipe = self._recipe
        changes = "" if view == PLAIN else f"{recipe.augment} {recipe.fit.seed} {view}"
        told = f"{LAYOUT} {self._network} {self._embedder.preprocessing} {changes}"
        digest = blake2b(told.encode(), digest_size=12)
        for row in rows.tolist():
            digest.update(self._picture_key(row))
        return digest.hexdigest()

    def _picture_key(self, row: int) -> bytes:
        path = self._material.data.path(row)
        try:
            facts = path.stat()
            told = f"{path}\0{row}\0{facts.st_size} {facts.st_mtime_ns}\n"
        except OSError:  # pictures that lie in memory only
            return f"{row} ".encode() + self._material.store.get(row).tobytes()
        return told.encode("utf-8", "surrogateescape")


def _network_digest(embedder: Embedder) -> str:
    """Of the backbones' weights and of what they are."""
    digest = blake2b(repr(embedder.backbones).encode(), digest_size=12)
    for name, values in embedder.backbones.state_dict().items():
        digest.update(name.encode())
        digest.update(values.cpu().contiguous().numpy().tobytes())
    return digest.hexdigest()
