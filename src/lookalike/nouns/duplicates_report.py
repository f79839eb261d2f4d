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
        pairs: every two members with different bytes (in groups around a medoid: those that are
            copies of each other), and one pair for each further file with the same bytes, so that
            each member is in at least one pair.
    """

    members: tuple[Member, ...]
    pairs: tuple[FoundPair, ...]

    @property
    def least_sure(self) -> FoundPair:
        """The pair with the lowest level and probability: how far the group can be trusted."""
        return min(self.pairs, key=lambda p: (p.verdict.level.rank, p.verdict.probability))

    @property
    def is_complete(self) -> bool:
        """Whether every two members with different bytes are a pair."""
        n = len({member.digest for member in self.members})
        return 2 * len(self._chances()) == n * (n - 1)

    @property
    def medoid(self) -> Member:
        """The member that is surest to be a copy of all others; of equals the first by path."""
        chances = self._chances()
        inner = {m.digest: {m.digest} for m in self.members}
        sums = dict.fromkeys(inner, 0.0)
        for pair, chance in chances.items():
            for digest in pair:
                sums[digest] += chance
                inner[digest] |= pair
        return max(self.members, key=lambda m: (len(inner[m.digest]), sums[m.digest]))

    def to_medoid(self) -> dict[str, float]:
        """For each path, P(it is a copy of the medoid); 1 for the medoid itself."""
        chances, centre = self._chances(), self.medoid.digest
        return {
            m.path: 1.0 if m.digest == centre else chances.get(frozenset({m.digest, centre}), 0.0)
            for m in self.members
        }

    def _chances(self) -> dict[frozenset[str], float]:
        """The probability of each pair of contents."""
        digests = {member.path: member.digest for member in self.members}
        return {
            frozenset({digests[pair.first], digests[pair.second]}): pair.verdict.probability
            for pair in self.pairs
            if digests[pair.first] != digests[pair.second]
        }

    def to_dict(self) -> dict[str, object]:
        """Plain values for JSON."""
        near = self.to_medoid()
        return {
            "verdict": str(self.least_sure.verdict.level),
            "probability": round(self.least_sure.verdict.probability, 6),
            "medoid": self.medoid.path,
            "members": [
                {**member.to_dict(), "to_medoid": round(near[member.path], 6)}
                for member in self.members
            ],
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
        wrong_at_most: the share of wrong pairs that was asked for.
        miss_at_most: the share of missed copies that was asked for.
        expected_missed: how many copies the probabilities expect among the pairs that were looked
            at and are not listed; None unless `miss_at_most` was asked for.
        fingerprint: of the model.
        linkage: "complete" where every two members of a group are a pair, "medoid" where one
            member is paired with all others.
    """

    folder: Path
    model: str
    n_pictures: int
    n_files: int
    least_probability: float
    groups: tuple[FoundGroup, ...]
    related: tuple[FoundPair, ...]
    n_unreadable: int = 0
    wrong_at_most: float | None = None
    miss_at_most: float | None = None
    expected_missed: float | None = None
    fingerprint: str = ""
    linkage: str = "complete"

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
    def missed_share(self) -> float | None:
        """Share of all uncertain copies that is expected to be missed; None unless asked for."""
        if self.expected_missed is None:
            return None
        chances = [pair.verdict.probability for pair in self.listed]
        every = sum(chance for chance in chances if chance < 1) + self.expected_missed
        return self.expected_missed / every if every else 0.0

    @property
    def keeps_promise(self) -> bool:
        """Whether the share of missed copies that was asked for can be promised.

        A pair that is rather no copy than one is never listed, and where many such pairs may yet
        be copies, no list can promise to miss few.
        """
        missed = self.missed_share
        return missed is None or self.miss_at_most is None or missed <= self.miss_at_most + 1e-9

    @property
    def spare_files(self) -> int:
        """How many files would go if each group kept one."""
        return sum(len(group.members) - 1 for group in self.groups)

    @property
    def spare_bytes(self) -> int:
        """How much room these take, when each group keeps its largest file."""
        sizes = ([member.size_bytes for member in group.members] for group in self.groups)
        return sum(sum(group) - max(group) for group in sizes)

    def summary(self) -> dict[str, object]:
        """Plain values for JSON, without the groups and pairs themselves."""
        return {
            "folder": str(self.folder),
            "model": self.model,
            "pictures": self.n_pictures,
            "files": self.n_files,
            "least_probability": self.least_probability,
            "linkage": self.linkage,
            "pairs": self.n_pairs,
            "expected_wrong": round(self.expected_wrong, 3),
            **self._promise(),
            "spare_files": self.spare_files,
            "spare_bytes": self.spare_bytes,
            "unreadable": self.n_unreadable,
        }

    def to_dict(self) -> dict[str, object]:
        """Plain values for JSON."""
        return {
            **self.summary(),
            "groups": [group.to_dict() for group in self.groups],
            "related": [pair.to_dict() for pair in self.related],
        }

    def _promise(self) -> dict[str, object]:
        """What was asked for and what came of it; nothing where nothing was asked."""
        if self.wrong_at_most is not None:
            return {"wrong_at_most": self.wrong_at_most}
        if self.expected_missed is None or self.missed_share is None:
            return {}
        return {
            "miss_at_most": self.miss_at_most,
            "expected_missed": round(self.expected_missed, 3),
            "missed_share": round(self.missed_share, 6),
            "keeps_promise": self.keeps_promise,
        }

    def to_table(self) -> Table:
        """One row for each pair; the group is empty for a link between two groups."""
        header = ("group", "first", "second", *VERDICT_COLUMNS)
        rows: list[tuple[object, ...]] = []
        for number, group in enumerate(self.groups, start=1):
            rows += [(number, p.first, p.second, *verdict_cells(p.verdict)) for p in group.pairs]
        rows += [("", p.first, p.second, *verdict_cells(p.verdict)) for p in self.related]
        return header, rows
