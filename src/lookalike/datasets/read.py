"""Reads labelled pictures from whatever a user has."""

import os
from collections.abc import Callable
from dataclasses import replace
from difflib import get_close_matches
from pathlib import Path

from lookalike.datasets.class_folders import looks_like_classes, read_class_folders
from lookalike.datasets.fetch import Progress
from lookalike.datasets.listing import is_picture, pictures_under
from lookalike.datasets.manifest import read_manifest
from lookalike.datasets.matched import read_matched_folders, read_matched_list
from lookalike.datasets.names import untold
from lookalike.datasets.pair_list import read_pair_list
from lookalike.datasets.standard import DATA_VARIABLE, STANDARD, read_standard
from lookalike.datasets.table import Table, read_table
from lookalike.datasets.triplet_list import read_triplet_list
from lookalike.datasets.unlabelled import read_unlabelled
from lookalike.nouns.errors import InputError
from lookalike.nouns.labelled import Labelled

LAYOUTS = ("auto", "classes", "manifest", "pairs", "triplets", "matched", "unlabelled")
"""Ways in which labelled pictures are laid out."""

_OF_STANDARD = frozenset({"auto", "classes", "manifest"})
_TABLES = frozenset({".csv", ".tsv", ".parquet", ".pq"})
_MANIFESTS = ("manifest.csv", "manifest.parquet")
_PAIRS = ("pairs.csv", "pairs.parquet")


def read(
    source: str | Path,
    *,
    layout: str = "auto",
    seed: int = 0,
    pictures: str | Path | None = None,
    progress: Progress | None = None,
) -> Labelled:
    """Reads a folder, a list, or a standard set, and says what is known of each picture.

    A folder: its manifest.csv, else its pairs.csv, else folders `source` and `target`, else a
    folder a class, else pictures without labels. A list: CSV or Parquet, told by its columns
    (path and label; a, b and same; source and target), or a text file of triplets. A name: one
    of STANDARD, or a folder in the one that the variable LOOKALIKE_DATA names.

    No picture is opened. Nothing is drawn; `split` assigns parts where the source has none.

    Args:
        source: what to read.
        layout: one of LAYOUTS; "auto" finds out.
        seed: of drawing; no layout of today draws anything.
        pictures: folder of the pictures of a triplet list that does not lie beside them.
        progress: told of the bytes of a standard set fetched so far, and of all.

    Raises:
        InputError: it cannot be read so; says where, and what mends it.
        MissingExtra: Parquet without pyarrow.
    """
    if layout not in LAYOUTS:
        near = get_close_matches(layout, LAYOUTS, 1)
        raise InputError(
            f"There is no layout {layout!r}", mend=f"one of {', '.join(near or LAYOUTS)}"
        )
    if isinstance(source, str) and source in STANDARD:
        data = read_standard(source, progress=progress)
        return data if layout in _OF_STANDARD else _of_standard(data, layout)
    path = _place(source)
    if path.is_dir():
        return _read_folder(path, layout, pictures)
    return _read_file(path, layout, pictures)


def _of_standard(data: Labelled, layout: str) -> Labelled:
    if layout != "unlabelled":
        raise InputError(
            f"A standard set cannot be read with layout {layout!r}",
            where=data.name,
            mend="auto, or unlabelled",
        )
    return replace(data, labels=untold(len(data)), classes=(), unseen=())


def _place(source: str | Path) -> Path:
    path = Path(source).expanduser()
    data = os.environ.get(DATA_VARIABLE)
    if not path.exists() and data and not path.is_absolute() and (Path(data) / path).exists():
        return Path(data) / path
    if path.exists() and str(source):
        return path
    near = get_close_matches(str(source), STANDARD, 1)
    raise InputError(
        "There is no such file or folder",
        where=str(source),
        mend=f"did you mean {near[0]}?" if near else "check the path",
    )


def _read_folder(folder: Path, layout: str, pictures: str | Path | None) -> Labelled:
    if layout == "classes":
        return read_class_folders(folder)
    if layout == "unlabelled":
        return read_unlabelled(folder)
    if layout == "manifest":
        return read_manifest(_first(folder, _MANIFESTS, layout))
    if layout == "pairs":
        return read_pair_list(_first(folder, _PAIRS, layout))
    if layout == "triplets":
        return _triplets(_first(folder, ("triplets.txt",), layout), pictures)
    listed = _present(folder, _PAIRS)
    if layout == "auto" and (manifest := _present(folder, _MANIFESTS)):
        return read_manifest(manifest)
    if layout == "auto" and listed:
        return _read_table(listed)
    if layout == "matched" and listed:
        return read_matched_list(listed)
    if layout == "matched" or all((folder / side).is_dir() for side in ("source", "target")):
        return read_matched_folders(folder)
    paths = pictures_under(folder)
    return (read_class_folders if looks_like_classes(paths) else read_unlabelled)(folder, paths)


def _read_file(path: Path, layout: str, pictures: str | Path | None) -> Labelled:
    suffix = path.suffix.lower()
    readers: dict[str, Callable[[Path], Labelled]] = {
        "manifest": read_manifest,
        "pairs": read_pair_list,
        "matched": read_matched_list,
        "triplets": lambda path: _triplets(path, pictures),
    }
    if layout in readers:
        return readers[layout](path)
    if layout == "auto" and suffix in _TABLES:
        return _read_table(path)
    if layout == "auto" and not is_picture(path.name):
        return _triplets(path, pictures)
    raise InputError(
        f"A file cannot be read with layout {layout!r}",
        where=str(path),
        mend="name a folder, a CSV or Parquet table, or a text file of triplets",
    )


def _read_table(path: Path) -> Labelled:
    table: Table = read_table(path)
    if "path" not in table and ("a" in table or "b" in table):
        return read_pair_list(path, table=table)
    if "path" not in table and ("source" in table and "target" in table):
        return read_matched_list(path, table=table)
    return read_manifest(path, table=table)


def _triplets(path: Path, pictures: str | Path | None) -> Labelled:
    return read_triplet_list(path, pictures=None if pictures is None else Path(pictures))


def _present(folder: Path, names: tuple[str, ...]) -> Path | None:
    return next((folder / name for name in names if (folder / name).is_file()), None)


def _first(folder: Path, names: tuple[str, ...], layout: str) -> Path:
    if found := _present(folder, names):
        return found
    raise InputError(
        f"There is no {names[0]} in it, which layout {layout!r} needs",
        where=str(folder),
        mend="name the file itself, or another layout",
    )
