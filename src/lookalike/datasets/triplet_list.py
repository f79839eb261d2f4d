"""A list of triplets: a text file with an anchor, a positive and a negative on each line."""

from pathlib import Path

import numpy as np

from lookalike.datasets.listed import rows_of
from lookalike.datasets.names import untold
from lookalike.datasets.shelf import Shelf
from lookalike.nouns.errors import InputError
from lookalike.nouns.labelled import Labelled

BESIDE = ("images", "food")
"""Folders beside the list in which pictures are looked for too."""


def read_triplet_list(path: Path, *, pictures: Path | None = None) -> Labelled:
    """Reads `anchor positive negative`, with white space between (tabs, where names have spaces).

    Names may lack their ending. They are looked up beside the list and in `images` and `food`
    there, or in `pictures` where that is given. Empty lines, and lines that start with #, are
    skipped.

    Raises:
        InputError: a line has not three different names; a picture is missing.
    """
    triplets = _lines(path)
    root = path.parent if pictures is None else pictures
    places = f"{root} and its folders {' and '.join(BESIDE)}"
    shelf = Shelf(root, beside=BESIDE, by_stem=True)
    paths, rows = rows_of(list(triplets.values()), shelf, where=path, looked_in=places)
    repeated = (rows[:, 0] == rows[:, 1]) | (rows[:, 0] == rows[:, 2]) | (rows[:, 1] == rows[:, 2])
    if repeated.any():
        line = list(triplets)[int(np.argmax(repeated))]
        raise InputError(
            "A triplet names a picture twice", where=f"{path}, line {line}", mend="remove the line"
        )
    return Labelled(
        name=path.stem,
        root=root,
        paths=paths,
        labels=untold(len(paths)),
        classes=(),
        parts=np.zeros(len(paths), np.int64),
        groups=untold(len(paths)),
        triplets=rows,
    )


def _lines(path: Path) -> dict[int, list[str]]:
    """Line number to three names."""
    try:
        text = path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(
            f"This cannot be read: {getattr(error, 'strerror', None) or error}",
            where=str(path),
            mend="name a list in UTF-8 text",
        ) from error
    triplets: dict[int, list[str]] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip() or line.startswith("#"):
            continue
        names = [name.strip() for name in line.split("\t")] if "\t" in line else line.split()
        if len(names) != 3 and "\t" in line:
            names = line.split()
        if len(names) != 3:
            raise InputError(
                f"This line has {len(names)} names, not three",
                where=f"{path}, line {number}",
                mend="a line is: anchor positive negative",
            )
        triplets[number] = names
    if not triplets:
        raise InputError(
            "The list has no triplet", where=str(path), mend="anchor positive negative"
        )
    return triplets
