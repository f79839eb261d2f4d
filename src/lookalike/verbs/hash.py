"""`hash_pictures`: perceptual hashes of files, for those who compare them on their own."""

import os
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from lookalike.images.budget import DecodeBudget
from lookalike.images.decode import read_grey, read_picture
from lookalike.images.find import find_files
from lookalike.images.hashes import HASHES, HashKind, hash_orientations
from lookalike.images.orientations import ORIENTATIONS
from lookalike.images.reasons import explain
from lookalike.images.sniff import HEAD_BYTES, PICTURE_SUFFIXES, sniff
from lookalike.nouns.errors import InputError, UnreadableImage
from lookalike.nouns.hash_report import HashedPicture, HashReport
from lookalike.nouns.picture import Failure

CHUNK = 8
"""Files that one worker hashes before it asks for more."""

Hashed = HashedPicture | Failure


@dataclass(frozen=True, slots=True)
class _Work:
    kind: HashKind
    orientations: bool
    budget: DecodeBudget

    def __call__(self, files: list["_File | Failure"]) -> list[Hashed]:
        found = (file if isinstance(file, Failure) else self._hash(file) for file in files)
        return [hashed for hashed in found if hashed is not None]

    def _hash(self, file: "_File") -> Hashed | None:
        """None for a file in a folder that is no picture and does not look like one."""
        try:
            with open(file.path, "rb") as stream:
                if not file.promised and sniff(stream.read(HEAD_BYTES)) is None:
                    return None
                if self.kind.short_side_px is None:
                    picture = read_picture(stream, short_side_px=None, budget=self.budget)
                    pixels = picture.pixels
                else:
                    side = self.kind.short_side_px
                    pixels = read_grey(stream, short_side_px=side, budget=self.budget)
        except UnreadableImage as error:
            return Failure(file.path, error.what)
        except OSError as error:
            return Failure(file.path, explain(error, None))
        rows = [row.tobytes().hex() for row in hash_orientations(pixels, self.kind.name)]
        turned = tuple(zip(ORIENTATIONS, rows, strict=True)) if self.orientations else ()
        return HashedPicture(file.path, rows[0], turned)


@dataclass(frozen=True, slots=True)
class _File:
    path: Path
    promised: bool


def hash_pictures(
    paths: str | Path | Iterable[str | Path],
    *,
    kind: str = "perceptual",
    orientations: bool = False,
    threads: int | None = None,
) -> HashReport:
    """Perceptual hashes of picture files.

    The numbers are those that ImageHash 4.3 ("average", "difference", "perceptual" and "wavelet":
    its average_hash, dhash, phash and whash at their defaults) and pdqhash 0.2 ("pdq") give for
    the picture upright, in RGB on white. The four of 64 bits are made from a scaled decode, which
    puts them 0 to 1 bits off on average; "pdq" reads all pixels and is exact.

    Args:
        paths: a file or folder, or several; folders are searched with all folders in them.
        kind: "average", "difference", "perceptual", "wavelet" or "pdq".
        orientations: also tell the hash of each of the eight orientations.
        threads: how many files are worked on at a time; one a core unless given.

    Raises:
        InputError: the kind is not known.
    """
    hashed = list(each_hash(paths, kind=kind, orientations=orientations, threads=threads))
    return HashReport(
        kind=kind,
        bits=HASHES[kind].bits,
        pictures=tuple(item for item in hashed if isinstance(item, HashedPicture)),
        failed=tuple(item for item in hashed if isinstance(item, Failure)),
    )


def each_hash(
    paths: str | Path | Iterable[str | Path],
    *,
    kind: str = "perceptual",
    orientations: bool = False,
    threads: int | None = None,
) -> Iterator[Hashed]:
    """As `hash_pictures`, each hash as soon as it and those before it are made.

    Args:
        paths: as in `hash_pictures`.
        kind: as in `hash_pictures`.
        orientations: as in `hash_pictures`.
        threads: as in `hash_pictures`.

    Yields:
        A hashed picture, or why a file could not be read, in the order of the files.

    Raises:
        InputError: the kind is not known.
    """
    if kind not in HASHES:
        raise InputError("No such hash", where=kind, mend="choose one of: " + ", ".join(HASHES))
    roots = [paths] if isinstance(paths, str | os.PathLike) else paths
    work = _Work(HASHES[kind], orientations, DecodeBudget())
    return _on_threads(work, _files(Path(root) for root in roots), threads or os.cpu_count() or 1)


def _on_threads(work: _Work, files: Iterator[_File | Failure], threads: int) -> Iterator[Hashed]:
    with ThreadPoolExecutor(threads, thread_name_prefix="lookalike") as pool:
        waiting: deque[Future[list[Hashed]]] = deque()
        try:
            while chunk := list(islice(files, CHUNK)):
                waiting.append(pool.submit(work, chunk))
                if len(waiting) > 2 * threads:
                    yield from waiting.popleft().result()
            while waiting:
                yield from waiting.popleft().result()
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def _files(roots: Iterable[Path]) -> Iterator[_File | Failure]:
    """Every file that was named, or that lies in a folder that was."""
    for root in roots:
        root = root.expanduser()
        unlisted: list[Failure] = []
        try:
            for stamp in find_files(root, on_failure=unlisted.append):
                promised = stamp.path == root or stamp.path.suffix.lower() in PICTURE_SUFFIXES
                yield _File(stamp.path, promised)
        except InputError as error:
            yield Failure(root, error.what)
        yield from unlisted
