"""What `compare` answers."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

from lookalike.nouns.errors import InputError
from lookalike.nouns.report import VERDICT_COLUMNS, Table, verdict_cells
from lookalike.nouns.verdict import Level, Verdict

Arrangement = Literal["A, B and C", "A and B", "A and C", "B and C", "none"]
ARRANGEMENTS: tuple[Arrangement, ...] = get_args(Arrangement)
"""Which of three pictures are alike."""


@dataclass(frozen=True, slots=True)
class ComparedPair:
    """Two pictures given by hand and what they are to each other.

    Attributes:
        first: one picture.
        second: the other.
        verdict: what they are to each other.
        alike: P(not different), whatever the verdict.
    """

    first: Path
    second: Path
    verdict: Verdict
    alike: float

    def to_dict(self) -> dict[str, object]:
        """Plain values for JSON."""
        data = {"first": str(self.first), "second": str(self.second)}
        return {**data, **self.verdict.to_dict(), "alike": round(self.alike, 6)}


@dataclass(frozen=True, slots=True, eq=False)
class Trio:
    """What three pictures are to each other.

    Attributes:
        arrangements: how probable each way is in which they may go together; they sum to 1.
        b_is_nearer: the probability that B is the one that goes with A, if one of B and C does.
    """

    arrangements: dict[Arrangement, float]
    b_is_nearer: float

    def __post_init__(self) -> None:
        if tuple(self.arrangements) != ARRANGEMENTS:
            raise InputError("A trio needs a probability for each arrangement, in order")

    @property
    def likeliest(self) -> Arrangement:
        """The most probable arrangement."""
        return max(ARRANGEMENTS, key=lambda way: self.arrangements[way])

    @property
    def at_least_two(self) -> float:
        """P(at least two of the three are alike)."""
        return 1 - self.arrangements["none"]

    def to_dict(self) -> dict[str, object]:
        """Plain values for JSON."""
        return {
            "alike": self.likeliest,
            "arrangements": {way: round(self.arrangements[way], 6) for way in ARRANGEMENTS},
            "at_least_two": round(self.at_least_two, 6),
            "b_is_nearer": round(self.b_is_nearer, 6),
        }


@dataclass(frozen=True, slots=True)
class CompareReport:
    """What `compare` says of two or three pictures.

    Attributes:
        model: that made the vectors.
        prior: the probability that two pictures are alike before they are looked at.
        pairs: one pair of two pictures; of three, A and B, A and C, B and C.
        relation: what the model calls alike: "same class" if it was trained on classes, else
            "similar".
        trio: what three pictures are to each other; None for two.
    """

    model: str
    prior: float
    pairs: tuple[ComparedPair, ...]
    relation: Level = Level.SIMILAR
    trio: Trio | None = None

    def __post_init__(self) -> None:
        if (len(self.pairs), self.trio is not None) not in ((1, False), (3, True)):
            raise InputError("A comparison has one pair, or three pairs and what the trio is")

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
        if self.trio is None:
            return None
        a_b, a_c, _ = self.pairs
        closer = a_b.verdict.closeness >= a_c.verdict.closeness
        chance = self.trio.b_is_nearer
        return a_b.second if chance > 0.5 or (chance == 0.5 and closer) else a_c.second

    @property
    def nearer_probability(self) -> float | None:
        """How sure `nearer` is, at least one half; None for two pictures."""
        return None if self.trio is None else max(self.trio.b_is_nearer, 1 - self.trio.b_is_nearer)

    def to_dict(self) -> dict[str, object]:
        """Plain values for JSON."""
        data: dict[str, object] = {
            "model": self.model,
            "prior": self.prior,
            "relation": str(self.relation),
            "pairs": [pair.to_dict() for pair in self.pairs],
        }
        if self.trio is not None and self.nearer_probability is not None:
            data["closest"] = [str(self.closest.first), str(self.closest.second)]
            data["nearer"] = str(self.nearer)
            data["nearer_probability"] = round(self.nearer_probability, 6)
            data["trio"] = self.trio.to_dict()
        return data

    def to_table(self) -> Table:
        """One row for each pair."""
        header = ("first", "second", *VERDICT_COLUMNS, "alike")
        return header, [
            (str(p.first), str(p.second), *verdict_cells(p.verdict), round(p.alike, 6))
            for p in self.pairs
        ]
