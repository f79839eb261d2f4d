"""What a person who has looked at groups of copies wants to be cleaned up."""

import glob
from collections.abc import Sequence
from dataclasses import dataclass, replace

from lookalike.nouns.clean_plan import CleanPlan
from lookalike.nouns.duplicates_report import DuplicatesReport, FoundGroup
from lookalike.nouns.keep_rules import KeepRules
from lookalike.nouns.verdict import Level
from lookalike.verbs.clean import plan_clean


@dataclass(frozen=True, slots=True)
class Review:
    """The choices of one review; paths are relative, as the report names them.

    Attributes:
        level: a file goes only if it is at least this much to the one that is kept.
        keep: files that stay, whatever else goes.
        only: groups that hold one of these are cleaned up, no others; None for all groups.
        skip: groups that hold one of these are left alone.
        protect: patterns of files that are never touched.
    """

    level: Level
    keep: Sequence[str] = ()
    only: Sequence[str] | None = None
    skip: Sequence[str] = ()
    protect: Sequence[str] = ()


def plan_review(found: DuplicatesReport, review: Review) -> CleanPlan:
    """What a clean-up would do after a review; nothing is touched.

    Args:
        found: the groups that were looked at.
        review: the choices.

    Raises:
        InputError: a level that is no copy.
    """
    skip = set(review.skip)
    only = None if review.only is None else set(review.only)

    def is_wanted(group: FoundGroup) -> bool:
        paths = {member.path for member in group.members}
        return paths.isdisjoint(skip) and (only is None or not paths.isdisjoint(only))

    groups = tuple(group for group in found.groups if is_wanted(group))
    kept = (glob.escape(path) for path in review.keep)
    rules = KeepRules(protect=(*kept, *review.protect))
    return plan_clean(replace(found, groups=groups), level=review.level, rules=rules)
