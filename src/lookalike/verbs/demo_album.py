"""The demo's album: photographs, edited copies of them whose origin is known, and near misses."""

import shutil
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from lookalike.images.decode import read_picture
from lookalike.images.edits import EDITS
from lookalike.images.sample_photos import OTHER_CAPTURE, PAGES, sample, sample_photographs
from lookalike.nouns.embeddings import Bytes
from lookalike.nouns.errors import InputError

PLANTED = (
    "jpeg_low",
    "half_size",
    "mirror",
    "quarter_turn",
    "greyscale",
    "brightness_contrast",
    "sepia_blur",
    "crop_75",
    "caption",
    "border",
)
MARK = "made-by-lookalike-demo.txt"
QUALITY = 90


@dataclass(frozen=True, slots=True)
class Album:
    """What was put where.

    Attributes:
        folder: of the album.
        origin: for every file, by relative path, the name of the capture it shows.
        edit: for every planted copy, by relative path, what was done to it.
    """

    folder: Path
    origin: dict[str, str]
    edit: dict[str, str]


def make_album(folder: Path) -> Album:
    """Fill a folder with the demo's pictures; always the same ones.

    Raises:
        InputError: the folder exists and holds something else.
        MissingExtra: the packages that carry the photographs are not installed.
    """
    photographs = sample_photographs()
    _make_room(folder)
    album = Album(folder, {}, {})
    for seed, source in enumerate(photographs):
        pixels = read_picture(source, short_side_px=None).pixels
        original = _save(album, f"photographs/{source.stem}.jpg", pixels, source.stem)
        _plant(album, source.stem, pixels, original, seed)
    _near_misses(album)
    return album


def _make_room(folder: Path) -> None:
    if folder.exists():
        if not (folder / MARK).exists():
            raise InputError(
                "This folder exists and was not made by the demo",
                where=str(folder),
                mend="lookalike demo ANOTHER_FOLDER",
            )
        shutil.rmtree(folder)
    folder.mkdir(parents=True)
    (folder / MARK).write_text("Made by `lookalike demo`; it may be deleted.\n", encoding="utf-8")


def _plant(album: Album, name: str, pixels: Bytes, original: Path, seed: int) -> None:
    """An exact copy, one with the same pixels in another format, and one of each edit."""
    exact = album.folder / "backup" / original.name
    exact.parent.mkdir(exist_ok=True)
    shutil.copyfile(original, exact)
    _note(album, exact, name, "exact copy")
    saved = read_picture(original, short_side_px=None).pixels
    _save(album, f"converted/{name}.png", saved, name, "converted to PNG")
    for edit in PLANTED:
        path = f"edited/{name}-{edit.replace('_', '-')}.jpg"
        _save(album, path, EDITS[edit](pixels, seed), name, edit.replace("_", " "))


def _near_misses(album: Album) -> None:
    """Pictures that look alike and are no copies of each other."""
    right = read_picture(sample(*OTHER_CAPTURE), short_side_px=None).pixels
    _save(album, "near-misses/motorcycle-a-step-to-the-right.jpg", right, "motorcycle_right")
    for page in PAGES:
        source = sample(*page)
        pixels = read_picture(source, short_side_px=None).pixels
        for half, part in zip(("upper", "lower"), np.array_split(pixels, 2), strict=True):
            name = f"{source.stem}-{half}"
            _save(album, f"near-misses/{name}-half.jpg", part, name)
    for shade in (0, 2, 4):
        dark = np.full((300, 400, 3), shade, np.uint8)
        _save(album, f"near-misses/dark-{shade}.jpg", dark, f"dark-{shade}")


def _save(album: Album, path: str, pixels: Bytes, origin: str, edit: str = "") -> Path:
    target = album.folder / path
    target.parent.mkdir(exist_ok=True)
    Image.fromarray(pixels).save(target, quality=QUALITY)
    _note(album, target, origin, edit)
    return target


def _note(album: Album, target: Path, origin: str, edit: str) -> None:
    path = target.relative_to(album.folder).as_posix()
    album.origin[path] = origin
    if edit:
        album.edit[path] = edit
