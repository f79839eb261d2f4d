"""Save what `duplicates` found, and open it again to act on it."""

import json
from dataclasses import replace
from pathlib import Path

from lookalike.nouns.against_report import AgainstReport
from lookalike.nouns.clean_plan import CleanPlan
from lookalike.nouns.duplicates_report import DuplicatesReport, FoundGroup
from lookalike.nouns.errors import InputError
from lookalike.nouns.keep_rules import KeepRules
from lookalike.nouns.saved_duplicates import (
    KIND,
    KIND_AGAINST,
    against_from_document,
    against_to_document,
    from_document,
    to_document,
)
from lookalike.nouns.verdict import Level
from lookalike.verbs.clean import load_plan, plan_clean
from lookalike.verbs.clean_against import plan_clean_against
from lookalike.verbs.show import write_page


def save_duplicates(report: DuplicatesReport | AgainstReport, path: str | Path) -> Path:
    """Write what was found as JSON; an older file is replaced only when the new one is whole.

    Args:
        report: of `duplicates`, or of `duplicates_against`.
        path: of the file.

    Returns:
        The absolute path of the file.

    Raises:
        InputError: the file cannot be written, or files were asked about one by one.
    """
    if isinstance(report, AgainstReport):
        document = against_to_document(report)
    else:
        document = to_document(report)
    return write_page(json.dumps(document, indent=2) + "\n", path)


def load_duplicates(path: str | Path) -> DuplicatesReport:
    """Read what `save_duplicates` wrote of one folder; nothing is looked at but the document.

    Raises:
        InputError: there is no such file, or it is no such document.
    """
    return from_document(_read(path))


def load_against(path: str | Path) -> AgainstReport:
    """Read what `save_duplicates` wrote of a folder and a reference.

    Raises:
        InputError: there is no such file, or it is no such document.
    """
    return against_from_document(_read(path))


def plan_of(
    path: str | Path, *, level: Level, least_probability: float, rules: KeepRules
) -> CleanPlan:
    """The plan of a document: of a saved plan as it is, of a saved report as it is decided now.

    Args:
        path: of `save_plan` or of `save_duplicates`.
        level: see `plan_clean`; a saved plan has it decided already, as all that follows.
        least_probability: how sure a pair of a saved report must be for a file to go.
        rules: which copies stay.

    Raises:
        InputError: there is no such file, or it is neither.
    """
    data = _read(path)
    kind = data.get("document") if isinstance(data, dict) else None
    if kind == KIND_AGAINST:
        found = against_from_document(data)
        return plan_clean_against(
            found, level=level, least_probability=least_probability, rules=rules
        )
    if kind != KIND:
        return load_plan(path)
    return plan_clean(_at(from_document(data), least_probability), level=level, rules=rules)


def _at(report: DuplicatesReport, least: float) -> DuplicatesReport:
    """Only the pairs that are this sure; what has no pair left is no copy any more."""
    groups = (
        FoundGroup(group.members, sure)
        for group in report.groups
        if (sure := tuple(pair for pair in group.pairs if pair.verdict.probability >= least))
    )
    return replace(report, groups=tuple(groups))


def _read(path: str | Path) -> object:
    try:
        read: object = json.loads(Path(path).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        mend = "make it with --save of lookalike duplicates or lookalike clean"
        what = f"This is no plan and no saved report: {error}"
        raise InputError(what, where=str(path), mend=mend) from error
    return read
