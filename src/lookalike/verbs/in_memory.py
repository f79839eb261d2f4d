"""Pictures from memory in the place of files: files of their own while they are looked at."""

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from lookalike.images.encode import picture_bytes
from lookalike.nouns.errors import UnreadableImage
from lookalike.nouns.picture import Failure

Query = str | Path | bytes | Image.Image | NDArray[np.uint8]
"""A file, or a folder where one is taken; the bytes of a picture file; a picture of Pillow; or an
array of uint8, (h, w, 3) RGB, (h, w, 4) RGBA or (h, w) grey."""

_ONE = (str, Path, bytes, Image.Image, np.ndarray)


@dataclass(frozen=True, slots=True)
class Held:
    """Pictures as files.

    Attributes:
        paths: one for each picture, in the order given.
        names: what those from memory are called in a report: "picture 2" for the second.
    """

    paths: tuple[Path, ...]
    names: dict[Path, Path]

    def told(self, path: Path) -> Path:
        """The path as a report tells it."""
        return self.names.get(path, path)

    def told_failures(self, failed: Sequence[Failure]) -> tuple[Failure, ...]:
        """The same for files that cannot be read."""
        return tuple(replace(failure, path=self.told(failure.path)) for failure in failed)


@contextmanager
def as_files(pictures: Query | Sequence[Query]) -> Iterator[Held]:
    """Pictures as files, for as long as this lasts.

    Args:
        pictures: one or several.

    Raises:
        InputError: an array is no picture.
        UnreadableImage: a picture from memory cannot be decoded and nothing else was asked for.
    """
    every = [pictures] if isinstance(pictures, _ONE) else list(pictures)
    if all(isinstance(picture, str | Path) for picture in every):
        yield Held(tuple(Path(p).expanduser() for p in every if isinstance(p, str | Path)), {})
        return
    with tempfile.TemporaryDirectory(prefix="lookalike-", ignore_cleanup_errors=True) as folder:
        paths: list[Path] = []
        names: dict[Path, Path] = {}
        for place, picture in enumerate(every, start=1):
            if isinstance(picture, str | Path):
                paths.append(Path(picture).expanduser())
                continue
            content = picture if isinstance(picture, bytes) else picture_bytes(picture)
            path = Path(folder).resolve() / f"picture {place}"
            path.write_bytes(content)
            names[path] = Path(path.name)
            paths.append(path)
        held = Held(tuple(paths), names)
        try:
            yield held
        except UnreadableImage as error:
            told = str(held.told(Path(error.where)))
            raise UnreadableImage(error.what, where=told, mend=error.mend) from error
