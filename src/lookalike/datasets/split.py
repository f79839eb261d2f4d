"""Decides which pictures train, which choose thresholds, and which are kept for the report."""

from dataclasses import replace

import numpy as np
from numpy.random import Generator

from lookalike.datasets.cut import cut
from lookalike.datasets.listed import joined
from lookalike.nouns.embeddings import Bools, Ints
from lookalike.nouns.errors import InputError
from lookalike.nouns.labelled import PARTS, UNKNOWN, Labelled

_NONE, _TRAIN, _VALIDATION, _TEST = range(len(PARTS))


def split(
    data: Labelled,
    *,
    validation: float = 0.15,
    test: float = 0.2,
    unseen_classes: float = 0.0,
    per_class: int = 0,
    seed: int = 0,
) -> Labelled:
    """Assigns parts; those that the source has are respected.

    A test part is cut off only where the source has none, then a validation part from what is
    left for training, again where there is none; each takes the same share of every class.
    Groups stay together, and so do pictures that are listed together, as long as they do not hang
    together all at once; listed pairs and triplets between two parts then belong to neither.

    Unseen classes are the last share in order, and those that the source only tests. Their
    pictures that would train or choose thresholds are left out (part ""), their test pictures
    stay. Where the source has no parts, all their pictures are for the test, except those whose
    group trains.

    Args:
        data: the set.
        validation: share of the training pictures, in [0, 1).
        test: share of the pictures, in [0, 1).
        unseen_classes: share of the classes, in [0, 1); above 0 it is one class at least.
        per_class: at most so many pictures of each class and part; 0 for all. Pictures without a
            class count as one.
        seed: of all drawing; the same seed gives the same parts.

    Raises:
        InputError: a share is out of range; the source has a group in two parts; a part that is
            asked for would be empty; all classes would be unseen.
    """
    for name, share in (("validation", validation), ("test", test), ("unseen", unseen_classes)):
        if not 0 <= share < 1:
            raise InputError(f"The {name} share is {share}", mend="a share lies in [0, 1)")
    if per_class < 0:
        raise InputError(f"per_class is {per_class}", mend="0 for all, or more")
    rng = np.random.default_rng(seed)
    groups = _groups(data)
    had_parts = bool((data.parts != _NONE).any())
    _check_groups(data)
    hidden = _unseen(data, unseen_classes)
    is_hidden = np.isin(data.labels, np.array(hidden, np.int64))
    parts = data.parts.copy() if had_parts else np.full(len(data), _TRAIN)
    if not had_parts:
        parts = _give_to_test(parts, groups, is_hidden)
    for part, share in ((_TEST, test), (_VALIDATION, validation)):
        if share and not (data.parts == part).any() and (parts == _TRAIN).any():
            parts = _cut_off(data, parts, groups, part, share, rng)
    parts[is_hidden & ((parts == _TRAIN) | (parts == _VALIDATION))] = _NONE
    if per_class:
        parts = _limited(data.labels, parts, per_class, rng)
    return replace(data, parts=parts, unseen=hidden)


def _groups(data: Labelled) -> Ints:
    """Groups joined with what is listed together, unless most would hang together."""
    listed = np.concatenate([data.pairs, data.triplets[:, :2], data.triplets[:, 1:]])
    if not listed.size:
        return data.groups
    links = [listed]
    rows = np.flatnonzero(data.groups != UNKNOWN)
    if rows.size:
        order = rows[np.argsort(data.groups[rows], kind="stable")]
        next_to = data.groups[order[1:]] == data.groups[order[:-1]]
        links.append(np.column_stack([order[:-1], order[1:]])[next_to])
    groups = joined(len(data), np.concatenate(links))
    counts = np.bincount(groups, minlength=len(data))[groups]
    if counts.max() > len(data) / 2:
        return data.groups
    return np.where(counts == 1, UNKNOWN, groups)


def _check_groups(data: Labelled) -> None:
    rows = np.flatnonzero((data.groups != UNKNOWN) & (data.parts != _NONE))
    order = rows[np.argsort(data.groups[rows], kind="stable")]
    torn = (np.diff(data.groups[order]) == 0) & (np.diff(data.parts[order]) != 0)
    if torn.any():
        one, other = order[np.argmax(torn)], order[np.argmax(torn) + 1]
        raise InputError(
            f"One group has {data.paths[one]} in {PARTS[data.parts[one]]} and "
            f"{data.paths[other]} in {PARTS[data.parts[other]]}",
            where=data.name,
            mend="keep a group on one side, or leave the column 'group' out",
        )


def _unseen(data: Labelled, share: float) -> tuple[int, ...]:
    count = max(round(share * len(data.classes)), 1) if share and data.classes else 0
    hidden = sorted({*data.unseen, *range(len(data.classes) - count, len(data.classes))})
    if hidden and len(hidden) == len(data.classes):
        raise InputError("All classes would be unseen", where=data.name, mend="lower the share")
    return tuple(hidden)


def _give_to_test(parts: Ints, groups: Ints, is_hidden: Bools) -> Ints:
    """Unseen pictures to the test, save where their group has others."""
    mixed = np.unique(groups[~is_hidden & (groups != UNKNOWN)])
    return np.where(is_hidden & ~np.isin(groups, mixed), _TEST, parts)


def _cut_off(
    data: Labelled, parts: Ints, groups: Ints, part: int, share: float, rng: Generator
) -> Ints:
    rows = np.flatnonzero(parts == _TRAIN)
    taken = cut(data.labels[rows], groups[rows], share, rng)
    if not taken.any() or taken.all():
        raise InputError(
            f"The part {PARTS[_TRAIN if taken.any() else part]!r} would have no picture",
            where=data.name,
            mend="name more pictures, smaller groups, or another share",
        )
    cut_off = parts.copy()
    cut_off[rows[taken]] = part
    return cut_off


def _limited(labels: Ints, parts: Ints, per_class: int, rng: Generator) -> Ints:
    order = np.lexsort((rng.random(len(labels)), labels, parts))
    starts = (np.diff(labels[order], prepend=-2) != 0) | (np.diff(parts[order], prepend=-1) != 0)
    first = np.maximum.accumulate(np.where(starts, np.arange(len(order)), 0))
    limited = parts.copy()
    limited[order[np.arange(len(order)) - first >= per_class]] = _NONE
    return limited
