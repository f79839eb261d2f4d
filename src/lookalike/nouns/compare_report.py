"""What `compare` answers."""

from dataclasses import dataclass
from pathlib import Path

from lookalike.nouns.report import VERDICT_COLUMNS, Table, verdict_cells
from lookalike.nouns.verdict import Verdict


@dataclass(frozen=True, slots=True)
class ComparedPair:
    """Two pictures given by hand and what they are to each other."""

    first: Path
    second: Path
    verdict: Verdict

    def to_dict(self) -> dict[str, object]:
        """Plain values for JSON."""
        data = {"first": str(self.first), "second": str(self.second)}
        return {**data, **self.verdict.to_dict()}


@dataclass(frozen=True, slots=True)
class CompareReport:
    """What `compare` says of two or three pictures.

    Attributes:
        model: that made the vectors.
        prior: the probability that two pictures are alike before they are looked at.
        pairs: one pair of two pictures; of three, A and B, A and C, B and C.
    """

    model: str
    prior: float
    pairs: tuple[ComparedPair, ...]

    @property
    def paths(self) -> tuple[Path, ...]:
        """The pictures in the order in which they were given."""
        return (self.pairs[0].first, self.pairs[0].second, *(p.second for p in self.pairs[1:2]))

    @property
    def closest(self) -> ComparedPair:
        """The pair that is most alike."""
        return max(self.pairs, key=lambda pair: pair.verdict.closeness)

    @property
    def nearer(self) -> Path | None:
        """Of three pictures, the one of B and C that A is nearer to; None for two pictures."""
        if len(self.pairs) != 3:
            return None
        a_b, a_c, _ = self.pairs
        return a_b.second if a_b.verdict.closeness >= a_c.verdict.closeness else a_c.second

    def to_dict(self) -> dict[str, object]:
        """Plain values for JSON."""
        data: dict[str, object] = {
            "model": self.model,
            "prior": self.prior,
            "pairs": [pair.to_dict() for pair in self.pairs],
        }
        if self.nearer is not None:
            data["closest"] = [str(self.closest.first), str(self.closest.second)]
            data["nearer"] = str(self.nearer)
        return data

    def to_table(self) -> Table:
        """One row for each pair."""
        header = ("first", "second", *VERDICT_COLUMNS)
        return header, [
            (str(p.first), str(p.second), *verdict_cells(p.verdict)) for p in self.pairs
        ]
