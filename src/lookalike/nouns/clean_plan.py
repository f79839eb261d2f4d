"""What a clean-up would move aside, checked so that no plan can take the last copy of a picture."""

import os
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from pathlib import Path, PurePath
from typing import Self

from lookalike.nouns.errors import InputError
from lookalike.nouns.report import Table

PLAN_VERSION = 1
OWN_FOLDER = ".lookalike"
_DIGEST = re.compile(r"[0-9a-f]{64}")
_TEXTS = ("path", "keeper", "digest", "keeper_digest", "reason")
_NUMBERS = ("size_bytes", "mtime_ns")


@dataclass(frozen=True, slots=True)
class Removal:
    """One picture that goes, and the copy of it that stays.

    Attributes:
        path: of the file that goes, relative to the collection, "/" between parts.
        keeper: path of the copy that stays, likewise.
        digest: BLAKE2b-256 of the bytes of `path` when it was indexed, 64 hex digits.
        keeper_digest: the same of `keeper`.
        size_bytes: length of `path` when it was indexed.
        mtime_ns: its time of last change, in nanoseconds since 1970.
        reason: one sentence, why this one goes and the other stays.
        companions: files of the same folder that belong to the picture and go with it, such as a
            raw file, the film of a live photo, or a sidecar with edits.
    """

    path: str
    keeper: str
    digest: str
    keeper_digest: str
    size_bytes: int
    mtime_ns: int
    reason: str
    companions: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for path in (self.keeper, *self.files):
            check_inside(path)
        for digest in (self.digest, self.keeper_digest):
            if not _DIGEST.fullmatch(digest):
                raise InputError("A digest needs 64 hex digits", where=self.path)
        if self.size_bytes < 0:
            raise InputError("A file cannot be shorter than nothing", where=self.path)
        home = self.path.rpartition("/")[0]
        for path in self.companions:
            if path.rpartition("/")[0] != home:
                raise InputError("A companion lies in the folder of its picture", where=path)

    @property
    def files(self) -> tuple[str, ...]:
        """All that goes: the picture, then its companions."""
        return (self.path, *self.companions)

    def to_dict(self) -> dict[str, object]:
        """Plain values for JSON."""
        return {**asdict(self), "companions": list(self.companions)}

    @classmethod
    def from_dict(cls, data: object) -> Self:
        """The removal that `to_dict` described.

        Raises:
            InputError: a field is missing, unknown or of the wrong kind.
        """
        given = _checked(data, {field.name for field in fields(cls)}, "a removal")
        texts = {name: _text(given, name) for name in _TEXTS}
        numbers = {name: _number(given, name) for name in _NUMBERS}
        return cls(
            path=texts["path"],
            keeper=texts["keeper"],
            digest=texts["digest"],
            keeper_digest=texts["keeper_digest"],
            reason=texts["reason"],
            size_bytes=numbers["size_bytes"],
            mtime_ns=numbers["mtime_ns"],
            companions=_texts(given, "companions"),
        )


