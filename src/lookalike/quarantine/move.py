"""Moves one file, on one disk by its name, between disks by a copy that is checked."""

import errno
import os
from contextlib import suppress
from pathlib import Path

from lookalike.quarantine import disk


def set_aside(source: Path, place: Path, *, part: Path) -> None:
    """Move a file to a place in the quarantine, which is free and ours alone.

    Between disks: copied to `part`, synced, read back and compared, given the times and rights,
    put in place; only then is the source removed.

    Raises:
        OSError: it cannot be moved; the source is still there.
    """
    try:
        disk.rename(source, place)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        _carry(source, part)
        disk.rename(part, place)
        disk.sync_folder(place.parent)
        disk.remove(source)
    else:
        disk.sync_folder(place.parent)
    disk.sync_folder(source.parent)


def bring_back(place: Path, target: Path, *, part: Path, mode: int, mtime_ns: int) -> None:
    """Move a file out of the quarantine, never over another.

    Args:
        place: where it lies.
        target: where it belongs, in a folder that exists.
        part: a free name beside the target, for copying between disks.
        mode: the rights it had.
        mtime_ns: the time it had.

    Raises:
        FileExistsError: something stands there.
        OSError: it cannot be moved; it is still in the quarantine.
    """
    try:
        _move_to_free(place, target)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        _carry_with_facts(place, part, mode, mtime_ns)
        _move_to_free(part, target)
        disk.sync_folder(target.parent)
        disk.remove(place)
    disk.sync_folder(target.parent)


def put_over(place: Path, target: Path, *, part: Path, mode: int, mtime_ns: int) -> None:
    """Like `bring_back`, in the place of a link that the quarantine put there."""
    try:
        disk.replace(place, target)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        _carry_with_facts(place, part, mode, mtime_ns)
        disk.replace(part, target)
        disk.sync_folder(target.parent)
        disk.remove(place)
    disk.sync_folder(target.parent)


def is_same_file(first: Path, second: Path) -> bool:
    """Whether two names belong to one file; False where one of them is missing."""
    one, other = disk.look(first), disk.look(second)
    return one is not None and other is not None and os.path.samestat(one, other)


def is_there(place: Path, target: Path, *, mtime_ns: int) -> bool:
    """Whether the file at the place is at the target already: by another name or as a full copy."""
    one, other = disk.look(place), disk.look(target)
    if one is None or other is None:
        return False
    if os.path.samestat(one, other):
        return True
    alike = (other.st_mode & 0o170000, other.st_size, other.st_mtime_ns) == (
        one.st_mode & 0o170000,
        one.st_size,
        mtime_ns,
    )
    return alike and disk.same_bytes(place, target)


def drop_part(part: Path, *, whole: Path) -> None:
    """Remove what a broken-off copy left, where the file that it was copied from is there."""
    if disk.look(part) is not None and disk.look(whole) is not None:
        disk.remove(part)


def _move_to_free(source: Path, target: Path) -> None:
    """A rename that refuses to overwrite; other systems than Windows have no such thing."""
    if os.name != "nt":
        try:
            disk.link(source, target)
        except FileExistsError:
            raise
        except OSError as error:
            if error.errno == errno.EXDEV:
                raise
        else:
            disk.remove(source)
            return
    # Here: Windows, whose rename refuses by itself, or a disk that knows no second names.
    if disk.look(target) is not None:
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(target))
    disk.rename(source, target)


def _carry_with_facts(source: Path, part: Path, mode: int, mtime_ns: int) -> None:
    _carry(source, part)
    disk.set_facts(part, mode=mode, mtime_ns=mtime_ns)
    disk.sync_file(part)


def _carry(source: Path, part: Path) -> None:
    """A full and checked copy of a file on another disk."""
    try:
        disk.copy_bytes(source, part)
        disk.copy_facts(source, part)
        disk.sync_file(part)
        if not disk.same_bytes(source, part):
            raise OSError(errno.EIO, "the copy differs from the file", str(part))
    except OSError:
        with suppress(OSError):  # the first error tells more
            drop_part(part, whole=source)
        raise
