"""Looks at files right before they are moved: nothing goes on the word of an old index."""

import os
import stat
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from lookalike.nouns.clean_plan import CleanPlan, Removal
from lookalike.nouns.errors import InputError
from lookalike.quarantine import disk

Digest = Callable[[BinaryIO], bytes]
"""BLAKE2b-256 of all bytes of an open file, as the index made it."""

Identity = tuple[int, int]


class Refused(Exception):
    """This removal is not safe; the text says why, in plain words."""


@dataclass(slots=True)
class Checker:
    """Decides for each removal whether it may go, from what is on disk at this moment.

    Attributes:
        folder: the collection, absolute, no link in it.
        keepers: the collection in which the copies lie that stay, likewise.
        protected: folders and files that are never touched.
        digest: of an open file.
        to_link: the removed file is to become a link to the copy that stays.
        kept: the files that this operation relies on.
    """

    folder: Path
    keepers: Path
    protected: tuple[str, ...]
    digest: Digest
    to_link: bool
    kept: set[Identity] = field(default_factory=set)

    @classmethod
    def of(cls, folder: Path, plan: CleanPlan, digest: Digest, *, to_link: bool) -> "Checker":
        """The checker of one plan."""
        keepers = folder if plan.reference is None else plan.reference.resolve()
        if keepers in folder.parents or folder in keepers.parents:  # by a link, if not by name
            raise InputError("The reference lies in the folder, or around it", where=str(keepers))
        protected = tuple(_key(path) for path in plan.protected)
        return cls(folder, keepers, protected, digest, to_link)

    def check(self, removal: Removal, going: tuple[str, ...]) -> list[os.stat_result]:
        """What the file and its companions look like, if they may go.

        Args:
            removal: one picture of the plan.
            going: those of its files that would go, the picture first.

        Raises:
            Refused: the copy that stays is not there as it was, or a file must not be moved.
        """
        try:
            return self._check(removal, going)
        except OSError as error:
            raise Refused(f"it cannot be read: {error.strerror or error}") from error

    def _check(self, removal: Removal, going: tuple[str, ...]) -> list[os.stat_result]:
        for path in going:
            self._refuse_protected(path)
        seen = [self._movable(path, _name(removal, path)) for path in going]
        told = f"the copy that stays, {removal.keeper},"
        keeper = self._file(removal.keeper, told, self.keepers)
        if os.path.samestat(seen[0], keeper):
            raise Refused(
                f"it is {removal.keeper} under a second name (a hard link or another spelling): "
                "moving it would free no room"
            )
        identities = {_identity(status) for status in seen}
        if _identity(keeper) in identities or not self.kept.isdisjoint(identities):
            raise Refused("it is a second name of a copy that stays")
        if self.to_link and removal.digest != removal.keeper_digest:
            raise Refused(
                f"its bytes differ from those of {removal.keeper}, so it cannot be a link"
            )
        self._refuse_changed(self.folder / removal.path, removal.digest, seen[0], "it")
        stays = self.keepers / removal.keeper
        self._refuse_changed(stays, removal.keeper_digest, keeper, told)
        self.kept.add(_identity(keeper))
        return seen

    def _refuse_protected(self, path: str) -> None:
        key = _key(path)
        for place in self.protected:
            if key == place or key.startswith(place + "/"):
                raise Refused(f"{path} is protected")

    def _movable(self, path: str, name: str) -> os.stat_result:
        status = self._file(path, name, self.folder)
        if not status.st_mode & stat.S_IWUSR:
            raise Refused(f"{name} is read-only")
        return status

    def _file(self, path: str, name: str, folder: Path) -> os.stat_result:
        """A regular file that lies in a collection."""
        status = disk.look(folder / path)
        if status is None:
            raise Refused(f"{name} is gone")
        if not stat.S_ISREG(status.st_mode):
            kind = "a link" if stat.S_ISLNK(status.st_mode) else "no file"
            raise Refused(f"{name} is {kind}")
        home = os.path.normcase(os.path.realpath((folder / path).parent))
        root = os.path.normcase(os.path.realpath(folder))
        if home != root and not home.startswith(os.path.join(root, "")):
            raise Refused(f"{name} is reached through a link that leads out of the collection")
        return status

    def _refuse_changed(self, path: Path, digest: str, before: os.stat_result, name: str) -> None:
        with open(path, "rb") as file:
            now = self.digest(file).hex()
        after = disk.look(path)
        if after is None or _state(after) != _state(before):
            raise Refused(f"{name} is being changed")
        if now != digest:
            raise Refused(f"{name} has changed since it was indexed")


def _name(removal: Removal, path: str) -> str:
    return "it" if path == removal.path else f"its companion {path}"


def _identity(status: os.stat_result) -> Identity:
    return status.st_dev, status.st_ino


def _state(status: os.stat_result) -> tuple[int, int, int, int]:
    return (*_identity(status), status.st_size, status.st_mtime_ns)


def _key(path: str) -> str:
    """The same for every spelling by which some system would find the same file."""
    return unicodedata.normalize("NFC", path).casefold()
