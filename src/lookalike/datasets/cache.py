"""Where fetched sets lie, and how one is put there whole or not at all."""

import os
import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

CACHE_VARIABLE = "LOOKALIKE_CACHE"
"""Names the folder for what is fetched; without it, the system's place for such things."""

_MARKER = ".complete"


def cache_folder() -> Path:
    """Where fetched sets lie; it need not exist."""
    if named := os.environ.get(CACHE_VARIABLE):
        return Path(named)
    if sys.platform == "win32":
        home = os.environ.get("LOCALAPPDATA")
        cache = Path(home) if home else Path.home() / "AppData" / "Local"
    elif sys.platform == "darwin":
        cache = Path.home() / "Library" / "Caches"
    else:
        cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return cache / "lookalike" / "sets"


def is_complete(folder: Path, stamp: str) -> bool:
    """Whether the folder was made whole, out of what the stamp names."""
    try:
        return (folder / _MARKER).read_text("utf-8") == stamp
    except OSError:
        return False


def make_whole(folder: Path, stamp: str, make: Callable[[Path], None]) -> None:
    """Makes a folder that appears only when it is complete, and replaces an older one.

    Args:
        folder: that is to appear.
        stamp: what it is made out of.
        make: fills the folder that it is given.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    workshop = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        new = workshop / "new"
        new.mkdir()
        make(new)
        (new / _MARKER).write_text(stamp, "utf-8")
        if folder.exists():
            folder.rename(workshop / "old")
        new.rename(folder)
    finally:
        shutil.rmtree(workshop, ignore_errors=True)
