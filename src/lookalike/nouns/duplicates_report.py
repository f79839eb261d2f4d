"""What `duplicates` answers."""

from dataclasses import dataclass
from pathlib import Path

from lookalike.nouns.picture import Facts
from lookalike.nouns.report import VERDICT_COLUMNS, Table, verdict_cells
from lookalike.nouns.verdict import Verdict


@dataclass(frozen=True, slots=True)
class FoundPair:
    """Two pictures of a collection that are copies of each other.

    Attributes:
        first: relative path.
        second: relative path.
        verdict: what they are to each other.
    """

    first: str
    second: str
    verdict: Verdict

    def to_dict(self) -> dict[str, object]:
        """Plain values for JSON."""
        return {"first": self.first, "second": self.second, **self.verdict.to_dict()}


@dataclass(frozen=True, slots=True)
class Member:
    """A file within a group of copies.

    Attributes:
        path: relative to the collection's folder.
        size_bytes: when it was indexed.
        facts: what the file tells.
        mtime_ns: when it was last changed, as indexed.
        digest: of its bytes, in hexadecimal; equal for equal files.
    """

    path: str
    size_bytes: int
    facts: Facts
    mtime_ns: int = 0
    digest: str = ""

    def to_dict(self) -> dict[str, object]:
        """Plain values for JSON."""
        sizes = {"path": self.path, "size_bytes": self.size_bytes}
        return {**sizes, **self.facts.to_dict(), "digest": self.digest}


@dataclass(frozen=True, slots=True)
class FoundGroup:
    """Files that are all copies of each other.

    Attributes:
        members: in order of path; at least two.
        pairs: every two members with different bytes, and one pair for each further file with
            the same bytes, so that each member is in at least one pair.
    """

    members: tuple[Member, ...]
    pairs: tuple[FoundPair, ...]

    @property
    def least_sure(self) -> FoundPair:
        """The pair with the lowest level and probability: how far the group can be trusted."""
        return min(self.pairs, key=lambda p: (p.verdict.level.rank, p.verdict.probability))

    def to_dict(self) -> dict[str, object]:
        """Plain values for JSON."""
        return {
            "verdict": str(self.least_sure.verdict.level),
            "probability": round(self.least_sure.verdict.probability, 6),
            "members": [member.to_dict() for member in self.members],
            "pairs": [pair.to_dict() for pair in self.pairs],
        }


@dataclass(frozen=True, slots=True)
class DuplicatesReport:
    """What one run of `duplicates` found.

    Attributes:
        folder: the collection.
        model: that made the vectors.
        n_pictures: different pictures that were compared.
        n_files: files that hold them.
        least_probability: the least probability that a listed pair has.
        groups: sets in which every file is a copy of every other, largest first.
        related: pairs that are copies but lie in two different groups.
        n_unreadable: pictures of the folder that could not be read and so were not compared.
    """

    folder: Path
    model: str
    n_pictures: int
    n_files: int
    least_probability: float
    groups: tuple[FoundGroup, ...]
    related: tuple[FoundPair, ...]
    n_unreadable: int = 0

    @property
    def listed(self) -> tuple[FoundPair, ...]:
        """All pairs: those within groups, then those between two groups."""
        return (*(pair for group in self.groups for pair in group.pairs), *self.related)

    @property
    def n_pairs(self) -> int:
        """How many pairs are listed."""
        return len(self.listed)

    @property
    def expected_wrong(self) -> float:
        """How many of the listed pairs the probabilities expect to be wrong."""
        return sum(1 - pair.verdict.probability for pair in self.listed)

    @property
    def spare_files(self) -> int:
        """How many files would go if each group kept one."""
        return sum(len(group.members) - 1 for group in self.groups)

    @property
    def spare_bytes(self) -> int:
        """How much room these take, when each group keeps its largest file."""
        sizes = ([member.size_bytes for member in group.members] for group in self.groups)
        return sum(sum(group) - max(group) for group in sizes)

    def to_dict(self) -> dict[str, object]:
        """Plain values for JSON."""
        return {
            "folder": str(self.folder),
            "model": self.model,
            "pictures": self.n_pictures,
            "files": self.n_files,
            "least_probability": self.least_probability,
            "pairs": self.n_pairs,
            "expected_wrong": round(self.expected_wrong, 3),
            "spare_files": self.spare_files,
            "spare_bytes": self.spare_bytes,
            "unreadable": self.n_unreadable,
            "groups": [group.to_dict() for group in self.groups],
            "related": [pair.to_dict() for pair in self.related],
        }

    def to_table(self) -> Table:
        """One row for each pair; the group is empty for a link between two groups."""
        header = ("group", "first", "second", *VERDICT_COLUMNS)
        rows: list[tuple[object, ...]] = []
        for number, group in enumerate(self.groups, start=1):
            rows += [(number, p.first, p.second, *verdict_cells(p.verdict)) for p in group.pairs]
        rows += [("", p.first, p.second, *verdict_cells(p.verdict)) for p in self.related]
        return header, rows
