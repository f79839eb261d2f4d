"""Turned classes: each class turned by 90, 180 and 270 degrees is taught as three further ones."""

from dataclasses import replace

import numpy as np

from lookalike.nouns.embeddings import Bytes, Ints
from lookalike.nouns.labelled import UNKNOWN, Labelled
from lookalike.training.pictures import PictureStore

TURNS = (90, 180, 270)


class TurnedStore(PictureStore):
    """A store that goes on with some of its pictures, turned to the left."""

    def __init__(self, store: PictureStore, rows: Ints) -> None:
        """Wraps a store.

        Args:
            store: n pictures.
            rows: (m,) those that come again, after the n, once for each of TURNS.
        """
        self._store, self._turned = store, rows
        self.cached = store.cached
        failures = dict(store.failures)
        for place, row in enumerate(np.tile(rows, len(TURNS)).tolist(), start=len(store)):
            if row in store.failures:
                failures[place] = store.failures[row]
        self.failures = failures

    def __len__(self) -> int:
        return len(self._store) + len(self._turned) * len(TURNS)

    def get(self, row: int) -> Bytes:
        """See `PictureStore`."""
        if row < len(self._store):
            return self._store.get(row)
        turn, place = divmod(row - len(self._store), len(self._turned))
        picture: Bytes = np.rot90(self._store.get(int(self._turned[place])), turn + 1)
        return picture


def with_turned_classes(data: Labelled, store: PictureStore) -> tuple[Labelled, PictureStore]:
    """The same pictures, and after them those of the training part turned, as new classes.

    Args:
        data: n pictures with classes.
        store: of the same.

    Returns:
        Both with m pictures more for each of TURNS; the first n rows and classes are as before.

    Source:
        Santoro et al. 2016, arXiv:1605.06065, for characters.
    """
    rows = data.rows("train", seen=True)
    rows = rows[data.labels[rows] != UNKNOWN]
    again = np.tile(rows, len(TURNS))
    turns = np.repeat(np.arange(1, len(TURNS) + 1), len(rows))
    names = [f"{name}, turned by {turn}" for turn in TURNS for name in data.classes]
    paths = [f"{data.paths[row]}#{turn}" for turn in TURNS for row in rows.tolist()]
    turned = replace(
        data,
        paths=(*data.paths, *paths),
        labels=np.concatenate([data.labels, data.labels[again] + turns * len(data.classes)]),
        classes=(*data.classes, *names),
        parts=np.concatenate([data.parts, data.parts[again]]),
        groups=np.concatenate([data.groups, np.full(len(again), UNKNOWN, np.int64)]),
        sides=np.concatenate([data.sides, data.sides[again]]),
    )
    return turned, TurnedStore(store, rows)
