"""A report of `duplicates` as a document, to be opened and acted on later."""

from collections.abc import Mapping
from pathlib import Path
from typing import TypeVar

from lookalike.nouns.clean_plan import check_inside
from lookalike.nouns.duplicates_report import DuplicatesReport, FoundGroup, FoundPair, Member
from lookalike.nouns.errors import InputError
from lookalike.nouns.picture import Facts
from lookalike.nouns.verdict import Level, Rung, Verdict

KIND = "duplicates"
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
                "members": [{**m.to_dict(), "mtime_ns": m.mtime_ns} for m in group.members],
                "pairs": [_pair_dict(pair) for pair in group.pairs],
            }
            for group in report.groups
        ],
        "related": [_pair_dict(pair) for pair in report.related],
    }


def from_document(data: object) -> DuplicatesReport:
    """The report that `to_document` described.

    Raises:
        InputError: it was written by a newer version, or is no such document.
    """
    whole = _object(data)
    if whole.get("document") != KIND:
        raise _no_document("it does not say that it is one")
    version = _get(whole, "version", int)
    if version > VERSION:
        raise InputError(
            f"The document has layout {version}; this lookalike knows up to {VERSION}",
            mend="pip install --upgrade lookalike",
        )
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


def _pair_dict(pair: FoundPair) -> dict[str, object]:
    exact = {"probability": pair.verdict.probability, "score": pair.verdict.score}
    return {**pair.to_dict(), **exact}


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
    bits = pair.get("hash_bits")
    verdict = Verdict(
        level=_one_of(Level, _get(pair, "verdict", str)),
        probability=_get(pair, "probability", float),
        rung=_one_of(Rung, _get(pair, "rung", str)),
        reason=_get(pair, "reason", str),
        score=_number(pair, "score"),
        hash_bits=None if bits is None else _get(pair, "hash_bits", int),
    )
    return FoundPair(_get(pair, "first", str), _get(pair, "second", str), verdict)


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
