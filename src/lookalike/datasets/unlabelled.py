"""Pictures of which nothing is known."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from lookalike.datasets.listing import pictures_under
from lookalike.datasets.names import untold
from lookalike.nouns.errors import InputError
from lookalike.nouns.labelled import Labelled


def read_unlabelled(folder: Path, paths: Sequence[str] | None = None) -> Labelled:
    """Every picture under a folder, without class or part.

    Args:
        folder: where to look, at any depth.
        paths: its pictures, where they are known already.

    Raises:
        InputError: there is none.
    """
    paths = pictures_under(folder) if paths is None else paths
    if not paths:
        raise InputError("There is no picture in it", where=str(folder), mend="check the path")
    return Labelled(
        name=folder.resolve().name,
        root=folder,
        paths=tuple(paths),
        labels=untold(len(paths)),
        classes=(),
        parts=np.zeros(len(paths), np.int64),
        groups=untold(len(paths)),
    )
