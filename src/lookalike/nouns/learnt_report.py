"""What `tune --from-pictures` answers: what scores mean among a collection's own pictures."""

from dataclasses import dataclass
from pathlib import Path

from lookalike.nouns.card import Calibration
from lookalike.nouns.report import Table


@dataclass(frozen=True, slots=True)
class LearntCurve:
    """One curve, and what it changes.

    Attributes:
        calibration: the curve; its relation says whose scores it reads.
        bound: the least score at which two pictures of a collection of this size are rather
            copies than not; infinity where no score is enough.
        usual: the same before; infinity also where the model's card says nothing.
        found: share of the copies made here that score `bound` or more.
        found_usual: the same before.
    """

    calibration: Calibration
    bound: float
    usual: float
    found: float
    found_usual: float

    def to_dict(self) -> dict[str, object]:
        """Plain values for JSON; a bound that no score reaches is null."""
        curve = self.calibration
        return {
            "relation": curve.relation,
            "slope": round(curve.slope, 4),
            "intercept": round(curve.intercept, 4),
            "near": None if curve.near is None else list(curve.near),
            "learned_on": curve.learned_on,
            "bound": _finite(self.bound),
            "usual_bound": _finite(self.usual),
            "found": round(self.found, 4),
            "found_usual": round(self.found_usual, 4),
        }


@dataclass(frozen=True, slots=True)
class LearntReport:
    """What was learned from the pictures of a collection, without any labels.

    Attributes:
        folder: the collection.
        model: whose scores were read.
        n_pictures: pictures that were drawn from it.
        n_copies: edited copies that were made of them.
        n_pairs: pairs that the drawn pictures make.
        n_hidden: how many of these pairs were taken for copies that are there.
        curves: that were learned; none where scores do not tell copies from strangers.
    """

    folder: Path
    model: str
    n_pictures: int
    n_copies: int
    n_pairs: int
    n_hidden: int
    curves: tuple[LearntCurve, ...]

    def to_dict(self) -> dict[str, object]:
        """Plain values for JSON."""
        return {
            "folder": str(self.folder),
            "model": self.model,
            "pictures": self.n_pictures,
            "copies": self.n_copies,
            "pairs": self.n_pairs,
            "hidden": self.n_hidden,
            "curves": [curve.to_dict() for curve in self.curves],
        }

    def to_table(self) -> Table:
        """One row for each curve."""
        header = ("relation", "slope", "intercept", "bound", "usual_bound", "found", "found_usual")
        rows = [tuple(curve.to_dict()[name] for name in header) for curve in self.curves]
        return header, rows


def _finite(score: float) -> float | None:
    return round(score, 5) if score < float("inf") else None
