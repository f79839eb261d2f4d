"""What sets the files of a group apart at a glance."""

from lookalike.nouns.duplicates_report import FoundGroup, Member


def marks(group: FoundGroup) -> dict[str, tuple[str, ...]]:
    """For each path of a group, what it has more of than the others.

    "most pixels" and "largest file" go to those at the top, unless these are more than half of the
    group. They say what is there, not which to keep.
    """
    n_pixels = {m.path: _n_pixels(m) for m in group.members}
    n_bytes = {m.path: m.size_bytes for m in group.members}
    return {
        path: tuple(
            word
            for word, amounts in (("most pixels", n_pixels), ("largest file", n_bytes))
            if _leads(path, amounts)
        )
        for path in n_pixels
    }


def odd_formats(group: FoundGroup) -> set[str]:
    """The formats that are not the group's most frequent one; empty where all are alike."""
    formats = [m.facts.format for m in group.members]
    usual = max(sorted(set(formats)), key=formats.count)
    return set(formats) - {usual}


def _leads(path: str, amounts: dict[str, int]) -> bool:
    top = max(amounts.values())
    leaders = list(amounts.values()).count(top)
    return amounts[path] == top and 2 * leaders <= len(amounts)


def _n_pixels(member: Member) -> int:
    return member.facts.width_px * member.facts.height_px
