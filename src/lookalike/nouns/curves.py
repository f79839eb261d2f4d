"""Curves over all thresholds: what is caught against what is called alike by mistake."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lookalike.nouns.embeddings import read_only
from lookalike.nouns.errors import InputError

Doubles = NDArray[np.float64]


def _check(curve: object, names: tuple[str, ...]) -> None:
    """Columns of one length, read-only from now on; the last one falls."""
    columns: list[Doubles] = [getattr(curve, name) for name in names]
    if any(c.ndim != 1 or c.shape != columns[0].shape or c.dtype != np.float64 for c in columns):
        raise InputError("A curve needs float64 columns of one length")
    if np.isnan(columns).any() or (np.diff(columns[-1]) >= 0).any():
        raise InputError("A curve needs falling thresholds")
    for name, column in zip(names, columns, strict=True):
        object.__setattr__(curve, name, read_only(column))


@dataclass(frozen=True, slots=True, eq=False)
class RocCurve:
    """Receiver operating characteristic: one point for each distinct score.

    Attributes:
        false_rate: (m,) share of the different pairs called alike (FMR), 0 to 1, never falling.
        true_rate: (m,) share of the alike pairs called alike (1 - FNMR), 0 to 1, never falling.
        thresholds: (m,) falling; the first is infinite, where nothing is called alike.
    """

    false_rate: Doubles
    true_rate: Doubles
    thresholds: Doubles

    def __post_init__(self) -> None:
        _check(self, ("false_rate", "true_rate", "thresholds"))

    def __len__(self) -> int:
        return len(self.thresholds)

    def to_dict(self) -> dict[str, object]:
        """Plain values for JSON; the point of the infinite threshold is left out."""
        return {
            "kind": "ROC",
            "false_rate": self.false_rate[1:].tolist(),
            "true_rate": self.true_rate[1:].tolist(),
            "thresholds": self.thresholds[1:].tolist(),
        }


@dataclass(frozen=True, slots=True, eq=False)
class PrecisionRecallCurve:
    """Precision against recall: one point for each distinct score.

    Attributes:
        precision: (m,) share of the pairs called alike that are.
        recall: (m,) share of the alike pairs called alike, never falling.
        thresholds: (m,) falling.
    """

    precision: Doubles
    recall: Doubles
    thresholds: Doubles

    def __post_init__(self) -> None:
        _check(self, ("precision", "recall", "thresholds"))

    def __len__(self) -> int:
        return len(self.thresholds)

    def to_dict(self) -> dict[str, object]:
        """Plain values for JSON."""
        return {
            "kind": "precision and recall",
            "precision": self.precision.tolist(),
            "recall": self.recall.tolist(),
            "thresholds": self.thresholds.tolist(),
        }
