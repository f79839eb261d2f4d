"""A list of pairs that somebody compared: a, b, same."""

from pathlib import Path

import numpy as np

from lookalike.datasets.listed import rows_of
from lookalike.datasets.names import nearest_part, part_number, untold
from lookalike.datasets.shelf import Shelf
from lookalike.datasets.table import Table, read_table
from lookalike.nouns.embeddings import Bools, Ints
from lookalike.nouns.errors import InputError
from lookalike.nouns.labelled import PARTS, Labelled

_ANSWERS = {
    **dict.fromkeys(("1", "1.0", "true", "yes", "y", "t", "same"), True),
    **dict.fromkeys(("0", "0.0", "false", "no", "n", "f", "different"), False),
}


def read_pair_list(path: Path, *, table: Table | None = None) -> Labelled:
    """Reads the columns a, b and same (1 or 0, true or false, yes or no), and split if it is there.

    Paths are relative to the list.

    Args:
        path: CSV or Parquet.
        table: what it holds, where that has been read already.

    Raises:
        InputError: a column or a picture is not there; an answer is no answer; two lines
            contradict each other; a picture is listed in two parts.
    """
    table = table or read_table(path)
    names = list(zip(table.filled("a"), table.filled("b"), strict=True))
    same = _answers(table)
    if not names:
        raise InputError("The list has no pair", where=str(path), mend="a line a pair: a,b,same")
    paths, pairs = rows_of(names, Shelf(path.parent), where=path, looked_in=str(path.parent))
    _check_pairs(table, pairs, same)
    return Labelled(
        name=path.parent.resolve().name if path.stem == "pairs" else path.stem,
        root=path.parent,
        paths=paths,
        labels=untold(len(paths)),
        classes=(),
        parts=_parts(table, pairs, paths),
        groups=untold(len(paths)),
        pairs=pairs,
        same=same,
    )


def read_asked_pairs(path: Path) -> tuple[tuple[str, ...], Ints, Bools | None]:
    """Reads the columns a and b, and same if it is there: a pair may come twice.

    Paths are relative to the list.

    Args:
        path: CSV or Parquet.

    Returns:
        n paths, (p, 2) their rows, and (p,) whether they are the same or None.

    Raises:
        InputError: a column or a picture is not there; an answer is no answer.
    """
    table = read_table(path)
    names = list(zip(table.filled("a"), table.filled("b"), strict=True))
    if not names:
        raise InputError("The list has no pair", where=str(path), mend="a line a pair: a,b")
    paths, pairs = rows_of(names, Shelf(path.parent), where=path, looked_in=str(path.parent))
    return paths, pairs, _answers(table) if "same" in table else None


def _answers(table: Table) -> Bools:
    cells = [cell.lower() for cell in table["same"]]
    for row, cell in enumerate(cells):
        if cell not in _ANSWERS:
            raise table.wrong(
                row, f"{cell!r} does not say whether they are the same", mend="1 or 0"
            )
    return np.array([_ANSWERS[cell] for cell in cells], bool)


def _check_pairs(table: Table, pairs: Ints, same: Bools) -> None:
    answers: dict[tuple[int, int], tuple[int, bool]] = {}
    for row, (a, b) in enumerate(np.sort(pairs, axis=1).tolist()):
        if a == b:
            raise table.wrong(row, "A picture is compared with itself", mend="remove the line")
        before, answer = answers.setdefault((a, b), (row, bool(same[row])))
        if answer != same[row]:
            raise table.wrong(
                row, f"This contradicts line {table.lines[before]}", mend="remove one of the two"
            )


def _parts(table: Table, pairs: Ints, paths: tuple[str, ...]) -> Ints:
    parts = np.zeros(len(paths), np.int64)
    if "split" not in table:
        return parts
    for row, word in enumerate(table["split"]):
        number = part_number(word)
        if number is None:
            raise table.wrong(row, f"{word!r} is no part", mend=f"write {nearest_part(word)}")
        for picture in pairs[row].tolist():
            if parts[picture] not in (0, number):
                raise table.wrong(
                    row,
                    f"{paths[picture]} is in {PARTS[number]} and in {PARTS[parts[picture]]}",
                    mend="keep each picture on one side, or the test is not honest",
                )
            parts[picture] = number
    return parts
