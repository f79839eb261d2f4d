"""`clean` of a folder against a reference: what the reference has already goes from the folder."""

from collections.abc import Iterable
from pathlib import Path, PurePosixPath

from lookalike.keeping.policy import is_protected
from lookalike.nouns.against_report import AgainstReport, Asked, KnownCopy
from lookalike.nouns.clean_plan import CleanPlan, Removal
from lookalike.nouns.errors import InputError
from lookalike.nouns.keep_rules import KeepRules
from lookalike.nouns.verdict import Level
from lookalike.quarantine.companions import companions_of
from lookalike.verbs.clean import DEFAULT_LEVEL
from lookalike.verdicts.calibrate import EVEN_PRIOR


def plan_clean_against(
    found: AgainstReport,
    *,
    level: Level = DEFAULT_LEVEL,
    least_probability: float = EVEN_PRIOR,
    rules: KeepRules | None = None,
) -> CleanPlan:
    """Decide which files of a folder go since a reference has them; nothing is touched.

    Nothing inside the reference ever goes. A picture stays if files belong to it, such as a raw
    file or a sidecar with edits, and the reference has none of that kind beside its copy.

    Args:
        found: what `duplicates_against` answered.
        level: a file goes only if the reference has one that is at least this much to it.
        least_probability: how sure that must be.
        rules: which files are protected; which copy stays is no question here.

    Raises:
        InputError: a level that is no copy, or files were asked about one by one.
    """
    if level.rank < Level.EDITED_COPY.rank:
        raise InputError("Only copies can be cleaned up", where=str(level), mend="edited copy")
    if found.folder is None:
        raise InputError(
            "Only a folder can be cleaned up",
            mend="lookalike duplicates FOLDER --against REFERENCE --save found.json",
        )
    used = rules or KeepRules()
    chosen = {
        asked.file.path: (asked, copy)
        for asked in found.asked
        if not is_protected(asked.file.path, used)
        and (copy := _kept(asked, level, least_probability)) is not None
    }
    every = {asked.file.path for asked in found.asked}
    here, there = _Beside(found.folder), _Beside(found.reference)
    while True:
        staying = every - chosen.keys()
        going = {path: here.companions(path, staying, chosen) for path in chosen}
        more = [
            path
            for path, companions in going.items()
            if companions and not _kinds(companions) <= _kinds(there.companions(_at(chosen, path)))
        ]
        if not more:
            break
        for path in more:
            del chosen[path]
    removals = (_removal(*chosen[path], going[path]) for path in sorted(chosen))
    return CleanPlan(found.folder, tuple(removals), reference=found.reference)


def _kept(asked: Asked, level: Level, least: float) -> KnownCopy | None:
    """The best copy that the reference has, if it is good and sure enough."""
    return next(
        (
            copy
            for copy in asked.copies
            if copy.verdict.level.rank >= level.rank and copy.verdict.probability >= least
        ),
        None,
    )


def _at(chosen: dict[str, tuple[Asked, KnownCopy]], path: str) -> str:
    return chosen[path][1].file.path


def _removal(asked: Asked, copy: KnownCopy, companions: tuple[str, ...]) -> Removal:
    return Removal(
        path=asked.file.path,
        keeper=copy.file.path,
        digest=asked.file.digest,
        keeper_digest=copy.file.digest,
        size_bytes=asked.file.size_bytes,
        mtime_ns=asked.file.mtime_ns,
        reason=f"{copy.verdict.level}; the reference has it",
        companions=companions,
    )


def _kinds(paths: Iterable[str]) -> set[str]:
    return {PurePosixPath(path).suffix.lower() for path in paths}


class _Beside:
    """What lies beside the pictures of one collection; each folder is listed once."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._listed: dict[Path, list[str]] = {}

    def companions(
        self, path: str, staying: Iterable[str] = (), going: Iterable[str] = ()
    ) -> tuple[str, ...]:
        """The files that belong to a picture."""
        home = (self._root / path).parent
        if home not in self._listed:
            files = home.iterdir() if home.is_dir() else ()
            self._listed[home] = [
                f.relative_to(self._root).as_posix() for f in files if f.is_file()
            ]
        near = self._listed[home]
        return companions_of(path, near, staying=frozenset(staying), going=frozenset(going))
