"""Opens a file with the one Pillow plug-in that reads its format, and with no other.

The plug-in is called directly instead of `Image.open`. That function refuses everything above one
number of pixels, set for the whole process, whatever the decoding would cost; phones take larger
photographs. The bound kept here instead counts bytes (see `bounds`). It also keeps Pillow from
guessing: a file is read as what its first bytes say, or not at all. (The TIFF, WebP, GIF and icon
plug-ins ask that number by themselves as well; they stop at 179 megapixels.)
"""

import importlib
from typing import BinaryIO, cast

from PIL import ImageFile

from lookalike.images.quiet import quieten_decoders
from lookalike.nouns.errors import UnreadableImage

_PLUGINS = {
    "JPEG": ("PIL.JpegImagePlugin", "JpegImageFile"),
    "PNG": ("PIL.PngImagePlugin", "PngImageFile"),
    "WEBP": ("PIL.WebPImagePlugin", "WebPImageFile"),
    "GIF": ("PIL.GifImagePlugin", "GifImageFile"),
    "TIFF": ("PIL.TiffImagePlugin", "TiffImageFile"),
    "BMP": ("PIL.BmpImagePlugin", "BmpImageFile"),
    "AVIF": ("PIL.AvifImagePlugin", "AvifImageFile"),
    "HEIC": ("pillow_heif", "HeifImageFile"),
    "JPEG2000": ("PIL.Jpeg2KImagePlugin", "Jpeg2KImageFile"),
    "PSD": ("PIL.PsdImagePlugin", "PsdImageFile"),
    "DDS": ("PIL.DdsImagePlugin", "DdsImageFile"),
    "QOI": ("PIL.QoiImagePlugin", "QoiImageFile"),
    "ICO": ("PIL.IcoImagePlugin", "IcoImageFile"),
    "CUR": ("PIL.CurImagePlugin", "CurImageFile"),
    "PPM": ("PIL.PpmImagePlugin", "PpmImageFile"),
    "SGI": ("PIL.SgiImagePlugin", "SgiImageFile"),
    "PCX": ("PIL.PcxImagePlugin", "PcxImageFile"),
}


def open_as(format: str, file: BinaryIO) -> ImageFile.ImageFile:
    """The picture's header, read by the plug-in of this format; pixels are not decoded yet.

    Args:
        format: as `sniff` names it.
        file: seekable, at its start; stays open, and stays the caller's to close.

    Raises:
        UnreadableImage: HEIC without the extra that reads it.
        Exception: whatever the plug-in raises on a damaged header.
    """
    module, name = _PLUGINS[format]
    quieten_decoders()
    try:
        plugin = getattr(importlib.import_module(module), name)
    except ImportError as error:
        if format != "HEIC":
            raise
        raise UnreadableImage(
            "Reading HEIC pictures needs an optional part", mend="pip install 'lookalike[heif]'"
        ) from error
    return cast(ImageFile.ImageFile, plugin(file))
