"""From a source to a decoded picture: open, tell the format, weigh, wait for memory, decode."""

import io
import logging
import os
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, TypeVar

from PIL import ExifTags, Image, ImageFile
from PIL.JpegImagePlugin import JpegImageFile

from lookalike.images.bounds import check_bounds
from lookalike.images.budget import DecodeBudget
from lookalike.images.cost import check_file, decode_cost_bytes
from lookalike.images.exif import camera, exif_of, orientation, taken
from lookalike.images.plugins import open_as
from lookalike.images.reasons import explain
from lookalike.images.rgb import Mode
from lookalike.images.sniff import HEAD_BYTES, sniff
from lookalike.images.strips import upright_size
from lookalike.nouns.errors import InputError, UnreadableImage
from lookalike.nouns.picture import Facts

logger = logging.getLogger(__name__)
_Result = TypeVar("_Result")

# A JPEG is read in pieces that stay in the processor's cache, and a small one in a single piece.
_PIECE_BYTES = 1 << 18


@dataclass(frozen=True, slots=True)
class Loaded:
    """A decoded picture as it is stored.

    Attributes:
        image: any mode, perhaps scaled down, not yet upright.
        turn: the EXIF orientation that is still to be applied.
        exif: perhaps empty.
        format: as `sniff` names it.
        mode: how the file stores its pixels.
        full_size: width and height before scaling and turning.
        told: the orientation of a picture that its plug-in has turned already.
    """

    image: Image.Image
    turn: int
    exif: Image.Exif
    format: str
    mode: str
    full_size: tuple[int, int]
    told: int | None

    def facts(self) -> Facts:
        """What the file tells."""
        width, height = upright_size(self.full_size, self.turn)
        turn, exif = self.told or self.turn, self.exif
        return Facts(width, height, self.format, self.mode, turn, taken(exif), camera(exif))


@dataclass(frozen=True, slots=True)
class _Need:
    mode: Mode
    short_side_px: int | None
    limit_bytes: int
    budget: DecodeBudget | None
    kept_pixel_bytes: int


def load(
    source: Path | bytes | BinaryIO,
    use: Callable[[Loaded], _Result],
    *,
    mode: Mode = "RGB",
    short_side_px: int | None,
    limit_bytes: int,
    budget: DecodeBudget | None,
    kept_pixel_bytes: int,
) -> _Result:
    """What `use` makes of the decoded picture, whose memory is given back afterwards.

    Args:
        source: a path, a file's bytes, or a seekable stream.
        use: called once, while the memory is held.
        mode: what is wanted; a JPEG in colours leaves out its colours where that is grey.
        short_side_px: JPEG is decoded scaled as far as this allows; None for full size.
        limit_bytes: a picture that needs more is refused.
        budget: shared by threads.
        kept_pixel_bytes: what each pixel takes in the result of `use`.

    Raises:
        UnreadableImage: for whatever is wrong with the file.
        InputError: `short_side_px` or `limit_bytes` is below 1.
    """
    if (short_side_px is not None and short_side_px < 1) or limit_bytes < 1:
        raise InputError("A decode needs a short side and a limit of at least 1")
    need = _Need(mode, short_side_px, limit_bytes, budget, kept_pixel_bytes)
    format = None
    try:
        with _opened(source) as file:
            format = _format(file)
            return _decode(file, format, need, use)
    except UnreadableImage as error:
        what, mend = error.what, error.mend
    except Exception as error:
        # Pillow's plug-ins meet damaged data with nearly every type of exception there is; a bad
        # file must never end a run over a million good ones.
        logger.debug("decoding failed", exc_info=True)
        what, mend = explain(error, format), ""
    # Raised out here so that the error does not carry the decoder's frames, and with them the
    # memory of a half-decoded picture, into a list of failures.
    raise UnreadableImage(what, where=_place(source), mend=mend)


def _place(source: Path | bytes | BinaryIO) -> str:
    if isinstance(source, str | os.PathLike):
        return os.fspath(source)
    name = getattr(source, "name", "")
    return name if isinstance(name, str) else ""


@contextmanager
def _opened(source: Path | bytes | BinaryIO) -> Iterator[BinaryIO]:
    if isinstance(source, bytes):
        yield io.BytesIO(source)
    elif isinstance(source, str | os.PathLike):
        with open(source, "rb", opener=_open_at_once) as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                raise UnreadableImage("It is neither a file nor a link to one")
            yield file
    else:
        source.seek(0)
        yield source


def _open_at_once(path: str, flags: int) -> int:
    # Without this flag, opening a pipe would wait for a writer; Windows has no such pipes.
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


def _format(file: BinaryIO) -> str:
    head = file.read(HEAD_BYTES)
    if not head:
        raise UnreadableImage("The file is empty")
    format = sniff(head)
    if format is None:
        raise UnreadableImage("The content is no picture format that can be read")
    return format


def _decode(file: BinaryIO, format: str, need: _Need, use: Callable[[Loaded], _Result]) -> _Result:
    file_bytes = file.seek(0, io.SEEK_END)
    limit_bytes = min(
        need.limit_bytes, need.budget.total_bytes if need.budget else need.limit_bytes
    )
    check_file(file, format, file_bytes, limit_bytes)
    file.seek(0)
    with open_as(format, file) as image:
        full_size, mode, told = image.size, image.mode, _told_turn(image)
        if isinstance(image, JpegImageFile):
            side = need.short_side_px
            image.draft(need.mode, (side, side) if side else None)
            image.decodermaxblock = min(file_bytes, _PIECE_BYTES)
        cost = decode_cost_bytes(
            image,
            format,
            full_size,
            file_bytes=file_bytes,
            short_side_px=need.short_side_px,
            kept_pixel_bytes=need.kept_pixel_bytes,
        )
        check_bounds(full_size, cost, limit_bytes)
        drafted = image.size != full_size
        with need.budget.hold(cost) if need.budget else nullcontext():
            image.load()
            exif = exif_of(image)
            # Some plug-ins turn the picture, or learn its size, only while they decode.
            size = full_size if drafted else image.size
            return use(Loaded(image, orientation(exif), exif, format, mode, size, told))


def _told_turn(image: ImageFile.ImageFile) -> int | None:
    """The orientation of a TIFF, whose plug-in turns the picture and then forgets that it did.

    HEIC is turned while decoding, by the container's own rule; its EXIF orientation is void.
    """
    tags = getattr(image, "tag_v2", None)
    told = tags.get(ExifTags.Base.Orientation) if tags is not None else None
    return told if isinstance(told, int) and 1 <= told <= 8 else None
