"""What `adapt` answers."""

from dataclasses import dataclass
from pathlib import Path

from lookalike.nouns.measure import Measure
from lookalike.nouns.picture import Failure
from lookalike.nouns.report import Table, failure_dicts


@dataclass(frozen=True, slots=True)
class AdaptReport:
    """Whether a model learned a collection, and how much that helps.

    Attributes:
        folders: what was learned.
        base: the model that was adapted.
        model: the file that was written; None where the model stays as it was.
        n_pictures: different pictures that were read.
        n_learned: pictures that were learned from.
        n_held_out: pictures that judged it, and were neither learned from nor chose the epoch.
        before: of edited copies of held-out pictures, how many find their original first, and
            the mean of 1 / its place, by the model as it was.
        after: the same by the adapted one, whether or not it was taken.
        gain: by how much the second figure rises; taken only where its whole interval is above 0.
        seconds: how long it took.
        failed: pictures that cannot be read.
        remarks: what a user should know, one sentence each.
    """

    folders: tuple[Path, ...]
    base: str
    model: Path | None
    n_pictures: int
    n_learned: int
    n_held_out: int
    before: tuple[Measure, Measure]
    after: tuple[Measure, Measure]
    gain: Measure
    seconds: float
    failed: tuple[Failure, ...] = ()
    remarks: tuple[str, ...] = ()

    @property
    def accepted(self) -> bool:
        """Whether the adapted model is better beyond chance, and was written."""
        return self.model is not None

    def to_dict(self) -> dict[str, object]:
        """Plain values for JSON."""
        return {
            "folders": [str(folder) for folder in self.folders],
            "base": self.base,
            "accepted": self.accepted,
            "model": str(self.model) if self.model else None,
            "pictures": self.n_pictures,
            "learned": self.n_learned,
            "held_out": self.n_held_out,
            "before": [measure.to_dict() for measure in self.before],
            "after": [measure.to_dict() for measure in self.after],
            "gain": self.gain.to_dict(),
            "seconds": round(self.seconds, 3),
            "failed": failure_dicts(self.failed),
            "remarks": list(self.remarks),
        }

    def to_table(self) -> Table:
        """One row for each figure."""
        header = ("model", "measure", "value", "low", "high", "n")
        rows: list[tuple[object, ...]] = [
            (name, m.name, m.value, m.low, m.high, m.n)
            for name, measures in (("before", self.before), ("after", self.after))
            for m in measures
        ]
        m = self.gain
        return header, [*rows, ("gain", m.name, m.value, m.low, m.high, m.n)]
