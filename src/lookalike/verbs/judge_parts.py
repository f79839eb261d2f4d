"""Which pictures are judged, which choose thresholds, and which of them leak."""

import csv
from dataclasses import replace
from pathlib import Path

import numpy as np

from lookalike.datasets.read import read
from lookalike.datasets.split import split
from lookalike.neighbours.hamming import hamming_top_k
from lookalike.nouns.embeddings import Ints
from lookalike.nouns.errors import InputError
from lookalike.nouns.evaluation_report import Leak
from lookalike.nouns.labelled import PARTS, SIDES, UNKNOWN, Labelled
from lookalike.nouns.recipe import DataPart
from lookalike.verbs.judge_bench import Part
from lookalike.verdicts.decide import HASH_BITS, HASH_QUALITY

NEAR_BITS = 10
"""Hashes of 256 bits that differ in no more than these are taken for one picture."""

TRIED = 0.3
"""Where all pictures are judged, this share of them chooses the thresholds instead."""

GROUPS = "groups.csv"
_SIDES_BY_FOLDER = {"iconic": "source", "natural": "target"}
_NONE, _TRAIN, _VALIDATION, _TEST = range(len(PARTS))


def read_data(source: str | Path, *, layout: str, seed: int) -> Labelled:
    """As `datasets.read`, and groups.csv of a folder of copies, and natural/iconic as sides."""
    folder = Path(source)
    if layout == "auto" and (folder / GROUPS).is_file():
        return _with_groups(read(folder, layout="unlabelled", seed=seed))
    return _with_sides(read(source, layout=layout, seed=seed))


def _with_groups(data: Labelled) -> Labelled:
    """Which pictures show the same, from the columns path and group."""
    with (data.root / GROUPS).open(newline="", encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file))
    if rows and not {"path", "group"} <= set(rows[0]):
        raise InputError(
            "The list of groups needs the columns path and group", where=str(data.root / GROUPS)
        )
    names = {row["path"]: row["group"] for row in rows if row["group"]}
    numbers = {name: place for place, name in enumerate(sorted(set(names.values())))}
    groups = [numbers[names[p]] if p in names else UNKNOWN for p in data.paths]
    return replace(data, groups=np.array(groups, np.int64))


def _with_sides(data: Labelled) -> Labelled:
    tops = [path.partition("/")[0] for path in data.paths]
    if set(tops) != set(_SIDES_BY_FOLDER) or (data.sides != 0).any():
        return data
    sides = [SIDES.index(_SIDES_BY_FOLDER[top]) for top in tops]
    return replace(data, sides=np.array(sides, np.int64))


def with_parts(data: Labelled, part: DataPart, *, whole: bool) -> tuple[Labelled, str]:
    """The data with a validation and a test part, and how they came about.

    Args:
        data: with parts of its own, or without.
        part: shares and seed of splitting, as training takes them.
        whole: the model was trained on none of the pictures, so that all can be judged.

    Returns:
        The data, and one sentence.
    """
    if (data.parts == _TEST).any():
        if not ((data.parts == _VALIDATION).any() or (data.parts == _TRAIN).any()):
            return data, "The data come as a test part alone."
        return _split(data, part, 0.0), "The test part is judged."
    if not whole:
        cut = _split(data, part, part.test)
        return cut, (
            f"The data have no test part: {100 * part.test:g} % of the pictures are judged, cut "
            f"off as training does with seed {part.seed}, and {100 * part.validation:g} % of the "
            "others choose thresholds. A model trained with other parts may have seen them."
        )
    if not _chooses(data):
        parts = np.full(len(data), _TEST, np.int64)
        return replace(data, parts=parts), "All pictures are judged: none was trained on."
    cut = split(data, validation=0.0, test=1 - TRIED, seed=part.seed)
    parts = np.where(cut.parts == _TRAIN, _VALIDATION, cut.parts)
    return replace(cut, parts=parts), (
        f"None of the pictures was trained on: {100 * TRIED:g} % of them choose thresholds, and "
        "the others are judged."
    )


def _split(data: Labelled, part: DataPart, test: float) -> Labelled:
    return split(
        data,
        validation=part.validation,
        test=test,
        unseen_classes=part.unseen_classes,
        per_class=part.per_class,
        seed=part.seed,
    )


def _chooses(data: Labelled) -> bool:
    """Whether there is anything a threshold could be chosen on."""
    listed = data.same.any() and not data.same.all()
    return bool((data.labels != UNKNOWN).any() or listed)


def leaks_of(seen: Part, trained: Part) -> tuple[tuple[Leak, ...], Ints]:
    """What is to be judged although it stands on another side too.

    Args:
        seen: the test and the validation part.
        trained: the training part.

    Returns:
        The leaks, files before near-duplicates, and (x,) rows of `seen` that leak.
    """
    judged = np.flatnonzero(seen.data.parts == _TEST)
    validation = np.flatnonzero(seen.data.parts == _VALIDATION)
    found: dict[int, Leak] = {}
    for known in (trained, seen.take(validation)):
        for leak, row in (*_files(seen, judged, known), *_near(seen, judged, known)):
            found.setdefault(row, leak)
    order = sorted(found, key=lambda row: (found[row].kind, row))
    return tuple(found[row] for row in order), np.array(sorted(found), np.int64)


def _files(seen: Part, judged: Ints, known: Part) -> list[tuple[Leak, int]]:
    """Judged pictures whose file is known, byte for byte."""
    files: dict[bytes, int] = {}
    for row, digest in enumerate(known.digests):
        files.setdefault(digest, row)
    return [
        (_leak("file", seen, row, known, files[seen.digests[row]]), row)
        for row in judged.tolist()
        if seen.digests[row] in files
    ]


def _near(seen: Part, judged: Ints, known: Part) -> list[tuple[Leak, int]]:
    """Judged pictures with the nearest known one, where that is a near-duplicate."""
    judged = judged[seen.quality[judged] >= HASH_QUALITY]
    others = np.flatnonzero(known.quality >= HASH_QUALITY)
    if not (len(judged) and len(others)):
        return []
    best = hamming_top_k(seen.hashes[judged, 0], known.hashes[others, 0], k=1)
    bits = np.rint((1 - best.scores[:, 0]) * HASH_BITS)
    near = np.flatnonzero(bits <= NEAR_BITS)
    rows, twins = judged[near].tolist(), others[best.ids[near, 0]].tolist()
    return [
        (_leak("near-duplicate", seen, row, known, twin), row)
        for row, twin in zip(rows, twins, strict=True)
    ]


def _leak(kind: str, seen: Part, row: int, known: Part, twin: int) -> Leak:
    part = PARTS[known.data.parts[twin]]
    return Leak(kind, seen.data.paths[row], known.data.paths[twin], part)


def refuse(leaks: tuple[Leak, ...], data: Labelled) -> None:
    """Tell of leaks as an error.

    Raises:
        InputError: there are any.
    """
    if leaks:
        first = leaks[0]
        what = "the same file as" if first.kind == "file" else "a near-duplicate of"
        raise InputError(
            f"{len(leaks)} pictures of the test part are known from the other parts; the first, "
            f"{first.judged}, is {what} {first.known} in {first.part}",
            where=data.name,
            mend="--allow-leaks names them and leaves them out",
        )
