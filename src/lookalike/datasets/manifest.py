"""A manifest: a table with a line for each picture."""

import csv
from pathlib import Path

import numpy as np

from lookalike.datasets.listing import one_form
from lookalike.datasets.names import (
    check_classes,
    nearest_part,
    numbered,
    part_number,
    tested_only,
)
from lookalike.datasets.shelf import Shelf, missing
from lookalike.datasets.table import Table, read_table
from lookalike.nouns.embeddings import Ints
from lookalike.nouns.errors import InputError
from lookalike.nouns.labelled import PARTS, UNKNOWN, Labelled


def read_manifest(path: Path, *, table: Table | None = None) -> Labelled:
    """Reads the columns path, label, and split and group where there are such; others are ignored.

    Paths are relative to the manifest. An empty label means that nobody told, an empty split that
    the picture belongs to no part, an empty group that it stands alone. A picture that is listed
    twice alike counts once.

    Args:
        path: CSV or Parquet.
        table: what it holds, where that has been read already.

    Raises:
        InputError: a column, a picture or a part is not there; a picture is listed twice with
            different words; fewer than two classes.
        MissingExtra: Parquet without pyarrow.
    """
    table = table or read_table(path)
    names, words = table.filled("path"), table["label"]
    shelf = Shelf(path.parent)
    found = [shelf.find(name) for name in names]
    if lost := [name for name, place in zip(names, found, strict=True) if place is None]:
        raise missing(lost, len(names), where=path, looked_in=str(path.parent))
    rows = _each_once(table, [place or "" for place in found])
    labels, classes = numbered([words[row] for row in rows])
    check_classes(classes, path)
    groups = _column(table, "group", rows)
    parts = _parts(table, rows)
    return Labelled(
        name=path.parent.resolve().name if path.stem == "manifest" else path.stem,
        root=path.parent,
        paths=tuple(found[row] or "" for row in rows),
        labels=labels,
        classes=classes,
        parts=parts,
        groups=numbered(groups)[0],
        unseen=tested_only(labels, parts),
    )


def write_manifest(data: Labelled) -> None:
    """Writes the root's manifest.csv, which reads as the same set."""
    with (data.root / "manifest.csv").open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        grouped = bool((data.groups != UNKNOWN).any())
        writer.writerow(["path", "label", "split", *(["group"] if grouped else [])])
        for row, path in enumerate(data.paths):
            label, group = int(data.labels[row]), int(data.groups[row])
            cells = [path, "" if label == UNKNOWN else data.classes[label], PARTS[data.parts[row]]]
            if grouped:
                cells.append("" if group == UNKNOWN else str(group))
            writer.writerow(cells)


def _each_once(table: Table, found: list[str]) -> list[int]:
    first: dict[str, int] = {}
    for row, place in enumerate(found):
        before = first.setdefault(place, row)
        if before != row:
            for name in ("label", "split", "group"):
                cells = table.columns.get(name)
                if cells and one_form(cells[row]) != one_form(cells[before]):
                    raise table.wrong(
                        row,
                        f"{place} is listed again, with {name} {cells[row]!r}; line "
                        f"{table.lines[before]} has {cells[before]!r}",
                        mend="a picture belongs to one class, one part and one group",
                    )
    return list(first.values())


def _column(table: Table, name: str, rows: list[int]) -> list[str]:
    cells = table.columns.get(name)
    return [cells[row] for row in rows] if cells else [""] * len(rows)


def _parts(table: Table, rows: list[int]) -> Ints:
    numbers = np.zeros(len(rows), np.int64)
    for at, (row, word) in enumerate(zip(rows, _column(table, "split", rows), strict=True)):
        number = part_number(word)
        if number is None:
            raise _no_part(table, row, word)
        numbers[at] = number
    return numbers


def _no_part(table: Table, row: int, word: str) -> InputError:
    return table.wrong(row, f"{word!r} is no part", mend=f"write {nearest_part(word)}")
