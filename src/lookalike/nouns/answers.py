"""What the user said of pairs of pictures."""

from dataclasses import dataclass
from pathlib import Path

from lookalike.nouns.errors import InputError
from lookalike.nouns.report import Table


@dataclass(frozen=True, slots=True)
class Answer:
    """Whether two contents are copies of one picture, as the user said.

    Attributes:
        first: digest of one file's bytes, in hexadecimal.
        second: of the other, larger than `first`; see `of`.
        same: whether they are copies.
        chance: how probable a copy the ladder called them when it asked, before any tuning; None
            where it did not ask.
    """

    first: str
    second: str
    same: bool
    chance: float | None = None

    def __post_init__(self) -> None:
        if not self.first < self.second:
            raise InputError("An answer needs two different contents, the lower digest first")

    @classmethod
    def of(cls, one: str, other: str, *, same: bool, chance: float | None = None) -> "Answer":
        """The answer about two digests in any order."""
        return cls(min(one, other), max(one, other), same, chance)


@dataclass(frozen=True, slots=True)
class AnsweredPair:
    """An answer with the names of the files.

    Attributes:
        first: relative path.
        second: relative path.
        same: whether they are copies, as the user said.
    """

    first: str
    second: str
    same: bool

    def to_dict(self) -> dict[str, object]:
        """Plain values for JSON."""
        return {"a": self.first, "b": self.second, "same": self.same}


@dataclass(frozen=True, slots=True)
class TuneReport:
    """What `tune` knows after a run.

    Attributes:
        folder: the collection.
        added: how many answers this run gave.
        pairs: all answers about pictures that are there, in order of path.
        n_waiting: answers about pictures that are not there now.
        tuned_by: how many answers to questions the tuning rests on.
        scale: by what the log-odds of uncertain pairs are multiplied.
        shift: what is added to them.
        from_pictures: whose scores are read as was learned from the pictures themselves.
    """

    folder: Path
    added: int
    pairs: tuple[AnsweredPair, ...]
    n_waiting: int
    tuned_by: int = 0
    scale: float = 1.0
    shift: float = 0.0
    from_pictures: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, object]:
        """Plain values for JSON."""
        return {
            "folder": str(self.folder),
            "added": self.added,
            "waiting": self.n_waiting,
            "tuned_by": self.tuned_by,
            "scale": round(self.scale, 4),
            "shift": round(self.shift, 4),
            "from_pictures": list(self.from_pictures),
            "answers": [pair.to_dict() for pair in self.pairs],
        }

    def to_table(self) -> Table:
        """One row for each answer, as `tune --csv` reads it."""
        rows: list[tuple[object, ...]] = [
            (p.first, p.second, "yes" if p.same else "no") for p in self.pairs
        ]
        return ("a", "b", "same"), rows
