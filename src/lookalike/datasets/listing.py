"""Which pictures lie under a folder, told by their names: no file is opened, none is asked for."""

import os
import unicodedata
from pathlib import Path

from lookalike.nouns.errors import InputError

SUFFIXES = frozenset(
    f".{suffix}"
    for suffix in (
        "jpg jpeg jpe jfif png apng webp gif tif tiff bmp dib avif heic heif hif jp2 j2k jpx psd "
        "dds qoi ico cur ppm pgm pbm pnm sgi rgb pcx"
    ).split()
)
"""Endings of the names of pictures."""

_LEFT_BY_SYSTEMS = frozenset({"__MACOSX", "@eaDir", "$RECYCLE.BIN", "System Volume Information"})


def is_picture(name: str) -> bool:
    """Whether a name ends as the names of pictures do."""
    return os.path.splitext(name)[1].lower() in SUFFIXES


def is_left_out(name: str) -> bool:
    """Whether a file or folder is hidden, or was put there by a system for itself."""
    return name.startswith(".") or name in _LEFT_BY_SYSTEMS


def one_form(text: str) -> str:
    """The text in the normal form C: an é is one sign, whatever system wrote it."""
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def pictures_under(folder: Path) -> list[str]:
    """Every picture at any depth.

    Hidden files and folders are left out. Links to folders elsewhere are followed, each once.

    Args:
        folder: where to look.

    Returns:
        Paths relative to the folder, "/" between parts, sorted.

    Raises:
        InputError: the folder, or one inside it, cannot be looked at.
    """
    found: list[str] = []
    root, entered = os.path.realpath(folder), set[str]()
    waiting = [""]
    while waiting:
        inside = waiting.pop()
        for entry in _entries(os.path.join(folder, inside)):
            if is_left_out(entry.name):
                continue
            if entry.is_dir():
                if not entry.is_symlink() or _is_new(entry.path, root, entered):
                    waiting.append(f"{inside}{entry.name}/")
            elif is_picture(entry.name):
                found.append(inside + entry.name)
    return sorted(found)


def folders_in(folder: Path) -> list[str]:
    """Names of the folders directly inside, hidden ones left out, sorted.

    Raises:
        InputError: the folder cannot be looked at.
    """
    return sorted(e.name for e in _entries(str(folder)) if e.is_dir() and not is_left_out(e.name))


def _is_new(path: str, root: str, entered: set[str]) -> bool:
    """Whether a link leads out of the root, and to a folder that nothing else has led to."""
    real = os.path.realpath(path)
    inside = os.path.join(real, "").startswith(os.path.join(root, ""))
    around = os.path.join(root, "").startswith(os.path.join(real, ""))
    if inside or around or real in entered:
        return False
    entered.add(real)
    return True


def _entries(folder: str) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as entries:
            return list(entries)
    except OSError as error:
        raise InputError(
            f"This folder cannot be looked at: {error.strerror or error}",
            where=folder,
            mend="check the path and its permissions",
        ) from error
