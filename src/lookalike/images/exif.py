"""What EXIF tells of a photograph. Damaged EXIF tells nothing, and never fails a picture."""

import re
from datetime import datetime

from PIL import ExifTags, Image
from PIL.JpegImagePlugin import JpegImageFile

_FIRST_PHOTOGRAPH = 1826
_LONGEST_CAMERA = 100
_TIME = re.compile(
    r"\s*(\d{4})[:/.-](\d{1,2})[:/.-](\d{1,2})[ T](\d{1,2})[:.](\d{1,2})(?:[:.](\d{1,2}))?"
)


def exif_of(image: Image.Image) -> Image.Exif:
    """The picture's EXIF (an orientation that stands in XMP only is there too), perhaps empty."""
    if isinstance(image, JpegImageFile) and image.info.keys().isdisjoint(("exif", "xmp")):
        return Image.Exif()
    try:
        return image.getexif()
    except Exception:
        # Metadata is read by code that meets every kind of damage; the pixels may still be good.
        return Image.Exif()


def orientation(exif: Image.Exif) -> int:
    """How the picture lies, 1 to 8; 1 where nothing sensible is said."""
    told = exif.get(ExifTags.Base.Orientation)
    return told if isinstance(told, int) and 1 <= told <= 8 else 1


def taken(exif: Image.Exif) -> str:
    """When the shutter opened, else when it was digitised, else changed; ISO 8601 or empty."""
    try:
        photo = exif.get_ifd(ExifTags.IFD.Exif)
    except Exception:
        # As above: this part of EXIF is damaged, the others may be good.
        photo = {}
    told = (
        photo.get(ExifTags.Base.DateTimeOriginal),
        photo.get(ExifTags.Base.DateTimeDigitized),
        exif.get(ExifTags.Base.DateTime),
    )
    return next((time for value in told if (time := _iso_time(value))), "")


def camera(exif: Image.Exif) -> str:
    """Maker and model, the maker once; empty where neither is told."""
    maker, model = _words(exif.get(ExifTags.Base.Make)), _words(exif.get(ExifTags.Base.Model))
    known = model.casefold().split(" ")[0] == maker.casefold().split(" ")[0]
    return model if known else f"{maker} {model}".strip()


def _iso_time(value: object) -> str:
    found = _TIME.match(_words(value))
    if not found:
        return ""
    try:
        time = datetime(*(int(part or 0) for part in found.groups()))  # type: ignore[arg-type]
    except ValueError:
        return ""
    return time.isoformat() if time.year >= _FIRST_PHOTOGRAPH else ""


def _words(value: object) -> str:
    """The text up to the first NUL, without control characters and runs of blanks."""
    text = value.decode("latin-1") if isinstance(value, bytes) else value
    if not isinstance(text, str):
        return ""
    text = "".join(c if c.isprintable() else " " for c in text.split("\0")[0])
    return " ".join(text.split())[:_LONGEST_CAMERA]
