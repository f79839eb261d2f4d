"""`clean`, `undo`, `purge`: move copies aside so that everything can be undone."""

import json
import os
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from lookalike.images.digest import content_digest
from lookalike.keeping.policy import LOSSLESS, Choice, Contender, choose, is_protected
from lookalike.nouns.clean_plan import CleanPlan, Removal
from lookalike.nouns.clean_report import CleanReport, OperationsReport
from lookalike.nouns.duplicates_report import DuplicatesReport, FoundGroup, Member
from lookalike.nouns.errors import InputError
from lookalike.nouns.keep_rules import KeepRules
from lookalike.nouns.verdict import Level
from lookalike.quarantine.apply import ReplaceWith, apply
from lookalike.quarantine.companions import companions_of
from lookalike.quarantine.purge import purge as delete_for_good
from lookalike.quarantine.undo import operations as all_operations
from lookalike.quarantine.undo import undo as put_back
from lookalike.verbs.place import Place
from lookalike.verbs.progress import Progress, silent

DEFAULT_LEVEL = Level.SAME_PICTURE
"""Edited copies go only when they are asked to: somebody made them on purpose."""


def plan_clean(
    found: DuplicatesReport, *, level: Level = DEFAULT_LEVEL, rules: KeepRules | None = None
) -> CleanPlan:
    """Decide for each group which file stays and which go; nothing is touched.

    Args:
        found: what `duplicates` answered.
        level: a file goes only if it is at least this much to the one that is kept.
        rules: which copies stay.

    Raises:
        InputError: a level that is no copy.
    """
    if level.rank < Level.EDITED_COPY.rank:
        raise InputError("Only copies can be cleaned up", where=str(level), mend="edited copy")
    used = rules or KeepRules()
    beside = _Beside(found.folder)
    chosen = [pair for group in found.groups for pair in _decided(beside, group, level, used)]
    going = frozenset(member.path for member, _, _ in chosen)
    members = (member.path for group in found.groups for member in group.members)
    staying = frozenset(members) - going
    removals = [
        Removal(
            path=member.path,
            keeper=keeper.path,
            digest=member.digest,
            keeper_digest=keeper.digest,
            size_bytes=member.size_bytes,
            mtime_ns=member.mtime_ns,
            reason=reason,
            companions=beside.companions(member.path, staying, going),
        )
        for member, keeper, reason in chosen
    ]
    return CleanPlan(found.folder, tuple(removals))


def suggested(
    folder: Path, groups: Sequence[FoundGroup], *, rules: KeepRules | None = None
) -> list[tuple[str, str]]:
    """Of each group the file that a clean-up would rather keep than any other, and why.

    Args:
        folder: the collection.
        groups: what `duplicates` answered.
        rules: which copies stay.

    Returns:
        Relative path and one sentence for each group.
    """
    beside, found = _Beside(folder), []
    for group in groups:
        choice = _choice(beside, group.members, _levels(group), rules or KeepRules())
        found.append((group.members[choice.keeper].path, choice.reasons[choice.keeper]))
    return found


def _decided(
    beside: "_Beside", group: FoundGroup, level: Level, rules: KeepRules
) -> list[tuple[Member, Member, str]]:
    """What goes of a group, with the file that stays for it and the reason."""
    levels = _levels(group)
    left = list(group.members)
    decided: list[tuple[Member, Member, str]] = []
    while len(left) > 1:
        choice = _choice(beside, left, levels, rules)
        keeper = left[choice.keeper]
        rest = []
        for member, reason in zip(left, choice.reasons, strict=True):
            if member is keeper:
                continue
            close = levels(keeper, member)
            if close.rank < level.rank:
                rest.append(member)
            elif not is_protected(member.path, rules):
                decided.append((member, keeper, f"{close}; {reason}"))
        left = rest
    return decided


def _choice(
    beside: "_Beside",
    members: Sequence[Member],
    levels: Callable[[Member, Member], Level],
    rules: KeepRules,
) -> Choice:
    contenders = [
        Contender(m.path, m.facts, m.size_bytes, m.mtime_ns, beside.companions(m.path))
        for m in members
    ]
    return choose(contenders, rules, converted=_was_converted(members, levels))


def _levels(group: FoundGroup) -> Callable[[Member, Member], Level]:
    """What two members are to each other, by their contents."""
    between = {
        frozenset({_digest(group, p.first), _digest(group, p.second)}): p.verdict.level
        for p in group.pairs
    }

    def levels(a: Member, b: Member) -> Level:
        if a.digest == b.digest:
            return Level.SAME_FILE
        return between.get(frozenset({a.digest, b.digest}), Level.DIFFERENT)

    return levels


def _was_converted(members: Sequence[Member], levels: Callable[[Member, Member], Level]) -> bool:
    """Whether a lossless file shows the very pixels of a compressed one, so was made from it."""
    return any(
        levels(a, b) is Level.SAME_PICTURE
        for a in members
        for b in members
        if a.facts.format in LOSSLESS and b.facts.format not in LOSSLESS
    )


