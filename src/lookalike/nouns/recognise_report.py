"""What `recognise` is asked and what it answers."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

from lookalike.nouns.errors import InputError
from lookalike.nouns.measure import Measure
from lookalike.nouns.picture import Failure
from lookalike.nouns.report import Table, failure_dicts

Rule = Literal["prototype", "nearest"]
NONE_OF_THESE = "none of these"


@dataclass(frozen=True, slots=True)
class RecogniseOptions:
    """How pictures are recognised.

    Attributes:
        rule: "prototype", the mean of a class's examples, or "nearest", the nearest of them.
        reject: share of pictures of no class that is to be called "none of these"; 0 to name a
            class for every picture.
        prior: P(a picture is of one of the classes) before looking, in (0, 1).
        top: how many classes are listed for each picture.
        model: name or file of the model; the default one where None.
        provider: what runs it, see `load_encoder`.
        seed: of the edited copies of examples, where such are needed.
    """

    rule: Rule = "prototype"
    reject: float = 0.9
    prior: float = 0.5
    top: int = 3
    model: str | Path | None = None
    provider: str = "auto"
    seed: int = 0

    def __post_init__(self) -> None:
        problems = (
            (self.rule not in get_args(Rule), f"There is no rule {self.rule!r}", "prototype"),
            (
                self.reject != 0 and not 0.5 <= self.reject < 1,
                "The share to reject is 0, or between 0.5 and 1",
                "0.9",
            ),
            (not 0 < self.prior < 1, "A prior lies strictly between 0 and 1", "0.5"),
            (self.top < 1, "At least one class has to be listed", "3"),
            (self.seed < 0, "A seed is 0 or more", "0"),
        )
        for wrong, what, good in problems:
            if wrong:
                raise InputError(what, mend=f"try {good}")


@dataclass(frozen=True, slots=True)
class Guess:
    """A class that a picture may be of.

    Attributes:
        name: of the class.
        score: how like the picture is to its examples.
        probability: that the picture is of this class.
        example: one example of the class, the nearest.
    """

    name: str
    score: float
    probability: float
    example: Path

    def to_dict(self) -> dict[str, object]:
        """Plain values for JSON."""
        return {
            "class": self.name,
            "score": round(self.score, 6),
            "probability": round(self.probability, 6),
            "example": str(self.example),
        }


@dataclass(frozen=True, slots=True)
class Recognised:
    """A picture and what it shows.

    Attributes:
        path: its file.
        guesses: best first.
        is_known: whether the first of them is the answer; "none of these" if not.
        truth: its true class, NONE_OF_THESE where that is none of them; None where nobody told.
    """

    path: Path
    guesses: tuple[Guess, ...]
    is_known: bool
    truth: str | None = None

    @property
    def answer(self) -> str:
        """The class, or NONE_OF_THESE."""
        return self.guesses[0].name if self.is_known else NONE_OF_THESE

    @property
    def right(self) -> bool | None:
        """Whether the answer is right; None where nobody told."""
        return None if self.truth is None else self.answer == self.truth

    def to_dict(self) -> dict[str, object]:
        """Plain values for JSON."""
        return {
            "path": str(self.path),
            "answer": self.answer,
            "probability": round(self.guesses[0].probability, 6),
            "truth": self.truth,
            "right": self.right,
            "guesses": [guess.to_dict() for guess in self.guesses],
        }


@dataclass(frozen=True, slots=True)
class RecogniseReport:
    """What one run of `recognise` found.

    Attributes:
        options: how it was asked.
        model: that made the vectors.
        classes: name and number of examples of each class.
        threshold: a best score up to this is "none of these"; None where nothing is rejected.
        rejects_by: what the share of rejected strangers rests on, in words; empty where nothing is
            rejected.
        learned_on: what the probabilities were learned on, in words.
        recognised: one for each picture that could be read, in the order given.
        measures: how many answers are right; empty where no truth was told.
        failed: examples and pictures that could not be read.
    """

    options: RecogniseOptions
    model: str
    classes: tuple[tuple[str, int], ...]
    threshold: float | None
    rejects_by: str
    learned_on: str
    recognised: tuple[Recognised, ...]
    measures: tuple[Measure, ...] = ()
    failed: tuple[Failure, ...] = ()

    @property
    def n_known(self) -> int:
        """Pictures that are of one of the classes."""
        return sum(each.is_known for each in self.recognised)

    def to_dict(self) -> dict[str, object]:
        """Plain values for JSON."""
        return {
            "model": self.model,
            "rule": self.options.rule,
            "reject": self.options.reject,
            "prior": self.options.prior,
            "classes": dict(self.classes),
            "threshold": None if self.threshold is None else round(self.threshold, 6),
            "rejects_by": self.rejects_by,
            "learned_on": self.learned_on,
            "known": self.n_known,
            "pictures": [each.to_dict() for each in self.recognised],
            "measures": [measure.to_dict() for measure in self.measures],
            "failed": failure_dicts(self.failed),
        }

    def to_table(self) -> Table:
        """One row for each picture."""
        header = ("path", "answer", "nearest", "probability", "score", "truth", "right")
        rows: list[tuple[object, ...]] = []
        for each in self.recognised:
            best = each.guesses[0]
            numbers = (round(best.probability, 6), round(best.score, 6))
            told = ("", "") if each.right is None else (each.truth, int(each.right))
            rows.append((str(each.path), each.answer, best.name, *numbers, *told))
        return header, rows
