"""How like a picture is to classes that are known from a few examples."""

from typing import get_args

import numpy as np

from lookalike.nouns.embeddings import Floats, Ints
from lookalike.nouns.errors import InputError
from lookalike.nouns.recognise_report import Rule

RULES: tuple[Rule, ...] = get_args(Rule)


def class_scores(queries: Floats, examples: Floats, labels: Ints, *, rule: Rule) -> Floats:
    """The score of each query with each class.

    Args:
        queries: (q, d), rows of length 1.
        examples: (n, d), rows of length 1.
        labels: (n,) class of each example; all of 0 to c - 1 occur.
        rule: "prototype", the cosine with the mean of a class's examples, or "nearest", with the
            nearest of them.

    Returns:
        (q, c) float32.

    Raises:
        InputError: an unknown rule, or shapes that do not fit.

    Source:
        Snell et al. 2017, arXiv:1703.05175 (prototypes).
    """
    c = _check(examples, labels, rule)
    if rule == "prototype":
        return np.asarray(queries @ _unit(_sums(examples, labels, c)).T, np.float32)
    order = np.argsort(labels, kind="stable")
    starts = np.searchsorted(labels[order], np.arange(c))
    each = queries @ examples[order].T  # (q, n)
    return np.asarray(np.maximum.reduceat(each, starts, axis=1), np.float32)


def left_out_scores(examples: Floats, labels: Ints, *, rule: Rule) -> Floats:
    """The score of each example with each class, as if the example itself were not known.

    Args:
        examples: (n, d), rows of length 1.
        labels: (n,) class of each example; all of 0 to c - 1 occur.
        rule: see `class_scores`.

    Returns:
        (n, c) float32; NaN with its own class where it is the only example of that.

    Raises:
        InputError: as `class_scores`.
    """
    c = _check(examples, labels, rule)
    scores = class_scores(examples, examples, labels, rule=rule)
    rows = np.arange(len(examples))
    alone = np.bincount(labels, minlength=c)[labels] == 1
    if rule == "prototype":
        rest = _unit(_sums(examples, labels, c)[labels] - examples)
        own = (rest * examples).sum(axis=1)
    else:
        each = np.where(labels[:, None] == labels, examples @ examples.T, -np.inf)
        np.fill_diagonal(each, -np.inf)
        own = each.max(axis=1)
    scores[rows, labels] = np.where(alone, np.nan, own)
    return scores


def _sums(examples: Floats, labels: Ints, c: int) -> Floats:
    sums = np.zeros((c, examples.shape[1]), np.float32)
    np.add.at(sums, labels, examples)
    return sums


def _unit(vectors: Floats) -> Floats:
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.maximum(lengths, 1e-12), np.float32)


def _check(examples: Floats, labels: Ints, rule: str) -> int:
    if rule not in RULES:
        raise InputError(f"There is no rule {rule!r}", mend=f"one of {', '.join(RULES)}")
    if labels.shape != (len(examples),) or not len(labels):
        raise InputError("Each example needs one class", where=f"{labels.shape}")
    c = int(labels.max()) + 1
    if labels.min() < 0 or len(np.unique(labels)) != c:
        raise InputError("Classes are numbered from 0 on, and each has an example")
    return c
