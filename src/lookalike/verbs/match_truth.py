"""Which sources are the originals of a target, as somebody told."""

import os
import unicodedata
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from lookalike.datasets.table import Table, read_table
from lookalike.metrics.intervals import measured, wilson
from lookalike.metrics.matching import judge_matching
from lookalike.nouns.embeddings import Bools, Floats
from lookalike.nouns.errors import InputError
from lookalike.nouns.measure import Measure

BY_NAME = "names"
"""The truth that files of one name, whatever their endings, belong together."""


def told_matches(truth: str | Path, targets: Sequence[Path], sources: Sequence[Path]) -> Bools:
    """Which sources are the originals of each target.

    Args:
        truth: BY_NAME, or a table (CSV or Parquet) with the columns source and target; a target
            without a line has no original.
        targets: t files.
        sources: s files.

    Returns:
        (t, s) bool.

    Raises:
        InputError: the table cannot be read, or names none of the targets and sources.
    """
    if str(truth) == BY_NAME:
        names = [_stem(path) for path in sources]
        found = np.array([[_stem(path) == name for name in names] for path in targets], bool)
    else:
        found = _listed(read_table(Path(truth).expanduser()), targets, sources)
    if not found.any():
        raise InputError(
            "No target has an original among the sources, by what was told",
            where=str(truth),
            mend="name them alike, or write a table: source,target",
        )
    return found


def judge_matches(scores: Floats, matches: Bools, right: Bools, *, top: int) -> tuple[Measure, ...]:
    """How many targets find their original, and how many answers are right.

    Args:
        scores: (t, s).
        matches: (t, s) the truth.
        right: (t,) whether the answer, a match or "no match", is right.
        top: how deep to look.
    """
    there = matches.any(axis=1)
    depths = sorted({n for n in (1, 5, 15, top) if n <= min(top, scores.shape[1])})
    found = judge_matching(scores[there], matches[there], depths=depths)
    t = len(right)
    nothing = float(1 - there.mean())
    value = float(right.mean())
    answers = measured(
        "answers right, 'no match' included",
        value,
        wilson(value * t, t),
        (nothing, "always 'no match'"),
        t,
        fewest=t,
    )
    return (*found, answers)


def _listed(table: Table, targets: Sequence[Path], sources: Sequence[Path]) -> Bools:
    root = table.path.parent
    of_source, of_target = _places(sources), _places(targets)
    found = np.zeros((len(targets), len(sources)), bool)
    for source, target in zip(table.filled("source"), table.filled("target"), strict=True):
        for t in _find(target, root, of_target):
            for s in _find(source, root, of_source):
                found[t, s] = True
    return found


def _places(paths: Sequence[Path]) -> dict[str, list[int]]:
    """Rows by whole path and by name."""
    found: dict[str, list[int]] = {}
    for row, path in enumerate(paths):
        for key in (_whole(path), _form(path.name)):
            found.setdefault(key, []).append(row)
    return found


def _find(cell: str, root: Path, places: dict[str, list[int]]) -> list[int]:
    """The file that a cell means: relative to the table, or by its bare name."""
    plain = cell.replace("\\", "/")
    for key in (_whole(root / plain), _whole(Path(plain)), _form(plain.rpartition("/")[2])):
        if key in places:
            return places[key]
    return []


def _whole(path: Path) -> str:
    return _form(os.path.normcase(os.path.abspath(path)))


def _stem(path: Path) -> str:
    return _form(path.stem)


def _form(text: str) -> str:
    """An é is one sign, whatever system wrote it."""
    return unicodedata.normalize("NFC", text)
