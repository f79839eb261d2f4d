"""What `match` answers."""

from dataclasses import dataclass
from pathlib import Path

from lookalike.nouns.match_options import MatchOptions
from lookalike.nouns.measure import Measure
from lookalike.nouns.picture import Failure
from lookalike.nouns.report import Table, failure_dicts
from lookalike.nouns.verdict import Rung

BY_LOOK = "the overall look"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A source that may be the original of a target.

    Attributes:
        path: its file.
        score: how alike the two are by all models; comparable within one report only.
        probability: that it is the target's original.
        right: whether it is; None where nobody told.
        rung: what put it where it is: the embeddings, or the geometry where points fell into place.
        reason: in words.
    """

    path: Path
    score: float
    probability: float
    right: bool | None = None
    rung: Rung = Rung.EMBEDDING
    reason: str = BY_LOOK

    def to_dict(self) -> dict[str, object]:
        """Plain values for JSON."""
        return {
            "path": str(self.path),
            "score": round(self.score, 6),
            "probability": round(self.probability, 6),
            "right": self.right,
            "rung": str(self.rung),
            "reason": self.reason,
        }


@dataclass(frozen=True, slots=True)
class Matched:
    """A target and what may be its original.

    Attributes:
        target: its file.
        candidates: best first; the match, where there is one, is the first of them.
        is_match: whether the first candidate is called its original; "no match" if not.
        right: whether that answer is right; None where nobody told.
    """

    target: Path
    candidates: tuple[Candidate, ...]
    is_match: bool
    right: bool | None = None

    @property
    def original(self) -> Path | None:
        """The source that is called its original; None for "no match"."""
        return self.candidates[0].path if self.is_match else None

    @property
    def probability(self) -> float:
        """P(the first candidate is the original), whether it is called so or not."""
        return self.candidates[0].probability

    def to_dict(self) -> dict[str, object]:
        """Plain values for JSON."""
        return {
            "target": str(self.target),
            "original": None if self.original is None else str(self.original),
            "probability": round(self.probability, 6),
            "right": self.right,
            "candidates": [candidate.to_dict() for candidate in self.candidates],
        }


@dataclass(frozen=True, slots=True)
class MatchReport:
    """What one run of `match` found.

    Attributes:
        options: how it was asked.
        models: names of the models.
        weights: how much each of them counts, together 1; a single 1 where their vectors are put
            side by side.
        n_sources: how many sources could be read.
        learned_on: what the probabilities were learned on, in words.
        matched: one for each target that could be read, in the order given.
        measures: how many answers are right; empty where no truth was told.
        n_verified: doubtful targets that were laid over their best sources.
        failed: targets, sources and background pictures that could not be read.
    """

    options: MatchOptions
    models: tuple[str, ...]
    weights: tuple[float, ...]
    n_sources: int
    learned_on: str
    matched: tuple[Matched, ...]
    measures: tuple[Measure, ...] = ()
    failed: tuple[Failure, ...] = ()
    n_verified: int = 0

    @property
    def n_fitting(self) -> int:
        """Targets whose first candidate they could be laid over."""
        return sum(each.candidates[0].rung is Rung.GEOMETRY for each in self.matched)

    @property
    def n_matches(self) -> int:
        """Targets with an original."""
        return sum(each.is_match for each in self.matched)

    def to_dict(self) -> dict[str, object]:
        """Plain values for JSON."""
        return {
            "models": list(self.models),
            "weights": [round(weight, 4) for weight in self.weights],
            "sources": self.n_sources,
            "prior": self.options.prior,
            "learned_on": self.learned_on,
            "views": list(self.options.views),
            "normalised": self.options.normalise,
            "one_to_one": self.options.one_to_one,
            "mutual": self.options.mutual,
            "verified": self.n_verified,
            "matches": self.n_matches,
            "targets": [each.to_dict() for each in self.matched],
            "measures": [measure.to_dict() for measure in self.measures],
            "failed": failure_dicts(self.failed),
        }

    def to_table(self) -> Table:
        """One row for each target and candidate."""
        header = (
            "target",
            "place",
            "source",
            "match",
            "probability",
            "score",
            "right",
            "rung",
            "reason",
        )
        rows: list[tuple[object, ...]] = []
        for each in self.matched:
            for place, one in enumerate(each.candidates, start=1):
                cells = (round(one.probability, 6), round(one.score, 6))
                told = "" if one.right is None else int(one.right)
                why = (str(one.rung), one.reason)
                match = int(each.is_match and place == 1)
                rows.append((str(each.target), place, str(one.path), match, *cells, told, *why))
        return header, rows
