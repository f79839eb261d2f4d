"""The named answer to "are these two alike?", with its probability and how it was found."""

from dataclasses import dataclass
from enum import StrEnum

from lookalike.nouns.errors import InputError


class Level(StrEnum):
    """How two pictures relate, most alike first."""

    SAME_FILE = "same file"
    SAME_PICTURE = "same picture"
    EDITED_COPY = "edited copy"
    SAME_CLASS = "same class"
    SIMILAR = "similar"
    DIFFERENT = "different"

    @property
    def rank(self) -> int:
        """5 for the same file down to 0 for different pictures."""
        return _RANKS[self]


_RANKS = {level: rank for rank, level in enumerate(reversed(Level))}


class Rung(StrEnum):
    """The step of the ladder that decided, cheapest first."""

    BYTES = "bytes"
    PIXELS = "pixels"
    HASH = "hash"
    EMBEDDING = "embedding"
    GEOMETRY = "geometry"
    USER = "user"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What two pictures are to each other.

    Attributes:
        level: the named relation.
        probability: calibrated probability, in [0, 1], that the relation holds.
        rung: the step of the ladder that decided.
        reason: one sentence about what was seen.
        score: cosine of the two embeddings; None where it was not needed.
        hash_bits: how many of the 256 hash bits differ in the best of eight orientations;
            None where it was not needed.
    """

    level: Level
    probability: float
    rung: Rung
    reason: str
    score: float | None = None
    hash_bits: int | None = None

    def __post_init__(self) -> None:
        if not 0 <= self.probability <= 1:
            raise InputError("A probability lies between 0 and 1", where=str(self.probability))

    @property
    def is_copy(self) -> bool:
        """Whether both pictures come from one capture."""
        return self.level.rank >= Level.EDITED_COPY.rank

    @property
    def closeness(self) -> tuple[int, float, float]:
        """A key that is larger for pictures that are more alike."""
        sure = self.probability if self.level.rank else 1 - self.probability
        return self.level.rank, sure, self.score if self.score is not None else -2.0

    def to_dict(self) -> dict[str, object]:
        """Plain values for JSON."""
        return {
            "verdict": str(self.level),
            "probability": round(self.probability, 6),
            "rung": str(self.rung),
            "reason": self.reason,
            "score": None if self.score is None else round(self.score, 6),
            "hash_bits": self.hash_bits,
        }
