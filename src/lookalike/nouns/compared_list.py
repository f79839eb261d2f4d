"""What `compare` answers to a list of pairs or of triplets."""

from dataclasses import dataclass
from pathlib import Path

from lookalike.nouns.measure import Measure
from lookalike.nouns.picture import Failure
from lookalike.nouns.report import Table, failure_dicts
from lookalike.nouns.verdict import Level, Verdict


@dataclass(frozen=True, slots=True)
class ComparedLine:
    """One line of a list.

    Attributes:
        paths: two pictures, or the anchor and the two that are held against it.
        probability: of a pair P(alike), of a triplet P(the anchor goes with the first of the two);
            None where a picture could not be read.
        verdict: what the two of a pair are to each other; None for a triplet.
        truth: what the list says; None where it says nothing.
    """

    paths: tuple[Path, ...]
    probability: float | None
    verdict: Verdict | None = None
    truth: bool | None = None

    @property
    def answer(self) -> bool | None:
        """Alike, or nearer to the first; None where a picture could not be read."""
        return None if self.probability is None else self.probability >= 0.5

    def to_dict(self) -> dict[str, object]:
        """Plain values for JSON."""
        chance = None if self.probability is None else round(self.probability, 6)
        data: dict[str, object] = {
            "pictures": [str(path) for path in self.paths],
            "answer": None if self.answer is None else int(self.answer),
            "probability": chance,
            "same": None if self.truth is None else int(self.truth),
        }
        return data if self.verdict is None else {**data, "verdict": str(self.verdict.level)}


@dataclass(frozen=True, slots=True)
class ComparedList:
    """What `compare` says of each line of a list.

    Attributes:
        model: that made the vectors.
        prior: the probability before looking that a pair is alike, or B is nearer than C.
        relation: what the model calls alike.
        is_triplets: whether the lines are triplets.
        lines: in the order of the list.
        measures: how many answers are right; empty where the list tells no truth.
        failed: pictures that could not be read.
    """

    model: str
    prior: float
    relation: Level
    is_triplets: bool
    lines: tuple[ComparedLine, ...]
    measures: tuple[Measure, ...] = ()
    failed: tuple[Failure, ...] = ()

    def to_dict(self) -> dict[str, object]:
        """Plain values for JSON."""
        return {
            "model": self.model,
            "prior": self.prior,
            "relation": str(self.relation),
            "kind": "triplets" if self.is_triplets else "pairs",
            "lines": [line.to_dict() for line in self.lines],
            "measures": [measure.to_dict() for measure in self.measures],
            "failed": failure_dicts(self.failed),
        }

    def to_table(self) -> Table:
        """One row for each line."""
        names = ("anchor", "positive", "negative") if self.is_triplets else ("a", "b")
        header = (*names, "answer", "probability", "verdict", "same")
        rows: list[tuple[object, ...]] = []
        for line in self.lines:
            answer = "" if line.answer is None else int(line.answer)
            chance = "" if line.probability is None else round(line.probability, 6)
            verdict = "" if line.verdict is None else str(line.verdict.level)
            truth = "" if line.truth is None else int(line.truth)
            rows.append((*map(str, line.paths), answer, chance, verdict, truth))
        return header, rows
