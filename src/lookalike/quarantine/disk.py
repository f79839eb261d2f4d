"""Every act on the file system, one function each, so that a test can stop before any of them."""

import errno
import os
import shutil
import sys
from contextlib import suppress
from pathlib import Path

_BLOCK_BYTES = 1 << 20
_BINARY = getattr(os, "O_BINARY", 0)
_CANNOT_SYNC = {errno.EINVAL, errno.EACCES, errno.EBADF, errno.ENOTSUP, errno.EISDIR}

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
    """Wait until the folder's names lie on the medium, where the system has a way to ask."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno not in _CANNOT_SYNC:
            raise
    finally:
        os.close(descriptor)


def look(path: Path) -> os.stat_result | None:
    """What stands at the path, a link itself rather than its target; None where nothing does."""
    try:
        return os.lstat(path)
    except (FileNotFoundError, NotADirectoryError):
        return None


def look_through(path: Path) -> os.stat_result | None:
    """What the path leads to, through links; None where that is nothing."""
    try:
        return os.stat(path)
    except (FileNotFoundError, NotADirectoryError):
        return None


def make_folder(folder: Path) -> None:
    """Make one folder and write its name down.

    Raises:
        FileExistsError: something stands there.
    """
    os.mkdir(folder)
    sync_folder(folder.parent)


def make_folders(folder: Path) -> None:
    """Make the folder and those above it, as far as they are missing."""
    if folder.is_dir():
        return
    if folder.parent != folder:
        make_folders(folder.parent)
    make_folder(folder)


def remove_folder(folder: Path) -> bool:
    """Remove an empty folder; whether it is gone."""
    with suppress(OSError):  # it holds something, or stands open elsewhere
        os.rmdir(folder)
        return True
    return False


def names(folder: Path) -> list[str]:
    """What lies in the folder, in order; nothing where there is no such folder."""
    try:
        return sorted(os.listdir(folder))
    except (FileNotFoundError, NotADirectoryError):
        return []


def open_new(path: Path) -> int:
    """A descriptor to write a file that must not be there yet."""
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _BINARY, 0o644)


def open_end(path: Path, length: int) -> int:
    """A descriptor to write on after the first `length` bytes; the rest is cut off."""
    descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | _BINARY)
    try:
        os.ftruncate(descriptor, length)
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor


def write(descriptor: int, data: bytes) -> None:
    """Write all of it."""
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]


def close(descriptor: int) -> None:
    """Close the file."""
    os.close(descriptor)


def read_all(path: Path) -> bytes:
    """All bytes of a small file."""
    return path.read_bytes()


def rename(source: Path, target: Path) -> None:
    """Give a file another name; only for a target that is known to be free."""
    os.rename(source, target)


def replace(source: Path, target: Path) -> None:
    """Give a file the name of another, which goes, in one step."""
    os.replace(source, target)


def link(source: Path, target: Path) -> None:
    """Give a file a second name.

    Raises:
        FileExistsError: something stands there.
    """
    os.link(source, target)


def remove(path: Path) -> None:
    """Take a name away from a file."""
    os.remove(path)


def copy_bytes(source: Path, target: Path) -> None:
    """Copy the bytes to a new file and wait until they lie on the medium."""
    with open(source, "rb") as file:
        descriptor = open_new(target)
        try:
            while block := file.read(_BLOCK_BYTES):
                write(descriptor, block)
            sync(descriptor)
        finally:
            close(descriptor)


def copy_facts(source: Path, target: Path) -> None:
    """Copy owner, rights, times and, where the system can, extended attributes."""
    if sys.platform != "win32":
        status = os.stat(source)
        with suppress(OSError):  # only the superuser may give files away
            os.chown(target, status.st_uid, status.st_gid)
    shutil.copystat(source, target)


def set_facts(path: Path, *, mode: int, mtime_ns: int) -> None:
    """Set rights and time of last change."""
    os.chmod(path, mode)
    set_time(path, mtime_ns)


def set_time(path: Path, mtime_ns: int) -> None:
    """Set the time of last change."""
    os.utime(path, ns=(os.stat(path).st_atime_ns, mtime_ns))


def sync_file(path: Path) -> None:
    """Wait until a file that was written before lies on the medium, its times too."""
    if os.name == "nt":  # only what is open for writing can be synced there
        return
    descriptor = os.open(path, os.O_RDONLY)
    try:
        sync(descriptor)
    finally:
        os.close(descriptor)


def same_bytes(first: Path, second: Path) -> bool:
    """Whether two files hold the same bytes."""
    with open(first, "rb") as one, open(second, "rb") as other:
        while True:
            block = one.read(_BLOCK_BYTES)
            if block != other.read(_BLOCK_BYTES):
                return False
            if not block:
                return True
