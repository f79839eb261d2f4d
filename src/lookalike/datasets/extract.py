"""Takes files out of archives; nothing leaves the folder that it is meant for."""

import shutil
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path, PurePosixPath
from typing import IO

from lookalike.nouns.errors import InputError


def extract(archive: Path, target: Path) -> None:
    """Takes every regular file out of a tar (also compressed) or zip archive.

    Links, devices and the like are left out.

    Args:
        archive: the file.
        target: folder that they are put under.

    Raises:
        InputError: a name leads out of the target, or the archive cannot be read.
    """
    try:
        for name, stream in _members(archive):
            path = _inside(archive, target, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            with stream, path.open("wb") as copy:
                shutil.copyfileobj(stream, copy)
    except (tarfile.TarError, zipfile.BadZipFile, zlib.error, EOFError) as error:
        raise InputError(
            f"This archive cannot be read: {error}", where=str(archive), mend="fetch it again"
        ) from error


def _members(archive: Path) -> Iterator[tuple[str, IO[bytes]]]:
    with ExitStack() as stack:
        if zipfile.is_zipfile(archive):
            zipped = stack.enter_context(zipfile.ZipFile(archive))
            for info in zipped.infolist():
                # Links are marked in the upper bits, as Unix has them.
                if not info.is_dir() and (info.external_attr >> 16) & 0o170000 in (0, 0o100000):
                    yield info.filename, zipped.open(info)
            return
        tarred = stack.enter_context(tarfile.open(archive))
        for member in tarred:
            if member.isreg() and (stream := tarred.extractfile(member)):
                yield member.name, stream


def _inside(archive: Path, target: Path, name: str) -> Path:
    parts = PurePosixPath(name.replace("\\", "/")).parts
    if not parts or ".." in parts or any(part.startswith("/") or ":" in part for part in parts):
        raise InputError(
            f"{name!r} leads out of the archive", where=str(archive), mend="do not trust this file"
        )
    return target.joinpath(*parts)
