"""Where operations lie: FOLDER/.lookalike/quarantine/ID/, its journal and the files it moved.

ID/journal.jsonl    what was done, see `journal`
ID/files/...        the files under their own paths, to be found by hand if need be
ID/renamed/...      files whose own path cannot be used in the quarantine
ID/*.part           files that are being copied from another disk
"""

import os
import re
import shlex
import unicodedata
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from lookalike.nouns.clean_plan import OWN_FOLDER
from lookalike.nouns.errors import InputError
from lookalike.quarantine import disk

JOURNAL = "journal.jsonl"
LOCK = "lock"
_IGNORE_TEXT = b"*\n"
_ID = re.compile(r"(\d{4,})-\d{4}-\d\d-\d\d")
_NOT_EVERYWHERE = re.compile(r'[<>:"|?*\\\x00-\x1f\ud800-\udfff]|[. ](/|$)')
_LONGEST = 240 if os.name == "nt" else 4000
"""Bytes of a whole path, a little below what the systems allow."""


@dataclass(frozen=True, slots=True)
class Home:
    """A collection, and the folder in it where its operations lie."""

    folder: Path
    quarantine: Path

    @classmethod
    def of(cls, folder: Path) -> "Home":
        """The home of a collection.

        Raises:
            InputError: there is no such folder.
        """
        root = Path(folder).expanduser()
        if not root.is_dir():
            found = "is a file, not a folder" if root.exists() else "does not exist"
            raise InputError(f"The folder {found}", where=str(root), mend="name a folder")
        root = root.resolve()
        return cls(root, root / OWN_FOLDER / "quarantine")

    def prepare(self) -> None:
        """Make the quarantine's folder; the collection keeps its time of last change."""
        own = self.folder / OWN_FOLDER
        if not own.is_dir():
            before = os.stat(self.folder).st_mtime_ns
            disk.make_folder(own)
            set_folder_time(self.folder, before)
            descriptor = disk.open_new(own / ".gitignore")
            try:
                disk.write(descriptor, _IGNORE_TEXT)
            finally:
                disk.close(descriptor)
        disk.make_folders(self.quarantine)

    def ids(self) -> list[str]:
        """All operations whose journal was begun, oldest first."""
        found = [name for name in disk.names(self.quarantine) if _ID.fullmatch(name)]
        begun = [name for name in found if disk.look(self.quarantine / name / JOURNAL)]
        return sorted(begun, key=_number)

    def new_id(self, when_ns: int) -> str:
        """An id that was never used; ids sort in order of their making, whatever the clock says."""
        used = [_number(n) for n in disk.names(self.quarantine) if _ID.fullmatch(n)]
        day = datetime.fromtimestamp(when_ns // 1_000_000_000, UTC).date()
        return f"{max(used, default=0) + 1:04d}-{day.isoformat()}"

    def undo_command(self, operation: str) -> str:
        """What a user types to bring an operation's files back."""
        return f"lookalike undo {shlex.quote(str(self.folder))} --operation {operation}"


@dataclass(slots=True)
class Places:
    """Hands out the places of one operation's files, each once, none unusable.

    Attributes:
        root: of the operation's files.
        is_foreign: the files go to a folder the user named, perhaps on another kind of disk.
    """

    root: Path
    is_foreign: bool
    taken: set[str] = field(default_factory=set)

    def give(self, path: str, name_else: str) -> str:
        """A place, relative to the root, whose folder exists: the file's own path if it can be.

        A path that is too long there, that differs from another only in case or in the spelling
        of accents, or that some systems cannot write becomes `name_else`, a short plain one.
        """
        own = f"files/{path}"
        key = unicodedata.normalize("NFC", own).casefold()
        unusable = (
            key in self.taken
            or len(os.fsencode(self.root / own)) > _LONGEST
            or (self.is_foreign and _NOT_EVERYWHERE.search(path) is not None)
        )
        if not unusable:
            with suppress(OSError):  # such a folder cannot be there
                disk.make_folders((self.root / own).parent)
                self.taken.add(key)
                return own
        disk.make_folders(self.root / "renamed")
        return f"renamed/{name_else}{_plain_suffix(path)}"


def set_folder_time(folder: Path, mtime_ns: int) -> None:
    """Set a folder's time of last change, where that is allowed: it is not in others' folders.

    Raises:
        OSError: the disk gave an error.
    """
    status = disk.look_through(folder)
    if status is not None and status.st_mtime_ns != mtime_ns:
        with suppress(PermissionError):
            disk.set_time(folder, mtime_ns)


def _number(operation: str) -> int:
    return int(operation.partition("-")[0])


def _plain_suffix(path: str) -> str:
    suffix = os.path.splitext(path)[1]
    return suffix if re.fullmatch(r"\.[A-Za-z0-9]{1,8}", suffix) else ""
