"""What `evaluate` answers."""

from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from lookalike.nouns.exhibits import Exhibit
from lookalike.nouns.measure import Measure
from lookalike.nouns.picture import Failure
from lookalike.nouns.report import Table, failure_dicts

E = TypeVar("E", bound=Exhibit)

MEASURE_COLUMNS = ("measure", "value", "low", "high", "baseline", "baseline_name", "n")


def measure_cells(measure: Measure) -> tuple[object, ...]:
    """A measure in the order of MEASURE_COLUMNS."""
    return (
        measure.name,
        measure.value,
        measure.low,
        measure.high,
        measure.baseline,
        measure.baseline_name,
        measure.n,
    )


@dataclass(frozen=True, slots=True)
class Mistake:
    """Two pictures that the model judged wrongly.

    Attributes:
        first: path below the root of the data.
        second: path below the root of the data.
        score: what the model said.
        same: the truth.
        first_class: name of the first picture's class; may be empty.
        second_class: name of the second picture's class; may be empty.
    """

    first: str
    second: str
    score: float
    same: bool
    first_class: str = ""
    second_class: str = ""

    def to_dict(self) -> dict[str, object]:
        """Plain values for JSON."""
        return {
            "first": self.first,
            "second": self.second,
            "score": self.score,
            "same": self.same,
            "first_class": self.first_class,
            "second_class": self.second_class,
        }


@dataclass(frozen=True, slots=True)
class Leak:
    """Something that stands on both sides of a split.

    Attributes:
        kind: "class", "file" or "near-duplicate".
        judged: what was to be judged: a path below the root of the data, or a class.
        known: what it repeats on the other side.
        part: the other side, "train" or "validation".
    """

    kind: str
    judged: str
    known: str
    part: str

    def to_dict(self) -> dict[str, str]:
        """Plain values for JSON."""
        return {"kind": self.kind, "judged": self.judged, "known": self.known, "part": self.part}


@dataclass(frozen=True, slots=True)
class Judged:
    """What one protocol found.

    Attributes:
        protocol: its name in the table of protocols.
        about: one sentence, what was done with which data.
        measures: each beside its trivial baseline and with its 95 % interval.
        exhibits: what is shown beside them.
        mistakes: the worst ones, worst first, those of one kind together.
        notes: what a reader has to know to read the figures rightly.
    """

    protocol: str
    about: str
    measures: tuple[Measure, ...]
    exhibits: tuple[Exhibit, ...] = ()
    mistakes: tuple[Mistake, ...] = ()
    notes: tuple[str, ...] = ()

    def measure(self, name: str) -> Measure:
        """The measure of this name.

        Raises:
            KeyError: there is none.
        """
        for measure in self.measures:
            if measure.name == name:
                return measure
        raise KeyError(name)

    def of_kind(self, kind: type[E]) -> tuple[E, ...]:
        """The exhibits of one kind, in order."""
        return tuple(exhibit for exhibit in self.exhibits if isinstance(exhibit, kind))

    def to_dict(self) -> dict[str, object]:
        """Plain values for JSON."""
        return {
            "protocol": self.protocol,
            "about": self.about,
            "measures": [
                dict(zip(MEASURE_COLUMNS, measure_cells(m), strict=True)) for m in self.measures
            ],
            "exhibits": [exhibit.to_dict() for exhibit in self.exhibits],
            "mistakes": [mistake.to_dict() for mistake in self.mistakes],
            "notes": list(self.notes),
        }


@dataclass(frozen=True, slots=True)
class Counted:
    """How many pictures of the data served what.

    Attributes:
        pictures: that could be read.
        classes: with a judged picture.
        unseen: of these, classes that training never saw.
        train: pictures of the training part, looked at for leaks only.
        validation: pictures that chose thresholds.
        judged: pictures that were judged.
    """

    pictures: int
    classes: int
    unseen: int
    train: int
    validation: int
    judged: int

    def to_dict(self) -> dict[str, int]:
        """Plain values for JSON."""
        return {name: getattr(self, name) for name in self.__slots__}


@dataclass(frozen=True, slots=True)
class EvaluationReport:
    """How well a model tells which pictures are alike.

    Attributes:
        model: its name.
        fingerprint: of the model.
        data: name of the set.
        root: folder that the paths are relative to.
        counted: how many pictures served what.
        seed: of all drawing.
        judged: one for each protocol.
        skipped: protocols that the data do not allow, and what they lack.
        leaks: what stands on both sides of the split and was therefore left out.
        notes: what a reader has to know about the data.
        failed: pictures that could not be read.
    """

    model: str
    fingerprint: str
    data: str
    root: Path
    counted: Counted
    seed: int
    judged: tuple[Judged, ...]
    skipped: tuple[tuple[str, str], ...] = ()
    leaks: tuple[Leak, ...] = ()
    notes: tuple[str, ...] = ()
    failed: tuple[Failure, ...] = ()

    @property
    def protocols(self) -> tuple[str, ...]:
        """Names of the protocols that were run."""
        return tuple(judged.protocol for judged in self.judged)

    def protocol(self, name: str) -> Judged:
        """What one protocol found.

        Raises:
            KeyError: it was not run.
        """
        for judged in self.judged:
            if judged.protocol == name:
                return judged
        raise KeyError(name)

    def measure(self, protocol: str, name: str) -> Measure:
        """One measure of one protocol.

        Raises:
            KeyError: there is none.
        """
        return self.protocol(protocol).measure(name)

    def to_dict(self) -> dict[str, object]:
        """Plain values for JSON."""
        return {
            "model": self.model,
            "fingerprint": self.fingerprint,
            "data": self.data,
            "root": str(self.root),
            "counted": self.counted.to_dict(),
            "seed": self.seed,
            "protocols": [judged.to_dict() for judged in self.judged],
            "skipped": dict(self.skipped),
            "leaks": [leak.to_dict() for leak in self.leaks],
            "notes": list(self.notes),
            "failed": failure_dicts(self.failed),
        }

    def to_table(self) -> Table:
        """One row for each measure of each protocol."""
        return ("protocol", *MEASURE_COLUMNS), [
            (judged.protocol, *measure_cells(measure))
            for judged in self.judged
            for measure in judged.measures
        ]
