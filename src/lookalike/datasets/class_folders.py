"""A folder a class, whole or in parts: FOLDER/CLASS, or FOLDER/train/CLASS and its like."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from lookalike.datasets.listing import folders_in, one_form, pictures_under
from lookalike.datasets.names import FOLDER_PARTS, check_classes, numbered, tested_only, untold
from lookalike.datasets.shelf import NAMED
from lookalike.nouns.errors import InputError
from lookalike.nouns.labelled import PARTS, Labelled


def looks_like_classes(paths: Sequence[str]) -> bool:
    """Whether most pictures lie in folders; strays are an error that `read_class_folders` tells."""
    return 2 * sum("/" in path for path in paths) > len(paths)


def read_class_folders(folder: Path, paths: Sequence[str] | None = None) -> Labelled:
    """Reads FOLDER/CLASS/.../NAME, or FOLDER/PART/CLASS/.../NAME.

    PART is train or training; val, valid or validation; test. Where these folders stand beside
    others, the others are left out. Pictures at any depth belong to the class they lie under.

    Args:
        folder: of the classes or parts.
        paths: its pictures, where they are known already.

    Raises:
        InputError: a picture beside the classes, a class without pictures, fewer than two classes.
    """
    paths = pictures_under(folder) if paths is None else paths
    if not paths:
        raise InputError("There is no picture in it", where=str(folder), mend="check the path")
    parts = _part_folders(paths)
    if parts:
        paths = [path for path in paths if path.partition("/")[0] in parts]
    depth = 1 if parts else 0
    split = [path.split("/", depth + 1) for path in paths]
    _check_loose(
        folder, [p for p, names in zip(paths, split, strict=True) if len(names) < depth + 2]
    )
    labels, classes = numbered([names[depth] for names in split])
    _check_empty(folder, [folder / part for part in parts] or [folder], classes)
    check_classes(classes, folder)
    places = {name: PARTS.index(FOLDER_PARTS[name.lower()]) for name in parts}
    of_parts = np.array([places.get(names[0], 0) for names in split], np.int64)
    return Labelled(
        name=folder.resolve().name,
        root=folder,
        paths=tuple(paths),
        labels=labels,
        classes=classes,
        parts=of_parts,
        groups=untold(len(paths)),
        unseen=tested_only(labels, of_parts),
    )


def _part_folders(paths: Sequence[str]) -> list[str]:
    """The folders that are parts; none where this is a plain folder of classes."""
    inside: dict[str, bool] = {}
    for path in paths:
        top, slash, rest = path.partition("/")
        if slash:
            # A folder of a part holds folders only.
            inside[top] = inside.get(top, True) and "/" in rest
    found = [top for top in inside if FOLDER_PARTS.get(top.lower())]
    trained = any(FOLDER_PARTS[top.lower()] == "train" and inside[top] for top in found)
    alone = len(found) == len(inside)
    return found if trained and (alone or len(found) > 1) else []


def _check_loose(folder: Path, loose: Sequence[str]) -> None:
    if loose:
        raise InputError(
            f"{len(loose)} pictures lie beside the classes: {_first(loose)}",
            where=str(folder),
            mend="move them into the folder of their class, or read it with layout 'unlabelled'",
        )


def _check_empty(folder: Path, tops: Sequence[Path], classes: Sequence[str]) -> None:
    """A class may have pictures in one part only, but not in none."""
    full = set(classes)
    names = {name for top in tops for name in folders_in(top)}
    if empty := sorted(name for name in names if one_form(name) not in full):
        raise InputError(
            f"{len(empty)} classes have no picture: {_first(empty)}",
            where=str(folder),
            mend="put pictures into these folders, or remove them",
        )


def _first(names: Sequence[str]) -> str:
    return ", ".join(names[:NAMED]) + (", ..." if len(names) > NAMED else "")
