"""What the pictures of a map can be coloured by."""

import csv
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Self

import numpy as np

from lookalike.nouns.duplicates_report import DuplicatesReport
from lookalike.nouns.embeddings import Ints
from lookalike.nouns.errors import InputError
from lookalike.nouns.map_report import NONE, Colouring
from lookalike.store.reader import IndexReader
from lookalike.verbs.place import Place
from lookalike.verbs.saved import load_duplicates

MAIN_SHARE = 0.6
"""A cluster is named after a folder that holds at least this share of it."""


BLOCK = 10_000


@dataclass(frozen=True, slots=True)
class Told:
    """What a map needs to know of n pictures: an eighth of what the index knows.

    Attributes:
        files: of each, in order of path; at least one.
        years: in which each was taken; empty where that is not known.
    """

    files: list[tuple[str, ...]]
    years: list[str]

    @classmethod
    def of(cls, reader: IndexReader, rows: Ints) -> Self:
        """Read it, some at a time."""
        told = cls([], [])
        for low in range(0, len(rows), BLOCK):
            entries = reader.entries(rows[low : low + BLOCK])
            told.files.extend(tuple(file.path for file in entry.files) for entry in entries)
            told.years.extend((entry.facts.taken or "")[:4] for entry in entries)
        return told

    @property
    def paths(self) -> tuple[str, ...]:
        """The first file of each."""
        return tuple(files[0] for files in self.files)


def colourings(
    place: Place,
    told: Told,
    labels: str | Path | None,
    groups: DuplicatesReport | str | Path | None,
) -> Iterator[Colouring]:
    """By folder, by year where some are known, by label and by group of copies where given.

    Raises:
        InputError: the labels or the groups cannot be read, or belong to no picture.
    """
    yield _of("folder", [_folder(path) for path in told.paths])
    if len(set(told.years) - {""}) > 1:
        yield _of("year", told.years)
    if labels is not None:
        known = _read_labels(Path(labels).expanduser())
        yield _of("label", _found(place, told, known, Path(labels)))
    if groups is not None:
        yield _of("group", _groups(told, groups))


def main_folder(paths: Sequence[str], everything: Sequence[str]) -> str:
    """The folder that most of some paths lie in, unless most of everything does; or nothing."""
    name, n = Counter(map(_folder, paths)).most_common(1)[0]
    everywhere = sum(_folder(path) == name for path in everything)
    telling = everywhere < MAIN_SHARE * len(everything)
    return name if n >= MAIN_SHARE * len(paths) and telling else ""


def _folder(path: str) -> str:
    return PurePosixPath(path).parent.as_posix()


def _of(name: str, values: Sequence[str]) -> Colouring:
    """Names in order of how many pictures have them; an empty value is none."""
    counted = Counter(value for value in values if value)
    names = sorted(counted, key=lambda value: (-counted[value], value))
    places = {value: place for place, value in enumerate(names)}
    of = np.array([places.get(value, NONE) for value in values], np.int64)
    return Colouring(name, tuple(names), of)


def _read_labels(path: Path) -> dict[str, str]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        why = getattr(error, "strerror", None) or error
        raise InputError(
            f"The labels cannot be read: {why}", where=str(path), mend="name a table in UTF-8"
        ) from error
    if not rows or not {"path", "label"} <= set(rows[0]):
        raise InputError(
            "Labels need the columns path and label",
            where=str(path),
            mend="begin the file with the line path,label",
        )
    return {row["path"]: row["label"] or "" for row in rows if row["path"]}


def _found(place: Place, told: Told, known: dict[str, str], where: Path) -> list[str]:
    """The label of each picture: by its path in the collection, or by its full path."""
    found = []
    for files in told.files:
        names = [name for path in files for name in (path, str(place.absolute(path)))]
        found.append(next((known[name] for name in names if name in known), ""))
    if not any(found):
        raise InputError(
            "None of the labels belongs to a picture of the map",
            where=str(where),
            mend=f"write paths as they lie below {place.folder}",
        )
    return found


def _groups(told: Told, groups: DuplicatesReport | str | Path) -> list[str]:
    report = groups if isinstance(groups, DuplicatesReport) else load_duplicates(groups)
    names: dict[str, str] = {}
    for number, group in enumerate(report.groups, start=1):
        for member in group.members:
            names[member.path] = f"{number}: {group.members[0].path}"
    return [next((names[path] for path in files if path in names), "") for files in told.files]
