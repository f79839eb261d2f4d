"""What a model learns from: pictures with their parts, free of what the test has too."""

from dataclasses import replace

import numpy as np

from lookalike.datasets.leaks import class_leaks, left_out
from lookalike.nouns.embeddings import Ints
from lookalike.nouns.errors import InputError
from lookalike.nouns.labelled import PARTS, Labelled
from lookalike.nouns.recipe import DataPart
from lookalike.verbs.judge_look import Blind, look_at
from lookalike.verbs.judge_parts import leaks_of, read_data, with_parts
from lookalike.verbs.progress import Progress

_TRAIN, _VALIDATION, _TEST = (PARTS.index(part) for part in ("train", "validation", "test"))


def read_learned(part: DataPart, *, progress: Progress) -> tuple[Labelled, tuple[str, ...]]:
    """The data of a recipe, `read_parted`, `free_of_test`, and what was left out.

    Args:
        part: which data, and how they are split.
        progress: told of pictures looked at.

    Raises:
        InputError: the data cannot be read or split; a class that must not be seen is trained on.
    """
    return free_of_test(read_parted(part), progress=progress)


def read_parted(part: DataPart) -> Labelled:
    """The data of a recipe, with parts as `evaluate` gives them; no picture is opened.

    Raises:
        InputError: the data cannot be read or split; a class that must not be seen is trained on.
    """
    if not part.source:
        raise InputError(
            "The recipe does not say what to learn from",
            where="data.source",
            mend="--data FOLDER, or a list of pictures",
        )
    data, _ = with_parts(
        read_data(part.source, layout=part.layout, seed=part.seed), part, whole=False
    )
    class_leaks(data)
    return data


def free_of_test(data: Labelled, *, progress: Progress) -> tuple[Labelled, tuple[str, ...]]:
    """Training and validation without what the test part has too, and a sentence about that.

    A training or validation picture that is a file of the test part again, or nearly the same,
    is left out: the test stays as it is, and nothing of it is known.

    Args:
        data: with parts.
        progress: told of pictures looked at.
    """
    known = _known(data, progress)
    if not len(known):
        return data, ()
    first = data.paths[known[0]]
    told = (
        f"{len(known)} pictures were left out of training because the test part has them too, or "
        f"nearly the same; the first is {first}."
    )
    return left_out(data, known), (told,)


def _known(data: Labelled, progress: Progress) -> Ints:
    """Rows of training and validation that the test part has too."""
    tested = np.flatnonzero(data.parts == _TEST)
    learned = np.flatnonzero(np.isin(data.parts, (_TRAIN, _VALIDATION)))
    total = len(tested) + len(learned)
    test, _ = look_at(data.take(tested), Blind(), progress=lambda n, _: progress(n, total))
    rest, _ = look_at(
        data.take(learned), Blind(), progress=lambda n, _: progress(len(tested) + n, total)
    )
    rows = {path: row for row, path in enumerate(data.paths)}
    # All of them count as training here; `leaks_of` names one partner of each test picture.
    parts = np.full(len(rest), _TRAIN, np.int64)
    rest = replace(rest, data=replace(rest.data, parts=parts))
    found: list[int] = []
    while len(rest) and len(test):
        leaks, _ = leaks_of(test, rest)
        if not leaks:
            break
        gone = {leak.known for leak in leaks}
        found += [rows[path] for path in gone]
        rest = rest.take(
            np.array([n for n, p in enumerate(rest.data.paths) if p not in gone], np.int64)
        )
    return np.array(sorted(found), np.int64)
