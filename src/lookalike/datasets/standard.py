"""The standard sets by name: a copy of one's own, else the official archives, checked by hash."""

import os
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from filelock import FileLock

from lookalike.datasets import archives
from lookalike.datasets.arrays import Item, cifar_pictures, idx_pictures, png
from lookalike.datasets.cache import cache_folder, is_complete, make_whole
from lookalike.datasets.extract import extract
from lookalike.datasets.fetch import Archive, Progress, checked, fetch
from lookalike.datasets.manifest import read_manifest, write_manifest
from lookalike.datasets.official import read_indoor67, read_omniglot, read_parts
from lookalike.nouns.errors import InputError
from lookalike.nouns.labelled import Labelled

DATA_VARIABLE = "LOOKALIKE_DATA"
"""Names the folder whose subfolders are used before anything is fetched."""

_LAYOUT = 1
"""Goes up when unpacking changes, so that older folders are made anew."""

Files = Mapping[str, Path]
"""Archives by their names."""


@dataclass(frozen=True, slots=True)
class StandardSet:
    """What is known of a standard set.

    Attributes:
        archives: it is made of.
        homes: folders in LOOKALIKE_DATA that it may lie in, besides its own name; archives may also
            lie in LOOKALIKE_DATA itself.
        marks: files or folders by which an unpacked one is known, besides manifest.csv.
        official: reads the unpacked archives, given the folder that the first mark lies in.
        unpack: fills a folder from the archives, so that it can be read.
    """

    archives: tuple[Archive, ...]
    homes: tuple[str, ...]
    marks: tuple[str, ...]
    official: Callable[[Path], Labelled]
    unpack: Callable[[Files, Path], None]


def read_standard(name: str, *, progress: Progress | None = None) -> Labelled:
    """Reads a standard set.

    Taken is the first of these: LOOKALIKE_DATA/NAME, with a manifest.csv or laid out as the
    official archives unpack; what an earlier call has unpacked; the archives, in LOOKALIKE_DATA or
    fetched, which are checked by hash and unpacked once into the cache (LOOKALIKE_CACHE).

    Args:
        name: one of STANDARD.
        progress: told of the bytes of an archive fetched so far, and of all.

    Raises:
        InputError: a copy is not laid out as known; an archive cannot be had, or is damaged.
    """
    known = STANDARD[name]
    own = [place for place in _own_places(name, known) if place.is_dir()]
    for folder in own:
        if folder == _data():
            continue  # other sets lie there too
        if (folder / "manifest.csv").is_file():
            return replace(read_manifest(folder / "manifest.csv"), name=name)
        for mark in known.marks:
            if (folder / mark).exists():
                return replace(known.official((folder / mark).parent), name=name)
    files = _own_archives(known, own)
    if own and own[0].name == name and not files and any(own[0].iterdir()):
        raise InputError(
            f"This is not laid out like {name}",
            where=str(own[0]),
            mend=f"put {' and '.join(a.name for a in known.archives)} there, or the unpacked",
        )
    folder = _unpacked(name, known, files, progress)
    return replace(read_manifest(folder / "manifest.csv"), name=name)


def _own_places(name: str, known: StandardSet) -> list[Path]:
    data = _data()
    return [data / home for home in (name, *known.homes, "")] if data else []


def _data() -> Path | None:
    named = os.environ.get(DATA_VARIABLE)
    return Path(named) if named else None


def _own_archives(known: StandardSet, folders: Sequence[Path]) -> dict[str, Path]:
    """Archives that the user has laid down; all of them in one folder, or none."""
    for folder in folders:
        found = {archive.name: folder / archive.name for archive in known.archives}
        if all(path.is_file() for path in found.values()):
            return found
    return {}


def _unpacked(name: str, known: StandardSet, own: Files, progress: Progress | None) -> Path:
    cache = cache_folder()
    folder = cache / name
    digests = (digest for archive in known.archives for digest in archive.digests)
    stamp = f"layout {_LAYOUT}\n" + "\n".join(digests) + "\n"
    if is_complete(folder, stamp):
        return folder
    try:
        cache.mkdir(parents=True, exist_ok=True)
        with FileLock(cache / f".{name}.lock"):
            # Another process may have made it while this one waited.
            if not is_complete(folder, stamp):
                files = {
                    archive.name: checked(archive, own[archive.name])
                    if own
                    else fetch(archive, cache / "archives" / name, progress=progress)
                    for archive in known.archives
                }
                make_whole(folder, stamp, lambda new: known.unpack(files, new))
    except OSError as error:
        raise InputError(
            f"{name} cannot be unpacked: {error.strerror or error}",
            where=str(cache),
            mend="LOOKALIKE_CACHE names another folder for it",
        ) from error
    return folder


def _as_pictures(pictures: Callable[[Files], Iterator[Item]]) -> Callable[[Files, Path], None]:
    """Unpacks arrays into train/CLASS/NAME.png and test/CLASS/NAME.png."""

    def unpack(files: Files, target: Path) -> None:
        for part, label, name, picture in pictures(files):
            folder = target / part / label
            folder.mkdir(parents=True, exist_ok=True)
            (folder / f"{name}.png").write_bytes(png(picture))
        write_manifest(read_parts(target))

    return unpack


def _as_they_are(
    official: Callable[[Path], Labelled], top: str = ""
) -> Callable[[Files, Path], None]:
    """Takes out of the archives what is in them."""

    def unpack(files: Files, target: Path) -> None:
        for name, path in files.items():
            if path.suffix == ".txt":
                shutil.copyfile(path, target / name)
            else:
                extract(path, target)
        data = official(target / top)
        paths = tuple(f"{top}/{path}" if top else path for path in data.paths)
        write_manifest(replace(data, root=target, paths=paths))

    return unpack


_IMAGENETTE_TOPS = ("imagenette2-320", "imagenette2", "imagenette2-160")

STANDARD: dict[str, StandardSet] = {
    "cifar100": StandardSet(
        archives.CIFAR100, (), ("train",), read_parts, _as_pictures(cifar_pictures)
    ),
    "mnist": StandardSet(
        archives.MNIST, ("MNIST/raw",), ("train",), read_parts, _as_pictures(idx_pictures)
    ),
    "fashion-mnist": StandardSet(
        archives.FASHION_MNIST,
        ("FashionMNIST/raw",),
        ("train",),
        read_parts,
        _as_pictures(idx_pictures),
    ),
    "omniglot": StandardSet(
        archives.OMNIGLOT,
        ("omniglot-py",),
        ("images_background", "background"),
        read_omniglot,
        _as_they_are(read_omniglot),
    ),
    "imagenette": StandardSet(
        archives.IMAGENETTE,
        _IMAGENETTE_TOPS,
        ("train", *(f"{top}/train" for top in _IMAGENETTE_TOPS)),
        read_parts,
        _as_they_are(read_parts, _IMAGENETTE_TOPS[0]),
    ),
    "indoor67": StandardSet(
        archives.INDOOR67,
        ("indoorCVPR_09",),
        ("Images", "indoorCVPR_09/Images"),
        read_indoor67,
        _as_they_are(read_indoor67),
    ),
}
"""The standard sets by name."""
