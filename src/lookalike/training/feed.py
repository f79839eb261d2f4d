"""Where a training gets its batches: pictures, or features computed beforehand."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from lookalike.nouns.embeddings import Floats, Ints
from lookalike.nouns.errors import InputError
from lookalike.nouns.labelled import Labelled
from lookalike.nouns.recipe import Recipe
from lookalike.training.batches import Batch, Loader, build_loader
from lookalike.training.copies import Edit
from lookalike.training.embedder import Embedder
from lookalike.training.pictures import PictureStore


@dataclass(frozen=True, slots=True, eq=False)
class Material:
    """What is trained on.

    Attributes:
        data: its part "train", of seen classes, is trained on; "validation" chooses the pass.
        store: its pictures, row by row.
        teacher: (n, dt) embeddings to be learned, row by row.
        edits: by name, for augmentations that need some.
    """

    data: Labelled
    store: PictureStore
    teacher: Floats | None = None
    edits: Mapping[str, Edit] = field(default_factory=dict)

    @property
    def train_rows(self) -> Ints:
        """Readable pictures to train on.

        Raises:
            InputError: there are none.
        """
        rows = self.store.readable(self.data.rows("train", seen=True))
        if not len(rows):
            raise InputError(
                "There is no picture to train on",
                where=self.data.name,
                mend="give more pictures, or lower data.test and data.validation",
            )
        return rows

    @property
    def validation_rows(self) -> Ints:
        """Readable pictures of classes that are trained on, kept back from training."""
        return self.store.readable(self.data.rows("validation", seen=True))


class Feed(Protocol):
    """Where batches come from."""

    @property
    def from_features(self) -> bool:
        """Whether `Batch.pictures` are features."""

    def train(self) -> Loader:
        """Batches of a pass; `sampler.set_epoch` tells which."""

    def validation(self, *, as_training: bool) -> "Loader | Still | None":
        """Validation pictures, always the same; None where there are none.

        Args:
            as_training: put together and changed as for training, to measure the loss; else all
                in order and unchanged.
        """


class Still:
    """A loader that stays at one epoch, so that each pass is measured on the same."""

    def __init__(self, loader: Loader) -> None:
        self._loader = loader

    def __len__(self) -> int:
        return len(self._loader)

    def __iter__(self) -> Iterator[Batch]:
        sampler: object = self._loader.sampler
        if (set_epoch := getattr(sampler, "set_epoch", None)) is not None:
            set_epoch(0)
        return iter(self._loader)


class PictureFeed:
    """Pictures, changed anew in each pass."""

    from_features = False

    def __init__(self, recipe: Recipe, embedder: Embedder, material: Material) -> None:
        self._recipe, self._embedder, self._material = recipe, embedder, material

    def train(self) -> Loader:
        """See `Feed`."""
        return self._loader(self._material.train_rows, as_training=True)

    def validation(self, *, as_training: bool) -> Still | None:
        """See `Feed`."""
        rows = self._material.validation_rows
        return Still(self._loader(rows, as_training=as_training)) if len(rows) else None

    def _loader(self, rows: Ints, *, as_training: bool) -> Loader:
        wanted = self._embedder.preprocessing
        return build_loader(
            self._material.store,
            self._material.data,
            rows,
            self._recipe,
            size_px=wanted.width_px,
            edits=self._material.edits,
            train=as_training,
            crop_share=wanted.crop_share,
            interpolation=wanted.interpolation,
            fit=wanted.fit,
        )
