"""What is shown beside the figures of a report: scores, curves, tables and the worst mistakes."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lookalike.nouns.embeddings import Bools, Floats, Ints, read_only
from lookalike.nouns.errors import InputError

Doubles = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class ScoredPairs:
    """The scores of judged pairs, and whether each pair is alike in truth.

    Attributes:
        name: which pairs these are, for people.
        scores: (p,) float32, higher is more alike.
        same: (p,) the truth.
        threshold: pairs with at least this score are called alike.
    """

    name: str
    scores: Floats
    same: Bools
    threshold: float

    def __post_init__(self) -> None:
        if self.scores.shape != self.same.shape or self.scores.ndim != 1:
            raise InputError("Scored pairs need one answer for each score", where=self.name)
        if self.scores.dtype != np.float32 or self.same.dtype != np.bool_:
            raise InputError("Scored pairs need float32 scores and bool answers", where=self.name)
        for name in ("scores", "same"):
            object.__setattr__(self, name, read_only(getattr(self, name)))

    def __len__(self) -> int:
        return len(self.scores)

    def to_dict(self) -> dict[str, object]:
        """How many pairs, the threshold, and where the scores of either kind lie."""
        return {
            "kind": "scored pairs",
            "name": self.name,
            "n_same": int(self.same.sum()),
            "n_different": int((~self.same).sum()),
            "threshold": self.threshold,
            "scores_same": _spread(self.scores[self.same]),
            "scores_different": _spread(self.scores[~self.same]),
        }


def _spread(scores: Floats) -> list[float]:
    """The 5 %, 25 %, 50 %, 75 % and 95 % points; none for no scores."""
    if not len(scores):
        return []
    return [round(float(s), 6) for s in np.quantile(scores, (0.05, 0.25, 0.5, 0.75, 0.95))]


@dataclass(frozen=True, slots=True)
class ReportLine:
    """One line of a classification report.

    Attributes:
        name: of the class, or of the average.
        precision: share of those called so that are so.
        recall: share of those that are so that were called so.
        f1: harmonic mean of both.
        support: how many are so.
    """

    name: str
    precision: float
    recall: float
    f1: float
    support: int


@dataclass(frozen=True, slots=True)
class ClassReport:
    """A classification report in the layout of scikit-learn.

    Attributes:
        name: what was classified, for people.
        lines: one for each class, then macro and weighted average.
        accuracy: share of right answers.
        n: how many answers.
    """

    name: str
    lines: tuple[ReportLine, ...]
    accuracy: float
    n: int

    def to_dict(self) -> dict[str, object]:
        """Plain values for JSON."""
        return {
            "kind": "classification report",
            "name": self.name,
            "lines": [
                {
                    "name": line.name,
                    "precision": line.precision,
                    "recall": line.recall,
                    "f1": line.f1,
                    "support": line.support,
                }
                for line in self.lines
            ],
            "accuracy": self.accuracy,
            "n": self.n,
        }


@dataclass(frozen=True, slots=True, eq=False)
class Confusion:
    """How often pictures of one class were taken for another.

    Attributes:
        name: how the answers were made, for people.
        classes: c names.
        counts: (c, c) pictures of the row's class that were taken for the column's.
    """

    name: str
    classes: tuple[str, ...]
    counts: Ints

    def __post_init__(self) -> None:
        c = len(self.classes)
        if self.counts.shape != (c, c) or self.counts.dtype != np.int64:
            raise InputError(f"A confusion needs int64 of shape ({c}, {c})", where=self.name)
        object.__setattr__(self, "counts", read_only(self.counts))

    def most_confused(self, k: int) -> list[tuple[str, str, int]]:
        """The k pairs of classes that were most often taken for each other, either way.

        Returns:
            Two names and how often; most often first, pairs never confused left out.
        """
        both = np.triu(self.counts + self.counts.T, 1)
        order = np.argsort(-both, axis=None, kind="stable")[:k]
        rows, columns = np.unravel_index(order, both.shape)
        return [
            (self.classes[a], self.classes[b], int(both[a, b]))
            for a, b in zip(rows.tolist(), columns.tolist(), strict=True)
            if both[a, b]
        ]

    def to_dict(self) -> dict[str, object]:
        """The whole table for up to 100 classes, and the pairs most often confused."""
        data: dict[str, object] = {
            "kind": "confusion",
            "name": self.name,
            "most_confused": [[a, b, n] for a, b, n in self.most_confused(20)],
        }
        if len(self.classes) <= 100:
            data |= {"classes": list(self.classes), "counts": self.counts.tolist()}
        return data


@dataclass(frozen=True, slots=True, eq=False)
class Curve:
    """A share of right answers that grows with the number of tries.

    Attributes:
        name: what was tried, for people.
        at: (n,) numbers of tries, rising.
        values: (n,) shares.
        low: (n,) where the 95 % interval begins.
        high: (n,) where it ends.
        baseline: (n,) what the trivial answer reaches.
        baseline_name: what that is.
    """

    name: str
    at: Ints
    values: Doubles
    low: Doubles
    high: Doubles
    baseline: Doubles
    baseline_name: str

    def __post_init__(self) -> None:
        for name in ("at", "values", "low", "high", "baseline"):
            column = getattr(self, name)
            if column.shape != (len(self.at),):
                raise InputError(f"A curve needs as many {name} as tries", where=self.name)
            object.__setattr__(self, name, read_only(column))

    def to_dict(self) -> dict[str, object]:
        """Plain values for JSON."""
        columns = ("at", "values", "low", "high", "baseline")
        return {
            "kind": "curve",
            "name": self.name,
            **{column: getattr(self, column).tolist() for column in columns},
            "baseline_name": self.baseline_name,
        }


@dataclass(frozen=True, slots=True)
class Bar:
    """A share with its interval, one of several to be compared.

    Attributes:
        name: of what.
        value: the share.
        low: where the 95 % interval begins.
        high: where it ends.
        n: of how many.
    """

    name: str
    value: float
    low: float
    high: float
    n: int


@dataclass(frozen=True, slots=True)
class Bars:
    """The same share for each class or kind.

    Attributes:
        name: of the share, for people.
        bars: one for each.
        baseline: what the trivial answer reaches.
        baseline_name: what that is.
    """

    name: str
    bars: tuple[Bar, ...]
    baseline: float
    baseline_name: str

    def to_dict(self) -> dict[str, object]:
        """Plain values for JSON."""
        return {
            "kind": "bars",
            "name": self.name,
            "bars": [
                {"name": b.name, "value": b.value, "low": b.low, "high": b.high, "n": b.n}
                for b in self.bars
            ],
            "baseline": self.baseline,
            "baseline_name": self.baseline_name,
        }


@dataclass(frozen=True, slots=True, eq=False)
class Reliability:
    """Whether a probability that was told holds.

    Attributes:
        name: of what is told, for people.
        told: (bins,) mean probability told in each bin.
        held: (bins,) share that held.
        counts: (bins,) how many; bins without any are left out.
    """

    name: str
    told: Doubles
    held: Doubles
    counts: Ints

    def __post_init__(self) -> None:
        for name in ("told", "held", "counts"):
            column = getattr(self, name)
            if column.shape != (len(self.told),):
                raise InputError(f"A reliability needs as many {name} as bins", where=self.name)
            object.__setattr__(self, name, read_only(column))

    def to_dict(self) -> dict[str, object]:
        """Plain values for JSON."""
        return {
            "kind": "reliability",
            "name": self.name,
            "told": self.told.tolist(),
            "held": self.held.tolist(),
            "counts": self.counts.tolist(),
        }


Exhibit = ScoredPairs | ClassReport | Confusion | Curve | Bars | Reliability
"""Whatever a protocol shows beside its figures."""
