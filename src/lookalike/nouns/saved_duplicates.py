"""Reports of `duplicates`, also `--against`, as documents, to be opened and acted on later."""

from collections.abc import Mapping
from pathlib import Path
from typing import TypeVar

from lookalike.nouns.against_report import AgainstReport, Asked, KnownCopy
from lookalike.nouns.clean_plan import check_inside
from lookalike.nouns.duplicates_report import DuplicatesReport, FoundGroup, FoundPair, Member
from lookalike.nouns.errors import InputError
from lookalike.nouns.picture import Facts
from lookalike.nouns.verdict import Level, Rung, Verdict

KIND = "duplicates"
KIND_AGAINST = "duplicates against a reference"
VERSION = 1

V = TypeVar("V")
Named = TypeVar("Named", Level, Rung)


def to_document(report: DuplicatesReport) -> dict[str, object]:
    """Plain values for JSON, from which `from_document` makes the report again."""
    return {
        "document": KIND,
        "version": VERSION,
        "folder": str(report.folder),
        "model": report.model,
        "fingerprint": report.fingerprint,
        "pictures": report.n_pictures,
        "files": report.n_files,
        "unreadable": report.n_unreadable,
        "least_probability": report.least_probability,
        "wrong_at_most": report.wrong_at_most,
        "miss_at_most": report.miss_at_most,
        "expected_missed": report.expected_missed,
        "linkage": report.linkage,
        "groups": [
            {
                "members": [_member_dict(member) for member in group.members],
                "pairs": [_pair_dict(pair) for pair in group.pairs],
            }
            for group in report.groups
        ],
        "related": [_pair_dict(pair) for pair in report.related],
    }


def against_to_document(report: AgainstReport) -> dict[str, object]:
    """Plain values for JSON, from which `against_from_document` makes the report again.

    Raises:
        InputError: files were named one by one, so that there is no folder to act on.
    """
    if report.folder is None:
        raise InputError(
            "Only what was asked about a folder can be saved",
            mend="lookalike duplicates FOLDER --against REFERENCE --save found.json",
        )
    return {
        "document": KIND_AGAINST,
        "version": VERSION,
        "folder": str(report.folder),
        "reference": str(report.reference),
        "model": report.model,
        "pictures": report.n_pictures,
        "least_probability": report.least_probability,
        "asked": [
            {
                **_member_dict(asked.file),
                "copies": [
                    {**_member_dict(copy.file), **_verdict_dict(copy.verdict)}
                    for copy in asked.copies
                ],
            }
            for asked in report.asked
        ],
    }


def against_from_document(data: object) -> AgainstReport:
    """The report that `against_to_document` described; files that failed are not in it.

    Raises:
        InputError: it was written by a newer version, or is no such document.
    """
    whole = _known(data, KIND_AGAINST)
    return AgainstReport(
        folder=Path(_get(whole, "folder", str)),
        reference=Path(_get(whole, "reference", str)),
        model=_get(whole, "model", str),
        n_pictures=_get(whole, "pictures", int),
        least_probability=_get(whole, "least_probability", float),
        asked=tuple(
            Asked(
                _member(asked),
                tuple(
                    KnownCopy(_member(copy), _verdict(_object(copy)))
                    for copy in _get(_object(asked), "copies", list)
                ),
            )
            for asked in _get(whole, "asked", list)
        ),
    )


def from_document(data: object) -> DuplicatesReport:
    """The report that `to_document` described.

    Raises:
        InputError: it was written by a newer version, or is no such document.
    """
    whole = _known(data, KIND)
    return DuplicatesReport(
        folder=Path(_get(whole, "folder", str)),
        model=_get(whole, "model", str),
        fingerprint=_get(whole, "fingerprint", str),
        n_pictures=_get(whole, "pictures", int),
        n_files=_get(whole, "files", int),
        n_unreadable=_get(whole, "unreadable", int),
        least_probability=_get(whole, "least_probability", float),
        wrong_at_most=_number(whole, "wrong_at_most"),
        miss_at_most=_number(whole, "miss_at_most"),
        expected_missed=_number(whole, "expected_missed"),
        linkage=_get({"linkage": "complete", **whole}, "linkage", str),
        groups=tuple(_group(group) for group in _get(whole, "groups", list)),
        related=tuple(_pair(pair) for pair in _get(whole, "related", list)),
    )


