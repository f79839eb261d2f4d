"""Reads standard sets in the layout of their official archives."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from lookalike.datasets.class_folders import read_class_folders
from lookalike.datasets.listing import pictures_under
from lookalike.datasets.names import numbered, tested_only, untold
from lookalike.datasets.shelf import Shelf, missing
from lookalike.nouns.embeddings import Ints
from lookalike.nouns.errors import InputError
from lookalike.nouns.labelled import PARTS, Labelled

_TRAIN, _VALIDATION, _TEST = (PARTS.index(part) for part in PARTS[1:])


def read_parts(folder: Path) -> Labelled:
    """Reads train/CLASS and test/CLASS. A lone `val` is the test part, as in Imagenette."""
    data = read_class_folders(folder)
    if (data.parts == _TEST).any():
        return data
    return replace(data, parts=np.where(data.parts == _VALIDATION, _TEST, data.parts))


def read_omniglot(folder: Path) -> Labelled:
    """Reads Omniglot's images_background and images_evaluation: ALPHABET/CHARACTER/NAME.

    Source:
        Lake, Salakhutdinov and Tenenbaum 2015, doi 10.1126/science.aab3050.
    """
    halves = {"background": _TRAIN, "evaluation": _TEST}
    paths: list[str] = []
    parts: list[int] = []
    for half, part in halves.items():
        inside = f"images_{half}" if (folder / f"images_{half}").is_dir() else half
        found = [f"{inside}/{path}" for path in pictures_under(folder / inside)]
        paths += found
        parts += [part] * len(found)
    split = [path.split("/") for path in paths]
    if wrong := [path for path, names in zip(paths, split, strict=True) if len(names) != 4]:
        raise InputError(
            f"{wrong[0]} does not lie in ALPHABET/CHARACTER", where=str(folder), mend="unpack anew"
        )
    return _of_classes(folder, paths, ["/".join(names[1:3]) for names in split], np.array(parts))


def read_indoor67(folder: Path) -> Labelled:
    """Reads Images/CLASS with TrainImages.txt and TestImages.txt; others belong to no part.

    Source:
        Quattoni and Torralba 2009, http://web.mit.edu/torralba/www/indoor.html.
    """
    inside = "Images" if (folder / "Images").is_dir() else "indoorCVPR_09/Images"
    paths = [f"{inside}/{path}" for path in pictures_under(folder / inside)]
    rows = {path: row for row, path in enumerate(paths)}
    parts = np.zeros(len(paths), np.int64)
    for name, part in (("TrainImages.txt", _TRAIN), ("TestImages.txt", _TEST)):
        listed = _listed(folder, name)
        shelf = Shelf(folder, beside=(inside,))
        found = [shelf.find(line) for line in listed]
        if lost := [line for line, path in zip(listed, found, strict=True) if path is None]:
            raise missing(lost, len(listed), where=folder / name, looked_in=str(folder / inside))
        parts[[rows[path] for path in found if path is not None]] = part
    return _of_classes(folder, paths, [path.split("/")[-2] for path in paths], parts)


def _listed(folder: Path, name: str) -> list[str]:
    places = (folder / name, folder.parent / name, folder / "Images" / name)
    path = next((path for path in places if path.is_file()), None)
    if path is None:
        raise InputError(
            f"There is no {name}",
            where=str(folder),
            mend=f"put http://web.mit.edu/torralba/www/{name} there",
        )
    return [line.strip() for line in path.read_text("utf-8").splitlines() if line.strip()]


def _of_classes(folder: Path, paths: Sequence[str], names: Sequence[str], parts: Ints) -> Labelled:
    labels, classes = numbered(names)
    return Labelled(
        name=folder.name,
        root=folder,
        paths=tuple(paths),
        labels=labels,
        classes=classes,
        parts=parts.astype(np.int64),
        groups=untold(len(paths)),
        unseen=tested_only(labels, parts),
    )
