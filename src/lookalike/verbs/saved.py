"""Save what `duplicates` found, and open it again to act on it."""

import json
from dataclasses import replace
from pathlib import Path

from lookalike.nouns.clean_plan import CleanPlan
from lookalike.nouns.duplicates_report import DuplicatesReport, FoundGroup
from lookalike.nouns.errors import InputError
from lookalike.nouns.keep_rules import KeepRules
from lookalike.nouns.saved_duplicates import KIND, from_document, to_document
from lookalike.nouns.verdict import Level
from lookalike.verbs.clean import load_plan, plan_clean
from lookalike.verbs.show import write_page


def save_duplicates(report: DuplicatesReport, path: str | Path) -> Path:
    """Write what was found as JSON; an older file is replaced only when the new one is whole.

    Returns:
        The absolute path of the file.

    Raises:
        InputError: the file cannot be written.
    """
    return write_page(json.dumps(to_document(report), indent=2) + "\n", path)


def load_duplicates(path: str | Path) -> DuplicatesReport:
    """Read what `save_duplicates` wrote; nothing is looked at but the document.

    Raises:
        InputError: there is no such file, or it is no such document.
    """
    return from_document(_read(path))


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
    if not (isinstance(data, dict) and data.get("document") == KIND):
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
