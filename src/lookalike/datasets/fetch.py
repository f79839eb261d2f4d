"""Fetches an archive and checks it; what has arrived before a break is not fetched again."""

import hashlib
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from http.client import HTTPException, HTTPResponse
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from lookalike.nouns.errors import InputError

Progress = Callable[[int, int], None]
"""Told of the bytes so far, and of all."""

_BLOCK_BYTES = 1 << 18
_TIMEOUT_S = 30.0


@dataclass(frozen=True, slots=True)
class Archive:
    """A file that a standard set is made of.

    Attributes:
        name: of the file.
        urls: where it is, the best place first.
        digests: what it may hash to, "sha256:..." and the like; one must fit.
    """

    name: str
    urls: tuple[str, ...]
    digests: tuple[str, ...]


class _Broken(Exception):
    """Why one address did not give the file."""


def fits(archive: Archive, path: Path) -> bool:
    """Whether a file has the content that the archive must have.

    Raises:
        OSError: the file cannot be read.
    """
    for digest in archive.digests:
        algorithm, _, wanted = digest.partition(":")
        found = hashlib.new(algorithm, usedforsecurity=False)
        with path.open("rb") as stream:
            while block := stream.read(_BLOCK_BYTES):
                found.update(block)
        if found.hexdigest() == wanted:
            return True
    return False


def fetch(archive: Archive, folder: Path, *, progress: Progress | None = None) -> Path:
    """The archive in the folder: there already, or fetched, and checked in either case.

    Args:
        archive: which.
        folder: where it is to lie; made if need be. One caller at a time.
        progress: told of the bytes so far, and of all.

    Returns:
        Its path.

    Raises:
        InputError: no address gives it, or what it gives is not the archive.
    """
    final = folder / archive.name
    if final.is_file():
        return checked(archive, final)
    folder.mkdir(parents=True, exist_ok=True)
    partial = folder / f"{archive.name}.part"
    reasons: list[str] = []
    for url in archive.urls:
        try:
            _download(url, partial, progress)
        except _Broken as broken:
            reasons.append(f"{url}: {broken}")
            continue
        if fits(archive, partial):
            os.replace(partial, final)
            return final
        partial.unlink()
        reasons.append(f"{url}: not the file that it should be (its hash differs)")
    raise InputError(
        "The archive could not be fetched: " + "; ".join(reasons),
        where=archive.name,
        mend=f"fetch {archive.urls[0]} elsewhere and put it at {final}",
    )


def checked(archive: Archive, path: Path) -> Path:
    """The path of an archive that lies there already.

    Raises:
        InputError: it is damaged, or cannot be read.
    """
    try:
        if fits(archive, path):
            return path
    except OSError as error:
        raise InputError(
            f"This cannot be read: {error.strerror}", where=str(path), mend="check the file"
        ) from error
    raise InputError(
        f"This is not the archive that it should be: {archive.digests[0]} was expected",
        where=str(path),
        mend=f"remove it, or fetch {archive.urls[0]} again",
    )


def _download(url: str, partial: Path, progress: Progress | None) -> None:
    done = partial.stat().st_size if partial.is_file() else 0
    try:
        response = _open(url, done)
    except _Broken:
        if not done:
            raise
        # What lies there may be more than the whole; begin again.
        partial.unlink()
        done, response = 0, _open(url, 0)
    with response:
        if response.status != 206:
            done = 0
        total = done + int(response.headers.get("Content-Length") or 0)
        with partial.open("ab" if done else "wb") as stream:
            for block in _blocks(response):
                stream.write(block)
                done += len(block)
                if progress:
                    progress(done, max(total, done))
    if done < total:
        raise _Broken(f"broke off after {done} of {total} bytes; the next try goes on from there")


def _open(url: str, start: int) -> HTTPResponse:
    headers = {"User-Agent": "lookalike"} | ({"Range": f"bytes={start}-"} if start else {})
    try:
        response: HTTPResponse = urlopen(Request(url, headers=headers), timeout=_TIMEOUT_S)
    except HTTPError as error:
        error.close()
        raise _Broken(f"the server answers {error.code} {error.reason}") from error
    except (OSError, HTTPException, ValueError) as error:
        raise _Broken(str(getattr(error, "reason", error))) from error
    return response


def _blocks(response: HTTPResponse) -> Iterator[bytes]:
    while True:
        try:
            block = response.read(_BLOCK_BYTES)
        except (OSError, HTTPException) as error:
            raise _Broken(f"broke off: {error}") from error
        if not block:
            return
        yield block