def _digest(group: FoundGroup, path: str) -> str:
    return next(member.digest for member in group.members if member.path == path)


class _Beside:
    """The files beside pictures; each folder is read once.

    Args:
        folder: the collection.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._known: dict[str, dict[str, list[str]]] = {}

    def companions(
        self, path: str, staying: frozenset[str] = frozenset(), going: frozenset[str] = frozenset()
    ) -> tuple[str, ...]:
        """The files that belong to a picture; see `companions_of`."""
        home, _, name = path.rpartition("/")
        if home not in self._known:
            self._known[home] = self._read(home)
        # Only files that begin alike have to do with each other: of a large folder a few.
        near = self._known[home].get(_beginning(name), [])
        return companions_of(
            path, near, staying=staying.intersection(near), going=going.intersection(near)
        )

    def _read(self, home: str) -> dict[str, list[str]]:
        """Paths of a folder's files, by the beginning of their names."""
        found: dict[str, list[str]] = {}
        place = self._folder / home
        if not place.is_dir():  # what an old report names may have vanished with its folder
            return found
        with os.scandir(place) as files:
            for file in files:
                if _is_file(file):
                    path = f"{home}/{file.name}" if home else file.name
                    found.setdefault(_beginning(file.name), []).append(path)
        return found


def _is_file(file: os.DirEntry[str]) -> bool:
    try:
        return file.is_file()
    except OSError:  # a link that leads in a circle
        return False


def _beginning(name: str) -> str:
    """A name up to its first point, in any case and any spelling of accents."""
    return unicodedata.normalize("NFC", name).casefold().partition(".")[0]


def clean(
    plan: CleanPlan, *, replace_with: ReplaceWith = None, progress: Progress = silent
) -> CleanReport:
    """Move what a plan names into the quarantine; `undo` brings all of it back.

    Args:
        plan: of `plan_clean`, or of `load_plan`.
        replace_with: "hardlink" leaves a hard link to the kept copy in place of an equal file.
        progress: called with files done and files to do.

    Raises:
        InputError: the folder is gone, or cannot be written.
        BusyIndex: another clean-up is at work on this folder.
    """
    return apply(plan, digest=content_digest, replace_with=replace_with, progress=progress)


def undo(folder: str | Path, operation: str | None = None) -> CleanReport:
    """Put back what a clean-up moved: names, contents, times and rights.

    Args:
        folder: the collection.
        operation: which clean-up; the latest that was not undone unless named.

    Raises:
        InputError: there is nothing to undo.
        BusyIndex: another clean-up is at work on this folder.
    """
    return put_back(Place.of(folder).folder, operation)


def operations(folder: str | Path) -> OperationsReport:
    """All clean-ups of a collection, oldest first.

    Raises:
        InputError: there is no such folder.
    """
    place = Place.of(folder)
    return OperationsReport(place.folder, tuple(all_operations(place.folder)))


def purge(folder: str | Path, *, older_than_days: float) -> CleanReport:
    """Delete for good what clean-ups moved aside more than so many days ago.

    Args:
        folder: the collection.
        older_than_days: 0 deletes all that is complete; interrupted clean-ups are never purged.

    Raises:
        InputError: there is no such folder, or the number is negative.
    """
    return delete_for_good(Place.of(folder).folder, older_than_days=older_than_days)


def read_rules(path: str | Path | None, *, protect: Iterable[str] = ()) -> KeepRules:
    """The rules of a TOML file, with further files to protect.

    Raises:
        InputError: there is no such file, or it is not valid.
    """
    rules = KeepRules()
    if path is not None:
        try:
            rules = KeepRules.from_toml(Path(path).read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError) as error:
            raise InputError(f"The rules cannot be read: {error}", where=str(path)) from error
    return replace(rules, protect=(*rules.protect, *protect))


def save_plan(plan: CleanPlan, path: str | Path) -> None:
    """Write a plan as JSON, to be read, changed and carried out later."""
    text = json.dumps(plan.to_dict(), indent=2) + "\n"
    try:
        Path(path).write_text(text, encoding="utf-8")
    except OSError as error:
        why = error.strerror or str(error)
        raise InputError(f"The plan cannot be written: {why}", where=str(path)) from error


def load_plan(path: str | Path) -> CleanPlan:
    """Read a plan that `save_plan` wrote.

    Raises:
        InputError: there is no such file, or it is no plan.
    """
    try:
        return CleanPlan.from_dict(json.loads(Path(path).read_text(encoding="utf-8")))
    except (OSError, UnicodeDecodeError, json.JSONDecodeError) as error:
        mend = "make it with: lookalike clean FOLDER --save plan.json"
        raise InputError(f"This is no plan: {error}", where=str(path), mend=mend) from error
