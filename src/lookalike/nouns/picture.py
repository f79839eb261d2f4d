"""A file that was found, the picture that was decoded from it, and the facts it tells."""

from dataclasses import dataclass
from pathlib import Path

from lookalike.nouns.embeddings import Bytes, read_only
from lookalike.nouns.errors import InputError


@dataclass(frozen=True, slots=True)
class Stamp:
    """A file as the file system describes it, without reading it.

    Attributes:
        path: as found, absolute or relative to the working folder.
        size_bytes: length of the file.
        mtime_ns: time of last change in nanoseconds since 1970.
    """

    path: Path
    size_bytes: int
    mtime_ns: int


@dataclass(frozen=True, slots=True)
class Facts:
    """What a file tells about its picture before any comparing.

    Attributes:
        width_px: full width, after turning upright.
        height_px: full height, after turning upright.
        format: the field's name for the file format, found by content ("JPEG", "PNG", ...).
        mode: how the pixels are stored ("RGB", "CMYK", "P", "I;16", ...).
        orientation: EXIF orientation, 1 to 8; 1 where the file does not say.
        taken: when the shutter opened, ISO 8601 local time; empty where the file does not say.
        camera: maker and model; empty where the file does not say.
    """

    width_px: int
    height_px: int
    format: str
    mode: str
    orientation: int = 1
    taken: str = ""
    camera: str = ""

    def to_dict(self) -> dict[str, str | int]:
        """Plain values for JSON."""
        return {
            "width_px": self.width_px,
            "height_px": self.height_px,
            "format": self.format,
            "mode": self.mode,
            "orientation": self.orientation,
            "taken": self.taken,
            "camera": self.camera,
        }


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """A decoded picture: upright, on white where it was transparent, perhaps scaled down.

    Attributes:
        pixels: (h, w, 3) uint8 RGB; smaller than the facts say when decoded scaled.
        facts: what the file tells.
    """

    pixels: Bytes
    facts: Facts

    def __post_init__(self) -> None:
        if self.pixels.ndim != 3 or self.pixels.shape[2] != 3 or self.pixels.dtype != "uint8":
            raise InputError("A picture needs uint8 pixels of shape (h, w, 3)")
        if 0 in self.pixels.shape:
            raise InputError("A picture needs at least one pixel")
        object.__setattr__(self, "pixels", read_only(self.pixels))


@dataclass(frozen=True, slots=True)
class Failure:
    """A file that could not be read as a picture, and why.

    Attributes:
        path: the file.
        reason: one plain sentence.
    """

    path: Path
    reason: str
