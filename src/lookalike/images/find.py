"""Finds files: every regular file under a folder, once, in an order that never changes."""

import os
import stat
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from lookalike.nouns.errors import InputError
from lookalike.nouns.picture import Failure, Stamp

OWN_FOLDER = ".lookalike"
"""Where an index lies; never searched, even where hidden files would be."""

_Identity = tuple[int, int]


def find_files(
    root: Path,
    *,
    skip: Collection[Path] = (),
    on_failure: Callable[[Failure], None] | None = None,
) -> Iterator[Stamp]:
    """Every regular file under a folder, folder by folder, each folder in order of name bytes.

    Files are not opened, so any kind comes back; `sniff` tells which are pictures. Left out are
    hidden files and folders, `.lookalike`, what `skip` names, broken links, pipes, sockets and
    devices. Links to folders are followed, but no real folder is entered twice, and a link whose
    target this walk meets anyway is left out: a file is found at its own place.

    Args:
        root: a folder, or a single file (which may be hidden: it was asked for by name).
        skip: files and folders to leave out.
        on_failure: told of each folder or file that cannot be looked at; the walk goes on.

    Returns:
        A generator; its memory grows with the number of folders, not of files.

    Raises:
        InputError: `root` does not exist, may not be looked at, or is neither folder nor file.
    """
    root = Path(root)
    try:
        status = os.stat(root)
        if stat.S_ISREG(status.st_mode):
            return iter([_stamp(os.fspath(root), status)])
        if stat.S_ISDIR(status.st_mode):
            walk = _Walk(
                os.path.realpath(root), _identities(skip), on_failure or (lambda failure: None)
            )
            return walk.files(_listing(os.fspath(root)), _identity(status))
    except FileNotFoundError as error:
        raise InputError(
            "There is no such file or folder", where=str(root), mend="check the path"
        ) from error
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise InputError(
            f"This cannot be looked at: {reason}",
            where=str(root),
            mend="check the path and its permissions",
        ) from error
    raise InputError(
        "This is neither a folder nor a file", where=str(root), mend="give a folder or a file"
    )


@dataclass(slots=True)
class _Walk:
    real_root: str
    skip: frozenset[_Identity]
    on_failure: Callable[[Failure], None]
    entered: set[_Identity] = field(default_factory=set)
    linked: set[_Identity] = field(default_factory=set)

    def files(self, first: list[os.DirEntry[str]], root: _Identity) -> Iterator[Stamp]:
        """Depth first, without recursion: a deep tree must not end the run."""
        self.entered.add(root)
        stack = [iter(first)]
        while stack:
            entry = next(stack[-1], None)
            if entry is None:
                stack.pop()
                continue
            status = self._status(entry)
            if status is None:
                continue
            if stat.S_ISREG(status.st_mode):
                yield _stamp(entry.path, status)
            elif _identity(status) not in self.entered:
                self.entered.add(_identity(status))
                stack.append(iter(self._children(entry.path)))

    def _status(self, entry: os.DirEntry[str]) -> os.stat_result | None:
        """What the entry leads to, or None where it is to be left out."""
        if entry.name.startswith(".") or entry.name == OWN_FOLDER:
            return None
        try:
            status = entry.stat()
            # Windows leaves the identity out of a listing; only folders and `skip` need it.
            if not status.st_ino and (self.skip or stat.S_ISDIR(status.st_mode)):
                status = os.stat(entry.path)
            wanted = self._is_wanted(entry, status)
        except OSError as error:
            if not _leads_nowhere(entry, error):
                self._report(entry.path, error)
            return None
        return status if wanted else None

    def _is_wanted(self, entry: os.DirEntry[str], status: os.stat_result) -> bool:
        if not (stat.S_ISREG(status.st_mode) or stat.S_ISDIR(status.st_mode)):
            return False
        if _is_marked_hidden(status) or _identity(status) in self.skip:
            return False
        return not entry.is_symlink() or self._is_new_link(entry)

    def _is_new_link(self, entry: os.DirEntry[str]) -> bool:
        target = os.path.realpath(entry.path)
        inside = os.path.relpath(target, self.real_root) if self._holds(target) else "."
        if inside != "." and not any(part.startswith(".") for part in inside.split(os.sep)):
            return False
        identity = _identity(os.stat(target))
        if identity in self.linked:
            return False
        self.linked.add(identity)
        return True

    def _holds(self, target: str) -> bool:
        return target.startswith(os.path.join(self.real_root, ""))

    def _children(self, folder: str) -> list[os.DirEntry[str]]:
        try:
            return _listing(folder)
        except OSError as error:
            self._report(folder, error)
            return []

    def _report(self, path: str, error: OSError) -> None:
        reason = error.strerror or str(error)
        self.on_failure(Failure(Path(path), f"This cannot be looked at: {reason}"))


def _listing(folder: str) -> list[os.DirEntry[str]]:
    with os.scandir(folder) as entries:
        return sorted(entries, key=lambda entry: os.fsencode(entry.name))


def _stamp(path: str, status: os.stat_result) -> Stamp:
    return Stamp(Path(path), status.st_size, status.st_mtime_ns)


def _identity(status: os.stat_result) -> _Identity:
    return status.st_dev, status.st_ino


def _identities(paths: Collection[Path]) -> frozenset[_Identity]:
    found = []
    for path in paths:
        try:
            found.append(_identity(os.stat(path)))
        except (OSError, ValueError):
            continue  # what does not exist needs no skipping
    return frozenset(found)


def _is_marked_hidden(status: os.stat_result) -> bool:
    """Hidden by an attribute, as on Windows and macOS; elsewhere only the leading dot counts."""
    windows = getattr(status, "st_file_attributes", 0) & stat.FILE_ATTRIBUTE_HIDDEN
    return bool(windows or getattr(status, "st_flags", 0) & stat.UF_HIDDEN)


def _leads_nowhere(entry: os.DirEntry[str], error: OSError) -> bool:
    """Whether the entry has vanished since it was listed, or is a link to nothing or in a ring."""
    return isinstance(error, FileNotFoundError | NotADirectoryError) or (
        entry.is_symlink() and not isinstance(error, PermissionError)
    )
