"""Groups of images in which every one is alike to every other."""

from dataclasses import dataclass

from lookalike.nouns.errors import InputError


@dataclass(frozen=True, slots=True, eq=False)
class Groups:
    """Disjoint sets of at least two image ids: every pair of a set is alike, or all to its medoid.

    Attributes:
        members: each group's ids in rising order; groups in order of their first id.
        least_scores: for each group the lowest score between any two of its members, or between
            its medoid and a member.
    """

    members: tuple[tuple[int, ...], ...]
    least_scores: tuple[float, ...]

    def __post_init__(self) -> None:
        if len(self.members) != len(self.least_scores):
            raise InputError("Groups need one least score a group")
        seen: set[int] = set()
        for group in self.members:
            if len(group) < 2 or list(group) != sorted(set(group)):
                raise InputError("A group needs two or more different ids in rising order")
            if not seen.isdisjoint(group):
                raise InputError("An image can be in one group only")
            seen.update(group)
        firsts = [group[0] for group in self.members]
        if firsts != sorted(firsts):
            raise InputError("Groups must come in order of their first id")

    def __len__(self) -> int:
        return len(self.members)
