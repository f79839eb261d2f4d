"""Pairs about which the user is asked."""

from dataclasses import dataclass
from pathlib import Path

from lookalike.nouns.answers import Answer
from lookalike.nouns.report import Table


@dataclass(frozen=True, slots=True)
class Question:
    """Two pictures that may be copies of each other.

    Attributes:
        first: relative path.
        second: relative path.
        digests: of their files' bytes, in hexadecimal.
        chance: how probable a copy the ladder calls them, before any tuning.
    """

    first: str
    second: str
    digests: tuple[str, str]
    chance: float

    def answered(self, *, same: bool) -> Answer:
        """The answer to it."""
        return Answer.of(*self.digests, same=same, chance=self.chance)

    def to_dict(self) -> dict[str, object]:
        """Plain values for JSON."""
        return {"a": self.first, "b": self.second, "chance": round(self.chance, 6)}


@dataclass(frozen=True, slots=True)
class QuestionsReport:
    """The pairs whose answers tell most.

    Attributes:
        folder: the collection.
        model: that made the vectors.
        questions: the most doubtful pair first.
    """

    folder: Path
    model: str
    questions: tuple[Question, ...]

    def to_dict(self) -> dict[str, object]:
        """Plain values for JSON."""
        asked = [question.to_dict() for question in self.questions]
        return {"folder": str(self.folder), "model": self.model, "questions": asked}

    def to_table(self) -> Table:
        """One row for each question."""
        rows: list[tuple[object, ...]] = [(q.first, q.second, q.chance) for q in self.questions]
        return ("a", "b", "chance"), rows