def _known(data: object, kind: str) -> Mapping[str, object]:
    """The document, if it is one of this kind."""
    whole = _object(data)
    if whole.get("document") != kind:
        raise _no_document("it does not say that it is one")
    version = _get(whole, "version", int)
    if version > VERSION:
        raise InputError(
            f"The document has layout {version}; this lookalike knows up to {VERSION}",
            mend="pip install --upgrade lookalike",
        )
    return whole


def _pair_dict(pair: FoundPair) -> dict[str, object]:
    return {**pair.to_dict(), **_verdict_dict(pair.verdict)}


def _verdict_dict(verdict: Verdict) -> dict[str, object]:
    """With exact numbers."""
    return {**verdict.to_dict(), "probability": verdict.probability, "score": verdict.score}


def _member_dict(member: Member) -> dict[str, object]:
    return {**member.to_dict(), "mtime_ns": member.mtime_ns}


def _group(data: object) -> FoundGroup:
    group = _object(data)
    members = tuple(_member(member) for member in _get(group, "members", list))
    pairs = tuple(_pair(pair) for pair in _get(group, "pairs", list))
    paths = {member.path for member in members}
    if len(paths) != len(members) or not all({p.first, p.second} <= paths for p in pairs):
        raise _no_document("a group names a file twice, or a pair that is not in it")
    return FoundGroup(members, pairs)


def _member(data: object) -> Member:
    member = _object(data)
    path = _get(member, "path", str)
    check_inside(path)
    facts = Facts(
        width_px=_get(member, "width_px", int),
        height_px=_get(member, "height_px", int),
        format=_get(member, "format", str),
        mode=_get(member, "mode", str),
        orientation=_get(member, "orientation", int),
        taken=_get(member, "taken", str),
        camera=_get(member, "camera", str),
    )
    size, changed = _get(member, "size_bytes", int), _get(member, "mtime_ns", int)
    return Member(path, size, facts, changed, _get(member, "digest", str))


def _pair(data: object) -> FoundPair:
    pair = _object(data)
    return FoundPair(_get(pair, "first", str), _get(pair, "second", str), _verdict(pair))


def _verdict(data: Mapping[str, object]) -> Verdict:
    bits = data.get("hash_bits")
    return Verdict(
        level=_one_of(Level, _get(data, "verdict", str)),
        probability=_get(data, "probability", float),
        rung=_one_of(Rung, _get(data, "rung", str)),
        reason=_get(data, "reason", str),
        score=_number(data, "score"),
        hash_bits=None if bits is None else _get(data, "hash_bits", int),
    )


def _object(data: object) -> Mapping[str, object]:
    if not isinstance(data, dict):
        raise _no_document("a part of it is no object")
    return data


def _get(data: Mapping[str, object], name: str, kind: type[V]) -> V:
    value = data.get(name)
    if kind is float and isinstance(value, int) and not isinstance(value, bool):
        value = float(value)
    if not isinstance(value, kind) or isinstance(value, bool):
        raise _no_document(f"{name} is missing or of the wrong kind")
    return value


def _number(data: Mapping[str, object], name: str) -> float | None:
    return None if data.get(name) is None else _get(data, name, float)


def _one_of(kind: type[Named], text: str) -> Named:
    try:
        return kind(text)
    except ValueError as error:
        raise _no_document(f"{text!r} is no {kind.__name__.lower()}") from error


def _no_document(why: str) -> InputError:
    return InputError(
        f"This is no saved report: {why}",
        mend="make it with: lookalike duplicates FOLDER --save found.json",
    )
