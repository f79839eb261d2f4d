"""Answers among several classes: report, confusion, accuracy."""

from collections.abc import Sequence

import numpy as np

from lookalike.metrics.arrays import Doubles, checked_rows
from lookalike.metrics.intervals import bootstrap, measured, wilson
from lookalike.nouns.embeddings import Ints
from lookalike.nouns.errors import InputError
from lookalike.nouns.exhibits import ClassReport, Confusion, ReportLine
from lookalike.nouns.measure import Measure


def confusion(truth: Ints, answers: Ints, classes: Sequence[str], *, name: str = "") -> Confusion:
    """How often each class was taken for each.

    Args:
        truth: (n,) places in `classes`.
        answers: (n,) places in `classes`.
        classes: c names.
        name: how the answers were made, for people.

    Returns:
        (c, c) counts: row the truth, column the answer.

    Raises:
        InputError: no answers, shapes that do not fit, or a place out of range.
    """
    return Confusion(name, tuple(classes), _counts(truth, answers, len(classes)))


def classification_report(
    truth: Ints, answers: Ints, classes: Sequence[str], *, name: str = ""
) -> ClassReport:
    """Precision, recall, F1 and support of each class, as scikit-learn's report of that name.

    Classes that neither occur nor are answered are left out. A share of nothing counts as 0: the
    precision of a class that was never answered, the recall of one that never occurs.

    Args:
        truth: (n,) places in `classes`.
        answers: (n,) places in `classes`.
        classes: c names.
        name: what was classified, for people.

    Returns:
        A line a class in the order of `classes`, then "macro average" and "weighted average".

    Raises:
        InputError: no answers, shapes that do not fit, or a place out of range.

    Source:
        Sokolova and Lapalme 2009, Information Processing & Management 45.
    """
    counts = _counts(truth, answers, len(classes))
    occurs = np.flatnonzero(counts.sum(axis=0) + counts.sum(axis=1))
    figures = _figures(counts)[:, occurs]  # (3, classes that occur)
    support = counts.sum(axis=1)[occurs]
    n = int(support.sum())
    rows = [
        (classes[place], column, int(weight))
        for place, column, weight in zip(occurs.tolist(), figures.T, support, strict=True)
    ]
    for title, weights in (("macro average", np.ones(len(occurs))), ("weighted average", support)):
        rows.append((title, np.average(figures, axis=1, weights=weights), n))
    lines = []
    for title, column, weight in rows:
        precision, recall, f1 = column.tolist()
        lines.append(ReportLine(title, precision, recall, f1, weight))
    return ClassReport(name, tuple(lines), float(np.trace(counts) / n), n)


def accuracy(answers: Ints, truth: Ints) -> float:
    """Share of right answers.

    Args:
        answers: (n,) classes, from 0 on.
        truth: (n,) classes, from 0 on.

    Returns:
        In [0, 1], higher is better.

    Raises:
        InputError: no answers, shapes that do not fit, or a negative class.
    """
    counts = _square(answers, truth)
    return float(np.trace(counts) / counts.sum())


def macro_f1(answers: Ints, truth: Ints) -> float:
    """Mean F1 over the classes that occur or are answered.

    Args:
        answers: (n,) classes, from 0 on.
        truth: (n,) classes, from 0 on.

    Returns:
        In [0, 1], higher is better.

    Raises:
        InputError: as `accuracy`.

    Source:
        Sokolova and Lapalme 2009, Information Processing & Management 45.
    """
    return _macro_f1(_square(answers, truth))


def judge_classes(
    answers: Ints, truth: Ints, *, resamples: int | None = None, seed: int = 0
) -> tuple[Measure, ...]:
    """Accuracy and macro F1 beside always answering the most frequent class.

    Args:
        answers: (n,) classes, from 0 on.
        truth: (n,) classes, from 0 on.
        resamples: draws for the interval of the F1; see `bootstrap`.
        seed: of these draws.

    Returns:
        Two measures; the interval of the accuracy is Wilson's.

    Raises:
        InputError: as `accuracy`.
    """
    counts = _square(answers, truth)
    c, n = len(counts), len(truth)
    cells = truth.astype(np.int64) * c + answers

    def figures(weights: Doubles) -> Doubles:
        return np.array([_macro_f1(np.bincount(cells, weights, c * c).reshape(c, c))])

    low, high = bootstrap(figures, n, resamples=resamples, seed=seed)
    majority = np.full(n, np.argmax(counts.sum(axis=1)))
    right = float(np.trace(counts))
    name = "always the most frequent class"
    fewest = int(min(support for support in counts.sum(axis=1) if support))
    return (
        measured(
            "accuracy", right / n, wilson(right, n), (accuracy(majority, truth), name), n, fewest=n
        ),
        measured(
            "macro F1",
            _macro_f1(counts),
            (float(low[0]), float(high[0])),
            (macro_f1(majority, truth), name),
            n,
            fewest=fewest,
        ),
    )


def _square(answers: Ints, truth: Ints) -> Ints:
    most = [int(places.max(initial=0)) for places in (answers, truth)]
    return _counts(truth, answers, max(most) + 1)


def _counts(truth: Ints, answers: Ints, c: int) -> Ints:
    if truth.shape != answers.shape:
        raise InputError(
            "Each answer needs one true class", where=f"truth {truth.shape}, {answers.shape}"
        )
    rows = checked_rows(truth, c, "true classes", (None,))
    columns = checked_rows(answers, c, "answers", (None,))
    return np.bincount(rows * c + columns, minlength=c * c).reshape(c, c).astype(np.int64)


def _figures(counts: Ints | Doubles) -> Doubles:
    """Precision, recall and F1 of each class: (3, c); 0 where there is nothing to share."""
    right = np.diag(counts).astype(np.float64)
    called, real = counts.sum(axis=0), counts.sum(axis=1)
    parts = ((right, called), (right, real), (2 * right, called + real))
    return np.array(
        [np.divide(top, all_, out=np.zeros_like(right), where=all_ > 0) for top, all_ in parts]
    )


def _macro_f1(counts: Ints | Doubles) -> float:
    occurs = counts.sum(axis=0) + counts.sum(axis=1) > 0
    return float(_figures(counts)[2, occurs].mean())
