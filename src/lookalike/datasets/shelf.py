"""Finds the files that lists name, however their paths were written down."""

import os
import posixpath
from collections.abc import Sequence
from pathlib import Path

from lookalike.datasets.listing import is_picture, one_form
from lookalike.nouns.errors import InputError

NAMED = 3
"""How many missing files an error names."""


class Shelf:
    """The files below one folder, looked up by name; each folder is listed once.

    Found are paths as they are, with backslashes, absolute, and in either normal form of Unicode
    (a list from a Mac says "é" in two signs). Listing folders takes the place of asking for each
    file, which is slow on network disks.
    """

    def __init__(self, root: Path, *, beside: Sequence[str] = (), by_stem: bool = False) -> None:
        """Opens a shelf.

        Args:
            root: what relative names are relative to.
            beside: folders in it that are tried too, in order.
            by_stem: find "a.jpg" by "a".
        """
        self.root = root
        self._starts = ("", *(f"{name}/" for name in beside))
        self._by_stem = by_stem
        self._absolute_root = os.path.abspath(root).replace("\\", "/").rstrip("/") + "/"
        self._folders: dict[str, tuple[str, dict[str, str]]] = {}
        self._stems: dict[str, dict[str, list[str]]] = {}

    def find(self, name: str) -> str | None:
        """The path of a file relative to the root, absolute where it lies elsewhere, or None.

        Raises:
            InputError: a name without an ending fits several files.
        """
        spellings = [name, name.replace("\\", "/")] if "\\" in name else [name]
        for spelling in spellings:
            for start in ("",) if os.path.isabs(spelling) else self._starts:
                if found := self._look(start + spelling):
                    return found
        # A disk may ignore case, which a listing does not tell.
        plain = spellings[-1]
        if not os.path.isabs(plain) and os.path.isfile(os.path.join(self.root, plain)):
            return posixpath.normpath(plain)
        return None

    def _look(self, path: str) -> str | None:
        path = posixpath.normpath(path.replace("\\", "/") if os.sep == "\\" else path)
        if path.startswith(self._absolute_root):
            path = path[len(self._absolute_root) :]
        head, slash, tail = path.rpartition("/")
        folder, names = self._folder(head + slash)
        if found := names.get(tail) or names.get(one_form(tail)):
            return folder + found
        return folder + stem if self._by_stem and (stem := self._stem(folder, tail)) else None

    def _stem(self, folder: str, stem: str) -> str | None:
        if folder not in self._stems:
            self._stems[folder] = {}
            for name in set(self._folder(folder)[1].values()):
                if is_picture(name):
                    known = self._stems[folder].setdefault(one_form(os.path.splitext(name)[0]), [])
                    known.append(name)
        fits = self._stems[folder].get(one_form(stem), [])
        if len(fits) > 1:
            raise InputError(
                f"{stem!r} may be {' or '.join(sorted(fits))}",
                where=str(self.root / folder),
                mend="write the names with their endings",
            )
        return fits[0] if fits else None

    def _folder(self, head: str) -> tuple[str, dict[str, str]]:
        """How the folder is spelled on disk, and its files: spelling in a list to name on disk."""
        if head not in self._folders:
            spelled = self._spelled(head)
            names = _files_in(os.path.join(self.root, spelled))
            self._folders[head] = spelled, names
        return self._folders[head]

    def _spelled(self, head: str) -> str:
        """The folder as the disk spells it, part by part, or as it was where that leads nowhere."""
        if head.isascii() or os.path.isdir(os.path.join(self.root, head)):
            return head
        spelled = "/" if head.startswith("/") else ""
        for part in head.strip("/").split("/"):
            try:
                names = os.listdir(os.path.join(self.root, spelled))
            except OSError:
                return head
            known = {one_form(name): name for name in names}
            spelled += known.get(one_form(part), part) + "/"
        return spelled


def _files_in(folder: str) -> dict[str, str]:
    try:
        with os.scandir(folder) as entries:
            names = [entry.name for entry in entries if not entry.is_dir()]
    except OSError:
        return {}  # what the list names in there is missing, and is told as missing
    known = {one_form(name): name for name in names}
    return known | {name: name for name in names}


def missing(names: Sequence[str], of: int, *, where: Path, looked_in: str) -> InputError:
    """The error for files that a list names and that are not there.

    Args:
        names: as the list has them.
        of: how many files the list names.
        where: the list.
        looked_in: where they were looked for, in words.
    """
    shown = ", ".join(names[:NAMED]) + (", ..." if len(names) > NAMED else "")
    return InputError(
        f"{len(names)} of {of} pictures are not there: {shown}",
        where=str(where),
        mend=f"paths were looked for in {looked_in}: put the pictures there, or mend the list",
    )
