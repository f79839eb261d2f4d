"""Good originals and poor pictures of them, matched by file name or by a list."""

import os
from pathlib import Path

import numpy as np

from lookalike.datasets.listed import joined, rows_of
from lookalike.datasets.listing import one_form, pictures_under
from lookalike.datasets.names import untold
from lookalike.datasets.shelf import Shelf
from lookalike.datasets.table import Table, read_table
from lookalike.nouns.embeddings import Ints
from lookalike.nouns.errors import InputError
from lookalike.nouns.labelled import SIDES, UNKNOWN, Labelled

_SOURCE, _TARGET = SIDES.index("source"), SIDES.index("target")


def read_matched_folders(folder: Path) -> Labelled:
    """Reads FOLDER/source and FOLDER/target: pictures of one name match, whatever their endings.

    Subfolders belong to the name. Pictures without a counterpart stay, as distractors.

    Raises:
        InputError: one of the folders is not there, two sources have one name, or nothing matches.
    """
    paths = [f"{side}/{path}" for side in SIDES[1:] for path in pictures_under(folder / side)]
    sides = np.array([SIDES.index(path.partition("/")[0]) for path in paths], np.int64)
    sources: dict[str, int] = {}
    links: list[tuple[int, int]] = []
    for row, path in enumerate(paths):
        stem = one_form(os.path.splitext(path.partition("/")[2])[0])
        if sides[row] == _SOURCE:
            if stem in sources:
                raise InputError(
                    f"{paths[sources[stem]]} and {path} have one name",
                    where=str(folder),
                    mend="give every source its own name",
                )
            sources[stem] = row
        elif stem in sources:
            links.append((sources[stem], row))
    if not links:
        raise InputError(
            "No target has the name of a source",
            where=str(folder),
            mend="name target/a.jpg like source/a.jpg, or write pairs.csv: source,target",
        )
    return _matched(folder.resolve().name, folder, tuple(paths), np.array(links, np.int64), sides)


def read_matched_list(path: Path, *, table: Table | None = None) -> Labelled:
    """Reads the columns source and target; all other pictures of the folder are distractors.

    A distractor is a source that no target belongs to. Paths are relative to the list.

    Args:
        path: CSV or Parquet.
        table: what it holds, where that has been read already.

    Raises:
        InputError: a column or a picture is not there; a picture is source and target at once.
    """
    table = table or read_table(path)
    names = list(zip(table.filled("source"), table.filled("target"), strict=True))
    if not names:
        raise InputError("The list has no pair", where=str(path), mend="a line a pair")
    listed, links = rows_of(names, Shelf(path.parent), where=path, looked_in=str(path.parent))
    both = np.intersect1d(links[:, 0], links[:, 1])
    if both.size:
        raise InputError(
            f"{listed[both[0]]} is a source and a target", where=str(path), mend="it can be one"
        )
    known = set(listed)
    paths = listed + tuple(p for p in pictures_under(path.parent) if p not in known)
    sides = np.full(len(paths), _SOURCE, np.int64)
    sides[links[:, 1]] = _TARGET
    name = path.parent.resolve().name if path.stem == "pairs" else path.stem
    return _matched(name, path.parent, paths, links, sides)


def _matched(name: str, root: Path, paths: tuple[str, ...], links: Ints, sides: Ints) -> Labelled:
    groups = joined(len(paths), links)
    alone = np.bincount(groups, minlength=len(paths))[groups] == 1
    return Labelled(
        name=name,
        root=root,
        paths=paths,
        labels=untold(len(paths)),
        classes=(),
        parts=np.zeros(len(paths), np.int64),
        groups=np.where(alone, UNKNOWN, groups),
        pairs=links,
        same=np.ones(len(links), bool),
        sides=sides,
    )