@dataclass(frozen=True, slots=True)
class CleanPlan:
    """What one clean-up would move aside.

    Attributes:
        folder: the collection.
        removals: what goes; no file is named twice, and none of the copies that stay is among
            the files that go.
        protected: folders or files of the collection, relative, that are never touched, even
            where a removal names something in them.
        reference: another collection, in which all copies that stay lie; None where they lie in
            the same one. Nothing inside it is ever touched.
    """

    folder: Path
    removals: tuple[Removal, ...]
    protected: tuple[str, ...] = ()
    reference: Path | None = None

    def __post_init__(self) -> None:
        for path in self.protected:
            check_inside(path)
        if self.reference is not None:
            _refuse_overlap(self.folder, self.reference)
        going: set[str] = set()
        for removal in self.removals:
            for path in removal.files:
                if path in going:
                    raise InputError("The plan moves one file twice", where=path)
                going.add(path)
        for removal in self.removals:
            if self.reference is None and removal.keeper in going:
                raise InputError(
                    f"The plan keeps this file as the copy of {removal.path}, and moves it as well",
                    where=removal.keeper,
                    mend="let one copy of each picture stay",
                )

    @property
    def keepers(self) -> Path:
        """The collection in which the copies lie that stay."""
        return self.folder if self.reference is None else self.reference

    @property
    def n_files(self) -> int:
        """How many files would go, companions counted."""
        return sum(len(removal.files) for removal in self.removals)

    @property
    def size_bytes(self) -> int:
        """Room that the pictures take which would go; companions are not counted."""
        return sum(removal.size_bytes for removal in self.removals)

    def to_dict(self) -> dict[str, object]:
        """Plain values for JSON, from which `from_dict` makes the plan again."""
        return {
            "version": PLAN_VERSION,
            "folder": str(self.folder),
            "removals": [removal.to_dict() for removal in self.removals],
            "protected": list(self.protected),
            **({} if self.reference is None else {"reference": str(self.reference)}),
        }

    def to_table(self) -> Table:
        """One row for each picture that would go."""
        header = ("path", "keeper", "size_bytes", "reason", "companions")
        return header, [
            (r.path, r.keeper, r.size_bytes, r.reason, " ".join(r.companions))
            for r in self.removals
        ]

    @classmethod
    def from_dict(cls, data: object) -> Self:
        """The plan that `to_dict` described.

        Raises:
            InputError: it was written by a newer version, or is no plan, or not a safe one.
        """
        if isinstance(data, dict):
            _refuse_newer(data.get("version"))
        names = {"version", "folder", "removals", "protected"}
        if isinstance(data, dict) and "reference" in data:
            names.add("reference")
        given = _checked(data, names, "a plan")
        removals = given["removals"]
        if not isinstance(removals, list):
            raise _no_plan("removals is no list")
        return cls(
            folder=Path(_text(given, "folder")),
            removals=tuple(Removal.from_dict(removal) for removal in removals),
            protected=_texts(given, "protected"),
            reference=Path(_text(given, "reference")) if "reference" in given else None,
        )


def _refuse_overlap(folder: Path, reference: Path) -> None:
    if folder == reference or folder in reference.parents or reference in folder.parents:
        raise InputError(
            "Of the folder and the reference one lies in the other",
            where=f"{folder} and {reference}",
            mend="clean the larger of them by itself",
        )


def check_inside(path: str) -> None:
    """Refuse a path that could lead out of the collection, or into lookalike's own folder.

    Raises:
        InputError: it is not relative, or has a part such as "..".
    """
    parts = path.split("/")
    here = PurePath(path)
    wrong = (
        not {"", ".", ".."}.isdisjoint(parts)
        or "\0" in path
        or bool(here.drive or here.root)
        or (os.sep == "\\" and "\\" in path)
    )
    if wrong:
        raise InputError("A path of a plan is relative to the collection and inside", where=path)
    if OWN_FOLDER in (part.casefold() for part in parts):
        raise InputError("lookalike's own files are no part of a plan", where=path)


def _refuse_newer(version: object) -> None:
    if isinstance(version, int) and version > PLAN_VERSION:
        raise InputError(
            f"The plan has layout {version}; this lookalike knows up to {PLAN_VERSION}",
            mend="pip install --upgrade lookalike",
        )
    if version != PLAN_VERSION:
        raise _no_plan("it does not say its version")


def _checked(data: object, names: set[str], what: str) -> Mapping[str, object]:
    if not isinstance(data, dict):
        raise _no_plan(f"{what} is no object")
    if data.keys() != names:
        odd = ", ".join(sorted(str(name) for name in data.keys() ^ names))
        raise _no_plan(f"{what} misses a field or has one too many: {odd}")
    return data


def _text(data: Mapping[str, object], name: str) -> str:
    value = data[name]
    if not isinstance(value, str):
        raise _no_plan(f"{name} is no text")
    return value


def _number(data: Mapping[str, object], name: str) -> int:
    value = data[name]
    if not isinstance(value, int) or isinstance(value, bool):
        raise _no_plan(f"{name} is no whole number")
    return value


def _texts(data: Mapping[str, object], name: str) -> tuple[str, ...]:
    value = data[name]
    if not isinstance(value, list | tuple):
        raise _no_plan(f"{name} is no list")
    for text in value:
        if not isinstance(text, str):
            raise _no_plan(f"{name} holds what is no text")
    return tuple(value)


def _no_plan(why: str) -> InputError:
    return InputError(f"This is no plan of a clean-up: {why}", mend="make the plan again")
