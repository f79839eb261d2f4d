"""Decoded pictures kept ready: read once, then mapped from one file by all processes."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from hashlib import blake2b
from os import cpu_count, stat
from pathlib import Path
from shutil import disk_usage
from typing import Self

import numpy as np
from filelock import FileLock

from lookalike.nouns.embeddings import Bytes, Ints, read_only
from lookalike.nouns.errors import InputError, UnreadableImage
from lookalike.training.pictures_file import LAYOUT, PicturesFile, mapped, writing

Read = Callable[[Path, int], Bytes]
"""A file and a short side in pixels -> (h, w, 3) uint8 RGB, upright, about that large."""
Progress = Callable[[int, int], None]
CACHE_LIMIT_BYTES = 16 << 30
_BLOCK = 256  # pictures decoded before they are written, which bounds memory
_PROBE = 32  # pictures that tell how much all of them will take
_FREE_SHARE = 0.9  # of the disk's free room that a cache may take


class PictureStore:
    """Pictures by row. Copies of it in other processes map the same file.

    Attributes:
        failures: rows that cannot be read, with the reason.
        cached: whether pictures lie ready, rather than being read again each time.
    """

    def __init__(
        self, file: PicturesFile, paths: Sequence[Path] = (), read: Read | None = None
    ) -> None:
        """Wraps an open file; see `open_pictures` and `of`.

        Args:
            file: with pixels, unless they are read anew each time.
            paths: the n files, for `read`.
            read: reads one; None where the file has the pixels.
        """
        self._file = file
        self._paths = tuple(paths) if read else ()
        self._read = read
        self.cached = read is None
        self.failures: Mapping[int, str] = file.failures

    @classmethod
    def of(cls, pictures: Iterable[Bytes]) -> Self:
        """A store of pictures that are in memory already; each (h, w, 3) uint8."""
        kept = list(pictures)
        shapes = np.array([picture.shape[:2] for picture in kept], np.int64).reshape(-1, 2)
        pixels = np.concatenate([picture.ravel() for picture in kept] or [np.empty(0, np.uint8)])
        return cls(PicturesFile(None, 0, shapes, {}, pixels))

    def __len__(self) -> int:
        return len(self._file.shapes)

    def get(self, row: int) -> Bytes:
        """The picture, (h, w, 3) uint8 RGB, not to be written to.

        Raises:
            UnreadableImage: it could not be read when the store was made, or no longer can.
        """
        if row in self.failures:
            raise UnreadableImage(self.failures[row], where=f"row {row}")
        if self._read is not None:
            return _checked(self._read(self._paths[row], self._file.short_side_px))
        return self._file.picture(row)

    def readable(self, rows: Ints) -> Ints:
        """These rows without those that failed."""
        failed = np.fromiter(self.failures, np.int64, len(self.failures))
        return rows[~np.isin(rows, failed)]


def open_pictures(
    paths: Sequence[Path],
    read: Read,
    *,
    short_side_px: int,
    folder: str | Path,
    limit_bytes: int = CACHE_LIMIT_BYTES,
    threads: int = 0,
    progress: Progress | None = None,
) -> PictureStore:
    """The pictures of these files; decoded on the first call, at hand at once on later ones.

    The cache is one file, named after all paths, file sizes, times of change and the short side:
    whatever changes makes a new one. It appears whole or not at all, and of several processes that
    want it one makes it while the others wait. Where the pictures would take more than
    `limit_bytes`, or more than the disk has room for, only the failures are noted, and each
    picture is read anew whenever it is wanted.

    Args:
        paths: n files; their places are the rows.
        read: decodes one; has to be a plain function where worker processes are spawned and the
            pictures are not cached.
        short_side_px: about how long the short side shall be.
        folder: where caches are kept; made if missing.
        limit_bytes: the most that this one may take; 0 caches nothing.
        threads: that decode; 0 for one a core.
        progress: told (pictures done, all pictures).

    Raises:
        InputError: the short side is below 1, or the folder cannot be written to.
    """
    if short_side_px < 1:
        raise InputError("The short side needs a pixel at least", where=str(short_side_px))
    folder = Path(folder)
    name = f"pictures-{_key(paths, short_side_px)}"
    with ThreadPoolExecutor(threads or cpu_count() or 1) as pool:
        try:
            folder.mkdir(parents=True, exist_ok=True)
            with FileLock(folder / f"{name}.lock"):
                room = min(limit_bytes, int(disk_usage(folder).free * _FREE_SHARE))
                make = _Maker(paths, read, short_side_px, pool, progress)
                return make.store(folder / f"{name}.bin", folder / f"{name}.facts", room)
        except OSError as error:
            raise InputError(
                f"The cache of pictures cannot be kept: {error}",
                where=str(folder),
                mend="name another folder, or free some room",
            ) from error


class _Maker:
    """Makes the cache, or finds that it would be too large."""

    def __init__(
        self,
        paths: Sequence[Path],
        read: Read,
        short_side_px: int,
        pool: ThreadPoolExecutor,
        progress: Progress | None,
    ) -> None:
        self._paths, self._read, self._short_side_px = paths, read, short_side_px
        self._pool, self._progress = pool, progress

    def store(self, whole: Path, facts: Path, room: int) -> PictureStore:
        """From the file there is, or made now.

        Args:
            whole: where a file with pixels is, or will be.
            facts: where one without pixels is, or will be.
            room: the most bytes of pixels.
        """
        if whole.is_file():
            return PictureStore(mapped(whole))
        needed = mapped(facts).needed_bytes if facts.is_file() else self._guess()
        if needed <= room and self._write(whole, room):
            facts.unlink(missing_ok=True)
            return PictureStore(mapped(whole))
        if not facts.is_file():
            self._write(facts, None)
        return PictureStore(mapped(facts), self._paths, self._read)

    def _guess(self) -> int:
        """About how many bytes all pictures will take."""
        n = len(self._paths)
        probed = sorted({n * i // _PROBE for i in range(_PROBE)}) if n else []
        sizes = [p.size for p in self._blockwise(probed) if not isinstance(p, str)]
        return int(np.mean(sizes) * n) if sizes else 0

    def _write(self, path: Path, room: int | None) -> bool:
        """Whether the file was written: with pixels as long as there is room, or without any."""
        with writing(path, self._short_side_px) as file:
            for row, picture in enumerate(self._blockwise(range(len(self._paths)))):
                if isinstance(picture, str):
                    file.add_failure(picture)
                else:
                    file.add(picture, keep_pixels=room is not None)
                if room is not None and file.pixel_bytes > room:
                    return False
                if self._progress is not None:
                    self._progress(row + 1, len(self._paths))
            file.finish()
        return True

    def _blockwise(self, rows: Sequence[int]) -> Iterator[Bytes | str]:
        for start in range(0, len(rows), _BLOCK):
            yield from self._pool.map(self._one, rows[start : start + _BLOCK])

    def _one(self, row: int) -> Bytes | str:
        """The picture, or the reason why there is none."""
        try:
            return _checked(self._read(self._paths[row], self._short_side_px))
        except UnreadableImage as error:
            return error.what
        except OSError as error:
            return error.strerror or str(error)


def _checked(pixels: Bytes) -> Bytes:
    if pixels.dtype != np.uint8 or pixels.ndim != 3 or pixels.shape[2] != 3 or not pixels.size:
        raise UnreadableImage(f"Pixels of shape {pixels.shape} are not RGB")
    return read_only(pixels)


def _key(paths: Sequence[Path], short_side_px: int) -> str:
    """A name for all that decides what the store holds."""
    digest = blake2b(f"{LAYOUT} {short_side_px}\n".encode(), digest_size=12)
    for path in paths:
        try:
            facts = stat(path)
            told = f"{facts.st_size} {facts.st_mtime_ns}"
        except OSError:
            told = "missing"
        digest.update(f"{path}\0{told}\n".encode("utf-8", "surrogateescape"))
    return digest.hexdigest()
