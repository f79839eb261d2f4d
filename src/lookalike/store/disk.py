"""Bytes that stay written."""

import os
import sys
from pathlib import Path

if sys.platform == "darwin":
    import fcntl

    def sync(descriptor: int) -> None:
        """Wait until the file's bytes lie on the medium; Apple's fsync stops at its cache."""
        try:
            fcntl.fcntl(descriptor, fcntl.F_FULLFSYNC)
        except OSError:  # network and foreign file systems know only the plain one
            os.fsync(descriptor)

else:

    def sync(descriptor: int) -> None:
        """Wait until the file's bytes lie on the medium."""
        os.fsync(descriptor)


def sync_folder(folder: Path) -> None:
    """Wait until the folder's names lie on the medium; Windows does so by itself."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
