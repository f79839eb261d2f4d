"""What `duplicates --against` and `--new` answer: which pictures are there already."""

from dataclasses import dataclass
from pathlib import Path

from lookalike.nouns.duplicates_report import Member
from lookalike.nouns.errors import InputError
from lookalike.nouns.picture import Failure
from lookalike.nouns.report import VERDICT_COLUMNS, Table, failure_dicts, verdict_cells
from lookalike.nouns.verdict import Verdict


@dataclass(frozen=True, slots=True)
class KnownCopy:
    """A file of the reference that is a copy of the one asked about.

    Attributes:
        file: path relative to the reference.
        verdict: what the two are to each other.
    """

    file: Member
    verdict: Verdict

    def to_dict(self) -> dict[str, object]:
        """Plain values for JSON."""
        return {**self.file.to_dict(), **self.verdict.to_dict()}


@dataclass(frozen=True, slots=True)
class Asked:
    """A file that was asked about.

    Attributes:
        file: path relative to the folder asked about, or as given where files were named.
        copies: files of the reference that are copies of it, best first; none if it is new.
    """

    file: Member
    copies: tuple[KnownCopy, ...]

    def __post_init__(self) -> None:
        if not all(copy.verdict.is_copy for copy in self.copies):
            raise InputError("Only copies are listed", where=self.file.path)

    @property
    def is_new(self) -> bool:
        """Whether the reference has no copy of it."""
        return not self.copies

    def to_dict(self) -> dict[str, object]:
        """Plain values for JSON."""
        copies = [copy.to_dict() for copy in self.copies]
        return {**self.file.to_dict(), "new": self.is_new, "copies": copies}


@dataclass(frozen=True, slots=True)
class AgainstReport:
    """Which pictures are in a reference already, and which are new.

    Attributes:
        folder: that was asked about; None where files were named one by one.
        reference: the collection in which copies were looked for.
        model: that made the vectors of both.
        n_pictures: different pictures of the reference.
        least_probability: the least probability that a listed copy has.
        asked: one for each file, in order of path for a folder, else as given.
        failed: files asked about that could not be read.
    """

    folder: Path | None
    reference: Path
    model: str
    n_pictures: int
    least_probability: float
    asked: tuple[Asked, ...]
    failed: tuple[Failure, ...] = ()

    @property
    def known(self) -> tuple[Asked, ...]:
        """The files of which the reference has a copy."""
        return tuple(asked for asked in self.asked if not asked.is_new)

    @property
    def expected_wrong(self) -> float:
        """How many of the listed copies the probabilities expect to be wrong."""
        return sum(1 - copy.verdict.probability for asked in self.asked for copy in asked.copies)

    def to_dict(self) -> dict[str, object]:
        """Plain values for JSON."""
        return {
            "folder": None if self.folder is None else str(self.folder),
            "reference": str(self.reference),
            "model": self.model,
            "pictures": self.n_pictures,
            "least_probability": self.least_probability,
            "known": len(self.known),
            "new": len(self.asked) - len(self.known),
            "expected_wrong": round(self.expected_wrong, 3),
            "asked": [asked.to_dict() for asked in self.asked],
            "failed": failure_dicts(self.failed),
        }

    def to_table(self) -> Table:
        """One row for each copy, and one with an empty copy for each new file."""
        header = ("path", "copy", *VERDICT_COLUMNS)
        rows: list[tuple[object, ...]] = []
        for asked in self.asked:
            path = asked.file.path
            rows += [(path, copy.file.path, *verdict_cells(copy.verdict)) for copy in asked.copies]
            if asked.is_new:
                rows.append((path, "", "new", *[""] * (len(VERDICT_COLUMNS) - 1)))
        return header, rows
